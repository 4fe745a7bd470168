"""A graph as SVG: positions from a layout engine, everything else ours.

Colours are CSS custom properties in presentation attributes, so one drawing follows light and dark, and a
strict content security policy needs no exception. Edges stand in the order of the graph's. A node is a group
that has its id.
"""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from mkdocs_chainrule.errors import LayoutError
from mkdocs_chainrule.show.layout import layout
from mkdocs_chainrule.show.markup import LEGIBLE, escape, strut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chainrule.graph import Graph, Kind, Node
    from mkdocs_chainrule.show.layout import Layout, Point, Size

_FONT = 12
_LINE = 15
_PADDING = 8
_MARGIN = 6
_GAP = 3  # below the line under a name
_ROUND = 28  # the diameter of an operation
_LONGEST = 36  # characters of a row
_COLUMN = 900  # pixels: no theme's text is wider
_NARROW = frozenset("iljtfrI.,:;'|![]() ")
_WIDE = frozenset("mwMW@%")


class _Look(NamedTuple):
    """How a kind of node is told apart, by shape as well as by colour."""

    corner: int
    colours: str


def _colours(fill: str, stroke: str, extra: str = "") -> str:
    return f'fill="var(--chainrule-{fill})" stroke="var(--chainrule-{stroke})"{extra}'


