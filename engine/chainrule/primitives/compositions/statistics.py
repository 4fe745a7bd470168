"""Means, middles and spreads, and reductions that pass over NaN."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.errors import ShapeError, UnsupportedError
from chainrule.primitives import reductions
from chainrule.primitives.composed import answers, axis_of, double, of_type, plain


@answers(np.amax)
def amax(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """As `numpy.amax`."""
    return reductions.max_(a, axis=axis, keepdims=keepdims)


@answers(np.amin)
def amin(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """As `numpy.amin`."""
    return reductions.min_(a, axis=axis, keepdims=keepdims)


@answers(np.ptp)
def ptp(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """As `numpy.ptp`."""
    return np.max(a, axis=axis, keepdims=keepdims) - np.min(a, axis=axis, keepdims=keepdims)


@answers(np.average)
def average(
    a: Any, axis: Any = None, weights: Any = None, returned: bool = False, *, keepdims: bool = False
) -> Any:
    """As `numpy.average`."""
    if weights is None:
        mean = np.mean(a, axis=axis, keepdims=keepdims)
        count = np.full(np.shape(mean), reductions.count(a, axis), a.dtype)
        return (mean, count if np.ndim(mean) else float(count)) if returned else mean
    if np.shape(weights) != np.shape(a):
        if not isinstance(axis, (int, np.integer)) or np.shape(weights) != (np.shape(a)[axis],):
            raise ShapeError(
                f"np.average: weights of shape {np.shape(weights)} for an array of shape {np.shape(a)}; give "
                f"one for each element, or for each along one axis, named by axis="
            )
        weights = np.reshape(weights, [-1 if each == axis % np.ndim(a) else 1 for each in range(np.ndim(a))])
        weights = np.broadcast_to(weights, np.shape(a))
    total = np.sum(weights, axis=axis, keepdims=keepdims)
    mean = np.sum(np.multiply(a, weights), axis=axis, keepdims=keepdims) / total
    return (mean, total) if returned else mean


def _sorted_along(a: Any, axis: Any) -> tuple[Any, tuple[int, ...]]:
    """Return an array sorted along its reduced axes, as one, the last; and its shape if they stay."""
    named = range(np.ndim(a)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    axes = tuple(axis_of(a, each) for each in named)
    rest = tuple(each for each in range(np.ndim(a)) if each not in axes)
    kept = tuple(1 if each in axes else n for each, n in enumerate(np.shape(a)))
    count = int(reductions.count(a, axis))
    rows = np.reshape(np.transpose(a, rest + axes), (*(np.shape(a)[each] for each in rest), count))
    return np.sort(rows, axis=-1), kept


def _with_nan(found: Any, rows: Any) -> Any:
    """Return a middle, or NaN where there is one among the elements: it stands last."""
    return np.where(np.isnan(plain(rows[..., -1])), np.nan, found)


@answers(np.median)
def median(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """As `numpy.median`; the one or two elements in the middle have the gradient."""
    return quantile(a, 0.5, axis, keepdims=keepdims)


@answers(np.percentile)
def percentile(a: Any, q: Any, axis: Any = None, *, method: str = "linear", keepdims: bool = False) -> Any:
    """As `numpy.percentile`, with the linear method."""
    return quantile(a, np.true_divide(plain(q), 100.0), axis, method=method, keepdims=keepdims)


@answers(np.quantile)
def quantile(a: Any, q: Any, axis: Any = None, *, method: str = "linear", keepdims: bool = False) -> Any:
    """As `numpy.quantile`, with the linear method; the elements beside the quantile have the gradient."""
    if method != "linear":
        raise UnsupportedError(f"np.quantile of a Value has method='linear', not {method!r}")
    shares = plain(q)
    if np.ndim(shares):
        each = [quantile(a, share, axis, keepdims=keepdims) for share in np.ravel(shares)]
        return double(np.reshape(np.stack(each), np.shape(shares) + np.shape(each[0])))
    if not 0 <= shares <= 1:
        raise ShapeError(f"np.quantile: q={shares} lies beside the elements; take one from 0 to 1")
    rows, kept = _sorted_along(a, axis)
    place = float(shares) * (np.shape(rows)[-1] - 1)
    below = int(np.floor(place))
    low, high = rows[..., below], rows[..., min(below + 1, np.shape(rows)[-1] - 1)]
    share = place - below
    found = low if not share else (low + high) / 2 if share == 0.5 else low + (high - low) * share
    found = _with_nan(found, rows)
    return of_type(np.reshape(found, kept), a) if keepdims else found


# -- passing over NaN


def _instead(a: Any, number: float) -> tuple[Any, Any]:
    """Return an array with a number in place of NaN, and where it had one."""
    missing = np.isnan(plain(a))
    return np.where(missing, number, a), missing


def _present(missing: Any, like: Any, axis: Any, keepdims: bool) -> Any:
    """Return how many elements are numbers, in the type of the array."""
    return np.sum(np.logical_not(missing), axis=axis, keepdims=keepdims, dtype=like.dtype)


@answers(np.nansum)
def nansum(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """As `numpy.nansum`."""
    return np.sum(_instead(a, 0.0)[0], axis=axis, keepdims=keepdims)


@answers(np.nanprod)
def nanprod(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """As `numpy.nanprod`."""
    return np.prod(_instead(a, 1.0)[0], axis=axis, keepdims=keepdims)


@answers(np.nanmean)
def nanmean(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """As `numpy.nanmean`."""
    numbers, missing = _instead(a, 0.0)
    return np.sum(numbers, axis=axis, keepdims=keepdims) / _present(missing, a, axis, keepdims)


@answers(np.nanvar)
def nanvar(a: Any, axis: Any = None, *, ddof: int = 0, keepdims: bool = False) -> Any:
    """As `numpy.nanvar`."""
    missing = np.isnan(plain(a))
    apart = np.where(missing, 0.0, a - nanmean(a, axis, keepdims=True))
    left = _present(missing, a, axis, keepdims) - ddof
    return np.sum(apart * apart, axis=axis, keepdims=keepdims) / np.where(left > 0, left, np.nan)


@answers(np.nanstd)
def nanstd(a: Any, axis: Any = None, *, ddof: int = 0, keepdims: bool = False) -> Any:
    """As `numpy.nanstd`; where it is 0 it has no derivative, and the gradient is NaN."""
    return np.sqrt(nanvar(a, axis, ddof=ddof, keepdims=keepdims))


@answers(np.nanmax)
def nanmax(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """As `numpy.nanmax`; elements that tie share the gradient."""
    return _best(np.max, -np.inf, a, axis, keepdims)


@answers(np.nanmin)
def nanmin(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """As `numpy.nanmin`; elements that tie share the gradient."""
    return _best(np.min, np.inf, a, axis, keepdims)


def _best(function: Any, worst: float, a: Any, axis: Any, keepdims: bool) -> Any:
    numbers, missing = _instead(a, worst)
    best = function(numbers, axis=axis, keepdims=keepdims)
    return np.where(np.all(missing, axis=axis, keepdims=keepdims), np.nan, best)


# -- of samples


@answers(np.cov)
def cov(m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: int | None = None) -> Any:
    """As `numpy.cov`, without weights."""
    rows = _variables(m, rowvar)
    if y is not None:
        rows = np.concatenate([rows, _variables(y, rowvar)])
    rows = double(rows)
    apart = rows - np.mean(rows, axis=1, keepdims=True)
    less = (0 if bias else 1) if ddof is None else ddof
    return np.squeeze(apart @ np.swapaxes(apart, 0, 1) / max(np.shape(rows)[1] - less, 0))


def _variables(x: Any, rowvar: bool) -> Any:
    return np.reshape(x, (1, -1)) if np.ndim(x) < 2 else x if rowvar else np.swapaxes(x, 0, 1)


@answers(np.corrcoef)
def corrcoef(x: Any, y: Any = None, rowvar: bool = True) -> Any:
    """As `numpy.corrcoef`."""
    found = cov(x, y, rowvar)
    if not np.ndim(found):
        return found / found
    scale = np.sqrt(np.diagonal(found))
    return found / np.expand_dims(scale, 1) / scale
