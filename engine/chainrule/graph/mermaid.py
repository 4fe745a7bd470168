"""A graph as Mermaid text that Mermaid 11 and 12 read alike. Needs no NumPy.

Labels are the users' own text, and Mermaid reads HTML, Markdown, icons, entities and whole statements even
inside quotes. So every character but a short list is written as a numeric entity.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal

from chainrule.errors import GraphTooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chainrule.graph.graph import Graph
    from chainrule.graph.node import Kind, Node

Direction = Literal["LR", "TB"]

MAX_EDGES = 500
MAX_CHARACTERS = 50_000

_SHAPES: dict[Kind, tuple[str, str]] = {
    "input": ("([", "])"),
    "parameter": ("[[", "]]"),
    "constant": ("(", ")"),
    "interior": ("[", "]"),
    "output": ("[", "]"),
    "operation": ("((", "))"),
    "layer": ("[", "]"),
    "fold": ("{{", "}}"),
}
_STYLES: dict[Kind, str] = {
    "constant": "stroke-dasharray:4 3",
    "output": "stroke-width:3px",
    "fold": "stroke-dasharray:8 3",
}
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ,=+()/-")
_KEPT_CATEGORIES = "LNSM"
_ARROW = " -> "
_LIST_MARKER = re.compile(r"([-+]|\d+)(?=[ .)])")
_DIRECTION = re.compile(r"(direction)(\s)", re.IGNORECASE)
_DECIMAL_POINT = re.compile(r"(?<=\d)\.(?=\d)")


def to_mermaid(graph: Graph, direction: Direction = "LR") -> str:
    """Return a graph as Mermaid text, from left to right or from top to bottom.

    Examples:
        >>> from chainrule.graph import Graph, Node
        >>> print(to_mermaid(Graph((Node("v1", "input", "a", 2.0, -3.0),), ())), end="")
        graph LR
            accTitle: Computation graph of a
            accDescr: a is 2, gradient -3.
            v1(["a -> data 2 -> grad -3"])
    """
    lines = [
        f"accTitle: {_prose(graph.title)}",
        f"accDescr: {_prose(graph.description)}",
        *map(_node, graph.nodes),
        *(f"{edge.source} --> {edge.target}" for edge in graph.edges),
        *_classes(graph),
    ]
    text = f"graph {direction}\n" + "".join(f"    {line}\n" for line in lines)
    characters = len(text.encode("utf-16-le")) // 2
    if len(graph.edges) > MAX_EDGES or characters > MAX_CHARACTERS:
        raise GraphTooLargeError(
            f"this graph has {len(graph.edges)} edges and {characters} characters as Mermaid text, and "
            f"Mermaid draws no more than {MAX_EDGES} and {MAX_CHARACTERS}; take to_dot(), or a coarser zoom",
        )
    return text


def quoted(text: str) -> str:
    """Return text as a Mermaid label that shows exactly that text.

    Examples:
        >>> quoted('x[0] -> "2"')
        '"x#91;0#93; -> #34;2#34;"'
    """
    return f'"{"".join(_escaped(text)) or "#160;"}"'


def _escaped(text: str) -> Iterator[str]:
    marker = _LIST_MARKER.match(text)
    listed = marker.end() if marker else 0
    points = {match.start() for match in _DECIMAL_POINT.finditer(text)}
    points |= {match.start() + 2 for match in re.finditer(_ARROW, text)}
    spaces = {match.start(2) for match in _DIRECTION.finditer(text)}
    for index, character in enumerate(text):
        if character == "\n":
            yield "<br/>"
        elif index < listed + bool(listed) or index in spaces:
            yield _entity(" " if character == "\t" else character)
        else:
            yield character if index in points else _character(character)


def _character(character: str) -> str:
    if character in _PLAIN:
        return character
    if character == "\t":
        return " "
    category = unicodedata.category(character)
    if category in {"Cc", "Cs"}:
        return "\N{REPLACEMENT CHARACTER}"
    kept = character > "\xa0" and category[0] in _KEPT_CATEGORIES and character not in "¶ßﬂ°"
    return character if kept else _entity(character)


def _entity(character: str) -> str:
    return f"#{ord(character)};"


def _node(node: Node) -> str:
    opening, closing = _SHAPES[node.kind]
    return f"{node.id}{opening}{quoted(str(node))}{closing}"


def _classes(graph: Graph) -> Iterator[str]:
    """Yield a class for each kind that its shape alone does not tell."""
    for kind, style in _STYLES.items():
        if ids := [node.id for node in graph.nodes if node.kind == kind]:
            yield f"classDef {kind} {style}"
            yield f"class {','.join(ids)} {kind}"


def _prose(text: str) -> str:
    """Return text for accTitle and accDescr, which know no entities: what is special becomes a space."""
    words = "".join(_spoken(character) for character in text)
    return _DIRECTION.sub(r"\1-", " ".join(words.split())) or "graph"


def _spoken(character: str) -> str:
    plain = character in _PLAIN or character in ".:*[]" or character > "\xa0"
    said = plain and character not in "¶ßﬂ°" and unicodedata.category(character)[0] != "C"
    return character if said else " "
