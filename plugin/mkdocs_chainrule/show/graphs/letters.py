"""What the values of a graph are called in formulas, and derivatives along operands, with those names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdocs_chainrule.show.graphs.values import on_paper, origins_of

if TYPE_CHECKING:
    from chainrule.graph import Graph

_SHORT = 12  # characters of an expression that stands for a name
_LOOSE = re.compile("[ −]")


class Letters:
    """The names of one graph, as the page's script gives them (`data.js`)."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.called, self.made = origins_of(graph, _SHORT)
        self.results = {graph.sources[node.id][0]: node.id for node in graph if graph.sources[node.id]}
        last = next((node.id for node in reversed(graph.nodes) if node.kind != "operation"), "")
        self.whose = graph.gradients_of or self.called.get(last, "")

    def partial(self, value: str, of: str = "") -> str:
        """Return the sign of a derivative: `∂L/∂a`."""
        return f"∂{bracketed(of or self.whose)}/∂{bracketed(self.called[value])}"

    def slope(self, operation: str, place: int) -> tuple[str, str]:
        """Return the derivative along an operand of an operation, and the case that holds, or nothing."""
        slopes = self.graph[operation].slopes
        formula, _, fact = (slopes[place] if place < len(slopes) else "").partition(" if ")
        return self._filled(operation, formula), self._filled(operation, fact)

    def _filled(self, operation: str, text: str) -> str:
        names = [self.called[source] for source in self.graph.sources[operation]]
        result = self.results.get(operation, "")
        is_alone = len(text) <= len("{0}")
        gaps = [name if is_alone else bracketed(name) for name in (*names, self.called.get(result, ""))]
        way = self.partial(result) if "{g}" in text else ""
        return on_paper(text).format(*gaps[:-1], o=gaps[-1], g=way)


def bracketed(name: str) -> str:
    """Return a name, in brackets where it would fall apart."""
    return f"({name})" if _LOOSE.search(name) else name
