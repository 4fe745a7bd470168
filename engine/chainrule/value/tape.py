"""How Values hang together: who was made of whom, and in what order."""

from __future__ import annotations

from itertools import count
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

from chainrule import modes
from chainrule.errors import UsageError
from chainrule.value import blame

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chainrule.primitives.table import Primitive

_by_index = attrgetter("index")
clock = count(1)  # it numbers results in the order of their creation, and tells when data was assigned
last_assigned = 0

_OF_SCIPY = (
    "Import it from chainrule.scipy where that has it; otherwise write it of functions that carry gradients, "
    "give it one by chainrule.custom_vjp"
)
"""What to do about a function of SciPy's that asks a Value for a plain array."""


def stamp(value: Recorded) -> None:
    """Note that the data of a Value was assigned now."""
    global last_assigned  # noqa: PLW0603 - so that a backward pass need not ask each Value
    value.assigned = last_assigned = next(clock)


def slots(operands: Sequence[Any]) -> tuple[Any, Any]:
    """Return what `first` and `second` of a result of some operands are."""
    first, second, *others = *operands, None, None
    return (tuple(operands), None) if len(others) > 2 else (first, second)


class Recorded:
    """What is recorded of every Value.

    The operands stand in slots, not in a tuple, and nothing refers to what was made of it: without reference
    cycles, and with one object for each Value, the garbage collector has next to nothing to do.

    Attributes:
        primitive: The primitive that made it; None for a leaf.
        params: The primitive's parameters, such as `axis`.
        first: The first operand, a Value or a raw constant; a tuple of all, if there are more than two; None
            for a leaf.
        second: The second operand, or None.
        index: Its number in the order of creation.
        assigned: When its data was assigned, on the same clock; unset if never.
        site: Where the user's program made it; only arrays have it.
    """

    __slots__ = (
        *("_data", "_grad", "_label", "primitive", "params", "first", "second", "index"),
        *("assigned", "site"),
    )

    differentiable: ClassVar[bool] = True

    _data: Any
    _grad: Any
    _label: str
    assigned: int
    first: Any
    index: float
    params: Mapping[str, Any]
    primitive: Primitive | None
    second: Any

    @property
    def operands(self) -> tuple[Any, ...]:
        """What it was made of, in order: Values, and constants as they entered."""
        first: Any = self.first
        if type(first) is tuple:
            return first
        if self.second is not None:
            return (first, self.second)
        return () if self.primitive is None else (first,)

    @property
    def parents(self) -> tuple[Any, ...]:
        """What it was made of, in order: Values all, each constant a `Constant` and the same at each call."""
        parents = tuple(self._as_value(operand, position) for position, operand in enumerate(self.operands))
        self.first, self.second = slots(parents)
        return parents

    _prev = parents  # micrograd's name

    def _as_value(self, operand: Any, position: int) -> Any:
        raise NotImplementedError

    def _refuse_loss(self, instead: str) -> None:
        """Refuse to become a plain number or array where its gradient is wanted, and say what else to do."""
        inputs = modes.inputs()
        if inputs and self.differentiable and not modes.is_off() and depends(self, inputs):
            name = blame.through_scipy()
            raise UsageError(
                f"grad: a Value that is being differentiated was turned into a plain number or array"
                f"{f' by {name}' if name else ''}, and its gradient would be lost. "
                f"{_OF_SCIPY if name else instead}, or take .data where no gradient is needed."
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
    """Return the results that a Value's gradient passes, itself included if it is one, the latest first."""
    kind, met, nodes = type(root), {root}, []
    ahead: list[Any] = [root] if root.primitive is not None else []
    while ahead:
        node = ahead.pop()
        nodes.append(node)
        first = node.first
        for operand in first if type(first) is tuple else (first, node.second):
            if type(operand) is kind and operand.primitive is not None and operand not in met:
                met.add(operand)
                ahead.append(operand)
    return _latest_first(nodes)


def cleared(root: Recorded) -> list[Any]:
    """Return `results(root)` without their gradients, which until then mark whom the walk has met.

    The walk goes deep first, and so nearly backwards in time: what it meets is close together in memory, and
    next to sorted.
    """
    kind, met, nodes = type(root), object(), []
    ahead: list[Any] = [root] if root.primitive is not None else []
    try:
        while ahead:
            node = ahead.pop()
            nodes.append(node)
            a, b = node.first, node.second
            if type(a) is kind and a._grad is not met and a.primitive is not None:
                ahead.append(a)
                a._grad = met
            elif type(a) is tuple:
                for operand in a:
                    if type(operand) is kind and operand._grad is not met and operand.primitive is not None:
                        ahead.append(operand)
                        operand._grad = met
            if type(b) is kind and b._grad is not met and b.primitive is not None:
                ahead.append(b)
                b._grad = met
    except KeyboardInterrupt:
        nodes += ahead
        raise
    finally:  # no mark is left, whatever ends the walk
        for node in nodes:
            node._grad = None
    return _latest_first(nodes)


def _latest_first(nodes: list[Any]) -> list[Any]:
    nodes.sort(key=_by_index, reverse=True)
    if nodes and last_assigned > nodes[-1].index:
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


def is_stale(node: Any) -> bool:
    """Return whether data were assigned to a result, or to what it was made of, since it was made.

    Examples:
        >>> from chainrule import Value
        >>> a = Value(2.0)
        >>> b = a * a
        >>> a.data = 3.0
        >>> is_stale(b), is_stale(a * a)
        (True, False)
    """
    return any(True for _ in _changed(node))


def _changed(node: Any) -> Iterator[Any]:
    for used in (node, *node.operands):
        if isinstance(used, Recorded) and getattr(used, "assigned", 0) > node.index:
            yield used


def _refuse_stale(nodes: list[Any]) -> None:
    for node in nodes:
        for used in _changed(node):
            raise blame.stale(used, node)
