"""What a trace knows of the Values that were there before."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.compiler.node import PYTHON, Input
from chainrule.compiler.traced import Traced

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.compiler.node import Node
    from chainrule.compiler.tracer import Tracer

UNREAD = object()
"""What is known of data that was neither read nor written."""


@dataclass(eq=False)
class OuterValue:
    """What a traced function did with a Value that was there before.

    Attributes:
        value: The Value.
        data: Its data by now.
        grad: Its gradient by now.
        first_data: The node of its data at first; None if that was never read.
        first_grad: The node of its gradient at first; None if that was not read, or nothing.
        no_grad: What its gradient was at first if that was read and was None or zero, as a tuple of one.
        example: Its data when the trace ended: what it was before, as no assignment is made.
        data_written: Whether `data` was assigned.
        grad_written: Whether `grad` was assigned.
        name: What generated code calls it.
        data_name: What generated code calls its array.
    """

    value: Any
    data: Any = UNREAD
    grad: Any = UNREAD
    first_data: Node | None = None
    first_grad: Node | None = None
    no_grad: tuple[Any, ...] = ()
    example: Any = None
    data_written: bool = False
    grad_written: bool = False
    name: str = ""
    data_name: str = ""


@dataclass(eq=False)
class OuterValues:
    """All of them: what they hold by now, as far as the trace is concerned.

    Attributes:
        tracer: The trace.
        start: When it began, on the clock of Values.
        known: What is known of each, by its identity.
    """

    tracer: Tracer
    start: float
    known: dict[int, OuterValue] = field(default_factory=dict)

    def of(self, value: Any) -> OuterValue:
        """Return what is known of a Value."""
        return self.known.setdefault(id(value), OuterValue(value))

    def is_outer(self, value: Any) -> bool:
        """Whether a Value was there before the trace."""
        return getattr(value, "index", self.start) < self.start

    def read_data(self, value: Any, data: Any) -> Any:
        """Return what the data of a Value is by now."""
        if isinstance(data, Traced) or not self.is_outer(value):
            return data
        outer = self.of(value)
        if outer.data is UNREAD:
            outer.first_data = self.tracer.program.leaf(Input("data", id(value)), data)
            outer.data = self._own(outer.first_data, partial(setattr, outer, "data_written", True))
        return outer.data

    def write_data(self, value: Any, data: Any) -> bool:
        """Note an assignment of data; whether it is not to be made."""
        if not self.is_outer(value):
            return False
        outer = self.of(value)
        outer.data, outer.data_written = data, True
        return True

    def read_grad(self, value: Any, grad: Any) -> Any:
        """Return what the gradient of a Value is by now."""
        if isinstance(grad, Traced) or not self.is_outer(value):
            return grad
        outer = self.of(value)
        if outer.grad is UNREAD:
            if grad is None or (type(grad) in PYTHON and grad == 0):
                outer.grad, outer.no_grad = grad, (grad,)
            else:
                outer.first_grad = self.tracer.program.leaf(Input("grad", id(value)), grad)
                outer.grad = self._own(outer.first_grad, partial(setattr, outer, "grad_written", True))
        return outer.grad

    def write_grad(self, value: Any, grad: Any) -> bool:
        """Note an assignment of a gradient; whether it is not to be made."""
        if not self.is_outer(value):
            return False
        outer = self.of(value)
        outer.grad, outer.grad_written = grad, True
        return True

    def target(self, outer: OuterValue, node: Node) -> Node | None:
        """Return the node of the array that a result is written into; None if a Value gets another array."""
        example = outer.example
        if not node.is_array or not isinstance(example, np.ndarray):
            return None
        if (node.shape, node.dtype) != (example.shape, example.dtype):
            return None
        return self.tracer.program.leaf(Input("data", id(outer.value)), example)

    def _own(self, node: Node, changed: Callable[[], None]) -> Traced:
        """Return what stands for an array that a Value holds, which may be changed in place."""
        handle = Traced(node, self.tracer)
        handle.owned, handle.changed = True, changed
        return handle
