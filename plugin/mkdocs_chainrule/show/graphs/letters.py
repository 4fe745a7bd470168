"""What the values of a graph are called in formulas, and derivatives along operands, with those names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdocs_chainrule.show.graphs.numbers import is_cut
from mkdocs_chainrule.show.graphs.values import on_paper, origins_of

if TYPE_CHECKING:
    from chainrule.graph import Graph

_SHAPE = re.compile(r"\bx\.shape\b")
_CONSTANT = re.compile(r"(?:not )?[−\d.]+")  # a case that a number decides says nothing
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
        formula = _SHAPE.sub(f"{{{place}}}.shape", formula)
        case = self._filled(operation, fact)
        return self._filled(operation, formula), "" if _CONSTANT.fullmatch(case) else case

    def is_rounded(self, operation: str, formula: str) -> bool:
        """Tell whether a formula of an operation has a constant's number with fewer digits than that has."""
        for source in self.graph.sources[operation]:
            node = self.graph[source]
            is_cut_one = node.kind == "constant" and isinstance(node.data, float) and is_cut(node.data)
            if is_cut_one and self.called[source] in formula:
                return True
        return False

    def _filled(self, operation: str, text: str) -> str:
        result = self.results.get(operation, "")
        names = {str(place): self.called[name] for place, name in enumerate(self.graph.sources[operation])}
        if result:
            names["o"] = self.called[result]
        if result and "{g}" in text:
            names["g"] = self.partial(result)

        def filled(gap: re.Match[str]) -> str:
            name = names.get(gap[1], gap[0])
            around = text_[: gap.start()][-2:].strip()[-1:], text_[gap.end() :][:1]
            is_alone = around[0] in {"", "(", ","} and around[1] in {"", ")", ","}
            return name if is_alone or gap[1] == "g" else bracketed(name)

        text_ = on_paper(text)
        return _GAP.sub(filled, text_)  # not by `format`: the text may be a stranger's


def bracketed(name: str) -> str:
    """Return a name, in brackets where it would fall apart."""
    return f"({name})" if _LOOSE.search(name) else name