_LOOKS: dict[Kind, _Look] = {
    "input": _Look(14, _colours("node", "accent")),
    "parameter": _Look(0, _colours("node", "3")),
    "constant": _Look(7, _colours("quiet", "soft", ' stroke-dasharray="4 3"')),
    "interior": _Look(3, _colours("node", "accent")),
    "output": _Look(3, _colours("node", "5", ' stroke-width="3"')),
    "operation": _Look(_ROUND // 2, _colours("quiet", "soft")),
    "layer": _Look(3, _colours("node", "accent")),
    "fold": _Look(3, _colours("quiet", "accent", ' stroke-dasharray="8 3"')),
}


class _Box(NamedTuple):
    """A node where it stands: its middle, in whole pixels."""

    node: Node
    rows: tuple[str, ...]
    x: int
    y: int
    width: int
    height: int

    @property
    def left(self) -> int:
        return self.x - self.width // 2

    @property
    def top(self) -> int:
        return self.y - self.height // 2


def draw(graph: Graph, prefix: str, name: str) -> str | None:
    """Return a graph as SVG that a narrow page may shrink a little; None if no layout engine placed it.

    Every id starts with the prefix, which is unique wherever the drawing stands.
    """
    try:
        boxes, placed = _place(graph)
    except LayoutError:
        return None
    return _write(graph, boxes, placed, prefix, name) + strut(_least_width(placed))


def svg(graph: Graph, prefix: str, name: str = "") -> str:
    """Return a graph as SVG, called by the name or else by its own title.

    Raises:
        LayoutError: if no layout engine placed it in time.
    """
    return _write(graph, *_place(graph), prefix, name or graph.title)


def _place(graph: Graph) -> tuple[list[_Box], Layout]:
    rows = {node.id: _rows(node) for node in graph.nodes}
    sizes = {node.id: _size(node, rows[node.id]) for node in graph.nodes}
    placed = layout(graph, sizes)
    where = {id_: map(round, (*middle, *sizes[id_])) for id_, middle in placed.nodes.items()}
    return [_Box(node, rows[node.id], *where[node.id]) for node in graph.nodes], placed


def _write(graph: Graph, boxes: Sequence[_Box], placed: Layout, prefix: str, name: str) -> str:
    return (
        f"{_head(graph, placed, name)}{''.join(_layers(boxes))}{_edges(placed, prefix)}"
        f"{''.join(_nodes(boxes, prefix))}</svg>"
    )


def _least_width(placed: Layout) -> int:
    """Return how far a page may shrink the drawing: until its text is 11 px high, if that may be enough."""
    width = _outer(placed.width)
    least = -(-width * LEGIBLE // _FONT)
    return least if least <= _COLUMN else width


def _rows(node: Node) -> tuple[str, ...]:
    """Return what the node shows, a line each; what is cut is whole in the tooltip."""
    return tuple(row if len(row) <= _LONGEST else f"{row[: _LONGEST - 1]}…" for row in node.parts)


def _size(node: Node, rows: tuple[str, ...]) -> Size:
    bold = _width(rows[0]) // 12 if node.title else 0
    width = max(bold + _width(rows[0]), *map(_width, rows)) + 2 * _PADDING
    if node.kind == "operation":
        return max(width, _ROUND), _ROUND
    height = _LINE * len(rows) + _PADDING + _GAP * _is_ruled(node, rows)
    return max(width, 40) + 8 * (node.kind == "parameter"), height


def _is_ruled(node: Node, rows: Sequence[str]) -> bool:
    """Tell whether a line parts the name from the numbers."""
    return bool(node.title) and len(rows) > 1


def _width(text: str) -> int:
    """Return the room that text takes in any font that a theme is likely to have."""
    return sum(map(_advance, text))


def _advance(character: str) -> int:
    if character in _NARROW:
        return 4
    if unicodedata.east_asian_width(character) in "WF":
        return 13
    if unicodedata.combining(character):
        return 0
    return 9 if character.isupper() or character in _WIDE else 7


def _head(graph: Graph, placed: Layout, name: str) -> str:
    width, height = _outer(placed.width), _outer(placed.height)
    return (
        f'<svg role="img" aria-label="{escape(name)}"'
        f' viewBox="{-_MARGIN} {-_MARGIN} {width} {height}" width="{width}" height="{height}"'
        f' font-size="{_FONT}" text-anchor="middle"><desc>{escape(graph.description)}</desc>'
    )


def _outer(length: float) -> int:
    return round(length) + 2 * _MARGIN


def _layers(boxes: Sequence[_Box]) -> Iterator[str]:
    """Yield a frame around the nodes of each layer, with its name."""
    for name in dict.fromkeys(box.node.group for box in boxes if box.node.group):
        inside = [box for box in boxes if box.node.group == name]
        left, top = min(box.left for box in inside) - 8, min(box.top for box in inside) - 8 - _LINE
        width = max(box.left + box.width for box in inside) + 8 - left
        height = max(box.top + box.height for box in inside) + 8 - top
        yield (
            f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="6" fill="none"'
            f' stroke="var(--chainrule-grid)"/><text x="{left + 8}" y="{top + _LINE}" text-anchor="start">'
            f"{escape(name)}</text>"
        )


def _edges(placed: Layout, prefix: str) -> str:
    paths = "".join(f'<path d="{_path(points)}"/>' for points in placed.edges)
    return (
        f'<marker id="{prefix}-arrow" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"'
        f' markerUnits="userSpaceOnUse">'
        f'<path d="M0 1l8 3-8 3z" fill="var(--chainrule-soft)"/></marker>'
        f'<g fill="none" stroke="var(--chainrule-soft)" marker-end="url(#{prefix}-arrow)">{paths}</g>'
    )


def _path(points: Sequence[Point]) -> str:
    """Return a spline in whole pixels, each piece relative to where the one before ended."""
    start, *rest = [(round(x), round(y)) for x, y in points]
    path, (x, y) = f"M{start[0]} {start[1]}", start
    for index in range(0, len(rest), 3):
        piece = [(to_x - x, to_y - y) for to_x, to_y in rest[index : index + 3]]
        moves = piece[2:] if _is_straight(piece) else piece
        path += ("l" if len(moves) == 1 else "c") + " ".join(f"{dx} {dy}" for dx, dy in moves)
        x, y = rest[index + 2]
    return path.replace(" -", "-")


def _is_straight(piece: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a curve's controls lie on the line to its end, but for what nobody sees."""
    *controls, (x, y) = piece
    length = math.hypot(x, y)
    return all(abs(dx * y - dy * x) <= length and 0 <= dx * x + dy * y <= length**2 for dx, dy in controls)


def _nodes(boxes: Sequence[_Box], prefix: str) -> Iterator[str]:
    """Yield the nodes, those of the same colours in a group that carries them."""
    for colours in dict.fromkeys(look.colours for look in _LOOKS.values()):
        alike = [_node(box, prefix) for box in boxes if _LOOKS[box.node.kind].colours == colours]
        if alike:
            yield f"<g {colours}>{''.join(alike)}</g>"


def _node(box: _Box, prefix: str) -> str:
    """Return a node, drawn around its own middle: so nodes of one size are alike, and pages compress well."""
    return (
        f'<g id="{prefix}-{box.node.id}" transform="translate({box.x} {box.y})">'
        f"{_tooltip(box)}{_outline(box)}{''.join(_texts(box))}</g>"
    )


def _outline(box: _Box) -> str:
    left, top = box.left - box.x, box.top - box.y
    size = f'width="{box.width}" height="{box.height}" rx="{_LOOKS[box.node.kind].corner}"'
    behind = f'<rect x="{left + 4}" y="{top - 4}" {size}/>' if box.node.count > 1 else ""
    return f'{behind}<rect x="{left}" y="{top}" {size}/>{_lines(box, left, top)}'


def _lines(box: _Box, left: int, top: int) -> str:
    """Return the line between name and numbers, and the bars at the sides of a parameter."""
    rule = f"M{left} {top + _LINE + 5}h{box.width}" if _is_ruled(box.node, box.rows) else ""
    bars = f"M{left + 4} {top}v{box.height}m{box.width - 8} 0v{-box.height}"
    path = rule + bars if box.node.kind == "parameter" else rule
    return f'<path d="{path}"/>' if path else ""


def _tooltip(box: _Box) -> str:
    """Return numbers in full, and what was cut; nothing where the node shows as much."""
    numbers = {"data": box.node.data, "grad": box.node.grad}
    full = [f"{name} {number}" for name, number in numbers.items() if isinstance(number, float)]
    more = [text for text in (*box.node.parts, *full) if text.removesuffix(".0") not in box.rows]
    return f"<title>{escape(', '.join(more))}</title>" if more else ""


def _texts(box: _Box) -> Iterator[str]:
    """Yield the rows of a node. Their colours are in the style sheet: the group's are those of outlines."""
    node, rows = box.node, box.rows
    ruled = _is_ruled(node, rows)
    baseline = 4 - (_LINE * (len(rows) - 1) + _GAP * ruled) // 2
    for number, row in enumerate(rows):
        look = ""
        baseline += _LINE * (number > 0) + _GAP * (ruled and number == 1)
        if number == 0 and node.title and node.kind != "operation":
            look = ' font-weight="600"'
        elif number == len(rows) - 1 and node.grad is not None:
            look = ' class="grad"'
        yield f'<text y="{baseline}"{look}>{escape(row)}</text>'
