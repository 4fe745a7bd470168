"""Where results live: which buffer, in which order of its axes, and how long."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chainrule.compiler.passes import elementwise

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from chainrule.compiler.node import Node

NARROW = 8
"""Results of no more columns, and of several times as many rows, are kept transposed.

As measured it makes no difference at 64 rows, saves 5 % of a step at 256, a quarter at 1,000; with ten
columns it costs more than it saves.
"""

VIEWS = frozenset(
    ("reshape", "transpose", "swapaxes", "expand_dims", "squeeze", "getitem", "broadcast_to", "ravel")
)
"""Operations whose result may be a window on their operand's memory, and on nothing else's."""

# Operations whose result is memory of its own.
FRESH = frozenset(
    (
        "full",
        "matmul",
        "dot",
        "where",
        "sum",
        "mean",
        "max",
        "min",
        "float",
        "astype",
        "concatenate",
        "stack",
        "scatter",
        "exp",
    )
)
_NARROW_USERS = frozenset(
    ("where", "matmul", "transpose", "sum", "mean", "max", "min", "getitem", "scatter", "exp")
)


def order(roots: Sequence[Node], nodes: Sequence[Node], updates: Sequence[Node]) -> list[Node]:
    """Return nodes in the order to run them: what only updates a parameter comes last."""
    used = {id(each) for node in nodes for each in node.inputs} | {id(root) for root in roots}
    last = [node for node in updates if id(node) not in used]
    late = set(map(id, last))
    return [node for node in nodes if id(node) not in late] + [n for n in nodes if id(n) in late]


@dataclass(eq=False)
class Lifetimes:
    """Until when each result, or anything that shares its memory, is read."""

    nodes: Sequence[Node]
    kept: Iterable[Node]
    fused: Collection[int] = ()
    last: dict[int, int] = field(default_factory=dict)
    shared: dict[int, frozenset[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.place = {id(node): place for place, node in enumerate(self.nodes)}
        for place, node in enumerate(self.nodes):
            self.shared[id(node)] = self._memory(node)
            for each in node.inputs:
                self._read(each, place)
        for node in self.kept:
            self._read(node, len(self.nodes))

    def _read(self, node: Node, place: int) -> None:
        for memory in self.shared[id(node)]:
            self.last[memory] = max(self.last.get(memory, -1), place)

    def _memory(self, node: Node) -> frozenset[int]:
        """Return the nodes in whose memory a result may lie."""
        own = frozenset((id(node),))
        if id(node) in self.fused:
            return own.union(*(self.shared[id(each)] for each in node.inputs))
        if not node.inputs or not node.is_array or elementwise(node) or node.name in FRESH:
            return own
        return own.union(*(self.shared[id(each)] for each in node.inputs))

    def readers_after(self, node: Node, place: int) -> bool:
        """Whether the memory of a node is read after a place."""
        return self.last.get(id(node), -1) > place


def narrow(nodes: Sequence[Node], fixed: Iterable[Node]) -> set[int]:
    """Return which results are kept transposed: NumPy's inner loop then runs over the many, not the few.

    Every result keeps its own shape for whoever does not care: as the transpose of its buffer.
    """
    users: dict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        for each in node.inputs:
            users[id(each)].append(node)
    fixed_ids = set(map(id, fixed))

    def fits(node: Node) -> bool:
        if not node.is_array or len(node.shape) != 2 or id(node) in fixed_ids or node.dtype.kind not in "fb":
            return False
        rows, columns = node.shape
        if not (1 < columns <= NARROW and rows >= 4 * columns):
            return False
        return (elementwise(node) or node.name in ("matmul", "where")) and all(
            elementwise(user) or user.name in _NARROW_USERS for user in users[id(node)]
        )

    return {id(node) for node in nodes if fits(node)}


@dataclass(eq=False)
class Buffers:
    """Named arrays, handed out and taken back."""

    named: Callable[[str], str]
    made: list[str] = field(default_factory=list)
    _free: dict[Any, list[str]] = field(default_factory=lambda: defaultdict(list))
    _held: dict[int, tuple[str, Any]] = field(default_factory=dict)

    def take(self, node: Node, *, transposed: bool) -> str:
        """Return the name of a buffer for a node."""
        key = (node.shape, node.dtype, transposed)
        if self._free[key]:
            name = self._free[key].pop()
        else:
            name = self.named(f"t{len(self.made)}")
            self.made.append(name)
        self._held[id(node)] = (name, key)
        return name

    def give_back(self, lifetimes: Lifetimes, place: int) -> None:
        """Take back what is not read after a place."""
        for node in [n for n in self._held if lifetimes.last.get(n, -1) <= place]:
            name, key = self._held.pop(node)
            self._free[key].append(name)

    def holds(self, node: Node) -> bool:
        """Whether a node is in a buffer of ours."""
        return id(node) in self._held

    def hand_over(self, old: Node, new: Node) -> str:
        """Give a buffer to the node that overwrites it."""
        name, key = self._held.pop(id(old))
        self._held[id(new)] = (name, key)
        return name
