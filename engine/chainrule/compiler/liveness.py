"""Where results lie: until when each is read, which buffers are free, and in which order their axes are.

A buffer may be written again after the last read of what it holds. Read it is not only by who takes the node
as an input: a view of it - a reshape, a transpose, whatever a function hands back of its operands - keeps it
alive as long as itself. So each node has the set of those in whose memory it may lie, and a read of the node
is a read of them all. What is not known to be memory of its own may lie in all inputs. A result that a
parameter takes, or that is handed out, is read after the end.
"""

from __future__ import annotations

from collections import defaultdict
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Any

from chainrule.compiler.program import users_of
from chainrule.primitives.table import PRIMITIVES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from chainrule.compiler.program import Node
    from chainrule.compiler.sheet import Sheet

_NARROW = 8
"""Results of no more columns, and of several times as many rows, lie in memory column by column.

As measured it makes no difference at 64 rows, saves 5 % of a step at 256, a quarter at 1,000; with ten
columns it costs more than it saves.
"""

_NEW = frozenset(("dot", "full", "ones", "add_reduce", "maximum_reduce", "minimum_reduce"))
"""Functions that are no primitives and give memory of their own."""

_ANY_ORDER = _NEW | {"vdot", "transpose", "where"}
"""Functions that take a matrix column by column as readily as row by row."""


def is_new(node: Node) -> bool:
    """Whether a result is memory of its own."""
    row = PRIMITIVES.get(node.name)
    primitive = row is not None and not row.view and not row.elementwise
    return node.is_elementwise or primitive or node.name in _NEW


class Lifetimes:
    """By node: when it is computed, who reads it or its memory last, and all in whose memory it may lie."""

    def __init__(self, nodes: Sequence[Node], kept: Iterable[Node]) -> None:
        self.index = {id(node): index for index, node in enumerate(nodes)}
        self.last: dict[int, int] = {}
        self.shared: dict[int, frozenset[int]] = {}
        for index, node in enumerate(nodes):
            lends = () if not node.is_array or is_new(node) else node.inputs
            self.shared[id(node)] = frozenset((id(node),)).union(*(self.shared[id(each)] for each in lends))
            for each in node.inputs:
                self._read(each, index)
        for node in kept:
            self._read(node, len(nodes))

    def _read(self, node: Node, index: int) -> None:
        for each in self.shared[id(node)]:
            self.last[each] = max(self.last.get(each, -1), index)

    def read_after(self, node: Node, index: int) -> bool:
        """Whether the memory of a node is read after another is computed."""
        return self.last.get(id(node), -1) > index


def by_columns(nodes: Sequence[Node], fixed: Collection[int]) -> set[int]:
    """Return which results lie column by column: NumPy's inner loop then runs over the many, not the few."""
    users = users_of(nodes)

    def fits(node: Node) -> bool:
        if not node.is_array or len(node.shape) != 2 or id(node) in fixed or node.dtype.kind not in "fb":
            return False
        rows, columns = node.shape
        if not (1 < columns <= _NARROW and rows >= 4 * columns):
            return False
        able = node.is_elementwise or node.name == "dot"
        return able and all(user.is_elementwise or user.name in _ANY_ORDER for user in users[id(node)])

    return {id(node) for node in nodes if fits(node)}


class Buffers:
    """Arrays on a sheet, handed out and taken back; `made` are the names of all."""

    def __init__(self, sheet: Sheet, life: Lifetimes) -> None:
        self.sheet, self.life = sheet, life
        self.made: list[str] = []
        self._free: dict[Any, list[str]] = defaultdict(list)
        self._held: list[tuple[int, int, str, Any]] = []  # a heap: what is not needed first comes first
        self._taken = count()

    def take(self, node: Node, order: str) -> str:
        """Return the name of a buffer for a node."""
        key = (node.shape, node.dtype, order)
        if not self._free[key]:
            text = f"empty({node.shape}{self.sheet.kind(node.dtype)}{order})"
            self.made.append(self.sheet.made_once(f"t{len(self.made)}", text))
            self._free[key].append(self.made[-1])
        name = self._free[key].pop()
        heappush(self._held, (self.life.last.get(id(node), -1), next(self._taken), name, key))
        return name

    def give_back(self, index: int) -> None:
        """Take back what is not read after a node is computed."""
        while self._held and self._held[0][0] <= index:
            _, _, name, key = heappop(self._held)
            self._free[key].append(name)
