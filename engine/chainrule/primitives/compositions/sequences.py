"""Differences, sums and convolutions along an axis, and numbers between given ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.errors import ShapeError, UnsupportedError
from chainrule.primitives import shape as moving
from chainrule.primitives.composed import answers, axis_of, double, plain


def _part(x: Any, axis: int, start: int | None, stop: int | None = None, step: int | None = None) -> Any:
    return x[(*(slice(None),) * axis_of(x, axis), slice(start, stop, step))]


@answers(np.diff)
def diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """As `numpy.diff`."""
    if n < 0:
        raise ShapeError(f"np.diff: n={n} differences; take none or more")
    pieces = [_as_slab(prepend, a, axis), a, _as_slab(append, a, axis)]
    x = a if prepend is None is append else np.concatenate([p for p in pieces if p is not None], axis=axis)
    for _ in range(n):
        x = _part(x, axis, 1) - _part(x, axis, None, -1)
    return x


def _as_slab(edge: Any, a: Any, axis: int) -> Any:
    """Return what goes before or behind an array, a single number as one element everywhere."""
    if edge is None or np.ndim(edge):
        return edge
    lengths = list(np.shape(a))
    lengths[axis] = 1
    return np.broadcast_to(edge, tuple(lengths))


@answers(np.ediff1d)
def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    """As `numpy.ediff1d`."""
    between = diff(np.ravel(ary))
    ends = [None if end is None else np.ravel(end).astype(between.dtype) for end in (to_begin, to_end)]
    pieces = [piece for piece in (ends[0], between, ends[1]) if piece is not None]
    return between if len(pieces) == 1 else np.concatenate(pieces)


@answers(np.linspace)
def linspace(  # noqa: PLR0917 - NumPy's order
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: Any = None,
    axis: int = 0,
) -> Any:
    """As `numpy.linspace`."""
    share = np.linspace(0.0, 1.0, num, endpoint, dtype=np.result_type(start, stop, 0.0))
    share = np.reshape(share, (num, *(1,) * max(np.ndim(start), np.ndim(stop))))
    along = start * (1 - share) + stop * share
    if axis % np.ndim(along):
        along = np.moveaxis(along, 0, axis)
    if dtype is not None:
        along = along.astype(dtype)
    return (along, (stop - start) / (num - endpoint)) if retstep else along


@answers(np.gradient)
def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """As `numpy.gradient`, with edges of order 1."""
    if edge_order != 1:
        raise UnsupportedError(f"np.gradient of a Value has edge_order=1, not {edge_order}")
    axes = range(np.ndim(f)) if axis is None else [axis_of(f, one) for one in np.ravel(axis)]
    steps = varargs * len(axes) if len(varargs) == 1 else varargs or (1.0,) * len(axes)
    if len(steps) != len(axes):
        raise ShapeError(
            f"np.gradient: {len(steps)} spacings for {len(axes)} axes; give one, or one for each"
        )
    slopes = tuple(_slope(f, step, along) for step, along in zip(steps, axes, strict=True))
    return slopes[0] if len(slopes) == 1 else slopes


def _slope(f: Any, spacing: Any, axis: int) -> Any:
    """Return the slope along an axis: of second order inside, of first at the ends."""
    if np.shape(f)[axis] < 2:
        raise ShapeError(
            f"np.gradient: axis {axis} of shape {np.shape(f)} is too short; a slope takes two elements"
        )
    if np.ndim(spacing) == 0:
        inside = (_part(f, axis, 2) - _part(f, axis, None, -2)) / (2.0 * spacing)
        first = (_part(f, axis, 1, 2) - _part(f, axis, 0, 1)) / spacing
        last = (_part(f, axis, -1) - _part(f, axis, -2, -1)) / spacing
        return np.concatenate([first, inside, last], axis=axis)
    steps = np.reshape(diff(spacing), [-1 if along == axis else 1 for along in range(np.ndim(f))])
    slopes = diff(f, axis=axis) / steps
    before, behind = _part(steps, axis, None, -1), _part(steps, axis, 1)
    left, right = _part(slopes, axis, None, -1), _part(slopes, axis, 1)
    inside = (left * behind + right * before) / (before + behind)
    return np.concatenate([_part(slopes, axis, 0, 1), inside, _part(slopes, axis, -1)], axis=axis)


@answers(np.trapezoid)
def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """As `numpy.trapezoid`."""
    widths: Any = dx
    if x is not None:
        widths = diff(x, axis=-1 if np.ndim(x) == 1 else axis)
        if np.ndim(x) == 1:
            widths = np.reshape(
                widths, [-1 if along == axis_of(y, axis) else 1 for along in range(np.ndim(y))]
            )
    return np.sum(widths * (_part(y, axis, 1) + _part(y, axis, None, -1)) / 2.0, axis=axis)


@answers(np.interp)
def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None) -> Any:
    """As `numpy.interp`; at a knot it has the slope of what lies to the right, and beyond the ends none."""
    at, knots = plain(x), plain(xp)
    last = len(knots) - 1
    inner = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, max(last - 1, 0))
    outer = np.minimum(inner + 1, last)
    xp, fp = double(xp), double(fp)
    start, end = moving.take(xp, indices=inner), moving.take(xp, indices=outer)
    low, high = moving.take(fp, indices=inner), moving.take(fp, indices=outer)
    width = np.where(plain(end) > plain(start), end - start, 1.0)
    between = low + (high - low) / width * (x - start)
    between = np.where(at >= knots[-1], fp[-1] if right is None else _at_end(at, knots, fp, right), between)
    return np.where(at < knots[0], fp[0] if left is None else left, between)


def _at_end(at: Any, knots: Any, fp: Any, right: Any) -> Any:
    return np.where(at > knots[-1], right, fp[-1])


@answers(np.convolve)
def convolve(a: Any, v: Any, mode: str = "full") -> Any:
    """As `numpy.convolve`."""
    first, second = (a, v) if np.size(a) >= np.size(v) else (v, a)
    first, second = np.ravel(first), np.ravel(second)
    long, short = np.size(first), np.size(second)
    if not short:
        raise ShapeError("np.convolve: an array is empty; give each an element at least")
    whole = np.pad(first, short - 1) if mode != "valid" else first
    full = np.lib.stride_tricks.sliding_window_view(whole, short) @ np.flip(second)
    if mode in ("full", "valid"):
        return full
    if mode != "same":
        raise UnsupportedError(f"np.convolve: mode is 'full', 'same' or 'valid', not {mode!r}")
    return _part(full, 0, (short - 1) // 2, (short - 1) // 2 + long)


@answers(np.correlate)
def correlate(a: Any, v: Any, mode: str = "valid") -> Any:
    """As `numpy.correlate`."""
    if np.size(a) < np.size(v):
        return np.flip(correlate(v, a, mode))
    return convolve(a, np.flip(v), mode)
