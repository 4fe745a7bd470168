"""What a function of two makes of many: up to each element, as `np.maximum.accumulate`, or of all."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from chainrule.primitives.activations import logsumexp
from chainrule.primitives.composed import answers, axis_of


def accumulated(function: Any, array: Any, axis: int = 0) -> Any:
    """Return what a function of two, in which brackets do not matter, makes of all up to each element.

    In steps that double, so that it is soon done, and a product right where elements are 0.
    """
    axis = axis_of(array, axis)
    length, step, before = np.shape(array)[axis], 1, (slice(None),) * axis
    while step < length:
        head, tail = array[(*before, slice(step))], array[(*before, slice(step, None))]
        array = np.concatenate([head, function(array[(*before, slice(-step))], tail)], axis=axis)
        step *= 2
    return array


for _function in (
    np.multiply,
    np.maximum,
    np.minimum,
    np.fmax,
    np.fmin,
    np.logaddexp,
    np.logaddexp2,
    np.hypot,
):
    answers(_function.accumulate)(partial(accumulated, _function))


@answers(np.add.accumulate)
def running_sum(array: Any, axis: int = 0) -> Any:
    """As `numpy.add.accumulate`."""
    return np.cumsum(array, axis=axis_of(array, axis))


@answers(np.cumprod)
def cumprod(a: Any, axis: int | None = None) -> Any:
    """As `numpy.cumprod`."""
    x, axis = (np.ravel(a), 0) if axis is None else (a, axis)
    return accumulated(np.multiply, x if np.ndim(x) else np.reshape(x, (1,)), axis)


@answers(np.logaddexp.reduce)
def sum_of_exps(array: Any, axis: Any = 0, keepdims: bool = False) -> Any:
    """As `numpy.logaddexp.reduce`: `logsumexp`, but along the first axis unless another is given."""
    return logsumexp(array, axis=axis, keepdims=keepdims)
