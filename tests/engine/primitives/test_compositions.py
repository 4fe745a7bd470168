"""NumPy functions that are made of primitives, each against NumPy's own, slopes and `jit`."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pytest

from against_eager import assert_same
from chainrule import Value, check_grads, grad, jit, trees
from chainrule.errors import ShapeError, UnsupportedError
from chainrule.primitives.composed import COMPOSED
from chainrule.value.dispatch import name as name_of
from chainrule.value.dispatch import supported

windows = np.lib.stride_tricks.sliding_window_view

V, W, M, N, T = (3,), (4,), (2, 3), (3, 4), (2, 3, 4)
HOLES = np.array([[np.nan, 0.0, 0.0], [0.0, np.nan, 0.0]])
KNOTS = np.array([-2.5, -1.1, 0.2, 0.9, 2.6])
RUNNING = (
    *(np.add, np.multiply, np.maximum, np.minimum, np.fmax, np.fmin),
    *(np.logaddexp, np.logaddexp2, np.hypot),
)


@dataclass(frozen=True)
class Case:
    """A call on arrays of some shapes."""

    name: str
    call: Callable[..., Any]
    shapes: tuple[tuple[int, ...], ...] = (M,)

    def inputs(self, dtype=np.float64):
        rng = np.random.default_rng(sum(map(ord, self.name)))
        return [rng.uniform(-2.0, 2.0, shape).astype(dtype)[()] for shape in self.shapes]


def of(name, *calls, shapes=(M,)):
    return [Case(name, call, shapes) for call in calls]


def of_shapes(name, call, *shapes):
    return [Case(name, call, each) for each in shapes]


def positive(x):
    return x @ np.swapaxes(x, -1, -2) / 4 + np.diag(np.arange(1.0, x.shape[-2] + 1)).astype(x.dtype)


def squares(parts):
    """Return parts without the signs that LAPACK chooses."""
    return [part * part for part in parts]


CASES = [
    # joining
    *of_shapes("vstack", lambda *x: np.vstack(x), (V, V), (M, V), ((), ()), (T, T)),
    *of_shapes("hstack", lambda *x: np.hstack(x), (V, W), (M, M), ((), V), (T, T)),
    *of_shapes("dstack", lambda *x: np.dstack(x), (V, V), (M, M), (T, T)),
    *of_shapes("column_stack", lambda *x: np.column_stack(x), (V, V), (M, (2,))),
    *of_shapes("append", np.append, (M, V), ((), V)),
    *of_shapes("append", lambda x, y: np.append(x, y, axis=0), (M, M)),
    *of_shapes("block", lambda x, y: np.block([[x, x], [y, y]]), (M, M)),
    *of_shapes("block", lambda x, y: np.block([x, y]), (V, W), ((), V)),
    *of_shapes("atleast_1d", np.atleast_1d, ((),), (V,), ((), M)),
    *of_shapes("atleast_2d", np.atleast_2d, ((),), (V,), (T,)),
    *of_shapes("atleast_3d", np.atleast_3d, ((),), (V,), (M,), (T,)),
    *of("tile", lambda x: np.tile(x, 2), lambda x: np.tile(x, (2, 1, 2)), lambda x: np.tile(x, (0, 1))),
    *of_shapes("tile", lambda x: np.tile(x, 3), ((),), (V,), (T,)),
    *of("repeat", lambda x: np.repeat(x, 2), lambda x: np.repeat(x, [1, 0, 2], axis=-1)),
    *of_shapes("broadcast_arrays", np.broadcast_arrays, (M, V), ((2, 1), ())),
    *of_shapes("meshgrid", np.meshgrid, (V, W), (V,), (V, W, V)),
    *of_shapes("meshgrid", lambda *x: np.meshgrid(*x, indexing="ij", sparse=True), (V, W)),
    *of("pad", lambda x: np.pad(x, 1), lambda x: np.pad(x, ((0, 2), (1, 0)), constant_values=3.0)),
    *of(
        "pad",
        *(
            lambda x, mode=mode: np.pad(x, (2, 5), mode=mode)
            for mode in ("edge", "reflect", "wrap", "symmetric")
        ),
    ),
    *of("diag", np.diag, lambda x: np.diag(x, 1), shapes=(N,)),
    *of("diag", np.diag, lambda x: np.diag(x, -2), shapes=(V,)),
    *of("diagflat", np.diagflat, lambda x: np.diagflat(x, 1)),
    # rearranging
    *of("roll", lambda x: np.roll(x, 4), lambda x: np.roll(x, (1, -1), (0, 1)), lambda x: np.roll(x, 2, -1)),
    *of("roll", lambda x: np.roll(x, 2, axis=(0, 1)), lambda x: np.roll(x, 0)),
    *of("fliplr", np.fliplr),
    *of("flipud", np.flipud),
    *of("rot90", *(lambda x, k=k: np.rot90(x, k) for k in range(-1, 4))),
    *of("rollaxis", lambda x: np.rollaxis(x, 2), lambda x: np.rollaxis(x, -3, 3), shapes=(T,)),
    *of("matrix_transpose", np.matrix_transpose, np.linalg.matrix_transpose, shapes=(T,)),
    *of(
        "array_split", lambda x: np.array_split(x, 3, 1), lambda x: np.array_split(x, [1, 2], -1), shapes=(N,)
    ),
    *of("vsplit", lambda x: np.vsplit(x, 2), shapes=(T,)),
    *of("hsplit", lambda x: np.hsplit(x, 3), shapes=(T,)),
    *of("dsplit", lambda x: np.dsplit(x, [1, 2]), shapes=(T,)),
    *of("diagonal", np.diagonal, lambda x: np.diagonal(x, 1, -1, 0), np.linalg.diagonal, shapes=(T,)),
    *of("linalg.diagonal", lambda x: np.linalg.diagonal(x, offset=-1), shapes=(T,)),
    *of("take_along_axis", lambda x: np.take_along_axis(x, np.array([[0, 2, 2]]), axis=-1)),
    *of("take_along_axis", lambda x: np.take_along_axis(x, np.array([3, 0]), axis=None)),
    *of("sort", np.sort, lambda x: np.sort(x, axis=None), lambda x: np.sort(x, axis=0, kind="stable")),
    *of("partition", lambda x: np.partition(x, 1), lambda x: np.partition(x, 2, axis=None)),
    *of("compress", lambda x: np.compress([True, False, True], x, axis=1), lambda x: np.compress([0, 1], x)),
    *of("extract", lambda x: np.extract(np.arange(6).reshape(2, 3) % 2, x)),
    *of("delete", lambda x: np.delete(x, 1), lambda x: np.delete(x, [0, -1], axis=1)),
    *of_shapes("lib.stride_tricks.sliding_window_view", lambda x: windows(x, 2, axis=-1), (V,), (T,)),
    *of(
        "lib.stride_tricks.sliding_window_view",
        lambda x: windows(x, (2, 3), axis=(2, 1)),
        lambda x: windows(x, (1, 2, 2)),
        shapes=(T,),
    ),
    *of("lib.stride_tricks.sliding_window_view", lambda x: windows(x, (2, 2), axis=(-1, -1)), shapes=(T,)),
    # products
    *of_shapes("inner", np.inner, (V, V), (M, V), (M, M), ((), M), (T, N)),
    *of_shapes("vdot", np.vdot, (V, V), (M, (3, 2))),
    *of_shapes("vecdot", np.vecdot, (V, V), (M, V)),
    *of("linalg.vecdot", lambda x, y: np.linalg.vecdot(x, y, axis=0), shapes=(M, M)),
    *of_shapes("linalg.outer", np.linalg.outer, (V, W)),
    *of_shapes("linalg.matmul", np.linalg.matmul, (M, N)),
    *of("linalg.trace", np.linalg.trace, shapes=(T,)),
    *of_shapes("tensordot", lambda x, y: np.tensordot(x, y, 1), (M, N), (V, V)),
    *of_shapes("tensordot", np.tensordot, (T, N), (M, M)),
    *of_shapes("tensordot", lambda x, y: np.tensordot(x, y, 0), (V, M)),
    *of_shapes("linalg.tensordot", lambda x, y: np.linalg.tensordot(x, y, axes=((2, 1), (-1, 0))), (T, N)),
    *of_shapes("kron", np.kron, (V, W), (M, N), (V, M), ((), M), (M, T)),
    *of_shapes("cross", np.cross, (V, V), (M, V), ((4, 1, 3), M)),
    *of("cross", lambda x, y: np.cross(x, y, axis=0), lambda x, y: np.cross(x, y.T, 0, 1, 0), shapes=(N, N)),
    *of_shapes("linalg.cross", np.linalg.cross, (V, V)),
    *of(
        "cumprod", np.cumprod, lambda x: np.cumprod(x, axis=0), lambda x: np.cumprod(x, axis=-1), shapes=(T,)
    ),
    *of("cumprod", lambda x: np.cumprod(x) + np.cumprod(x, axis=0) + np.cumsum(x, axis=0), shapes=((),)),
    *(
        case
        for ufunc in RUNNING
        for case in of(
            f"{ufunc.__name__}.accumulate",
            ufunc.accumulate,
            lambda x, ufunc=ufunc: ufunc.accumulate(x, axis=-1),
            shapes=((5, 4),),
        )
    ),
    *of(
        "logaddexp.reduce",
        np.logaddexp.reduce,
        lambda x: np.logaddexp.reduce(x, axis=(0, 2)),
        lambda x: np.logaddexp.reduce(x, axis=None, keepdims=True),
        shapes=(T,),
    ),
    *of_shapes("linalg.multi_dot", lambda *x: np.linalg.multi_dot(x), (V, N, W), (M, N)),
    *of(
        "linalg.matrix_power",
        *(lambda x, n=n: np.linalg.matrix_power(x, n) for n in (0, 1, 2, 5)),
        shapes=((2, 2),),
    ),
    *of("linalg.matrix_power", lambda x: np.linalg.matrix_power(positive(x), -2), shapes=((2, 2, 2),)),
    *of_shapes("polyval", np.polyval, (V, M), (W, ())),
    # element by element
    *of_shapes("radians", lambda x: np.radians(x) + np.deg2rad(x), (M,), ((),)),
    *of_shapes("degrees", lambda x: np.degrees(x) + np.rad2deg(x), (M,), ((),)),
    *of_shapes("fabs", np.fabs, (M,), ((),)),
    *of_shapes("float_power", lambda x: np.float_power(x, 2), (M,), ((),)),
    *of("divmod", lambda x: np.divmod(x, 3.0)[1]),
    *of("real", np.real, np.conjugate, np.real_if_close),
    *of_shapes("sinc", np.sinc, (M,), ((),)),
    *of(
        "nan_to_num", lambda x: np.nan_to_num(x + HOLES.astype(x.dtype)), lambda x: np.nan_to_num(x, nan=2.0)
    ),
    *of("select", lambda x, y: np.select([HOLES == 0, HOLES < 1], [x, y], 3.0), shapes=(M, M)),
    # along an axis
    *of("diff", np.diff, lambda x: np.diff(x, 2), lambda x: np.diff(x, axis=0), lambda x: np.diff(x, 0)),
    *of("diff", lambda x: np.diff(x, prepend=1.0), lambda x: np.diff(x, axis=0, append=x[:1])),
    *of("ediff1d", np.ediff1d, lambda x: np.ediff1d(x, to_end=[1.0, 2.0], to_begin=0.5)),
    *of_shapes("linspace", lambda x, y: np.linspace(x, y, 5), ((), ()), (M, V)),
    *of_shapes("linspace", lambda x, y: np.linspace(x, y, 4, endpoint=False, axis=1), (M, M)),
    *of_shapes("linspace", lambda x, y: np.linspace(x, y, 3, retstep=True, axis=-1), (V, ())),
    *of("gradient", np.gradient, lambda x: np.gradient(x, 0.5, axis=-1), lambda x: np.gradient(x, 1.0, 2.0)),
    *of("gradient", lambda x: np.gradient(x, np.array([0.0, 1.0, 3.0], x.dtype), axis=1)),
    *of("trapezoid", np.trapezoid, lambda x: np.trapezoid(x, dx=0.5, axis=0)),
    *of_shapes("trapezoid", np.trapezoid, (M, V), (V, V), (M, M)),
    *of_shapes("interp", lambda x, fp: np.interp(x, KNOTS, fp), (M, (5,)), ((), (5,))),
    *of_shapes("interp", lambda x, fp: np.interp(x, KNOTS / 2, fp, left=7.0, right=8.0), (T, (5,))),
    *of_shapes("interp", lambda xp, fp: np.interp(np.array([-0.3, 0.5]), KNOTS + xp / 20, fp), ((5,), (5,))),
    *of_shapes("convolve", np.convolve, (V, W), ((7,), V), (V, (1,))),
    *of_shapes("convolve", lambda x, y: np.convolve(x, y, "same"), (V, W), ((7,), V), ((7,), (2,))),
    *of_shapes("convolve", lambda x, y: np.convolve(x, y, "valid"), (V, W), ((7,), V)),
    *of_shapes("correlate", np.correlate, (V, W), ((7,), V)),
    *of_shapes("correlate", lambda x, y: np.correlate(x, y, "same"), (V, W), ((7,), (2,)), ((7,), V)),
    *of_shapes("correlate", lambda x, y: np.correlate(x, y, "full"), (V, W), (W, V)),
    # statistics
    *of("amax", np.amax, lambda x: np.amax(x, 0, keepdims=True)),
    *of("amin", np.amin, lambda x: np.amin(x, axis=-1)),
    *of("ptp", np.ptp, lambda x: np.ptp(x, axis=-1)),
    *of("average", np.average, lambda x: np.average(x, axis=-1, returned=True)),
    *of(
        "average",
        lambda x: np.average(x, weights=[1.0, 2.0, 0.5], axis=1),
        lambda x: np.average(x, weights=np.abs(x) + 1),
    ),
    *of("average", lambda x: np.average(np.arange(6.0).reshape(2, 3), weights=x * x, axis=0)),
    *of_shapes("median", np.median, (M,), (V,), (T,), ((),)),
    *of(
        "median",
        lambda x: np.median(x, axis=0),
        lambda x: np.median(x, axis=(0, -1), keepdims=True),
        shapes=(T,),
    ),
    *of("quantile", lambda x: np.quantile(x, 0.3), lambda x: np.quantile(x, [0.0, 0.5, 1.0], axis=-1)),
    *of("percentile", lambda x: np.percentile(x, 30, axis=0), lambda x: np.percentile(x, [10, 90])),
    *(
        Case(
            name,
            lambda x, name=name, axis=axis, keep=keep: getattr(np, name)(
                x + HOLES.astype(x.dtype), axis=axis, keepdims=keep
            ),
        )
        for name in ("nansum", "nanprod", "nanmean", "nanvar", "nanstd", "nanmax", "nanmin")
        for axis, keep in [(None, False), (-1, True), ((0, 1), False), (None, True)]
    ),
    *of("nanvar", lambda x: np.nanvar(x, axis=1, ddof=1), shapes=(N,)),
    *of("nanstd", lambda x: np.nanstd(x, axis=1, ddof=1), shapes=(N,)),
    *of(
        "cov",
        np.cov,
        lambda x: np.cov(x, rowvar=False, ddof=0),
        lambda x: np.cov(x[0], x[1], bias=True),
        shapes=(N,),
    ),
    *of("cov", np.cov, shapes=(W,)),
    *of("corrcoef", np.corrcoef, lambda x: np.corrcoef(x[0], x[1]), shapes=(N,)),
    # factors
    *of("linalg.slogdet", np.linalg.slogdet, shapes=((3, 3),)),
    *of("linalg.slogdet", lambda x: np.linalg.slogdet(x).logabsdet, shapes=((2, 3, 3),)),
    *of_shapes("linalg.eigh", lambda x: squares(np.linalg.eigh(positive(x))), (M,), (T,)),
    *of("linalg.eigh", lambda x: squares(np.linalg.eigh(positive(x), "U")), shapes=(M,)),
    *of("linalg.eigvalsh", lambda x: np.linalg.eigvalsh(positive(x)), shapes=(T,)),
    *of_shapes(
        "linalg.svd", lambda x: squares(np.linalg.svd(x, full_matrices=False)), (M,), (N,), (T,), ((3, 3),)
    ),
    *of("linalg.svd", lambda x: squares(np.linalg.svd(x)), shapes=((3, 3),)),
    *of_shapes("linalg.svdvals", np.linalg.svdvals, (M,), (T,)),
    *of_shapes("linalg.qr", lambda x: squares(np.linalg.qr(x)), (M,), ((3, 2),), (T,), ((3, 3),)),
    *of(
        "linalg.qr", lambda x: squares([np.linalg.qr(x, "r")]), lambda x: squares(np.linalg.qr(x, "complete"))
    ),
    *of(
        "linalg.cond",
        np.linalg.cond,
        *(lambda x, p=p: np.linalg.cond(x, p) for p in (2, -2, 1, np.inf, "fro")),
        shapes=((3, 3),),
    ),
    *of(
        "linalg.matrix_norm",
        np.linalg.matrix_norm,
        lambda x: np.linalg.matrix_norm(x, keepdims=True, ord=1),
        shapes=(T,),
    ),
    *of(
        "linalg.vector_norm",
        np.linalg.vector_norm,
        lambda x: np.linalg.vector_norm(x, ord=3, axis=-1),
        shapes=(T,),
    ),
    *of("linalg.vector_norm", lambda x: np.linalg.vector_norm(x, keepdims=True), shapes=(T,)),
    *of(
        "linalg.norm",
        *(
            lambda x, order=order: np.linalg.norm(x, order)
            for order in (1, -1, 2, -2, np.inf, -np.inf, "nuc", "fro")
        ),
        shapes=(N,),
    ),
    *of(
        "linalg.norm",
        lambda x: np.linalg.norm(x, 2, axis=(0, 2), keepdims=True),
        lambda x: np.linalg.norm(x, 1, axis=(2, 0)),
        shapes=(T,),
    ),
]
OLDER = {  # they have rows beside the primitives that they are made of
    *(
        "concatenate",
        "stack",
        "split",
        "clip",
        "where",
        "dot",
        "outer",
        "moveaxis",
        "trace",
        "einsum",
        "copy",
    ),
}
SAME = {
    "deg2rad": "radians",
    "rad2deg": "degrees",
    "conjugate": "real",
    "real_if_close": "real",
    "linalg.matrix_transpose": "matrix_transpose",
}


def ids(case):
    return f"{case.name}-{'-'.join(map(str, case.shapes))}"


def of_each(function):
    return pytest.mark.parametrize("case", CASES, ids=ids)(function)


def numbers(result):
    """Return what a call returns as plain arrays."""
    parts = list(result) if isinstance(result, (tuple, list)) else [result]
    return [part.data if isinstance(part, Value) else part for part in parts]


def total(case, seed=3):
    """Return a function that makes one number of all that a call returns."""

    def function(*inputs):
        result = case.call(*inputs)
        parts = list(result) if isinstance(result, (tuple, list)) else [result]
        rng = np.random.default_rng(seed)
        return sum(np.sum(np.tanh(part) * rng.normal(size=np.shape(part))) for part in parts)

    return function


def test_every_composition_has_a_case():
    supported()
    composed = {name_of(function) for function in COMPOSED}
    assert composed - {case.name for case in CASES} - OLDER - SAME.keys() == set()


@of_each
def test_it_is_numpys(case):
    inputs = case.inputs()
    found, expected = case.call(*map(Value, inputs)), case.call(*inputs)
    assert type(found) is type(expected) or not isinstance(found, (tuple, list))
    for ours, theirs in zip(numbers(found), numbers(expected), strict=True):
        assert np.shape(ours) == np.shape(theirs)
        np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-12)


@of_each
def test_float32_stays_as_in_numpy(case):
    inputs = case.inputs(np.float32)
    found, expected = numbers(case.call(*map(Value, inputs))), numbers(case.call(*inputs))
    for ours, theirs in zip(found, expected, strict=True):
        if np.ndim(ours) and () not in case.shapes:  # a single number is a float
            assert ours.dtype == np.asarray(theirs).dtype
        np.testing.assert_allclose(ours, theirs, rtol=2e-4, atol=1e-4)
    values = [Value(x) for x in inputs]
    total(case)(*values).backward()
    assert {x.grad.dtype for x in values if x.shape} <= {np.dtype(np.float32)}


@of_each
def test_gradients_are_slopes_twice(case):
    check_grads(total(case), *case.inputs(), order=2, rtol=2e-4, atol=1e-5)


@pytest.mark.slow
@of_each
def test_jit_does_the_same(case):
    inputs, function = case.inputs(), total(case)
    everything = tuple(range(len(inputs)))
    gradient = grad(function, argnums=everything)
    second = grad(lambda *x: sum(np.sum(np.sin(g)) for g in gradient(*x)), argnums=everything)
    for derived in (function, gradient, second):
        jitted = jit(derived)
        for _ in range(2):
            assert_same(jitted(*inputs), derived(*inputs), 1e-9)
    assert trees.leaves(jit(case.call)(*inputs))


# -- odd arguments and edges


def same(found, expected):
    np.testing.assert_allclose(found.data if isinstance(found, Value) else found, expected, rtol=1e-12)


@pytest.mark.parametrize(
    "call",
    [
        np.vstack,
        np.hstack,
        lambda parts: np.concatenate(parts, axis=None),
        lambda parts: np.sort(parts[0]),
        lambda parts: np.diff(parts[0]),
        lambda parts: np.cumprod(parts[0]),
        lambda parts: np.tile(parts[0], 2),
        lambda parts: np.roll(parts[0], 1),
        lambda parts: np.repeat(parts[0], 2),
        lambda parts: np.pad(parts[0], 1),
        lambda parts: np.nansum(parts[0]),
        lambda parts: np.diag(parts[0]),
        lambda parts: np.kron(parts[0], parts[1]),
        lambda parts: np.inner(parts[0], parts[1]),
        lambda parts: np.tril(np.diag(parts[0])),
    ],
)
def test_empty_arrays_stay_empty(call):
    empty = np.zeros(0)
    x = Value(empty)
    found, expected = call([x, x]), call([empty, empty])
    assert found.shape == expected.shape
    np.sum(found).backward()
    assert x.grad.shape == (0,)


def test_the_room_is_opened_by_who_asks_for_it():
    code = (
        "import sys, numpy as np; from chainrule import Value; x = np.tanh(Value([1.0])).sum();"
        "room = 'chainrule.primitives.compositions';"
        "print(room in sys.modules); np.roll(Value([1.0]), 1); print(room in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_a_number_is_taken_where_numpy_takes_one():
    for function in (np.median, np.average, np.nanmean, np.nanmax, np.ptp, np.sinc, np.fabs, np.tile):
        arguments = (2,) if function is np.tile else ()
        same(function(Value(0.7), *arguments), function(np.array(0.7), *arguments))


def test_remainders_by_operators():
    x = np.array([-1.7, 0.4, 2.9])
    for left, right in [(x, 1.0), (x, np.array([2.0, -0.7, 1.5])), (5.3, x)]:
        a, b = (Value(side) if side is x else side for side in (left, right))
        same(a % b, left % right)
        same(a // b, left // right)
        assert not isinstance(a // b, Value)
        same(np.divmod(a, b)[0], left // right)
    assert (Value(2.5) // 1, (Value(2.5) % 1).data, divmod(7, Value(2.0))[0]) == (2.0, 0.5, 3.0)
    assert jit(grad(lambda x: (x % 1) ** 2 + x // 1))(2.25) == grad(lambda x: (x % 1) ** 2)(2.25) == 0.5


def test_sinc_has_every_derivative_at_zero():
    first, second = grad(np.sinc), grad(grad(np.sinc))
    assert first(0.0) == 0.0
    assert second(0.0) == pytest.approx(-(np.pi**2) / 3, rel=1e-14)
    assert grad(grad(second))(0.0) == pytest.approx(np.pi**4 / 5, rel=1e-13)


def test_products_with_zeros_have_their_slopes():
    check_grads(lambda x: np.sum(np.cumprod(x) ** 2), np.array([2.0, 0.0, 3.0, 0.0, 1.5]), order=2)


def test_nan_beside_numbers():
    x = np.array([[1.0, np.nan], [np.nan, np.nan]])
    assert np.isnan(np.median(Value(x[0])).data)
    with pytest.warns(RuntimeWarning):
        same(np.nanmax(Value(x), axis=1), np.nanmax(x, axis=1))
    for function in (np.fmax, np.fmin):
        a, b = Value(1.0), Value(np.nan)
        function(a, b).backward()
        assert (a.grad, b.grad) == (1.0, 0.0)


def test_logaddexp_of_nothing_has_no_gradient():
    a, b = Value(-np.inf), Value(-np.inf)
    assert np.logaddexp(a, b).backward().data == -np.inf
    assert (a.grad, b.grad) == (0.0, 0.0)


def test_vectors_of_equal_values_have_no_derivative():
    eye = np.eye(3)
    for f in (lambda x: np.linalg.eigh(x)[1][0, 0], lambda x: np.linalg.svd(x)[0][0, 0]):
        assert np.isnan(grad(f)(eye)).any()
    for f in (lambda x: np.sum(np.linalg.eigvalsh(x)), lambda x: np.sum(np.linalg.svd(x)[1])):
        np.testing.assert_allclose(grad(f)(eye), eye, atol=1e-15)
        assert np.isnan(grad(lambda x, f=f: np.sum(grad(f)(x) * np.arange(9.0).reshape(3, 3)))(eye)).any()
    stacked = np.stack([eye, np.diag([1.0, 2.0, 4.0])])
    slope = grad(lambda x: np.sum(np.linalg.eigh(x)[1][:, 0] ** 4))(stacked)
    assert np.isnan(slope[0]).any()
    assert np.isfinite(slope[1]).all()


def test_the_gradient_of_vectors_that_is_zero_is_differentiated_again():
    matrix = positive(np.random.default_rng(4).normal(size=(3, 3)))
    target = np.linalg.eigh(matrix)[1]

    def loss(x):
        return np.sum((np.linalg.eigh((x + x.T) / 2)[1] - target) ** 2)

    check_grads(loss, matrix, order=2)


def test_a_large_determinant_that_is_zero_needs_no_minors():
    ones = np.diag([0.0, *np.linspace(1.0, 2.0, 79)])
    slope = grad(np.linalg.det)(ones)
    assert slope[0, 0] == pytest.approx(np.prod(np.linspace(1.0, 2.0, 79)))
    assert np.abs(slope).sum() == pytest.approx(slope[0, 0])
    x = Value(1e-5 * np.eye(80))
    np.linalg.det(x).backward()
    assert not x.grad.any()
    rng = np.random.default_rng(1)
    singular = rng.integers(-2, 3, (13, 13)) * 1.0
    singular[:, 4] = 0
    minors = [
        (-1) ** (row + 4) * np.linalg.det(np.delete(np.delete(singular, row, 0), 4, 1)) for row in range(13)
    ]
    np.testing.assert_allclose(grad(np.linalg.det)(singular)[:, 4], minors, rtol=1e-9)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (np.linalg.svd, UnsupportedError, r"shape \(2, 3\).*first 2.*full_matrices=False"),
        (lambda x: np.linalg.qr(x.T, "complete"), UnsupportedError, r"'reduced' or 'r', not 'complete'"),
        (lambda x: np.pad(x, 1, mode="mean"), UnsupportedError, r"mode='mean'.*'constant', 'edge'"),
        (lambda x: np.cross(x[:, :2], x[:, :2]), ShapeError, r"length 2 and 2.*3 long"),
        (lambda x: np.tensordot(x, x, 1), ShapeError, r"\[1\] of shape \(2, 3\).*axes="),
        (lambda x: np.average(x, weights=[1.0, 2.0]), ShapeError, r"weights of shape \(2,\).*axis="),
        (lambda x: np.take_along_axis(x, np.array([0]), 1), ShapeError, r"\(1,\).*keepdims"),
        (lambda x: np.select([x > 0], [x, x]), ShapeError, r"1 conditions for 2 choices"),
        (lambda x: np.gradient(x, 1.0, 2.0, 3.0), ShapeError, r"3 spacings for 2 axes"),
        (lambda x: np.gradient(x, edge_order=2), UnsupportedError, r"edge_order=1, not 2"),
        (lambda x: np.gradient(x[:1], axis=0), ShapeError, r"two elements"),
        (lambda x: np.convolve(x[0], x[0, :0]), ShapeError, r"an array is empty"),
        (lambda x: np.convolve(x[0], x[0], "half"), UnsupportedError, r"not 'half'"),
        (lambda x: np.quantile(x, 0.5, method="lower"), UnsupportedError, r"method='linear', not 'lower'"),
        (lambda x: np.quantile(x, -0.1), ShapeError, r"q=-0.1.*from 0 to 1"),
        (lambda x: np.percentile(x, [50, 101]), ShapeError, r"from 0 to 1"),
        (lambda x: np.diff(x, -1), ShapeError, r"n=-1"),
        (lambda x: np.meshgrid(x, indexing="xyz"), TypeError, r"'xy' or 'ij', not 'xyz'"),
        (lambda x: np.pad(x, -1), ShapeError, r"negative; slice"),
        (lambda x: np.pad(x, 1.5), TypeError, r"integer"),
        (lambda x: np.tile(x, 1.5), TypeError, r"integer"),
        (lambda x: np.linalg.matrix_power(x[:, :2], 0.5), TypeError, r"integer"),
        (
            lambda x: np.linalg.cholesky(-x[:, 1:] @ x[:, 1:].T),
            np.linalg.LinAlgError,
            r"add a little to the diag",
        ),
        (lambda x: np.linalg.eigvalsh(x[0]), np.linalg.LinAlgError, r"eigh.*last two axes"),
        (np.linalg.slogdet, np.linalg.LinAlgError, r"square"),
        (lambda x: np.nan_to_num(x, copy=False), UnsupportedError, r"copy=False out"),
        (lambda x: np.linalg.norm(x, 3), UnsupportedError, r"'fro' or 'nuc', not 3"),
        (lambda x: np.interp(x, KNOTS, KNOTS, period=2.0), UnsupportedError, r"takes no period"),
        (lambda x: np.nansum(x, where=x > 0), UnsupportedError, r"takes no where"),
    ],
)
def test_what_is_not_answered_says_what_is(call, error, message):
    with pytest.raises(error, match=message):
        call(Value(np.arange(6.0).reshape(2, 3)))


@pytest.mark.parametrize(
    "call",
    [
        *(np.diff, np.gradient, np.median, np.cumprod, np.maximum.accumulate, np.add.accumulate, np.sort),
        np.rollaxis,
        lambda x, axis: np.take_along_axis(x, np.zeros((2, 3), int), axis),
        lambda x, axis: np.quantile(x, 0.5, axis=(0, axis)),
        *(lambda x, axis, f=f: f(x, 1, axis=axis) for f in (np.roll, np.split, np.array_split, np.repeat)),
        lambda x, axis: np.delete(x, 0, axis),
        lambda x, axis: windows(x, 2, axis),
        lambda x, axis: np.tensordot(x, x, (axis, 0)),
        lambda x, axis: np.trapezoid(x, axis=axis),
    ],
)
@pytest.mark.parametrize("axis", [2, -3])
def test_an_axis_that_an_array_lacks_is_refused(call, axis):
    with pytest.raises((ShapeError, np.exceptions.AxisError), match="out of bounds"):
        call(Value(np.ones((2, 3))), axis=axis)


@pytest.mark.filterwarnings("ignore:Degrees of freedom", "ignore:invalid value", "ignore:divide by zero")
def test_too_few_numbers_spread_nowhere():
    x = np.array([1.0, 2.0, np.nan])
    for ddof in (2, 3):
        assert np.isnan(np.nanvar(Value(x), ddof=ddof).data)
        for spread in (np.var, np.std, np.nanvar, np.nanstd):
            assert not np.isfinite(grad(partial(spread, ddof=ddof))(x[:2])).any()
        same(np.cov(Value(x[:2]), ddof=ddof), np.cov(x[:2], ddof=ddof))
