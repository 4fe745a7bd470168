"""What `+=` and its like do to a Value: outside of `no_grad` they make a new one, inside they change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import modes
from chainrule.errors import AssignmentError, ShapeError
from chainrule.value.backward import fit
from chainrule.value.tape import Recorded, stamp

if TYPE_CHECKING:
    from collections.abc import Callable


def in_place(operation: Callable[[Any, Any], Any], sign: str) -> Callable[[Any, Any], Any]:
    """Return what an operator in place does, given that operator.

    A leaf that `backward` gave its gradient is not moved by a new Value of its name: that would train
    nothing, since the model still holds the leaf.
    """

    def change(self: Any, other: Any) -> Any:
        if self.primitive is not None and not modes.special:  # a running total, mostly
            return operation(self, other)
        if modes.is_off():
            return _moved(self, operation(self, other), sign)
        takes_part = isinstance(other, Recorded) and other.differentiable
        if self.primitive is None and self.differentiable and not takes_part and _has_gradient(self):
            raise AssignmentError(
                f"v {sign} number makes a new Value of that name, and the leaf that has the gradient stays "
                f"as it is; write it in `with no_grad():`, or change the data: v.data {sign} number"
            )
        return operation(self, other)

    return change


def _has_gradient(value: Any) -> bool:
    gradient = value._grad
    return not (
        gradient is None or (type(gradient) in (int, float) and gradient == 0)
    )  # as zero_grad leaves it


def _moved(value: Any, result: Any, sign: str) -> Any:
    """Give a Value the numbers of a result, in its own shape and precision."""
    held, new = value._data, result._data
    if np.shape(new) != np.shape(held):
        raise ShapeError(
            f"{sign} in no_grad: shape {np.shape(held)} would become {np.shape(new)}, and a Value that is "
            f"changed keeps its own; write v = v {sign[:-1]} w, which makes a new one"
        )
    value._data = fit(new, held)
    stamp(value)
    return value
