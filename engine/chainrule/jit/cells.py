"""What a trace knows of a Value that was there before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chainrule.jit.node import Node

UNREAD = object()
"""What is known of data that was neither read nor written."""


@dataclass(eq=False)
class Cell:
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
