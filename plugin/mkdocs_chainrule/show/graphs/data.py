"""A graph as the page's script reads it: what each node is, and why its gradient is what it is.

    {"n": [["v1", [], "a", 2.0, 6.0], ["o4", [0, 1], "*", 0, [-3.0, 2.0], 0], ["v4", [2], "e", -6.0, -2.0]],
     "s": [["{1}", "{0}"]], "p": [{"name": "multiply", "vjps": [...]}], "of": "L"}

A value has its id, what it comes from (by number), its name, number and gradient; an operation its id, its
operands, its sign, its slopes (by their number in "s", or null), its factors, and its function in the program
(by its number in "p", or nothing). A sign may have gaps for operands, `sum({0}, axis=0)`. Where arrays take
part a factor is what `Terms` in the engine holds: axes, lengths, factor, and how broadcasting repeated the
operand; or only where its numbers went. An array is `{"s": shape, "r": its range in words, "n": numbers, "t":
rows and columns of averages}`. "of" names what the gradients are of, if that is not the last node; "w" has
the parameters, by number, where there is a program.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from chainrule.graph import Summary
from mkdocs_chainrule.show.graphs.boxes import spread
from mkdocs_chainrule.show.graphs.values import applied, is_sum, name_of
from mkdocs_chainrule.show.markup import held

if TYPE_CHECKING:
    from chainrule.graph import Graph, Terms


def data(graph: Graph, **more: Any) -> str:
    """Return the element that holds a graph's data, and what else the script is to know."""
    return held(as_data(graph) | more)


def as_data(graph: Graph) -> dict[str, Any]:
    """Return a graph as JSON data for the page.

    Examples:
        >>> from chainrule.graph import Edge, Graph, Node
        >>> a, twice = Node("v1", "input", "a", 2.0), Node("o2", "operation", "+", slopes=("1", "1"))
        >>> as_data(Graph((a, twice), (Edge("v1", "o2"), Edge("v1", "o2"))))["n"]
        [['v1', [], 'a', 2.0, None], ['o2', [0, 0], '+', 0, []]]
    """
    numbers = {node.id: number for number, node in enumerate(graph)}
    rows: dict[tuple[str, ...], int] = {}
    functions = {step[0]: step[1] for step in graph.program["steps"]} if graph.program else {}
    nodes = []
    for node in graph:
        sources = [numbers[source] for source in graph.sources[node.id]]
        if node.kind != "operation":
            nodes.append([node.id, sources, name_of(node), _quantity(node.data), _quantity(node.grad)])
            continue
        row = rows.setdefault(node.slopes, len(rows)) if node.slopes else None
        factors: list[Any] = [None if factor is None else _number(factor) for factor in node.factors]
        factors = factors or [None if each is None else _terms(each) for each in node.terms]
        made = functions.get(f"v{node.id[1:]}")
        nodes.append(
            [
                node.id,
                sources,
                _sign(node.label, len(sources)),
                row,
                factors,
                *([] if made is None else [made]),
            ]
        )
    held: dict[str, Any] = {"n": nodes, "s": [list(row) for row in rows]}
    if graph.program:
        held["p"] = graph.program["operations"]
        if parameters := [numbers[node.id] for node in graph if node.kind == "parameter"]:
            held["w"] = parameters
    return {**held, "of": graph.gradients_of} if graph.gradients_of else held


def _sign(label: str, count: int) -> str:
    """Return an operation's label; with gaps where operands stand otherwise than by a sign or in a call."""
    gaps = [f"{{{place}}}" for place in range(count)]
    if is_sum(label, count):
        return " + ".join(gaps)
    return applied(label, gaps) if "(" in label and count else label


def _quantity(data: float | Summary | None) -> Any:
    if not isinstance(data, Summary):
        return None if data is None else _number(data)
    told = {"n": [*map(_number, data.numbers)], "t": list(data.tile)}
    return {"s": list(data.shape), "r": spread(data), **{name: each for name, each in told.items() if each}}


def _terms(terms: Terms) -> list[Any]:
    if terms.moved:
        return [list(terms.moved)]
    factor = terms.factor
    told = [*map(_number, factor)] if isinstance(factor, tuple) else factor
    return [
        terms.axes,
        list(terms.lengths),
        _number(told) if isinstance(told, float) else told,
        *(terms.repeated or ()),
    ]


def _number(number: float) -> float | str:
    return number if math.isfinite(number) else str(number)
