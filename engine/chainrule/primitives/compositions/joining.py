"""Joining arrays, repeating them, and adding around them."""

from __future__ import annotations

from operator import index
from typing import Any

import numpy as np

from chainrule.errors import ShapeError, UnsupportedError, UsageError
from chainrule.primitives import shape as moving
from chainrule.primitives.composed import answers, axis_of

_BY_INDEX = ("edge", "reflect", "symmetric", "wrap")


def at_least(x: Any, ndim: int) -> Any:
    """Return an array with as many axes, those that are added where NumPy adds them."""
    lengths = np.shape(x)
    if len(lengths) >= ndim:
        return x
    if ndim == 3 and len(lengths) == 2:
        return np.reshape(x, (*lengths, 1))
    if ndim == 3 and len(lengths) == 1:
        return np.reshape(x, (1, *lengths, 1))
    return np.reshape(x, (1,) * (ndim - len(lengths)) + lengths)


def _each(arrays: tuple[Any, ...], ndim: int) -> Any:
    found = tuple(at_least(x, ndim) for x in arrays)
    return found[0] if len(found) == 1 else found


@answers(np.atleast_1d)
def atleast_1d(*arys: Any) -> Any:
    """As `numpy.atleast_1d`."""
    return _each(arys, 1)


@answers(np.atleast_2d)
def atleast_2d(*arys: Any) -> Any:
    """As `numpy.atleast_2d`."""
    return _each(arys, 2)


@answers(np.atleast_3d)
def atleast_3d(*arys: Any) -> Any:
    """As `numpy.atleast_3d`."""
    return _each(arys, 3)


@answers(np.vstack)
def vstack(tup: Any) -> Any:
    """As `numpy.vstack`, and `numpy.row_stack`, which calls it."""
    return np.concatenate([at_least(x, 2) for x in tup])


@answers(np.hstack)
def hstack(tup: Any) -> Any:
    """As `numpy.hstack`."""
    arrays = [at_least(x, 1) for x in tup]
    return np.concatenate(arrays, axis=0 if np.ndim(arrays[0]) == 1 else 1)


@answers(np.dstack)
def dstack(tup: Any) -> Any:
    """As `numpy.dstack`."""
    return np.concatenate([at_least(x, 3) for x in tup], axis=2)


@answers(np.column_stack)
def column_stack(tup: Any) -> Any:
    """As `numpy.column_stack`."""
    return np.concatenate([x if np.ndim(x) > 1 else np.reshape(x, (-1, 1)) for x in tup], axis=1)


@answers(np.append)
def append(arr: Any, values: Any, axis: int | None = None) -> Any:
    """As `numpy.append`."""
    return np.concatenate([arr, values], axis=axis)


@answers(np.block)
def block(arrays: Any) -> Any:
    """As `numpy.block`."""
    depth = _depth(arrays)
    ndim = max(depth, _most_axes(arrays))
    return _joined(arrays, ndim, -depth)


def _depth(arrays: Any) -> int:
    return 1 + _depth(arrays[0]) if isinstance(arrays, list) else 0


def _most_axes(arrays: Any) -> int:
    return max(map(_most_axes, arrays)) if isinstance(arrays, list) else int(np.ndim(arrays))


def _joined(arrays: Any, ndim: int, axis: int) -> Any:
    if not isinstance(arrays, list):
        return np.reshape(arrays, (1,) * (ndim - np.ndim(arrays)) + np.shape(arrays))
    return np.concatenate([_joined(part, ndim, axis + 1) for part in arrays], axis=axis)


@answers(np.tile)
def tile(A: Any, reps: Any) -> Any:  # noqa: N803 - NumPy's
    """As `numpy.tile`."""
    times = tuple(map(index, np.ravel(reps)))
    lengths = (1,) * (len(times) - np.ndim(A)) + np.shape(A)
    times = (1,) * (len(lengths) - len(times)) + times
    pairs = [n for pair in zip(times, lengths, strict=True) for n in pair]
    apart = np.reshape(A, [length for n in lengths for length in (1, n)])
    joined = tuple(count * n for count, n in zip(times, lengths, strict=True))
    return np.reshape(np.broadcast_to(apart, tuple(pairs)), joined)


