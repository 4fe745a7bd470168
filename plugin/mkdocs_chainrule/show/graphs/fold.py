"""A large graph made readable: a long sum is one operation, what is repeated is drawn once, with its count.

Two nodes are the same up to repetition if the same operations made them of the same shared values, and the
same made use of them. Unnamed leaves that are used once stand for each other, so do elements of one array. So
the terms of a batch's loss fold into one term, and the neurons of a layer into one neuron. What then is still
large may be a loop (`loops.py`).
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from dataclasses import replace
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from chainrule.graph import Graph, Summary
from mkdocs_chainrule.show.graphs.loops import folded, roll

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from chainrule.graph import Node

    Sources = Mapping[str, Sequence[str]]

_SUM = "sum of "
_LONG_SUM = 4
_REPEATED = 3


def fold(graph: Graph, small: int) -> Graph:
    """Return a graph, unless it is small, whose long sums and repetitions are one node each, with a count."""
    return graph if len(graph) <= small else roll(_repetitions(_long_sums(graph)), small)


def _long_sums(graph: Graph) -> Graph:
    """Make one operation of each chain of additions whose partial sums have no name and no other use."""
    absorbed = _partial_sums(graph)
    terms: dict[str, list[str]] = {}
    for node in filter(_is_sum, graph.nodes):
        sources = graph.sources[node.id]
        terms[node.id] = [
            term for source in sources for term in terms.get(absorbed.get(source, ""), [source])
        ]
    heads = terms.keys() - set(absorbed.values())
    long = {head: found for head, found in terms.items() if head in heads and len(found) >= _LONG_SUM}
    return _with_sums(graph, long) if long else graph


def _is_sum(node: Node) -> bool:
    return node.primitive == "add"


def _is_long_sum(node: Node) -> bool:
    return _is_sum(node) and node.label.startswith(_SUM)


def _partial_sums(graph: Graph) -> dict[str, str]:
    """Return for each value without a name that only another addition uses, which addition made it."""
    users: dict[str, list[str]] = defaultdict(list)
    for edge in graph.edges:
        users[edge.source].append(edge.target)
    return {
        node.id: graph.sources[node.id][0]
        for node in graph.nodes
        if node.kind == "interior" and not node.label.strip()
        if _is_sum(graph[graph.sources[node.id][0]])
        if len(users[node.id]) == 1 and _is_sum(graph[users[node.id][0]])
    }


def _with_sums(graph: Graph, sums: Sources) -> Graph:
    """Give the heads of chains all their terms, and drop what no node leads to any more."""
    sources = {**graph.sources, **sums}
    kept = _reaching(graph, sources)
    nodes = tuple(
        _long_sum(node, len(sums[node.id])) if node.id in sums else node
        for node in graph.nodes
        if node.id in kept
    )
    return folded(graph, nodes, sources)


def _long_sum(node: Node, count: int) -> Node:
    ones, factors = ("1",) * count, (1.0,) * count
    return replace(node, label=f"{_SUM}{count}", formulas=(), slopes=ones, factors=factors, terms=())


def _reaching(graph: Graph, sources: Sources) -> set[str]:
    """Return the nodes that the graph's ends depend on."""
    used = {edge.source for edge in graph.edges}
    kept: set[str] = set()
    for node in reversed(graph.nodes):
        if node.id in kept or node.id not in used:
            kept.update([node.id, *sources[node.id]])
    return kept


def _repetitions(graph: Graph) -> Graph:
    """Draw nodes that are the same up to repetition as one."""
    classes: dict[int, list[Node]] = defaultdict(list)
    for node, form in _uses(graph, _forms(graph)).items():
        classes[form].append(graph[node])
    groups: list[list[Node]] = []
    for alike in classes.values():
        groups += [alike] if len(alike) >= _REPEATED else [[node] for node in alike]
    first = {node.id: group[0].id for group in groups for node in group}
    sources = {group[0].id: _merged_sources(group, graph.sources, first) for group in groups}
    return _in_order([_merged(group) for group in groups], sources, graph)


