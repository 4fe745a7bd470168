"""Formulas are printed from the derivatives that compute, so what they say is true."""

from __future__ import annotations

import re

import numpy as np
import pytest

import chainrule as cr
from chainrule import Value, custom_vjp
from chainrule.formula.symbol import Symbol
from chainrule.formula.text import _names, _sample, formulas
from chainrule.graph import Graph
from chainrule.primitives.table import PRIMITIVES

NAMESPACE = {
    **{name: getattr(np, name) for name in dir(np) if not name.startswith("_")},
    **{name: getattr(np.linalg, name) for name in ("inv", "solve", "det", "norm")},
    **{name: PRIMITIVES[name] for name in ("sigmoid", "softmax")},
}
PRINTED = [name for name, entry in PRIMITIVES.items() if any(formulas(entry))]


@pytest.mark.parametrize("name", PRINTED)
def test_a_formula_says_what_the_derivative_computes(name):
    entry = PRIMITIVES[name]
    operands = [_sample(shape) for shape in entry.shapes or ((),) * len(entry.vjps)]
    operands = [0.7 + 0.9 * place for place in range(len(operands))] if not np.ndim(operands[0]) else operands
    out = entry.forward(*operands, **entry.example)
    g = 1.0 + np.arange(np.size(out)).reshape(np.shape(out))
    names = dict(zip(_names(entry, len(operands)), operands, strict=True))
    for place, formula in enumerate(formulas(entry)):
        if formula and not {"reshape", "scatter"} & set(re.findall(r"\w+", formula)):  # shapes are left out
            said = eval(formula, dict(NAMESPACE), {"g": g, "out": out, **names})
            given = {**entry.example, **({"index": place} if entry.variadic else {})}
            computed = entry.vjp(place)(g, out, *operands, **given)
            assert np.allclose(np.broadcast_to(said, np.shape(computed)), computed, rtol=1e-5), formula


def test_every_primitive_with_a_gradient_prints():
    assert set(PRIMITIVES) - set(PRINTED) == {"stop_gradient"}


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("multiply", ["g * b", "g * a"]),
        ("divide", ["g / b", "-g * out / b"]),
        ("tanh", ["g * (1 - out ** 2)"]),
        ("relu", ["g * (x > 0)"]),
        ("matmul", ["g @ b.T", "a.T @ g"]),
        ("maximum", ["g * (a > b) + g / 2 * (a == b)", "g * (b > a) + g / 2 * (a == b)"]),
        ("where", ["", "where(condition, g, 0)", "where(condition, 0, g)"]),
        ("reshape", ["reshape(g)"]),
        ("take", ["reshape(scatter(g, index=((0, 2),)))"]),
        ("getitem", ["scatter(g, index=0)"]),
        ("scatter", ["g[1:4]"]),
        ("swapaxes", ["swapaxes(g, axis1=0, axis2=1)"]),
        ("einsum", ["einsum('ik,jk->ij', g, x1)", "einsum('ik,ij->jk', g, x0)"]),
        ("solve", ["-outer(solve(a.T, g), out)", "solve(a.T, g)"]),
    ],
)
def test_a_formula_reads_as_a_teacher_would_write_it(name, texts):
    assert list(formulas(PRIMITIVES[name])) == texts


def test_parameters_and_shapes_are_those_of_the_node():
    x = Value(np.ones((4, 3)), label="x")
    graph = (x.mean(axis=0) @ x.reshape(3, 4)[:, 1:3]).sum().graph()
    texts = {node.primitive: list(node.formulas) for node in graph if node.kind == "operation"}
    assert texts["mean"] == ["g / 4"]
    assert texts["reshape"] == ["reshape(g)"]
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
