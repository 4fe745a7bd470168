"""A computation graph as plain data: what is drawn, stored and read back.

Values, constants and operations are each a node. Nothing here needs NumPy, so that a build which runs no
code can still draw.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

from chainrule.errors import GraphTooLargeError
from chainrule.graph import words
from chainrule.graph.dot import to_dot
from chainrule.graph.mermaid import Direction, to_mermaid
from chainrule.graph.node import Edge, Node, node_data, node_from, refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Zoom = Literal["scalar", "tensor", "layer"]
ZOOMS: tuple[Zoom, ...] = get_args(Zoom)
MIME = "application/vnd.chainrule.graph+json"
VERSION = 2
"""Version 1 gave each formula as LaTeX too; it is still read."""


@dataclass(frozen=True)
class Graph:
    """A tape as plain data.

    Attributes:
        nodes: In tape order, operands before what is made of them.
        edges: In the order of their targets, and for one target in the order of its operands. An operand
            that is used twice has two edges.
        zoom: "scalar", "tensor" or "layer".
        program: What recomputes a graph of numbers, gradients included (see `program.py`), or None.
        gradients_of: What the gradients are of, by name; empty if they are the output's, or there are none.
        zooms: The same at other zooms, for a page to switch to; not in its JSON.

    Examples:
        >>> graph = Graph((Node("v1", "input", "a", 2.0),), ())
        >>> Graph.from_json(graph.to_json()) == graph
        True
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    zoom: Zoom = "tensor"
    program: Mapping[str, Any] | None = None
    gradients_of: str = ""
    zooms: tuple[Graph, ...] = field(default=(), compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def __getitem__(self, id: str) -> Node:  # noqa: A002 - the node's own word for it
        return self._by_id[id]

    def __str__(self) -> str:
        return words.listing(self)

    @cached_property
    def _by_id(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def sources(self) -> dict[str, tuple[str, ...]]:
        """For each node the nodes that its edges come from, in order."""
        sources: dict[str, list[str]] = {node.id: [] for node in self.nodes}
        for edge in self.edges:
            sources[edge.target].append(edge.source)
        return {id_: tuple(found) for id_, found in sources.items()}

    @property
    def title(self) -> str:
        """A name for the whole drawing."""
        return words.title(self)

    @property
    def description(self) -> str:
        """The values and gradients in order, in words."""
        return words.description(self)

    def to_mermaid(self, direction: Direction = "LR") -> str:
        """Return the graph as Mermaid text, for Mermaid 11 and 12.

        Args:
            direction: "LR", from left to right, or "TB", from top to bottom.

        Raises:
            GraphTooLargeError: if Mermaid would refuse to draw it.
        """
        return to_mermaid(self, direction)

    def to_dot(self) -> str:
        """Return the graph as DOT text, for Graphviz."""
        return to_dot(self)

    def to_json(self) -> str:
        """Return the graph as JSON text."""
        return json.dumps(self.to_data(), allow_nan=False, ensure_ascii=False, separators=(",", ":"))

    def to_data(self) -> dict[str, Any]:
        """Return the graph as JSON data, which is what its MIME type holds."""
        table: dict[tuple[str, ...], int] = {}
        data: dict[str, Any] = {
            "version": VERSION,
            "zoom": self.zoom,
            "nodes": [node_data(node, table) for node in self.nodes],
            "edges": [[edge.source, edge.target] for edge in self.edges],
        }
        if table:
            data["formulas"] = [list(row) for row in table]
        if self.gradients_of:
            data["gradients_of"] = self.gradients_of
        return data if self.program is None else {**data, "program": self.program}

    @classmethod
    def from_json(cls, text: str) -> Graph:
        """Return the graph that `to_json` wrote.

        Raises:
            GraphFormatError: if the text is no graph, or of a newer version.
        """
        try:
            data = json.loads(text)
        except ValueError as error:
            raise refused(f"it is not JSON ({error})") from error
        return cls.from_data(data)

    @classmethod
    def from_data(cls, data: Any) -> Graph:
        """Return the graph that `to_data` wrote.

        Raises:
            GraphFormatError: if the data is no graph, or of a newer version.
        """
        if not isinstance(data, dict) or data.get("version") not in (1, VERSION):
            found = data.get("version") if isinstance(data, dict) else data
            raise refused(f"its version is {found!r}, and this chainrule reads version {VERSION}")
        try:
            table = [tuple(map(_formula, row)) for row in data.get("formulas", [])]
            nodes = tuple(node_from(node, table) for node in data["nodes"])
            edges = tuple(Edge(source, target) for source, target in data["edges"])
            of = str(data.get("gradients_of", ""))
            graph = cls(nodes, edges, data["zoom"], data.get("program"), of)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            raise refused(f"a part is missing or of another type ({error!r})") from error
        _check(graph)
        return graph

    def _repr_mimebundle_(self, **_: Any) -> Any:
        return mimebundle(self, str(self))


def mimebundle(graph: Graph, plain: str) -> Any:
    """Return a graph in every form that a notebook or the plugin knows, `plain` being its text.

    With other zooms it is a pair, as the protocol has it: the forms, and what is said about them.
    """
    bundle = {MIME: graph.to_data(), "text/plain": plain}
    with suppress(GraphTooLargeError):
        bundle["text/markdown"] = f"```mermaid\n{graph.to_mermaid()}```\n"
    others = [other.to_data() for other in graph.zooms]
    return (bundle, {"chainrule": {"zooms": others}}) if others else bundle


def _formula(form: str | list[str]) -> str:
    return str(form[0] if isinstance(form, list) else form)


def _check(graph: Graph) -> None:
    order = {node.id: number for number, node in enumerate(graph.nodes)}
    if len(order) < len(graph.nodes):
        raise refused("two nodes have the same id")
    if graph.zoom not in ZOOMS:
        raise refused(f"its zoom {graph.zoom!r} is not one of {', '.join(ZOOMS)}")
    for edge in graph.edges:
        if not order.get(edge.source, len(order)) < order.get(edge.target, -1):
            raise refused(f"the edge {edge.source} -> {edge.target} does not go from node to later node")
