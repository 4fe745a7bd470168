"""What each edge of a graph brings to the gradient of the value that it comes from.

That is the slope along the edge times the gradient that arrived. Where a fold, a repetition or arrays hide
it, the one step whose edges are not known brings the rest; of several none is told.
"""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chainrule.graph import Graph, Node

_THROUGH = frozenset({"operation", "fold"})
_BLOCKS = "stop_gradient"
_ROUNDING = 1e-9  # of a gradient: what an earlier backward does not leave


class Use(NamedTuple):
    """A value as an operand: by which edge, of which operation or fold, and which of its operands."""

    edge: int
    source: Node
    target: Node
    place: int


class Arrivals:
    """The gradients of one graph, as they arrive.

    Attributes:
        uses: The uses of values, by the operation or fold through which their gradients come in one step.
        gathered: What lies at each value so far; NaN where that is not known.
        left: How many uses of each value are still to bring something.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.results = {source: node for node in graph for source in graph.sources[node.id]}
        self.uses: dict[str, list[Use]] = defaultdict(list)
        for use in self._found():
            result = self.results.get(use.target.id)
            if use.target.kind == "fold":
                self.uses[use.target.id].append(use)
            elif result and (result.grad is not None or result.kind == "fold"):
                self.uses[result.id if result.kind == "fold" else use.target.id].append(use)
        self.amounts = {use.edge: self._amount(use) for uses in self.uses.values() for use in uses}
        self.gathered: dict[str, float] = {}
        self.left: dict[str, int] = {}
        self._take_rest()

    def take(self, use: Use) -> float | None:
        """Let a use bring what it brings; return what lay there before it, or None."""
        name, lay = use.source.id, self.gathered.get(use.source.id)
        self.gathered[name] = self.amounts[use.edge] + (lay or 0.0)
        self.left[name] -= 1
        return lay

    def _found(self) -> Iterator[Use]:
        numbers = count()
        for node in self.graph:
            for place, source in enumerate(self.graph.sources[node.id]):
                edge = next(numbers)
                value = self.graph[source]
                if node.kind in _THROUGH and value.kind not in _THROUGH and value.grad is not None:
                    yield Use(edge, value, node, place)

    def _amount(self, use: Use) -> float:
        factors = use.target.factors
        factor = factors[use.place] if use.place < len(factors) else None
        result = self.results.get(use.target.id)
        arrived = result.grad if result else None
        return math.nan if factor is None or not isinstance(arrived, float) else factor * arrived

    def _take_rest(self) -> None:
        """Give a gradient's rest to who brings it: edges that are not known, or an earlier backward."""
        steps: dict[str, list[tuple[str, Use]]] = defaultdict(list)
        for step, uses in self.uses.items():
            for use in uses:
                steps[use.source.id].append((step, use))
        for node in self.graph:
            own = steps[node.id]
            self.left[node.id] = len(own)
            if blocked := [pair for pair in own if pair[1].target.primitive == _BLOCKS]:
                self._drop(node, blocked)
                own = [pair for pair in own if pair not in blocked]
            if not isinstance(node.grad, float):
                continue
            brought = [self.amounts[use.edge] for _, use in own]
            known = [amount for amount in brought if not math.isnan(amount)]
            rest = node.grad - sum(known)
            hidden = [(step, use) for step, use in own if math.isnan(self.amounts[use.edge])]
            is_whole = abs(rest) <= _ROUNDING * max(map(abs, [node.grad, *known]))
            if is_whole and any(_is_silent(use) for _, use in hidden):
                self._drop(node, [pair for pair in hidden if _is_silent(pair[1])])
                continue
            if hidden and len({step for step, _ in hidden}) == 1:
                for _, use in hidden:
                    self.amounts[use.edge] = 0.0
                self.amounts[hidden[0][1].edge] = rest
            is_leaf = not self.graph.sources[node.id]
            if not hidden and is_leaf and not is_whole and not math.isnan(rest):
                self.gathered[node.id] = rest

    def _drop(self, node: Node, silent: list[tuple[str, Use]]) -> None:
        """Forget uses that brought nothing, as `stop_gradient` does: what others brought is all there is."""
        for step, use in silent:
            self.uses[step].remove(use)
            self.left[node.id] -= 1


def _is_silent(use: Use) -> bool:
    operation = use.target
    return operation.kind == "operation" and not (operation.slopes or operation.factors or operation.terms)
