"""Moving elements: parts, turns, orders, windows."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from chainrule.errors import ShapeError
from chainrule.primitives import shape as moving
from chainrule.primitives.composed import answers, axis_of, plain


@answers(np.roll)
def roll(a: Any, shift: Any, axis: Any = None) -> Any:
    """As `numpy.roll`."""
    if axis is None:
        return np.reshape(roll(np.ravel(a), shift, 0), np.shape(a))
    for by, along in np.broadcast(shift, axis):
        place = axis_of(a, along)
        n = a.shape[place]
        if by % max(n, 1):
            before, cut = (slice(None),) * place, n - by % n
            parts = [a[(*before, slice(cut, None))], a[(*before, slice(cut))]]
            a = np.concatenate(parts, axis=place)
    return a


@answers(np.fliplr)
def fliplr(m: Any) -> Any:
    """As `numpy.fliplr`."""
    return np.flip(m, 1)


@answers(np.flipud)
def flipud(m: Any) -> Any:
    """As `numpy.flipud`."""
    return np.flip(m, 0)


@answers(np.rot90)
def rot90(m: Any, k: int = 1, axes: Any = (0, 1)) -> Any:
    """As `numpy.rot90`."""
    first, second = axes
    if k % 4 == 0:
        return m
    if k % 4 == 2:
        return np.flip(m, (first, second))
    return np.flip(np.swapaxes(m, first, second), first if k % 4 == 1 else second)


@answers(np.rollaxis)
def rollaxis(a: Any, axis: int, start: int = 0) -> Any:
    """As `numpy.rollaxis`."""
    axis = axis_of(a, axis)
    start += a.ndim * (start < 0)
    return np.moveaxis(a, axis, start - (axis < start))


@answers(np.matrix_transpose)
@answers(np.linalg.matrix_transpose)
def matrix_transpose(x: Any) -> Any:
    """As `numpy.matrix_transpose`."""
    return np.swapaxes(x, -1, -2)


@answers(np.array_split)
def array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """As `numpy.array_split`."""
    if np.ndim(indices_or_sections):
        return np.split(ary, indices_or_sections, axis)
    places = np.arange(np.shape(ary)[axis_of(ary, axis)])
    pieces = [len(piece) for piece in np.array_split(places, indices_or_sections)]
    return np.split(ary, np.cumsum(pieces)[:-1], axis)


@answers(np.vsplit)
def vsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    """As `numpy.vsplit`."""
    return np.split(ary, indices_or_sections, 0)


@answers(np.hsplit)
def hsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    """As `numpy.hsplit`."""
    return np.split(ary, indices_or_sections, 0 if np.ndim(ary) == 1 else 1)


@answers(np.dsplit)
def dsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    """As `numpy.dsplit`."""
    return np.split(ary, indices_or_sections, 2)


@answers(np.diagonal)
def diagonal(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """As `numpy.diagonal`."""
    last = np.moveaxis(a, (axis1, axis2), (-2, -1))
    rows, columns = np.nonzero(np.eye(last.shape[-2], last.shape[-1], k=offset))
    return last[..., rows, columns]


@answers(np.linalg.diagonal)
def diagonal_of_last(x: Any, *, offset: int = 0) -> Any:
    """As `numpy.linalg.diagonal`."""
    return diagonal(x, offset, -2, -1)


@answers(np.take_along_axis)
def take_along_axis(arr: Any, indices: Any, axis: int | None = -1) -> Any:
    """As `numpy.take_along_axis`."""
    if axis is None:
        return np.ravel(arr)[plain(indices)]
    axis = axis_of(arr, axis)
    indices = plain(indices)
    if np.ndim(indices) != np.ndim(arr):
        raise ShapeError(
            f"np.take_along_axis: indices of shape {np.shape(indices)} for an array of shape "
            f"{np.shape(arr)}; give them as many axes, as by keepdims=True"
        )
    places = np.ogrid[tuple(map(slice, np.shape(arr)))]
    return arr[(*places[:axis], indices, *places[axis + 1 :])]


@answers(np.sort)
def sort(a: Any, axis: int | None = -1, kind: Any = None, *, stable: bool | None = None) -> Any:
    """As `numpy.sort`; of equal elements each keeps its own gradient."""
    x, along = (np.ravel(a), 0) if axis is None else (a, axis)
    return take_along_axis(x, np.argsort(plain(x), axis=along, kind=kind, stable=stable), along)


@answers(np.partition)
def partition(a: Any, kth: Any, axis: int | None = -1, kind: Any = "introselect") -> Any:
    """As `numpy.partition`."""
    x, along = (np.ravel(a), 0) if axis is None else (a, axis)
    return take_along_axis(x, np.argpartition(plain(x), kth, axis=along, kind=kind), along)


@answers(np.compress)
def compress(condition: Any, a: Any, axis: int | None = None) -> Any:
    """As `numpy.compress`."""
    return np.take(a, np.flatnonzero(plain(condition)), axis=axis)


@answers(np.extract)
def extract(condition: Any, arr: Any) -> Any:
    """As `numpy.extract`."""
    return np.take(arr, np.flatnonzero(plain(condition)))


@answers(np.delete)
def delete(arr: Any, obj: Any, axis: int | None = None) -> Any:
    """As `numpy.delete`."""
    x, along = (np.ravel(arr), 0) if axis is None else (arr, axis)
    return np.take(x, np.delete(np.arange(np.shape(x)[axis_of(x, along)]), obj), axis=along)


@answers(np.lib.stride_tricks.sliding_window_view)
def sliding_window_view(x: Any, window_shape: Any, axis: Any = None) -> Any:
    """As `numpy.lib.stride_tricks.sliding_window_view`: it makes convolutions and pooling."""
    lengths = tuple(map(operator.index, np.ravel(window_shape)))
    axes = range(np.ndim(x)) if axis is None else np.ravel(axis).tolist()
    return moving.sliding_window_view(
        x, window_shape=lengths, axis=tuple(axis_of(x, along) for along in axes)
    )
