"""Formulas are printed from the derivatives that compute, so what they say is true."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule import Value, custom_vjp
from chainrule.formula.derivatives import operands as names_of
from chainrule.formula.derivatives import sample
from chainrule.formula.symbol import Symbol
from chainrule.formula.text import formulas
from chainrule.graph import Graph
from chainrule.primitives.table import NO_PARAMS, PRIMITIVES
from reading_mathml import summed

NAMESPACE = {
    **{name: getattr(np, name) for name in dir(np) if not name.startswith("_")},
    **{name: getattr(np.linalg, name) for name in ("inv", "solve", "det", "norm")},
    **{name: PRIMITIVES[name] for name in ("sigmoid", "softmax", "scatter")},
    **{name: PRIMITIVES[name] for name in ("sliding_window_view", "windows_added")},
}
SMALLEST = {"arccosh": 1.7}
PRINTED = [name for name, entry in PRIMITIVES.items() if any(formulas(entry))]


def assert_true(entry, operands, params=NO_PARAMS):
    """Assert that each formula of an operation, evaluated, is the gradient of its operand."""
    out = entry.forward(*operands, **params)
    g = 1.0 + np.arange(np.size(out)).reshape(np.shape(out))
    names = dict(zip(names_of(entry, len(operands)), operands, strict=True))
    shapes = tuple(map(np.shape, operands))
    for place, formula in enumerate(formulas(entry, params, shapes)):
        if formula:
            said = eval(formula, dict(NAMESPACE), {"g": g, "out": out, **names})
            given = {**params, **({"index": place} if entry.variadic else {})}
            computed = summed(entry.vjp(place)(g, out, *operands, **given), shapes[place])
            assert np.allclose(np.broadcast_to(said, shapes[place]), computed, rtol=1e-5), formula


@pytest.mark.parametrize("name", PRINTED)
def test_a_formula_says_what_the_derivative_computes(name):
    entry = PRIMITIVES[name]
    operands = [sample(shape) for shape in entry.shapes or ((),) * len(entry.vjps)]
    if not np.ndim(operands[0]):
        operands = [SMALLEST.get(name, 0.7) + 0.9 * place for place in range(len(operands))]
    assert_true(entry, operands, entry.example)


@pytest.mark.parametrize(
    ("name", "shapes", "params"),
    [
        ("add", ((4, 2), (2,)), {}),
        ("multiply", ((4, 1), (3, 1, 2)), {}),
        ("divide", ((4, 2), ()), {}),
        ("matmul", ((5, 4, 2), (2, 3)), {}),
        ("matmul", ((2,), (2, 3)), {}),
        ("matmul", ((4, 2), (2,)), {}),
        *(
            (name, ((4, 3),), {"axis": axis})
            for name in ("sum", "mean", "max", "std", "logsumexp")
            for axis in (0, 1)
        ),
        ("sum", ((4, 1, 3),), {"axis": (0, 2)}),
        ("prod", ((4, 3),), {"axis": 1, "keepdims": True}),
        ("cumsum", ((4, 3),), {}),
        ("getitem", ((4, 3),), {"index": (slice(None, None, 2), 1)}),
        ("take", ((4, 3),), {"indices": (0, 2, 2), "axis": 0}),
        ("concatenate", ((4, 3), (4, 2)), {"axis": 1}),
        ("broadcast_to", ((3, 1),), {"shape": (2, 3, 4)}),
        ("swapaxes", ((2, 3, 4),), {"axis1": -1, "axis2": -2}),
        ("solve", ((3, 2, 2), (3, 2, 1)), {}),
    ],
)
def test_it_is_true_of_arrays_that_are_reduced_and_broadcast(name, shapes, params):
    assert_true(PRIMITIVES[name], list(map(sample, shapes)), params)


def test_every_primitive_with_a_gradient_prints():
    told = {name for name, entry in PRIMITIVES.items() if entry.said}
    assert set(PRIMITIVES) - set(PRINTED) == {"stop_gradient", *told}


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("multiply", ["g * b", "g * a"]),
        ("divide", ["g / b", "-g * out / b"]),
        ("power", ["where(b == 0, 0, g * b * a ** (b - 1))", "where(a == 0, 0, g * out * log(a))"]),
        ("tanh", ["g * (1 - out ** 2)"]),
        ("relu", ["where(x > 0, g, 0)"]),
        ("leaky_relu", ["where(x > 0, g, slope * g)"]),
        ("matmul", ["g @ b.T", "a.T @ g"]),
        (
            "maximum",
            ["where(a > b, g, where(a == b, g / 2, 0))", "where(b > a, g, where(a == b, g / 2, 0))"],
        ),
        ("where", ["", "where(condition, g, 0)", "where(condition, 0, g)"]),
        ("mean", ["g / n"]),
        ("var", ["2 * g / (n - ddof) * (x - mean(x, keepdims=True))"]),
        ("reshape", ["reshape(g, x.shape)"]),
        ("take", ["scatter(g, x.shape, index=indices)"]),
        ("getitem", ["scatter(g, x.shape, index)"]),
        ("scatter", ["g[index]"]),
        ("concatenate", ["part(g, x0)", "part(g, x1)"]),
        ("swapaxes", ["swapaxes(g, axis1, axis2)"]),
        ("softmax", ["out * (g - sum(g * out, axis, keepdims=True))"]),
        ("einsum", ["einsum('ik,jk->ij', g, x1)", "einsum('ik,ij->jk', g, x0)"]),
        ("solve", ["-outer(solve(a.T, g), out)", "solve(a.T, g)"]),
        ("broadcast_to", ["sum(g, axis=broadcast axes)"]),
    ],
)
def test_a_formula_reads_as_a_teacher_would_write_it(name, texts):
    assert list(formulas(PRIMITIVES[name])) == texts


@pytest.mark.parametrize(
    ("exponent", "text"),
    [
        (2, "g * 2 * a"),
        (3, "g * 3 * a ** 2"),
        (1, "g"),
        (0, "0"),
        (-1, "-g * a ** -2"),
        (0.5, "g * 0.5 * a ** -0.5"),
    ],
)
def test_a_constant_exponent_is_folded(exponent, text):
    assert (Value(2.0) ** exponent).graph()["o3"].formulas[0] == text


def test_an_exponent_that_may_move_is_not_folded():
    a, b = Value(2.0, label="a"), Value(3.0, label="b")
    assert (a**b).graph()["o3"].formulas[0] == "where(b == 0, 0, g * b * a ** (b - 1))"


def test_what_is_multiplied_by_keeps_its_name():
    assert (Value(2.0) * 3.0).graph()["o3"].formulas == ("g * b", "g * a")


def test_of_large_arrays_no_sample_size_is_told():
    x = Value(np.ones((100, 100)))
    texts = {
        node.primitive: node.formulas for node in (x.mean() + x.var(axis=0).sum()).graph() if node.primitive
    }
    assert texts["mean"] == ("g / n",)
    assert texts["var"] == ("reshape(2 * g / n, shape) * (x - mean(x, axis=0, keepdims=True))",)


def test_parameters_and_shapes_are_those_of_the_node():
    x = Value(np.ones((4, 3)), label="x")
    graph = (x.mean(axis=0) @ x.reshape(3, 4)[:, 1:3]).sum().graph()
    texts = {node.primitive: list(node.formulas) for node in graph if node.kind == "operation"}
    assert texts["mean"] == ["g / 4"]
    assert texts["reshape"] == ["reshape(g, x.shape)"]
    assert texts["matmul"] == ["squeeze(expand_dims(g, axis=-2) @ b.T, axis=-2)", "outer(a, g)"]
    assert Graph.from_json(graph.to_json()) == graph


def test_a_primitive_of_a_user_prints_too():
    @custom_vjp(lambda g, _, x: g * 3 * x * x)
    def cube(x):
        return x**3

    assert cube(Value(2.0)).graph()["o2"].formulas == ("g * 3 * x ** 2",)


def test_what_is_written_for_numbers_only_prints_nothing():
    @custom_vjp(lambda g, _, x: g if x > 0 else 0.0)
    def kinked(x):
        return max(x, 0.0)

    assert kinked(Value(2.0)).graph()["o2"].formulas == ()


def test_an_index_that_is_an_array_prints_as_one():
    value = Value(np.arange(4.0))[np.array([0, 0, 2])]
    assert value.graph()["o2"].formulas[0].startswith("scatter(g")


def test_a_symbol_is_neither_true_nor_false():
    with pytest.raises(cr.errors.UnsupportedError, match=r"np\.where"):
        bool(Symbol("x") > 0)
