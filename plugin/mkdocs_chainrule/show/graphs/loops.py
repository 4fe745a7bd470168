"""A loop's steps made few: the first and the last are drawn, and a node that says how many lie between.

A tape knows no loops, but their steps stand on it one behind the other, alike but for what they read: the
same leaf as the step before (a shared weight), the like node one step on, or a leaf that nobody else reads.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chainrule.graph import Edge, Graph, Node

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

_LEAST_FOLDED = 12  # nodes
_PERIODS = 8  # the lengths of a step that are tried
_LEAVES = frozenset({"input", "parameter", "constant"})


@dataclass(frozen=True, slots=True)
class _Loop:
    """Alike steps on the tape: indexes from the first's begin to the last's end, and the nodes of a step."""

    start: int
    stop: int
    period: int

    @property
    def folded(self) -> int:
        """The number of steps between the first and the last.

        A last step that differs in some node, as that which makes the output does, is begun and left.
        """
        steps, rest = divmod(self.stop - self.start, self.period)
        return steps - (1 if 2 * rest > self.period else 2)

    @property
    def inner(self) -> range:
        """The indexes of those steps."""
        begin = self.start + self.period
        return range(begin, begin + self.period * self.folded)


def roll(graph: Graph, small: int) -> Graph:
    """Return a graph in which the inner steps of long loops are one node each, until it is small enough."""
    while len(graph) > small and (loop := _longest(graph)):
        graph = _rolled(graph, loop)
    return graph


def _longest(graph: Graph) -> _Loop | None:
    steps = _Steps(graph)
    loops = [loop for period in steps.periods() for loop in steps.loops(period)]
    longest = max(loops, key=lambda loop: (len(loop.inner), -loop.period), default=None)
    return longest if longest and len(longest.inner) >= _LEAST_FOLDED else None


class _Steps:
    """Compares the nodes of a tape with those that stand a step later."""

    def __init__(self, graph: Graph) -> None:
        self.nodes = graph.nodes
        self.sources = [graph.sources[node.id] for node in graph.nodes]
        self.indexes = {node.id: index for index, node in enumerate(graph.nodes)}
        self.uses = Counter(edge.source for edge in graph.edges)
        self.looks = [_look(node, len(self.sources[index])) for index, node in enumerate(graph.nodes)]

    def periods(self) -> list[int]:
        """Return the likely lengths of a step: how far apart operations on the like are."""
        seen: dict[Hashable, int] = {}
        apart: Counter[int] = Counter()
        for index, look in enumerate(self.looks):
            key = (look, tuple(self._reach(index)))
            if key in seen:
                apart[index - seen[key]] += 1
            seen[key] = index
        return [period for period, _ in apart.most_common(_PERIODS)]

    def _reach(self, index: int) -> Iterator[Hashable]:
        for source in self.sources[index]:
            is_shared = self._is_leaf(source) and self.uses[source] > 1
            yield source if is_shared else index - self.indexes[source]

    def loops(self, period: int) -> Iterator[_Loop]:
        """Yield the runs of nodes that are alike a step later."""
        start = None
        for index in range(len(self.nodes)):
            alike = index + period < len(self.nodes) and self._alike(index, index + period)
            if alike and start is None:
                start = index
            elif not alike and start is not None:
                yield _Loop(start, index + period, period)
                start = None

    def _alike(self, index: int, later: int) -> bool:
        return self.looks[index] == self.looks[later] and all(
            source == follower
            or self.indexes[follower] - self.indexes[source] == later - index
            or (self._is_own(source) and self._is_own(follower))
            for source, follower in zip(self.sources[index], self.sources[later], strict=True)
        )

    def _is_own(self, leaf: str) -> bool:
        return self._is_leaf(leaf) and self.uses[leaf] == 1

    def _is_leaf(self, name: str) -> bool:
        return self.nodes[self.indexes[name]].kind in _LEAVES


def _look(node: Node, operands: int) -> Hashable:
    return node.kind, node.label.partition("[")[0], node.group, node.count, operands


def _rolled(graph: Graph, loop: _Loop) -> Graph:
    inner = {graph.nodes[index].id for index in loop.inner}
    inner |= _read_only_by(graph, inner)
    first = graph.nodes[loop.inner.start]
    is_computed = any(graph[name].kind == "operation" for name in inner)
    fold = Node(
        f"f{first.id[1:]}",
        "fold",
        f"{loop.folded} more such {'steps' if is_computed else 'values'}",
        group=first.group,
        count=sum(graph[name].count for name in inner),
    )
    nodes = [fold if node is first else node for node in graph.nodes if node is first or node.id not in inner]
    into = dict.fromkeys(inner, fold.id)
    edges: dict[str, list[str]] = defaultdict(list)
    for edge in graph.edges:
        source, target = into.get(edge.source, edge.source), into.get(edge.target, edge.target)
        if source != target and (fold.id not in (source, target) or source not in edges[target]):
            edges[target].append(source)
    return folded(graph, nodes, edges)


def folded(graph: Graph, nodes: Iterable[Node], sources: Mapping[str, Iterable[str]]) -> Graph:
    """Return a graph with these nodes in place of its own, each made from its sources; it has no program."""
    nodes = tuple(nodes)
    edges = tuple(Edge(source, node.id) for node in nodes for source in sources[node.id])
    return replace(graph, nodes=nodes, edges=edges, program=None)


def _read_only_by(graph: Graph, inner: set[str]) -> set[str]:
    """Return the leaves that nothing else reads: a sequence's elements, one for each step."""
    others = {edge.source for edge in graph.edges if edge.target not in inner}
    read = {edge.source for edge in graph.edges if edge.target in inner}
    return {name for name in read - others - inner if graph[name].kind in _LEAVES}
