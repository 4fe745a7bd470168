"""What computes an operation of two operands, as quickly on Python's floats as on arrays."""

from __future__ import annotations

import operator
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.primitives.linalg import matmul
from chainrule.primitives.table import NO_PARAMS, evaluate

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.primitives.table import Primitive

_BOTH: dict[Any, Callable[[Any, Any], Any]] = {
    np.add: operator.add,
    np.subtract: operator.sub,
    np.multiply: operator.mul,
    np.divide: operator.truediv,
    matmul.forward: matmul.forward,
}
"""What takes floats and arrays alike, and of floats raises where NumPy would warn."""


def function_of_two(entry: Primitive) -> Callable[[Any, Any], Any]:
    """Return what computes a primitive of two floats or arrays.

    Examples:
        >>> from chainrule.primitives.table import PRIMITIVES
        >>> function_of_two(PRIMITIVES["multiply"])(2.0, 3.0)
        6.0
    """
    if entry.forward in _BOTH:
        return _BOTH[entry.forward]
    scalar, forward = entry.scalar or partial(_evaluated, entry), entry.forward
    return lambda x, y: scalar(x, y) if type(x) is float is type(y) else forward(x, y)


def _evaluated(entry: Primitive, x: float, y: float) -> Any:
    return evaluate(entry, (x, y), NO_PARAMS)
