"""What a trace knows of the Values that were there before."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.compiler.program import PYTHON, Input
from chainrule.compiler.traced import Traced

if TYPE_CHECKING:
    from chainrule.compiler.program import Node
    from chainrule.compiler.tracer import Tracer

UNREAD = object()
"""What a slot holds that was neither read nor written."""


@dataclass(eq=False)
class Slot:
    """The data or the gradient of a Value, as far as the trace is concerned.

    Of what it held at first there is the node, unless that was never read, or was nothing: a gradient of None
    or zero.
    """

    now: Any = UNREAD
    first: Node | None = None
    was_nothing: bool = False
    written: bool = False


@dataclass(eq=False)
class OuterValue:
    """What a traced function did with a Value that was there before, and what generated code calls it.

    As no assignment is made, its data when the trace ended are what they were before: the example.
    """

    value: Any
    data_name: str
    name: str
    data: Slot = field(default_factory=Slot)
    grad: Slot = field(default_factory=Slot)
    example: Any = None

    def takes(self, slot: str, node: Node | None) -> bool:
        """Whether a result is written into its array, as it is of that shape and dtype."""
        array = self.example
        if slot != "data" or node is None or not (node.is_array and isinstance(array, np.ndarray)):
            return False
        return (node.shape, node.dtype) == (array.shape, array.dtype)


@dataclass(eq=False)
class OuterValues:
    """All of them, by their identity; `start` is when the trace began, on the clock of Values."""

    tracer: Tracer
    start: float
    known: dict[int, OuterValue] = field(default_factory=dict)

    def is_outer(self, value: Any) -> bool:
        """Whether a Value was there before the trace."""
        return getattr(value, "index", self.start) < self.start

    def read(self, value: Any, name: str, held: Any) -> Any:
        """Return what the data or the gradient of a Value is by now, of which a slot holds what it was."""
        if isinstance(held, Traced) or not self.is_outer(value):
            return held
        outer = self._of(value)
        slot: Slot = getattr(outer, name)
        if slot.now is UNREAD:
            slot.was_nothing = name == "grad" and (held is None or (type(held) in PYTHON and held == 0))
            slot.now = held if slot.was_nothing else self._first(outer, name, held)
        return slot.now

    def write(self, value: Any, name: str, new: Any) -> bool:
        """Note an assignment; whether it is not to be made."""
        if not self.is_outer(value):
            return False
        slot: Slot = getattr(self._of(value), name)
        slot.now, slot.written = new, True
        return True

    def _of(self, value: Any) -> OuterValue:
        if id(value) not in self.known:
            unique = self.tracer.names.unique
            data_name = unique(value.label or "value")
            self.known[id(value)] = OuterValue(value, data_name, unique(f"{data_name}_value"))
        return self.known[id(value)]

    def _first(self, outer: OuterValue, name: str, held: Any) -> Traced:
        """Return what stands for what a Value holds; an array of its may be changed in place."""
        own_name = outer.data_name if name == "data" else self.tracer.names.unique(f"{outer.data_name}_grad")
        stays = name == "data" and isinstance(held, np.ndarray)
        first = self.tracer.input(Input(own_name, "" if stays else f"{outer.name}._{name}", stays), held)
        slot: Slot = getattr(outer, name)
        slot.first = first.node
        first.owned, first.changed = True, partial(setattr, slot, "written", True)
        return first
