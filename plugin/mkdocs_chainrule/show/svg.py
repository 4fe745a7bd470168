"""A graph as SVG: positions from a layout engine, everything else ours.

Colours are CSS custom properties in presentation attributes, so one drawing follows light and dark, and a
strict content security policy needs no exception. Edges and texts stand in the order of the graph's edges and
nodes; the outline of a node has its id.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from mkdocs_chainrule.errors import LayoutError
from mkdocs_chainrule.show.fold import fold
from mkdocs_chainrule.show.layout import layout
from mkdocs_chainrule.show.markup import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chainrule.graph import Graph, Kind, Node
    from mkdocs_chainrule.show.layout import Layout, Point, Size

_FONT = 12
_LINE = 15
_PADDING = 8
_MARGIN = 6
_ROUND = 28  # the diameter of an operation
_LONGEST = 36  # characters of a row
_NARROW = frozenset("iljtfrI.,:;'|![]() ")
_WIDE = frozenset("mwMW@%")


class _Look(NamedTuple):
    """How a kind of node is told apart, by shape as well as by colour."""

    fill: str
    stroke: str
    corner: int
    extra: str = ""


_LOOKS: dict[Kind, _Look] = {
    "input": _Look("node", "accent", 14),
    "parameter": _Look("node", "3", 0),
    "constant": _Look("quiet", "soft", 7, ' stroke-dasharray="4 3"'),
    "interior": _Look("node", "accent", 3),
    "output": _Look("node", "2", 3, ' stroke-width="2.5"'),
    "operation": _Look("quiet", "soft", _ROUND // 2),
    "layer": _Look("node", "accent", 3),
    "fold": _Look("quiet", "accent", 3, ' stroke-dasharray="8 3"'),
}


class _Box(NamedTuple):
    """A node where it stands: its upper left corner, in whole pixels."""

    node: Node
    rows: tuple[str, ...]
    x: int
    y: int
    width: int
    height: int


def draw(graph: Graph, prefix: str) -> str | None:
    """Return a graph, long sums and repetitions folded, as SVG; None if no layout engine placed it."""
    try:
        return svg(fold(graph), prefix)
    except LayoutError:
        return None


def svg(graph: Graph, prefix: str) -> str:
    """Return a graph as SVG.

    Args:
        graph: What to draw.
        prefix: Start of every id; unique for each place where the drawing stands.

    Raises:
        LayoutError: if no layout engine placed it in time.
    """
    rows = {node.id: _rows(node) for node in graph.nodes}
    sizes = {node.id: _size(node, rows[node.id]) for node in graph.nodes}
    placed = layout(graph, sizes)
    boxes = [_box(node, rows[node.id], placed.nodes[node.id], sizes[node.id]) for node in graph.nodes]
    return (
        f"{_head(graph, placed, prefix)}{''.join(_layers(boxes))}{_edges(placed, prefix)}"
        f"{''.join(_outlines(boxes, prefix))}{_texts(boxes)}</svg>"
    )


def _rows(node: Node) -> tuple[str, ...]:
    """Return what the node shows, a line each; what is cut is whole in the tooltip."""
    return tuple(row if len(row) <= _LONGEST else f"{row[: _LONGEST - 1]}…" for row in node.parts)


def _size(node: Node, rows: tuple[str, ...]) -> Size:
    width = max(map(_width, rows)) + 2 * _PADDING
    if node.kind == "operation":
        return max(width, _ROUND), _ROUND
    return max(width, 40) + 8 * (node.kind == "parameter"), _LINE * len(rows) + _PADDING


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


def _box(node: Node, rows: tuple[str, ...], middle: Point, size: Size) -> _Box:
    (x, y), (width, height) = middle, size
    return _Box(node, rows, round(x - width / 2), round(y - height / 2), round(width), round(height))


def _head(graph: Graph, placed: Layout, prefix: str) -> str:
    width, height = round(placed.width) + 2 * _MARGIN, round(placed.height) + 2 * _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{prefix}-title {prefix}-words"'
        f' viewBox="{-_MARGIN} {-_MARGIN} {width} {height}" width="{width}" height="{height}"'
        f' font-size="{_FONT}" text-anchor="middle">'
        f'<title id="{prefix}-title">{escape(graph.title)}</title>'
        f'<desc id="{prefix}-words">{escape(graph.description)}</desc>'
    )


def _layers(boxes: Sequence[_Box]) -> Iterator[str]:
    """Yield a frame around the nodes of each layer, with its name."""
    for name in dict.fromkeys(box.node.group for box in boxes if box.node.group):
        inside = [box for box in boxes if box.node.group == name]
        left, top = min(box.x for box in inside) - 8, min(box.y for box in inside) - 8 - _LINE
        width = max(box.x + box.width for box in inside) + 8 - left
        height = max(box.y + box.height for box in inside) + 8 - top
        yield (
            f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="6" fill="none"'
            f' stroke="var(--chainrule-grid)"/><text x="{left + 8}" y="{top + _LINE}" text-anchor="start"'
            f' fill="var(--chainrule-soft)">{escape(name)}</text>'
        )


def _edges(placed: Layout, prefix: str) -> str:
    paths = "".join(f'<path d="{_path(points)}"/>' for points in placed.edges)
    return (
        f'<marker id="{prefix}-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"'
        f' markerUnits="userSpaceOnUse" orient="auto">'
        f'<path d="M0 1L8 4L0 7z" fill="var(--chainrule-soft)"/></marker>'
        f'<g fill="none" stroke="var(--chainrule-soft)" marker-end="url(#{prefix}-arrow)">{paths}</g>'
    )


def _path(points: tuple[Point, ...]) -> str:
    """Return a spline in whole pixels, each piece relative to where the one before ended."""
    whole = [(round(x), round(y)) for x, y in points]
    x, y = whole[0]
    moves = []
    for place in range(1, len(whole), 3):
        moves += [f"{to_x - x} {to_y - y}" for to_x, to_y in whole[place : place + 3]]
        x, y = whole[place + 2]
    return f"M{whole[0][0]} {whole[0][1]}c{' '.join(moves).replace(' -', '-')}"


def _outlines(boxes: Sequence[_Box], prefix: str) -> Iterator[str]:
    """Yield the nodes' outlines, those of one kind in a group that carries their colours."""
    for kind, look in _LOOKS.items():
        alike = [_outline(box, look.corner, prefix) for box in boxes if box.node.kind == kind]
        if alike:
            colours = f'fill="var(--chainrule-{look.fill})" stroke="var(--chainrule-{look.stroke})"'
            yield f"<g {colours}{look.extra}>{''.join(alike)}</g>"


