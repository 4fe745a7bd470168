"""What may become data of a Value, or a constant beside it: real numbers, and arrays of them.

What is a number in another form is taken by its float: Fraction, Decimal, and arrays and lists of these. What
would lose its meaning, as a masked array its mask, is refused by name.
"""

from __future__ import annotations

import datetime as dt
import numbers
import sys
from typing import Any

import numpy as np

from chainrule.errors import UsageError

NUMBERS = (int, float, complex, np.number, np.bool_)

_DATES = (dt.date, dt.time, dt.timedelta, np.datetime64, np.timedelta64)


def number_of(data: Any) -> float:
    """Return a single number as a float.

    Raises:
        UsageError: It is complex, or a span of time, or larger than floats are.
    """
    if isinstance(data, (complex, np.complexfloating, np.timedelta64)):
        raise _not_real(data)
    try:
        return float(data)
    except OverflowError:
        size = f"a whole number of {data.bit_length()} bits" if isinstance(data, int) else "this one"
        raise UsageError(
            f"a Value holds floats, which end at 1.8e308, and {size} is larger; scale it down, or compute "
            f"with its logarithm"
        ) from None


def numbers_of(data: Any) -> Any:
    """Return a number as a float, and as it is what holds real numbers: an array, or whoever acts as one.

    Raises:
        UsageError: There is something else in it.
    """
    if isinstance(data, np.ndarray):
        return data if type(data) is np.ndarray and data.dtype.kind in "fiub" else _array_of(data)
    if isinstance(data, NUMBERS) or (isinstance(data, numbers.Number) and not hasattr(data, "dtype")):
        return number_of(data)
    if hasattr(data, "dtype") and hasattr(data, "shape") and not isinstance(data, _DATES):
        return data
    raise _not_real(data)


def _array_of(array: Any) -> Any:
    ma = sys.modules.get("numpy.ma")
    if ma is not None and isinstance(array, ma.MaskedArray):
        raise UsageError(
            "a masked array has no gradient where it is masked, and its mask would be lost; choose by "
            "np.where(mask, instead, data), fill it by .filled(number), or leave masked elements out by "
            ".compressed()"
        )
    if isinstance(array, np.matrix):
        raise UsageError(
            "np.matrix multiplies by * as arrays do by @, so that a Value cannot tell what is meant; make it "
            "an array by np.asarray(matrix)"
        )
    if array.dtype.kind == "O" and all(isinstance(each, numbers.Number) for each in array.flat):
        return np.array([number_of(each) for each in array.flat]).reshape(array.shape)
    if array.dtype.kind not in "fiub":
        raise _not_real(array)
    return array


def _not_real(data: Any) -> UsageError:
    kind = getattr(data, "dtype", None) or type(data).__name__
    remedy = "convert them first"
    first = data.flat[0] if isinstance(data, np.ndarray) and data.size else data
    if isinstance(first, _DATES):
        remedy = "make numbers of times: (times - start) / np.timedelta64(1, 'D') counts days"
    elif hasattr(first, "__apply_primitive__"):
        remedy = "join the Values in it by np.array of `import chainrule.numpy as np`"
    return UsageError(f"a Value holds real numbers, not {kind} ({data!r:.60}); {remedy}")
