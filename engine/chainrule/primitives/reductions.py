"""Reductions over all axes, one or several, as `axis` and `keepdims` say; and `cumsum`.

Elements that tie for the maximum or minimum share its gradient evenly.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule import modes
from chainrule.primitives.elementwise import select
from chainrule.primitives.table import primitive


def axes_of(x: Any, axis: Any) -> tuple[int, ...]:
    """Return the axes that a reduction goes over, counted from the first."""
    if axis is None:
        return tuple(range(x.ndim))
    return tuple(one % x.ndim for one in (axis if isinstance(axis, tuple) else (axis,)))


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


def _mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    if type(x) is not np.ndarray or (not x.ndim and x.dtype.kind != "O"):
        return x.mean(axis=axis, keepdims=keepdims)
    total = np.sum(x, axis=axis, keepdims=keepdims) if keepdims else x.sum(axis)
    return total / count(x, axis)


def _share(x: Any, best: Any, axis: Any) -> Any:
    ties = (x >= best) & (x <= best)
    return ties / np.sum(ties, axis=axis, keepdims=True)


def _others(x: Any, axis: Any) -> Any:
    """Return for each element the product of the others, right where some are zero."""
    axes = axes_of(x, axis)
    rest = tuple(axis for axis in range(x.ndim) if axis not in axes)
    lengths = tuple(x.shape[axis] for axis in rest)
    rows = np.reshape(np.transpose(x, rest + axes), (*lengths, 1, -1))
    products = np.prod(np.where(np.eye(rows.shape[-1], dtype=bool), 1.0, rows), axis=-1)
    back = np.reshape(products, lengths + tuple(x.shape[axis] for axis in axes))
    return np.transpose(back, tuple(int(axis) for axis in np.argsort(rest + axes)))


def _prod_vjp(g: Any, out: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    return modes.as_one(_prod_slope, g, out, x, axis, keepdims) if np.ndim(x) else g


def _prod_slope(g: Any, out: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    if modes.are_known(x) and np.all(np.abs(x) > 0):
        return keep(g * out, x, axis, keepdims) / x
    return keep(g, x, axis, keepdims) * _others(x, axis)


def _along(vector: Any, axis: Any) -> Any:
    return np.flip(np.cumsum(np.flip(vector, axis), axis), axis)


sum_ = primitive(
    "sum",
    lambda g, out, x, axis=None, keepdims=False: spread(g, x, axis, keepdims),
    forward=lambda x, axis=None, keepdims=False: x.sum(axis=axis, keepdims=keepdims),
    shapes=((3,),),
    reduces=np.add,
    opens=True,
    linear=(0,),
)
mean = primitive(
    "mean",
    lambda g, out, x, axis=None, keepdims=False: spread(g / count(x, axis), x, axis, keepdims),
    forward=_mean,
    shapes=((3,),),
    opens=True,
    linear=(0,),
)
prod = primitive(
    "prod",
    lambda g, out, x, axis=None, keepdims=False: _prod_vjp(g, out, x, axis, keepdims),
    shapes=((3,),),
    reduces=np.multiply,
    opens=True,
)
max_ = primitive(
    "max",
    lambda g, out, x, axis=None, keepdims=False: (
        keep(g, x, axis, keepdims) * _share(x, keep(out, x, axis, keepdims), axis)
    ),
    shapes=((3,),),
    reduces=np.maximum,
)
min_ = primitive(
    "min",
    lambda g, out, x, axis=None, keepdims=False: (
        keep(g, x, axis, keepdims) * _share(x, keep(out, x, axis, keepdims), axis)
    ),
    shapes=((3,),),
    reduces=np.minimum,
)
var = primitive(
    "var",
    lambda g, out, x, axis=None, ddof=0, keepdims=False: (
        keep(2 * g / (count(x, axis) - ddof), x, axis, keepdims) * (x - np.mean(x, axis=axis, keepdims=True))
    ),
    shapes=((3,),),
)
std = primitive(
    "std",
    lambda g, out, x, axis=None, ddof=0, keepdims=False: (
        keep(g / (count(x, axis) - ddof) / select(out > 0, out, 1.0), x, axis, keepdims)
        * (x - np.mean(x, axis=axis, keepdims=True))
    ),
    shapes=((3,),),
)
cumsum = primitive(
    "cumsum",
    lambda g, out, x, axis=None: np.reshape(_along(g, 0 if axis is None else axis), np.shape(x)),
    shapes=((3,),),
    opens=True,
)