@answers(np.repeat)
def repeat(a: Any, repeats: Any, axis: int | None = None) -> Any:
    """As `numpy.repeat`."""
    x, axis = (np.ravel(a), 0) if axis is None else (a, axis)
    return np.take(x, np.repeat(np.arange(np.shape(x)[axis_of(x, axis)]), repeats), axis=axis)


@answers(np.broadcast_arrays)
def broadcast_arrays(*args: Any) -> tuple[Any, ...]:
    """As `numpy.broadcast_arrays`."""
    whole = np.broadcast_shapes(*map(np.shape, args))
    return tuple(np.broadcast_to(x, whole) for x in args)


@answers(np.meshgrid)
def meshgrid(*xi: Any, sparse: bool = False, indexing: str = "xy") -> tuple[Any, ...]:
    """As `numpy.meshgrid`."""
    if indexing not in {"xy", "ij"}:
        raise UsageError(f"np.meshgrid: indexing is 'xy' or 'ij', not {indexing!r}")
    count = len(xi)
    order = [1, 0, *range(2, count)] if indexing == "xy" and count > 1 else list(range(count))
    grids = [
        np.reshape(x, [-1 if place == order[axis] else 1 for place in range(count)])
        for axis, x in enumerate(xi)
    ]
    return tuple(grids) if sparse else broadcast_arrays(*grids)


@answers(np.pad)
def pad(array: Any, pad_width: Any, mode: str = "constant", *, constant_values: Any = 0) -> Any:
    """As `numpy.pad`, by a constant, or by the array's own elements: edge, reflect, symmetric, wrap."""
    widths = _widths(pad_width, np.ndim(array))
    if mode == "constant":
        lengths = tuple(n + sum(width) for n, width in zip(np.shape(array), widths, strict=True))
        inside = tuple(
            slice(width[0], width[0] + n) for n, width in zip(np.shape(array), widths, strict=True)
        )
        placed = moving.scatter(array, shape=lengths, index=inside)
        if not np.any(constant_values):
            return placed
        around = np.pad(np.zeros(np.shape(array), array.dtype), widths, constant_values=constant_values)
        return placed + around
    if mode not in _BY_INDEX:
        raise UnsupportedError(
            f"np.pad with mode={mode!r} has no derivative here; use 'constant', "
            f"{', '.join(map(repr, _BY_INDEX))}, or np.concatenate"
        )
    for axis, width in enumerate(widths):
        if any(width):
            indices = np.pad(np.arange(np.shape(array)[axis]), width, mode)  # type: ignore[call-overload]  # a mode is any text
            array = np.take(array, indices, axis=axis)
    return array


def _widths(pad_width: Any, ndim: int) -> list[tuple[int, int]]:
    if isinstance(pad_width, dict):  # as of NumPy 2.2: by axis
        by_axis = {axis % ndim: width for axis, width in pad_width.items()}
        return [_widths(by_axis.get(axis, 0), 1)[0] for axis in range(ndim)]
    pairs = [(index(before), index(after)) for before, after in np.broadcast_to(pad_width, (ndim, 2))]
    if any(min(pair) < 0 for pair in pairs):
        raise ShapeError(f"np.pad: widths {pairs} are negative; slice the array where it is to be smaller")
    return pairs


@answers(np.diag)
def diag(v: Any, k: int = 0) -> Any:
    """As `numpy.diag`: of a vector the matrix, of a matrix its diagonal."""
    if np.ndim(v) != 1:
        return np.diagonal(v, k)
    places, side = np.arange(np.shape(v)[0]), np.shape(v)[0] + abs(k)
    return moving.scatter(v, shape=(side, side), index=(places + max(-k, 0), places + max(k, 0)))


@answers(np.diagflat)
def diagflat(v: Any, k: int = 0) -> Any:
    """As `numpy.diagflat`."""
    return diag(np.ravel(v), k)
