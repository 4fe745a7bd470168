"""Reductions over all axes, one or several, as `axis` and `keepdims` say; and `cumsum`.

Elements that tie for the maximum or minimum share its gradient evenly.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np

from chainrule import modes
from chainrule.primitives import table
from chainrule.primitives.elementwise import divisor

along_axis = partial(table.primitive, shapes=((3,),))
reduction = partial(along_axis, gathers=True)


def axes_of(x: Any, axis: Any) -> tuple[int, ...]:
    """Return the axes that a reduction goes over, counted from the first."""
    if axis is None:
        return tuple(range(x.ndim))
    return tuple(one % max(x.ndim, 1) for one in (axis if isinstance(axis, tuple) else (axis,)))


def keep(reduced: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """Give what was reduced from `x` its reduced axes back, of length 1."""
    if keepdims or axis is None or not getattr(x, "ndim", 0):
        return reduced
    axes = axes_of(x, axis)
    return np.reshape(reduced, tuple(1 if axis in axes else n for axis, n in enumerate(x.shape)))


def spread(g: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """Repeat the gradient of a reduction over the shape of what it reduced."""
    if type(x) is np.ndarray and isinstance(g, float):
        whole = np.empty_like(x)
        whole.fill(g)
        return whole
    return np.broadcast_to(keep(g, x, axis, keepdims), np.shape(x))


def count(x: Any, axis: Any) -> float:
    """Return how many elements go into each result of a reduction."""
    if not getattr(x, "ndim", 0):
        return 1.0
    return float(x.size if axis is None else math.prod(x.shape[one] for one in axes_of(x, axis)))


def _freedom(x: Any, axis: Any, ddof: Any) -> Any:
    """Return what sums of squares are divided by: as in NumPy 0 at least, of which NaN comes."""
    left = count(x, axis) - ddof
    return max(left, 0.0) if isinstance(left, float) else left


def _mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    if type(x) is not np.ndarray or (not x.ndim and x.dtype.kind != "O"):
        return x.mean(axis=axis, keepdims=keepdims)
    total = np.sum(x, axis=axis, keepdims=keepdims) if keepdims else x.sum(axis)
    return total / count(x, axis)


def _best_vjp(g: Any, out: Any, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    best = keep(out, x, axis, keepdims)
    ties = (x >= best) & (x <= best)
    return keep(g, x, axis, keepdims) * (ties / np.sum(ties, axis=axis, keepdims=True))


def _from_mean(x: Any, axis: Any) -> Any:
    return x - np.mean(x, axis=axis, keepdims=True)


def _others(x: Any, axis: Any) -> Any:
    """Return for each element the product of the others, right where some are zero."""
    axes = axes_of(x, axis)
    rest = tuple(axis for axis in range(x.ndim) if axis not in axes)
    lengths = tuple(x.shape[axis] for axis in rest)
    rows = np.reshape(np.transpose(x, rest + axes), (*lengths, 1, -1))
    products = np.prod(np.where(np.eye(rows.shape[-1], dtype=bool), 1.0, rows), axis=-1)
    back = np.reshape(products, lengths + tuple(x.shape[axis] for axis in axes))
    return np.transpose(back, tuple(int(axis) for axis in np.argsort(rest + axes)))


def _prod_slope(g: Any, out: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    if modes.are_known(x) and np.all(np.abs(x) > 0):
        return keep(g * out, x, axis, keepdims) / x
    return keep(g, x, axis, keepdims) * _others(x, axis)


def _along(vector: Any, axis: Any) -> Any:
    return np.flip(np.cumsum(np.flip(vector, axis), axis), axis)


sum_ = reduction(
    "sum",
    lambda g, out, x, axis=None, keepdims=False: spread(g, x, axis, keepdims),
    forward=lambda x, axis=None, keepdims=False: x.sum(axis=axis, keepdims=keepdims),
    reduces=np.add,
    opens=True,
    linear=(0,),
)
mean = reduction(
    "mean",
    lambda g, out, x, axis=None, keepdims=False: spread(g / count(x, axis), x, axis, keepdims),
    forward=_mean,
    opens=True,
    linear=(0,),
)
prod = reduction(
    "prod",
    lambda g, out, x, axis=None, keepdims=False: (
        modes.as_one(_prod_slope, g, out, x, axis, keepdims) if np.ndim(x) else g
    ),
    reduces=np.multiply,
    opens=True,
)
max_ = reduction("max", _best_vjp, reduces=np.maximum)
min_ = reduction("min", _best_vjp, reduces=np.minimum)
var = reduction(
    "var",
    lambda g, out, x, axis=None, ddof=0, keepdims=False: (
        keep(2 * g / _freedom(x, axis, ddof), x, axis, keepdims) * _from_mean(x, axis)
    ),
)
std = reduction(
    "std",
    lambda g, out, x, axis=None, ddof=0, keepdims=False: (
        keep(g / _freedom(x, axis, ddof) / divisor(out), x, axis, keepdims) * _from_mean(x, axis)
    ),
)
cumsum = along_axis(
    "cumsum",
    lambda g, out, x, axis=None: np.reshape(_along(g, 0 if axis is None else axis), np.shape(x)),
    opens=True,
)
