"""Every primitive against NumPy and against slopes. A new primitive needs one row here."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

import chainrule as cr
from chainrule import Value, check_grads
from chainrule.primitives import elementwise, shape
from chainrule.primitives.table import PRIMITIVES

R = (-2.0, 2.0)  # any number
P = (0.3, 2.0)  # away from a pole, a branch or a kink
U = (-0.8, 0.8)


@dataclass(frozen=True)
class Row:
    """How to call one primitive: with NumPy's function, so that raw arrays get NumPy's own answer."""

    name: str
    call: Callable[..., Any]
    domains: tuple[tuple[float, float], ...] = (R,)
    shapes: tuple[tuple[tuple[int, ...], ...], ...] = ()  # none: element-wise, of any shapes that broadcast
    reference: Callable[..., Any] | None = None
    form: str = ""

    def __str__(self):
        return f"{self.name}-{self.form}" if self.form else self.name

    def numpy(self, *arrays):
        with np.errstate(all="ignore"):
            return (self.reference or self.call)(*arrays)

    def inputs(self, shapes, rng):
        return [rng.uniform(*domain, shape) for domain, shape in zip(self.domains, shapes, strict=True)]


def softmax(x):
    return np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)


MASK = np.array([True, False, True])
X = (((3,),), ((2, 3),), ((2, 1, 3),))
SQUARE = (((1, 1),), ((3, 3),), ((2, 2, 2),))
TALL = (((3, 2),), ((2, 3),), ((2, 2, 2),))


def positive(x):
    """Return symmetric matrices whose eigenvalues are positive and apart."""
    n = x.shape[-1]
    return x @ np.swapaxes(x, -1, -2) / 4 + np.diag(np.arange(1.0, n + 1)).astype(x.dtype)


def apart(x):
    """Return matrices of full rank whose singular values are apart."""
    return x / 4 + np.diag(np.arange(1.0, 4.0))[: x.shape[-2], : x.shape[-1]].astype(x.dtype)


def joined(parts):
    """Return what a factorisation returns as one array, without the signs that LAPACK chooses."""
    return np.concatenate([np.ravel(part) ** 2 for part in parts])


ROWS = [
    Row("add", np.add, (R, R)),
    Row("subtract", np.subtract, (R, R)),
    Row("multiply", np.multiply, (R, R)),
    Row("divide", np.divide, (R, P)),
    Row("power", lambda a, b: a**b, (P, R)),
    Row("power", lambda a: a**3, (R,), form="integer"),
    Row("negative", np.negative),
    Row("absolute", np.abs, (P,)),
    Row("sqrt", np.sqrt, (P,)),
    Row("square", np.square),
    Row("reciprocal", np.reciprocal, (P,)),
    Row("exp", np.exp),
    Row("expm1", np.expm1),
    Row("log", np.log, (P,)),
    Row("log1p", np.log1p, (P,)),
    Row("sin", np.sin),
    Row("cos", np.cos),
    Row("tan", np.tan, (U,)),
    Row("arcsin", np.arcsin, (U,)),
    Row("arccos", np.arccos, (U,)),
    Row("arctan", np.arctan),
    Row("sinh", np.sinh),
    Row("cosh", np.cosh),
    Row("tanh", np.tanh),
    Row("maximum", np.maximum, (R, R)),
    Row("minimum", np.minimum, (R, R)),
    Row("clip", np.clip, ((-3.0, 3.0), (-1.0, -0.5), (0.5, 1.0))),
    Row("exp2", np.exp2),
    Row("log2", np.log2, (P,)),
    Row("log10", np.log10, (P,)),
    Row("logaddexp", np.logaddexp, (R, R)),
    Row("logaddexp2", np.logaddexp2, (R, R)),
    Row("arcsinh", np.arcsinh),
    Row("arccosh", np.arccosh, ((1.3, 3.0),)),
    Row("arctanh", np.arctanh, (U,)),
    Row("hypot", np.hypot, (P, R)),
    Row("arctan2", np.arctan2, (R, P)),
    Row("cbrt", np.cbrt, (P,)),
    Row("remainder", np.remainder, ((2.1, 2.8), (0.95, 1.0))),
    Row("remainder", lambda x: x % 1.0, ((-2.9, -2.1),), form="of a constant"),
    Row("fmax", np.fmax, (R, R)),
    Row("fmin", np.fmin, (R, R)),
    Row("where", lambda x, y: np.where(MASK, x, y), (R, R), (((3,), (3,)), ((2, 3), (1,)), ((2, 1), (3,)))),
    Row("relu", cr.relu, (P,), reference=lambda x: np.maximum(x, 0)),
    Row("leaky_relu", cr.leaky_relu, reference=lambda x: np.where(x > 0, x, 0.01 * x)),
    Row("elu", cr.elu, reference=lambda x: np.where(x > 0, x, np.exp(x) - 1)),
    Row("sigmoid", cr.sigmoid, reference=lambda x: 1 / (1 + np.exp(-x))),
    Row("silu", cr.silu, reference=lambda x: x / (1 + np.exp(-x))),
    Row("softplus", cr.softplus, reference=lambda x: np.log(1 + np.exp(x))),
    Row(
        "gelu",
        cr.gelu,
        reference=lambda x: x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))),
    ),
    Row("softmax", cr.softmax, shapes=X, reference=softmax),
    Row("softmax", lambda x: cr.softmax(x, axis=0), shapes=(((3,),),), reference=softmax, form="axis"),
    Row("log_softmax", cr.log_softmax, shapes=X, reference=lambda x: np.log(softmax(x))),
    Row("logsumexp", cr.logsumexp, shapes=X, reference=lambda x: np.log(np.sum(np.exp(x)))),
    Row(
        "logsumexp",
        lambda x: cr.logsumexp(x, axis=-1, keepdims=True),
        shapes=X,
        reference=lambda x: np.log(np.sum(np.exp(x), axis=-1, keepdims=True)),
        form="axis",
    ),
    Row("stop_gradient", lambda x: x + 0 * cr.stop_gradient(x), reference=lambda x: x + 0 * x),
    Row("astype", lambda x: x.astype(np.float64), shapes=X),
    *(
        Row(
            name,
            lambda x, function=function, kwargs=kwargs: function(x, **kwargs),
            shapes=X,
            form=str(kwargs),
        )
        for name, function in [
            ("sum", np.sum),
            ("mean", np.mean),
            ("prod", np.prod),
            ("max", np.max),
            ("min", np.min),
            ("var", np.var),
            ("std", np.std),
        ]
        for kwargs in [
            {},
            {"axis": 0},
            {"axis": -1, "keepdims": True},
            {"axis": None, "keepdims": True},
        ]
    ),
    Row("sum", lambda x: np.sum(x, axis=(0, -1)), shapes=(((2, 2, 3),),), form="axes"),
    Row("prod", lambda x: np.prod(x, axis=(0, -1), keepdims=True), shapes=(((2, 2, 3),),), form="axes"),
    Row("max", lambda x: np.max(x, axis=(0, 2)), shapes=(((2, 2, 3),),), form="axes"),
    Row("var", lambda x: np.var(x, axis=-1, ddof=1), shapes=X, form="ddof"),
    Row("std", lambda x: np.std(x, axis=(0, -1), ddof=1), shapes=(((2, 2, 3),),), form="ddof"),
    Row("cumsum", np.cumsum, shapes=X),
    Row("cumsum", lambda x: np.cumsum(x, axis=-1), shapes=X, form="axis"),
    *(
        Row("matmul", np.matmul, (R, R), (shapes,), form=str(shapes))
        for shapes in [
            ((3,), (3,)),
            ((3,), (3, 2)),
            ((2, 3), (3,)),
            ((2, 3), (3, 2)),
            ((4, 2, 3), (3, 2)),
            ((2, 3), (4, 3, 2)),
            ((4, 2, 3), (4, 3, 2)),
            ((2, 1, 2, 3), (3, 3, 2)),
            ((3,), (4, 3, 2)),
            ((4, 2, 3), (3,)),
        ]
    ),
    *(
        Row("matmul", np.dot, (R, R), (shapes,), form=f"dot {shapes}")
        for shapes in [((), (3,)), ((3,), (3,)), ((2, 3), (3, 2)), ((2, 3), (3,)), ((2, 2, 3), (4, 3, 2))]
    ),
    Row("multiply", np.outer, (R, R), (((3,), (2,)), ((2, 2), (3,))), form="outer"),
    *(
        Row("einsum", lambda *xs, text=text: np.einsum(text, *xs), (R,) * len(shapes), (shapes,), form=text)
        for text, shapes in [
            ("ij,jk->ik", ((2, 3), (3, 2))),
            ("ij,jk", ((2, 3), (3, 2))),
            ("ij->j", ((2, 3),)),
            ("ij->", ((2, 3),)),
            ("ii", ((3, 3),)),
            ("ii->i", ((3, 3),)),
            ("iij->j", ((2, 2, 3),)),
            ("i,j,k->ikj", ((2,), (3,), (2,))),
            ("bij,bjk->bk", ((2, 2, 3), (2, 3, 2))),
            ("...ij,...j->...i", ((2, 2, 3), (2, 3))),
            ("ij,ij->ij", ((2, 1), (2, 3))),
            ("...i, i", ((2, 3), (3,))),
        ]
    ),
    Row("norm", np.linalg.norm, (P,), X),
    Row("norm", lambda x: np.linalg.norm(x, axis=-1, keepdims=True), (P,), X, form="axis"),
    Row("norm", lambda x: np.linalg.norm(x, 1, axis=0), (P,), X, form="ord 1"),
    Row("norm", lambda x: np.linalg.norm(x, 3, axis=-1), (P,), X, form="ord 3"),
    Row("norm", lambda x: np.linalg.norm(x, np.inf, axis=-1), (P,), X, form="ord inf"),
    Row("inv", lambda x: np.linalg.inv(x + 4 * np.eye(x.shape[-1], dtype=x.dtype)), shapes=SQUARE),
    Row("det", np.linalg.det, shapes=SQUARE),
    Row("logabsdet", lambda x: np.linalg.slogdet(apart(x))[1], shapes=SQUARE),
    Row("tril", np.tril, shapes=SQUARE),
    Row("triu", lambda x: np.triu(x, 1), shapes=SQUARE),
    Row("cholesky", lambda x: np.linalg.cholesky(positive(x)), shapes=SQUARE),
    Row("cholesky", lambda x: np.linalg.cholesky(positive(x), upper=True), shapes=SQUARE, form="upper"),
    Row("pinv", lambda x: np.linalg.pinv(apart(x)), shapes=TALL),
    Row("eigh_parts", lambda x: joined(np.linalg.eigh(positive(x))), shapes=SQUARE),
    Row("svd_parts", lambda x: joined(np.linalg.svd(apart(x), full_matrices=False)), shapes=TALL),
    Row("qr_parts", lambda x: joined(np.linalg.qr(apart(x))), shapes=TALL[::2]),
    Row("sliding_window_view", lambda x: np.lib.stride_tricks.sliding_window_view(x, 2, -1), shapes=X),
    Row(
        "windows_added",
        lambda x: shape.windows_added(x, shape=(4,), window_shape=(2,), axis=(0,)),
        shapes=(((3, 2),),),
        reference=lambda x: np.append(x[:, 0], 0) + np.append(0, x[:, 1]),
    ),
    Row(
        "solve",
        lambda a, b: np.linalg.solve(a + 4 * np.eye(a.shape[-1], dtype=a.dtype), b),
        (R, R),
        (((3, 3), (3,)), ((3, 3), (3, 2)), ((2, 3, 3), (3,)), ((2, 3, 3), (2, 3, 1))),
    ),
    Row("getitem", np.trace, shapes=(((3, 3),), ((2, 3),)), form="trace"),
    Row("getitem", lambda x: np.trace(x, 1, -1, 0), shapes=(((3, 2, 3),),), form="trace of axes"),
    Row("reshape", lambda x: np.reshape(x, (-1, 3)), shapes=X),
    Row("ravel", np.ravel, shapes=X),
    Row("transpose", np.transpose, shapes=X),
    Row("transpose", lambda x: np.transpose(x, (1, -1, 0)), shapes=(((2, 1, 3),),), form="axes"),
    Row("transpose", lambda x: np.moveaxis(x, (0, -1), (-1, 0)), shapes=(((2, 1, 3),),), form="moveaxis"),
    Row("swapaxes", lambda x: np.swapaxes(x, 0, -1), shapes=X),
    Row("expand_dims", lambda x: np.expand_dims(x, (0, -1)), shapes=X),
    Row("squeeze", np.squeeze, shapes=(((2, 1, 3, 1),), ((1, 1),))),
    Row("squeeze", lambda x: np.squeeze(x, 1), shapes=(((2, 1, 3, 1),),), form="axis"),
    Row("broadcast_to", lambda x: np.broadcast_to(x, (4, 2, 3)), shapes=(((3,),), ((2, 1),), ((1, 1, 1),))),
    Row("flip", np.flip, shapes=X),
    Row("flip", lambda x: np.flip(x, -1), shapes=X, form="axis"),
    Row("concatenate", lambda *xs: np.concatenate(xs), (R, R), (((2,), (3,)), ((2, 3), (1, 3)))),
    Row(
        "concatenate",
        lambda *xs: np.concatenate(xs, axis=-1),
        (R, R, R),
        (((2, 1), (2, 3), (2, 2)),),
        form="axis",
    ),
    Row("concatenate", lambda *xs: np.concatenate(xs, axis=None), (R, R), (((2, 1), (3,)),), form="flat"),
    Row("stack", lambda *xs: np.stack(xs), (R, R, R), (((2,),) * 3, ((2, 3),) * 3)),
    Row("stack", lambda *xs: np.stack(xs, axis=-1), (R, R), (((2, 3),) * 2,), form="axis"),
    Row("getitem", lambda x: np.concatenate(np.split(x, 3, -1)[::-1], -1), shapes=X, form="split"),
    Row("getitem", lambda x: np.split(x, [1, 2], -1)[1], shapes=X, form="split at"),
    Row("take", lambda x: np.take(x, [0, 2, 0, -1]), shapes=X),
    Row("take", lambda x: np.take(x, [[0, 1], [1, 1]], axis=-1), shapes=X, form="axis"),
    *(
        Row(
            "getitem",
            lambda x, index=index: x[index],
            shapes=(((3, 4, 2),),),
            form=str(index).replace("\n", ""),
        )
        for index in [
            0,
            -1,
            slice(None, None, -1),
            (slice(1, 3), 0),
            (..., 1),
            (None, 2, slice(None)),
            [0, 0, 2],
            np.array([[1, 1], [2, 0]]),
            (np.array([0, 0, 1]), np.array([1, 1, 3])),
            (slice(None), [3, 3]),
            np.array([True, False, True]),
            (np.array([0, 1]), slice(None), 0),
        ]
    ),
    Row(
        "scatter",
        lambda x: shape.scatter(x, (4,), [0, 2, 2]),
        shapes=(((3,),),),
        reference=lambda x: np.bincount([0, 2, 2], x, 4),
    ),
]
ELEMENTWISE = [row for row in ROWS if not row.shapes]
OWN = {
    "relu",
    "leaky_relu",
    "elu",
    "sigmoid",
    "silu",
    "softplus",
    "gelu",
    "softmax",
    "log_softmax",
    "logsumexp",
}


def rows(some):
    return pytest.mark.parametrize("row", some, ids=str)


def shapes_of(row):
    if row.shapes:
        return st.sampled_from(row.shapes)
    count = len(row.domains)
    return mutually_broadcastable_shapes(num_shapes=count, max_dims=2, max_side=3).map(
        lambda found: found.input_shapes
    )


def same(found, expected, rtol=0.0):
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=rtol, equal_nan=True)


def test_every_primitive_has_a_row():
    assert {row.name for row in ROWS} == set(PRIMITIVES)


@rows(ROWS)
@settings(max_examples=8, deadline=None, derandomize=True)
@given(data=st.data())
def test_forward_is_numpys(row, data):
    inputs = row.inputs(data.draw(shapes_of(row)), np.random.default_rng(data.draw(st.integers(0, 99))))
    found = row.call(*map(Value, inputs))
    same(found.data, row.numpy(*inputs), 1e-12 if row.name in OWN or row.form.startswith("dot") else 0.0)
    assert found.shape == np.shape(row.numpy(*inputs))


@rows(ROWS)
@settings(max_examples=4, deadline=None, derandomize=True)
@given(data=st.data())
def test_gradients_are_slopes_twice(row, data):
    inputs = row.inputs(data.draw(shapes_of(row)), np.random.default_rng(data.draw(st.integers(0, 99))))
    if row.name == "stop_gradient":
        return
    check_grads(row.call, *inputs, order=2)


@rows(ROWS)
def test_float32_stays(row):
    shapes = row.shapes[0] if row.shapes else ((2, 3),) * len(row.domains)
    inputs = [Value(x.astype(np.float32)) for x in row.inputs(shapes, np.random.default_rng(1))]
    if row.name == "astype":
        return
    found = row.call(*inputs)
    if found.shape:
        assert found.dtype == np.float32
    np.sum(found * found).backward()
    assert [x.grad.dtype for x in inputs] == [np.float32] * len(inputs)
    assert [x.grad.shape for x in inputs] == [x.shape for x in inputs]


SPECIAL = st.sampled_from(
    [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, np.inf, -np.inf, np.nan, 1e308, -1e308, 710.0, 1e-320]
)


@rows([row for row in ELEMENTWISE if row.name not in OWN])
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
@pytest.mark.slow
def test_numbers_are_as_on_arrays_without_axes(row, data):
    numbers = [data.draw(SPECIAL | st.floats(width=64)) for _ in row.domains]
    found = row.call(*map(Value, numbers))
    assert type(found.data) is float
    same(found.data, row.numpy(*map(np.array, numbers)))


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: Value(1.0) / 0, np.inf),
        (lambda: 1 / Value(-0.0), -np.inf),
        (lambda: Value(0.0) / 0, np.nan),
        (lambda: np.log(Value(0.0)), -np.inf),
        (lambda: np.log(Value(-1.0)), np.nan),
        (lambda: Value(-8.0) ** (1 / 3), np.nan),
        (lambda: Value(-np.inf) ** 0.5, np.nan),
        (lambda: Value(2.0) ** 2000, np.inf),
        (lambda: Value(0.0) ** -1, np.inf),
        (lambda: np.exp(Value(1000.0)), np.inf),
        (lambda: np.sqrt(Value(-1.0)), np.nan),
        (lambda: np.sin(Value(np.inf)), np.nan),
        (lambda: cr.sigmoid(Value(-1000.0)), 0.0),
    ],
)
def test_where_python_raises_numpy_answers(call, expected):
    same(call().data, expected)


@pytest.mark.parametrize("name", sorted(OWN))
@pytest.mark.parametrize("size", [1000.0, -1000.0])
def test_own_functions_are_stable(name, size):
    x = Value(np.array([size, 0.0, -size]))
    with np.errstate(all="raise", under="ignore"):
        out = getattr(cr, name)(x)
    assert np.isfinite(out.data).all()
    np.sum(out).backward()
    assert np.isfinite(x.grad).all()
    lone = Value(size)
    assert np.isfinite(getattr(cr, name)(lone).backward().data)
    assert np.isfinite(lone.grad)


def slope(function, at):
    x = Value(at)
    np.sum(function(x)).backward()
    return x.grad


def test_corners_follow_the_field():
    assert slope(cr.relu, 0.0) == 0
    assert slope(np.abs, 0.0) == 0
    assert slope(lambda x: x**0, 0.0) == 0
    assert slope(lambda x: x**0, 3.0) == 0
    assert slope(lambda x: x**1, 0.0) == 1
    assert slope(lambda x: x**2, 0.0) == 0
    assert slope(lambda x: np.maximum(x, 0), 0.0) == 0.5
    same(slope(np.max, np.array([1.0, 3.0, 3.0])), [0, 0.5, 0.5])
    same(slope(np.min, np.array([[1.0, 3.0], [1.0, 1.0]])), [[1 / 3, 0], [1 / 3, 1 / 3]])
    same(slope(lambda x: np.clip(x, 0, 1), np.array([-1.0, 0.0, 0.5, 1.0, 2.0])), [0, 1, 1, 1, 0])
    same(slope(np.prod, np.array([0.0, 3.0, 2.0])), [6, 0, 0])
    same(slope(np.prod, np.array([0.0, 3.0, 0.0])), [0, 0, 0])
    same(slope(np.std, np.ones(3)), [0, 0, 0])
    same(slope(np.linalg.norm, np.zeros(3)), [0, 0, 0])
    same(slope(np.linalg.det, np.array([[1.0, 2.0], [2.0, 4.0]])), [[4, -2], [-2, 1]])


def test_products_with_zeros_differentiate_twice():
    check_grads(np.prod, np.array([0.0, 3.0, -2.0, 1.5]), order=3)
    check_grads(np.linalg.det, np.array([[1.0, 2.0, 0.5], [2.0, 4.0, 1.0], [0.3, 1.0, 2.0]]), order=2)


def test_powers_of_zero_differentiate():
    check_grads(lambda x: np.sum(x**3 + x**2 + x**1 + x**0), np.array([0.0, 1.5]), order=3)
    base, exponent = Value(0.0), Value(2.0)
    (base**exponent).backward()
    assert (base.grad, exponent.grad) == (0, 0)


@given(st.integers(1, 4), st.integers(0, 99))
@settings(max_examples=20, deadline=None, derandomize=True)
@example(3, 0)
def test_repeated_indices_accumulate(count, seed):
    indices = np.random.default_rng(seed).integers(0, 3, count)
    x = Value(np.zeros(3))
    np.sum(x[indices]).backward()
    same(x.grad, np.bincount(indices, minlength=3))


def test_powers_of_negative_numbers_are_not_complex():
    for power, base in [(0.5, -2.0), (1 / 3, -8.0), (1.5, -3.0)]:
        number, array = Value(base), Value(np.array([base]))
        with np.errstate(invalid="ignore"):
            for x in (number, array):
                np.sum(x**power).backward()
        same([number.grad], array.grad)
        assert math.isnan(number.grad)
    assert math.isnan(cr.grad(lambda x: (x**2 - 4) ** 1.5)(1.0))
    assert math.isnan(cr.grad(cr.grad(lambda x: x**0.5))(-2.0))


def test_activations_have_their_slope_at_the_ends():
    ends = np.array([-1e160, -1e3, 1e3, 1e160])
    for activation in (cr.gelu, cr.silu, cr.sigmoid, cr.softplus, cr.relu, cr.elu):
        slope = 0.0 if activation is cr.sigmoid else 1.0
        with np.errstate(over="ignore"):
            same(cr.grad(lambda x, f=activation: np.sum(f(x)))(ends), [0, 0, slope, slope])
        assert cr.grad(activation)(1e160) == slope
    assert cr.grad(cr.grad(cr.gelu))(1e160) == 0.0


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows_of_minus_infinity_leave_the_others_their_gradient(dtype):
    x = np.array([[-np.inf, -np.inf], [0.0, 0.0]], dtype)
    with np.errstate(divide="ignore"):
        slope = cr.grad(lambda x: cr.logsumexp(x, axis=1)[1])(x)
    same(slope, [[0, 0], [0.5, 0.5]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "pick",
    [
        cr.relu,
        lambda x: np.maximum(x, 0.0),
        lambda x: -np.minimum(-x, 0.0),
        lambda x: np.clip(x, 0.0, 2.0),
        lambda x: np.where(x > 0, x, 0.0),
    ],
)
def test_what_is_not_picked_has_gradient_zero_where_the_other_is_infinite(pick, dtype):
    seed = np.array([[-np.inf, 3.0], [np.inf, np.nan]], dtype).T
    x = Value(np.array([[-1.0, 1.0], [-1.0, -1.0]], dtype).T)
    pick(x).backward(seed)
    same(x.grad, [[0, 0], [3, 0]])
    assert x.grad.dtype == dtype
    for number, upstream, expected in [(-1.0, np.inf, 0.0), (-1.0, np.nan, 0.0), (1.0, np.inf, np.inf)]:
        y = Value(number)
        pick(y).backward(upstream)
        same(y.grad, expected)


def test_pieces_that_overlap_are_numpys():
    for at in ([4, 2], [2, 2, 9], [-2], [0], []):
        x = np.arange(6.0)
        for piece, expected in zip(np.split(Value(x), at), np.split(x, at), strict=True):
            same(piece.data, expected)


def test_clip_takes_values_as_bounds():
    x, low, high = Value(np.array([-2.0, 0.0, 2.0])), Value(-1.0), Value(1.0)
    np.sum(np.clip(x, low, high) * [1, 2, 3]).backward()
    same(x.grad, [0, 2, 0])
    assert (low.grad, high.grad) == (1, 3)
    assert elementwise.clip(5.0, 0.0, 1.0) == 1.0