def _forms(graph: Graph) -> dict[str, int]:
    """Return for each node the number of its form: what made it, down to leaves."""
    uses = Counter(edge.source for edge in graph.edges)
    numbers: dict[Hashable, int] = {}
    forms: dict[str, int] = {}
    for node in graph.nodes:
        made_of = [forms[source] for source in graph.sources[node.id]]
        if _is_long_sum(node):  # its terms stand in no order
            made_of.sort()
        named = node.kind != "operation" and bool(node.label.strip())
        own = node.id if not made_of and not named and uses[node.id] > 1 else ""
        form = (node.kind, _family(node.label), node.group, tuple(made_of), own)
        forms[node.id] = numbers.setdefault(form, len(numbers))
    return forms


def _uses(graph: Graph, forms: Mapping[str, int]) -> dict[str, int]:
    """Tell nodes of one form apart by what uses them, and as which operand: the weights of two layers."""
    used: dict[str, set[tuple[int, int]]] = defaultdict(set)
    numbers: dict[Hashable, int] = {}
    classes: dict[str, int] = {}
    for node in reversed(graph.nodes):
        use = (forms[node.id], frozenset(used[node.id]))
        classes[node.id] = numbers.setdefault(use, len(numbers))
        for index, source in enumerate(graph.sources[node.id]):
            used[source].add((classes[node.id], 0 if _is_long_sum(node) else index))
    return {node.id: classes[node.id] for node in graph.nodes}


def _family(label: str) -> str:
    """Return what the elements of one array share: `weight` of `weight[0, 1]`."""
    return label.partition("[")[0] if label.endswith("]") else label


def _common(labels: Sequence[str]) -> str:
    """Return what elements of one array are called together: `w[0, :]` of `w[0, 1]` and `w[0, 2]`."""
    first = labels[0]
    family = _family(first)
    if family == first:
        return first
    indexes = [label[len(family) + 1 : -1].split(", ") for label in labels if _family(label) == family]
    alike = [axis[0] if len(set(axis)) == 1 else ":" for axis in zip(*indexes, strict=False)]
    return f"{family}[{', '.join(alike)}]" if len(indexes) == len(labels) else family


def _merged_sources(group: list[Node], sources: Sources, first: Mapping[str, str]) -> list[str]:
    own = [first[source] for source in sources[group[0].id]]
    if _is_long_sum(group[0]):
        own = list(dict.fromkeys(own))
    others = (first[source] for node in group[1:] for source in sources[node.id])
    return own + [source for source in dict.fromkeys(others) if source not in own]


def _merged(group: list[Node]) -> Node:
    node, count = group[0], len(group)
    if count == 1:
        return node
    return replace(
        node,
        label=_common([other.label for other in group]),
        data=_spread([other.data for other in group]),
        grad=_spread([other.grad for other in group]),
        formulas=(),
        slopes=(),
        factors=(),
        terms=(),
        count=sum(other.count for other in group),
    )


def _spread(quantities: Sequence[float | Summary | None]) -> Summary | None:
    """Return the summary of many numbers, or of many arrays of one shape."""
    found = [quantity for quantity in quantities if quantity is not None]
    if len(found) < len(quantities):
        return None
    each = [q if isinstance(q, Summary) else Summary((), q, q, q) for q in found]
    means = [summary.mean for summary in each]
    if any(map(math.isnan, means)):
        return Summary((len(each), *each[0].shape), math.nan, math.nan, math.nan)
    lowest, highest = min(summary.min for summary in each), max(summary.max for summary in each)
    return Summary((len(each), *each[0].shape), lowest, sum(means) / len(means), highest)


def _in_order(nodes: list[Node], sources: Sources, graph: Graph) -> Graph:
    """Put operands before what is made of them, and otherwise keep the order of the tape."""
    indexes = {node.id: index for index, node in enumerate(graph.nodes)}
    merged = {node.id: node for node in nodes}
    sorter = TopologicalSorter(sources)
    sorter.prepare()
    ready: list[tuple[int, str]] = []
    ordered = []
    while sorter:
        for name in sorter.get_ready():
            heapq.heappush(ready, (indexes[name], name))
        next_ = heapq.heappop(ready)[1]
        ordered.append(merged[next_])
        sorter.done(next_)
    return folded(graph, ordered, sources)
