"""A graph in words: its title, its description for those who do not see it, and a listing. Needs no NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainrule import tables
from chainrule.graph.node import text
from chainrule.graph.signs import SIGNS

if TYPE_CHECKING:
    from chainrule.graph.graph import Graph
    from chainrule.graph.node import Node

_SENTENCES = 60
_LINES = 400
_NAMES = 8


def title(graph: Graph) -> str:
    """Return a name for the drawing of a graph.

    Examples:
        >>> from chainrule.graph import Graph, Node
        >>> title(Graph((Node("v1", "input", "a", 2.0),), ()))
        'Computation graph of a'
    """
    named = graph.nodes[-1].label if graph.nodes and graph.nodes[-1].kind != "operation" else ""
    return f"Computation graph of {named}" if named.strip() else f"Computation graph of {len(graph)} nodes"


def description(graph: Graph) -> str:
    """Return values and gradients in order, in words: `a is 2, gradient -3.` and so on."""
    told = [node for node in graph.nodes if node.kind not in {"operation", "constant"}]
    sentences = [_sentence(graph, node) for node in told[:_SENTENCES]]
    if len(told) > _SENTENCES:
        sentences.append(f"And {len(told) - _SENTENCES} more.")
    return " ".join(sentences)


def listing(graph: Graph) -> str:
    """Return a line for each value, in tape order: its name, how it was made, its data and gradient."""
    rows = [_row(graph, node) for node in graph.nodes if node.kind not in {"operation", "constant"}]
    more = f"\n... and {len(rows) - _LINES} more" if len(rows) > _LINES else ""
    return tables.aligned(rows[:_LINES], "<<<<") + more


def _sentence(graph: Graph, node: Node) -> str:
    data = "" if node.data is None else text(node.data)
    said = ": ".join(filter(None, [_made(graph, node, spoken=True), data]))
    gradient = "" if node.grad is None else f"gradient {node.parts[-1].removeprefix('grad ')}"
    told = ", ".join(filter(None, [said, gradient]))
    return f"{node.name} is {told}." if told else f"{node.name}."


def _row(graph: Graph, node: Node) -> tuple[str, str, str, str]:
    made = _made(graph, node)
    data = "" if node.data is None else f"data {text(node.data)}"
    gradient = "" if node.grad is None else node.parts[-1]
    return node.name, f"= {made}" if made else node.kind, data, gradient


def _made(graph: Graph, node: Node, *, spoken: bool = False) -> str:
    """Return how a value was made: `a * b`, `tanh(n)`; empty for a leaf."""
    makers = graph.sources[node.id]
    if not makers or graph[makers[0]].kind != "operation":
        return ""
    operation = graph[makers[0]]
    operands = graph.sources[operation.id]
    symbol = operation.label
    if len(operands) == 2 and not symbol.isidentifier():
        sign = (spoken and symbol in SIGNS and SIGNS[symbol].spoken) or symbol
        return f" {sign} ".join(graph[operand].name for operand in operands)
    if spoken:
        return f"{symbol} of {_names(graph, operands)}"
    function, _, given = symbol.removesuffix(")").partition("(")
    return f"{function}({', '.join(filter(None, [_names(graph, operands), given]))})"


def _names(graph: Graph, ids: tuple[str, ...]) -> str:
    names = [graph[id_].name for id_ in ids[:_NAMES]]
    return ", ".join([*names, "and more"] if len(ids) > _NAMES else names)
