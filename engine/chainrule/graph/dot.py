"""A graph as DOT text, for Graphviz and all that reads its language. Needs no NumPy."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chainrule.graph.graph import Graph
    from chainrule.graph.node import Kind, Node

# What differs from a plain box.
_SHAPES: dict[Kind, str] = {
    "input": "style=rounded",
    "parameter": "peripheries=2",
    "constant": "style=dashed",
    "interior": "",
    "output": "penwidth=2",
    "operation": "shape=circle",
    "layer": "shape=box3d",
    "fold": "shape=folder",
}
_SPECIAL = {"&": "&amp;", "\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": " "}


def to_dot(graph: Graph) -> str:
    """Return a graph as DOT text.

    Examples:
        >>> from chainrule.graph import Graph, Node
        >>> print(to_dot(Graph((Node("v1", "input", "a", 2.0, -3.0),), ())), end="")
        digraph {
            label="Computation graph of a"
            rankdir=LR
            node [shape=box]
            v1 [label="a -> data 2 -> grad -3", style=rounded]
        }
    """
    lines = [
        f"label={quoted(graph.title)}",
        "rankdir=LR",
        "node [shape=box]",
        *map(_node, graph.nodes),
        *(f"{edge.source} -> {edge.target}" for edge in graph.edges),
    ]
    return "digraph {\n" + "".join(f"    {line}\n" for line in lines) + "}\n"


def quoted(text: str) -> str:
    r"""Return text as a DOT label that shows exactly that text.

    Examples:
        >>> print(quoted('say "x & y"'))
        "say \"x &amp; y\""
    """
    return f'"{"".join(map(_character, text))}"'


def _character(character: str) -> str:
    if character in _SPECIAL:
        return _SPECIAL[character]
    refused = unicodedata.category(character) in {"Cc", "Cs"} or character in "\ufffe\uffff"
    return "\N{REPLACEMENT CHARACTER}" if refused else character


def _node(node: Node) -> str:
    shape = _SHAPES[node.kind]
    return f"{node.id} [label={quoted(str(node))}{shape and f', {shape}'}]"
