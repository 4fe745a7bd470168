"""Functions of each number by itself, and choices between arrays."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule.errors import ShapeError, UnsupportedError
from chainrule.primitives import elementwise
from chainrule.primitives.composed import answers, double, plain

_SERIES = tuple((-1.0) ** order / math.factorial(2 * order + 1) for order in range(10))
"""Of sin(y) / y, by the powers of y²: beyond single precision's and double's last digit for y below 1."""


@answers(np.deg2rad)
@answers(np.radians)
def radians(x: Any) -> Any:
    """As `numpy.radians`, and `numpy.deg2rad`."""
    return x * (math.pi / 180.0)


@answers(np.rad2deg)
@answers(np.degrees)
def degrees(x: Any) -> Any:
    """As `numpy.degrees`, and `numpy.rad2deg`."""
    return x * (180.0 / math.pi)


@answers(np.fabs)
def fabs(x: Any) -> Any:
    """As `numpy.fabs`."""
    return np.absolute(x)


@answers(np.float_power)
def float_power(x1: Any, x2: Any) -> Any:
    """As `numpy.float_power`: in double precision."""
    return np.power(double(x1), double(x2))


@answers(np.divmod)
def divmod_(x1: Any, x2: Any) -> Any:
    """As `numpy.divmod`: the quotient, which is piecewise constant, and the remainder."""
    return np.floor_divide(plain(x1), plain(x2)), np.remainder(x1, x2)


@answers(np.real)
@answers(np.conjugate)
@answers(np.real_if_close)
def real(x: Any) -> Any:
    """As `numpy.real`, of what is real."""
    return x


@answers(np.sinc)
def sinc(x: Any) -> Any:
    """As `numpy.sinc`; near 0 by its series, so that derivatives of any order are right there."""
    y = x * math.pi
    near = np.abs(plain(y)) < 0.5
    square = np.where(near, y * y, 0.0)
    series: Any = 0.0
    for coefficient in reversed(_SERIES):
        series = series * square + coefficient
    far = np.where(near, math.pi, y)
    return np.where(near, series, np.sin(far) / far)


@answers(np.nan_to_num)
def nan_to_num(x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    """As `numpy.nan_to_num`; numbers that are put in have no gradient."""
    if not copy:
        raise UnsupportedError("np.nan_to_num cannot change a Value in place; leave copy=False out")
    numbers = plain(x)
    return np.where(np.isfinite(numbers), x, np.nan_to_num(numbers, nan=nan, posinf=posinf, neginf=neginf))


@answers(np.select)
def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """As `numpy.select`: of each element the first choice whose condition holds."""
    if len(condlist) != len(choicelist):
        raise ShapeError(
            f"np.select: {len(condlist)} conditions for {len(choicelist)} choices; give one for each"
        )
    chosen = default
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        chosen = elementwise.where(plain(condition), choice, chosen)
    return chosen
