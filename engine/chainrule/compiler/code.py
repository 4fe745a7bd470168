"""Generated code, and what it does to Values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chainrule.compiler.program import Node


@dataclass(frozen=True, slots=True)
class Write:
    """A result that a Value gets.

    Attributes:
        target: The name of the Value in the generated code.
        slot: "data" or "grad".
        node: The result; None for no gradient.
        in_place: The node of the array that it is written into, if it is one of the same shape and dtype.
    """

    target: str
    slot: str
    node: Node | None
    in_place: Node | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A program as text.

    Attributes:
        once: What is run when arrays are bound: buffers, and windows on arrays that stay.
        step: The function that is run at each call.
        names: What both refer to.
        pure: Whether it samples nothing and gives nothing to a Value: then the function can be run instead.
    """

    once: str
    step: str
    names: dict[str, Any]
    pure: bool = False

    def __str__(self) -> str:
        return f"{self.once}\n{self.step}" if self.once else self.step
