"""What the parts of a graph's picture mean: the rows of a node, whose gradients they are, and each shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdocs_chainrule.show.markup import element, escape

if TYPE_CHECKING:
    from chainrule.graph import Graph, Kind

_SHAPES: dict[Kind, str] = {
    "input": "round: input",
    "parameter": "barred: parameter",
    "constant": "dashed: constant",
    "interior": "square: result",
    "output": "thick: output",
    "operation": "circle: operation",
    "layer": "plain: layer",
    "fold": "long dashes: many nodes as one",
}


def legend(graph: Graph) -> str:
    """Return the legend of a graph: of what it has, and nothing else."""
    kinds = {node.kind for node in graph}
    shapes = " · ".join(shape for kind, shape in _SHAPES.items() if kind in kinds)
    stacks = " · ×n: drawn once for n alike" if any(node.count > 1 for node in graph) else ""
    return element("p", _rows(graph), element("br"), shapes, stacks)


def _rows(graph: Graph) -> str:
    rows = [element("strong", "name"), "value (data)"]
    if any(node.grad is not None for node in graph):
        of = graph.gradients_of or next((n.label for n in reversed(graph.nodes) if n.kind == "output"), "")
        whose = f"∂ of {escape(of)}" if of.strip() else "∂ of the output"
        rows.append(element("span", f"∂ gradient (grad): {whose}", class_="chainrule-grad"))
    return " · ".join(rows)