def _outline(box: _Box, corner: int, prefix: str) -> str:
    id_, tooltip, lines = f'id="{prefix}-{box.node.id}"', _tooltip(box), _lines(box)
    size = f'width="{box.width}" height="{box.height}" rx="{corner}"'
    front = f'x="{box.x}" y="{box.y}" {size}'
    if box.node.count == 1 and not lines:
        return f"<rect {id_} {front}>{tooltip}</rect>" if tooltip else f"<rect {id_} {front}/>"
    behind = f'<rect x="{box.x + 4}" y="{box.y - 4}" {size}/>' if box.node.count > 1 else ""
    return f"<g {id_}>{tooltip}{behind}<rect {front}/>{lines}</g>"


def _lines(box: _Box) -> str:
    """Return the line between label and numbers, and the bars at the sides of a parameter."""
    rule = f"M{box.x} {box.y + _LINE + 4}h{box.width}" if box.node.title and len(box.rows) > 1 else ""
    bars = (
        f"M{box.x + 4} {box.y}v{box.height}m{box.width - 8} 0v{-box.height}"
        if box.node.kind == "parameter"
        else ""
    )
    return f'<path d="{rule}{bars}"/>' if rule or bars else ""


def _tooltip(box: _Box) -> str:
    """Return numbers in full, and a label that was cut; nothing where the node shows as much."""
    node = box.node
    numbers = [
        (name, number) for name, number in (("data", node.data), ("grad", node.grad)) if number is not None
    ]
    full = [node.label, *(f"{name} {number}" for name, number in numbers)]
    more = [text for text in full if text.strip() and text.removesuffix(".0") not in box.rows]
    return f"<title>{escape(', '.join(more))}</title>" if more else ""


def _texts(boxes: Sequence[_Box]) -> str:
    texts = "".join(map(_text, boxes))
    return f'<g fill="var(--chainrule-ink)" pointer-events="none">{texts}</g>'


def _text(box: _Box) -> str:
    x = box.x + box.width // 2
    y = box.y + (box.height - _LINE * (len(box.rows) - 1)) // 2 + 4
    first, *others = map(escape, box.rows)
    more = "".join(f'<tspan x="{x}" dy="{_LINE}">{row}</tspan>' for row in others)
    return f'<text x="{x}" y="{y}">{first}{more}</text>'
