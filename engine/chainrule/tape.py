"""How Values hang together: who was made of whom, and in what order."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

from chainrule import blame

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chainrule.primitive import Primitive

_by_index = attrgetter("index")


class Recorded:
    """What is recorded of every Value.

    The operands stand in slots, not in a tuple, and nothing refers to what was made of it: without reference
    cycles, and with one object for each Value, the garbage collector has next to nothing to do.

    Attributes:
        primitive: The primitive that made it; None for a leaf.
        params: The primitive's parameters, such as `axis`.
        first: The first operand, a Value or a raw constant; None for a leaf.
        second: The second operand, or None.
        others: Any further operands.
        index: Its place in the order of creation.
        assigned: When its data was assigned, on the same clock; 0 if never.
        site: Where the user's program made it; only arrays have it.
    """

    __slots__ = (
        "_data",
        "_grad",
        "_label",
        "assigned",
        "first",
        "index",
        "others",
        "params",
        "primitive",
        "second",
        "site",
    )

    differentiable: ClassVar[bool] = True

    _data: Any
    _grad: Any
    _label: str
    assigned: int
    first: Any
    index: float
    others: tuple[Any, ...]
    params: Mapping[str, Any]
    primitive: Primitive | None
    second: Any

    @property
    def operands(self) -> tuple[Any, ...]:
        """What it was made of, in order: Values, and constants as they entered."""
        if self.others:
            return (self.first, self.second, *self.others)
        if self.second is not None:
            return (self.first, self.second)
        return () if self.primitive is None else (self.first,)

    @property
    def parents(self) -> tuple[Any, ...]:
        """What it was made of, in order: Values all, each constant a `Constant` and the same at each call."""
        parents = tuple(self._as_value(operand, place) for place, operand in enumerate(self.operands))
        self.first, self.second, *others = *parents, *(None,) * (2 - len(parents))
        self.others = tuple(others)
        return parents

    _prev = parents  # micrograd's name

    def _as_value(self, operand: Any, place: int) -> Any:
        raise NotImplementedError


def tape(root: Recorded) -> list[Any]:
    """Return the Values that a Value depends on, constants and itself included, in the order of creation.

    Example:
        >>> from chainrule import Value
        >>> a = Value(2.0)
        >>> [value.data for value in tape(a * 3 + a)]
        [2.0, 3.0, 6.0, 8.0]
    """
    seen = {root}
    nodes = [root]
    for node in nodes:
        for parent in node.parents:
            if parent not in seen:
                seen.add(parent)
                nodes.append(parent)
    nodes.sort(key=_by_index)
    return nodes


def differentiable_tape(root: Recorded) -> list[Recorded]:
    """Return the Values that a Value's gradient may reach, itself included, in the order of creation.

    Raises:
        StaleDataError: if the data of one was assigned after it was used.
    """
    seen = {root}
    nodes = [root]
    for node in nodes:
        for operand in node.operands:
            if isinstance(operand, Recorded):
                if operand.assigned > node.index:
                    raise blame.stale(operand, node)
                if operand.differentiable and operand not in seen:
                    seen.add(operand)
                    nodes.append(operand)
    nodes.sort(key=_by_index)
    return nodes
