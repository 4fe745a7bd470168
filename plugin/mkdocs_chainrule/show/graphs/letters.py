"""What the values of a graph are called in formulas, and derivatives along operands, with those names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdocs_chainrule.show.graphs.numbers import is_cut
from mkdocs_chainrule.show.graphs.values import on_paper, origins_of

if TYPE_CHECKING:
    from chainrule.graph import Graph

_GAP = re.compile(r"\{(\w+)\}")
_LOOSE = re.compile("[ −]")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Letters:
    """The names of one graph, as the page's script gives them (`data.js`)."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.called, self.made = origins_of(graph)
        self.results = {graph.sources[node.id][0]: node.id for node in graph if graph.sources[node.id]}
        last = next((node.id for node in reversed(graph.nodes) if node.kind != "operation"), "")
        self.whose = graph.gradients_of or self.called.get(last, "")

    def partial(self, value: str, of: str = "", use: str = "") -> str:
        """Return the sign of a derivative: `∂L/∂a`, or along one use of a value, `∂y/∂x₁`."""
        return f"∂{bracketed(of or self.whose)}/∂{bracketed(self.called[value])}{use}"

    def use(self, operation: str, place: int) -> str:
        """Return the number of an operand, where it is several of its operation's; else nothing.

        Examples:
            >>> from chainrule import Value
            >>> x = Value(3.0, label="x")
            >>> letters = Letters((x * x).graph())
            >>> letters.use("o2", 0), letters.use("o2", 1)
            ('₁', '₂')
        """
        sources = self.graph.sources[operation]
        return f"{place + 1}".translate(_LOWERED) if sources.count(sources[place]) > 1 else ""

    def slope(self, operation: str, place: int) -> tuple[str, str]:
        """Return the derivative along an operand of an operation, and the case that holds, or nothing."""
        slopes = self.graph[operation].slopes
        formula, _, fact = (slopes[place] if place < len(slopes) else "").partition(" if ")
        return self._filled(operation, formula), self._filled(operation, fact)

    def is_rounded(self, operation: str, formula: str) -> bool:
        """Tell whether a formula of an operation has a constant's number with fewer digits than that has."""
        operands = (self.graph[source] for source in self.graph.sources[operation])
        numbers = (node for node in operands if node.kind == "constant" and isinstance(node.data, float))
        return any(is_cut(node.data) and self.called[node.id] in formula for node in numbers)

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
