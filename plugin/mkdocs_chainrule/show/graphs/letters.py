"""What the values of a graph are called in formulas, and derivatives along operands, with those names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdocs_chainrule.show.graphs.values import on_paper, origins_of

if TYPE_CHECKING:
    from chainrule.graph import Graph

_SHORT = 12  # characters of an expression that stands for a name
_GAP = re.compile(r"\{(\w+)\}")
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
        result = self.results.get(operation, "")
        names = {str(place): self.called[name] for place, name in enumerate(self.graph.sources[operation])}
        if result:
            names["o"] = self.called[result]
        is_alone = len(text) <= len("{0}")
        gaps = {gap: name if is_alone else bracketed(name) for gap, name in names.items()}
        if result and "{g}" in text:
            gaps["g"] = self.partial(result)
        # Not by `format`: the text may be a stranger's.
        return _GAP.sub(lambda match: gaps.get(match[1], match[0]), on_paper(text))


def bracketed(name: str) -> str:
    """Return a name, in brackets where it would fall apart."""
    return f"({name})" if _LOOSE.search(name) else name
