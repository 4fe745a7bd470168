"""Products of vectors, matrices and arrays."""

from __future__ import annotations

from functools import reduce
from operator import index
from typing import Any

import numpy as np

from chainrule.errors import ShapeError
from chainrule.primitives.composed import answers, axis_of, dot, outer, trace


@answers(np.inner)
def inner(a: Any, b: Any) -> Any:
    """As `numpy.inner`."""
    if not np.ndim(a) or not np.ndim(b):
        return np.multiply(a, b)
    return np.tensordot(a, b, axes=(-1, -1))


@answers(np.vdot)
def vdot(a: Any, b: Any) -> Any:
    """As `numpy.vdot`, of real numbers."""
    return dot(np.ravel(a), np.ravel(b))


@answers(np.vecdot)
@answers(np.linalg.vecdot)
def vecdot(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """As `numpy.vecdot`."""
    return np.sum(np.multiply(x1, x2), axis=axis)


@answers(np.linalg.outer)
def outer_of_vectors(x1: Any, x2: Any) -> Any:
    """As `numpy.linalg.outer`."""
    return outer(x1, x2)


@answers(np.linalg.trace)
def trace_of_last(x: Any, *, offset: int = 0) -> Any:
    """As `numpy.linalg.trace`."""
    return trace(x, offset, -2, -1)


@answers(np.linalg.matmul)
def matmul(x1: Any, x2: Any) -> Any:
    """As `numpy.linalg.matmul`."""
    return np.matmul(x1, x2)


@answers(np.tensordot)
@answers(np.linalg.tensordot)
def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    """As `numpy.tensordot`."""
    if isinstance(axes, (int, np.integer)):
        first, second = list(range(np.ndim(a) - axes, np.ndim(a))), list(range(axes))
    else:
        first, second = ([index(axis) for axis in np.ravel(side)] for side in axes)
    first, second = [axis_of(a, axis) for axis in first], [axis_of(b, axis) for axis in second]
    lengths = [np.shape(a)[axis] for axis in first]
    if lengths != [np.shape(b)[axis] for axis in second]:
        raise ShapeError(
            f"np.tensordot: axes {first} of shape {np.shape(a)} and {second} of shape {np.shape(b)} are not "
            f"equally long; name those that are summed over by axes="
        )
    own = [axis for axis in range(np.ndim(a)) if axis not in first]
    others = [axis for axis in range(np.ndim(b)) if axis not in second]
    size = int(np.prod(lengths, dtype=int))
    rows = [np.shape(a)[axis] for axis in own]
    columns = [np.shape(b)[axis] for axis in others]
    left = np.reshape(np.transpose(a, (*own, *first)), (int(np.prod(rows, dtype=int)), size))
    right = np.reshape(np.transpose(b, (*second, *others)), (size, int(np.prod(columns, dtype=int))))
    return np.reshape(left @ right, (*rows, *columns))


@answers(np.kron)
def kron(a: Any, b: Any) -> Any:
    """As `numpy.kron`."""
    ndim = max(np.ndim(a), np.ndim(b))
    own, other = ((1,) * (ndim - np.ndim(x)) + np.shape(x) for x in (a, b))
    left = np.reshape(a, [length for n in own for length in (n, 1)])
    right = np.reshape(b, [length for n in other for length in (1, n)])
    return np.reshape(left * right, tuple(m * n for m, n in zip(own, other, strict=True)))


@answers(np.cross)
def cross(  # noqa: PLR0917 - NumPy's arguments
    a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None
) -> Any:
    """As `numpy.cross`, of vectors of length 3."""
    if axis is not None:
        axisa = axisb = axisc = axis
    first, second = np.moveaxis(a, axisa, -1), np.moveaxis(b, axisb, -1)
    if np.shape(first)[-1] != 3 or np.shape(second)[-1] != 3:
        raise ShapeError(
            f"np.cross: vectors of length {np.shape(first)[-1]} and {np.shape(second)[-1]}; both must be "
            f"3 long. Of two in a plane it is a[0] * b[1] - a[1] * b[0]"
        )
    (a0, a1, a2), (b0, b1, b2) = ([x[..., k : k + 1] for k in range(3)] for x in (first, second))
    parts = [a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0]
    return np.moveaxis(np.concatenate(parts, axis=-1), -1, axisc)


@answers(np.linalg.cross)
def cross_of_vectors(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """As `numpy.linalg.cross`."""
    return cross(x1, x2, axis=axis)


@answers(np.linalg.multi_dot)
def multi_dot(arrays: Any) -> Any:
    """As `numpy.linalg.multi_dot`, from the left."""
    return reduce(dot, arrays)


@answers(np.linalg.matrix_power)
def matrix_power(a: Any, n: int) -> Any:
    """As `numpy.linalg.matrix_power`."""
    n = index(n)
    base, times = (np.linalg.inv(a), -n) if n < 0 else (a, n)
    if not times:
        return 0 * a + np.eye(np.shape(a)[-1], dtype=a.dtype)
    if times == 1:
        return base
    half = matrix_power(base, times // 2)
    return half @ half @ base if times % 2 else half @ half


@answers(np.polyval)
def polyval(p: Any, x: Any) -> Any:
    """As `numpy.polyval`, of an array of numbers."""
    total: Any = np.zeros_like(x)
    for coefficient in p:
        total = total * x + coefficient
    return total
