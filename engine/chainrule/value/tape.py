"""How Values hang together: who was made of whom, and in what order."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

from chainrule import modes
from chainrule.errors import UsageError
from chainrule.value import blame

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chainrule.primitives.table import Primitive

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
        others: All operands, if there are more than two.
        index: Its number in the order of creation.
        assigned: When its data was assigned, on the same clock; 0 if never.
        visit: The last walk that came by.
        site: Where the user's program made it; only arrays have it.
    """

    __slots__ = (
        *("_data", "_grad", "_label", "primitive", "params", "first", "second", "others"),
        *("index", "assigned", "visit", "site"),
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
    visit: Any

    @property
    def operands(self) -> tuple[Any, ...]:
        """What it was made of, in order: Values, and constants as they entered."""
        if self.others:
            return self.others
        if self.second is not None:
            return (self.first, self.second)
        return () if self.primitive is None else (self.first,)

    @property
    def parents(self) -> tuple[Any, ...]:
        """What it was made of, in order: Values all, each constant a `Constant` and the same at each call."""
        parents = tuple(self._as_value(operand, position) for position, operand in enumerate(self.operands))
        if len(parents) > 2:
            self.others = parents
        elif parents:
            self.first, self.second = parents[0], parents[1] if len(parents) == 2 else None
        return parents

    _prev = parents  # micrograd's name

    def _as_value(self, operand: Any, position: int) -> Any:
        raise NotImplementedError

    def _refuse_loss(self, instead: str) -> None:
        """Refuse to become a plain number or array where its gradient is wanted, and say what else to do."""
        inputs = modes.inputs()
        if inputs and self.differentiable and not modes.is_off() and depends(self, inputs):
            raise UsageError(
                f"grad: a Value that is being differentiated was turned into a plain number or array, and "
                f"its gradient would be lost. {instead}, or take .data where no gradient is needed."
            )


def tape(*roots: Recorded) -> list[Any]:
    """Return what one or more Values depend on, constants and themselves included, in the order of creation.

    Examples:
        >>> from chainrule import Value
        >>> a = Value(2.0)
        >>> [value.data for value in tape(a * 3 + a)]
        [2.0, 3.0, 6.0, 8.0]
    """
    nodes = list(dict.fromkeys(roots))
    seen = set(nodes)
    for node in nodes:
        for parent in node.parents:
            if parent not in seen:
                seen.add(parent)
                nodes.append(parent)
    nodes.sort(key=_by_index)
    return nodes


def results(root: Recorded) -> list[Any]:
    """Return the results that a Value's gradient passes, itself included if it is one, the latest first.

    The walk goes deep first, and so nearly backwards in time: what it meets is close together in memory, and
    next to sorted.
    """
    kind, visit, assigned = type(root), object(), root.assigned
    ahead = [root] if root.primitive is not None else []
    nodes = []
    while ahead:
        node = ahead.pop()
        nodes.append(node)
        for operand in node.others or (node.first, node.second):
            if type(operand) is kind and operand.visit is not visit:
                operand.visit = visit
                if operand.assigned > assigned:  # noqa: PLR1730 - max() would cost a call for each Value
                    assigned = operand.assigned
                if operand.primitive is not None:
                    ahead.append(operand)
    nodes.sort(key=_by_index, reverse=True)
    if nodes and assigned > nodes[-1].index:
        _refuse_stale(nodes)
    return nodes


def depends(root: Recorded, inputs: Sequence[Recorded]) -> bool:
    """Return whether a Value is one of some inputs, or was made of one.

    Examples:
        >>> from chainrule import Value
        >>> a, b = Value(2.0), Value(3.0)
        >>> depends(a * a + 1.0, [a, b]), depends(a * a, [b])
        (True, False)
    """
    wanted, oldest = set(inputs), min((value.index for value in inputs), default=0)
    seen, ahead = {root}, [root]
    while ahead and wanted.isdisjoint(seen):
        for operand in ahead.pop().operands:
            if isinstance(operand, Recorded) and operand.index >= oldest and operand not in seen:
                seen.add(operand)
                ahead.append(operand)
    return not wanted.isdisjoint(seen)


def _refuse_stale(nodes: list[Any]) -> None:
    for node in nodes:
        for used in (node, *node.operands):
            if isinstance(used, Recorded) and used.assigned > node.index:
                raise blame.stale(used, node)
