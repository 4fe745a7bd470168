"""A graph as SVG: positions from a layout engine, everything else ours.

Colours are CSS custom properties in presentation attributes, so one drawing follows light and dark, and a
strict content security policy needs no exception. Lengths of the whole are in `em`, so that a picture grows
with the reader's font. Edges stand in the order of the graph's. A node is a group that has its id.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from mkdocs_chainrule.show.graphs.boxes import GAP, LINE, PAPER, ROUND, Box, hides, is_ruled, told
from mkdocs_chainrule.show.graphs.tags import tags
from mkdocs_chainrule.show.markup import LEGIBLE, escape, strut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chainrule.graph import Graph, Kind
    from mkdocs_chainrule.show.graphs.layout import Layout, Point

_FONT = 12
_MARGIN = 6
_NARROWEST = 264  # pixels: no frame of a page on a phone is narrower
_TALLEST = 1190  # pixels: a frame's 1,200, but for its padding and a scroll bar


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
    "operation": _Look(ROUND // 2, _colours("quiet", "soft")),
    "layer": _Look(3, _colours("node", "accent")),
    "fold": _Look(3, _colours("quiet", "accent", ' stroke-dasharray="8 3"')),
}


def write(
    graph: Graph, boxes: Sequence[Box], placed: Layout, prefix: str, name: str, *, has_tags: bool = False
) -> str:
    """Return a graph as SVG, called by a name. Every id starts with the prefix."""
    beside = "".join(tags(graph, boxes, placed, _MARGIN)) if has_tags else ""
    return (
        f"{_head(graph, placed, name)}{''.join(_layers(boxes))}{''.join(_sheets(boxes))}"
        f"{_edges(graph, boxes, placed, prefix)}"
        f"{''.join(_nodes(boxes, prefix))}{beside}</g></svg>"
    )


def narrowed(placed: Layout) -> str:
    """Return what stands beside a drawing, so that a page shrinks it until its text is 11 px, and no more."""
    least = least_width(placed)
    return strut(em(least)) if least > _NARROWEST else ""


def least_width(placed: Layout) -> int:
    """Return the width, in pixels, down to which a drawing may shrink."""
    return -(-outer(placed.width) * LEGIBLE // _FONT)


def em(pixels: float) -> str:
    """Return a length that grows with the reader's font."""
    return f"{round(pixels / _FONT, 1):g}em"


def _head(graph: Graph, placed: Layout, name: str) -> str:
    width, height = outer(placed.width), outer(placed.height)
    scale = _scale(height)
    return (
        f'<svg role="img" aria-label="{escape(name)}"'
        f' viewBox="{-_MARGIN} {-_MARGIN} {width} {height}"'
        f' width="{em(width * scale)}" height="{em(height * scale)}">'
        f'<desc>{escape(graph.description)}</desc><g font-size="{_FONT}" text-anchor="middle">'
    )


def _scale(height: int) -> float:
    """Return how much smaller a drawing's text is, so that one a little taller than its frame is whole."""
    scale = _TALLEST / height
    return scale if LEGIBLE / _FONT <= scale < 1 else 1


def outer(length: float) -> int:
    """Return a drawing's width or height with its margins."""
    return round(length) + 2 * _MARGIN


def _layers(boxes: Sequence[Box]) -> Iterator[str]:
    """Yield a frame around the nodes of each layer, with its name."""
    for name in dict.fromkeys(box.node.group for box in boxes if box.node.group):
        inside = [box for box in boxes if box.node.group == name]
        left, top = min(box.left for box in inside) - 8, min(box.top for box in inside) - 8 - LINE
        width = max(box.left + box.width for box in inside) + 8 - left
        height = max(box.top + box.height for box in inside) + 8 - top
        yield (
            f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="6" fill="none"'
            f' stroke="var(--chainrule-grid)"/><text x="{left + 8}" y="{top + LINE}" text-anchor="start">'
            f"{escape(name)}</text>"
        )


def _sheets(boxes: Sequence[Box]) -> Iterator[str]:
    """Yield what lies behind a node that stands for several, and below the edges, which end at the node."""
    for box in boxes:
        if box.node.count > 1:
            look = _LOOKS[box.node.kind].colours
            yield f'<rect x="{box.left + 4}" y="{box.top - 4}" {_size(box)} {look}/>'


def _size(box: Box) -> str:
    return f'width="{box.width}" height="{box.height}" rx="{_LOOKS[box.node.kind].corner}"'


def _edges(graph: Graph, boxes: Sequence[Box], placed: Layout, prefix: str) -> str:
    where = {box.node.id: box for box in boxes}
    begun = (
        _from_within(where[edge.source], points)
        for edge, points in zip(graph.edges, placed.edges, strict=True)
    )
    paths = "".join(f'<path d="{_path(points)}"/>' for points in begun)
    return (
        f'<marker id="{prefix}-arrow" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"'
        f' markerUnits="userSpaceOnUse">'
        f'<path d="M0 1l8 3-8 3z" fill="var(--chainrule-soft)"/></marker>'
        f'<g fill="none" stroke="var(--chainrule-soft)" marker-end="url(#{prefix}-arrow)">{paths}</g>'
    )


def _from_within(box: Box, points: Sequence[Point]) -> list[tuple[int, int]]:
    """Begin a straight edge below the middle of its node, so that a round corner leaves no gap."""
    start, *rest = [(round(x), round(y)) for x, y in points]
    moves = [(x - start[0], y - start[1]) for x, y in rest]
    return [(box.x, box.y) if len(rest) == 3 and _is_straight(moves) else start, *rest]


def _path(points: Sequence[tuple[int, int]]) -> str:
    """Return a spline, each piece relative to where the one before ended."""
    (x, y), *rest = points
    path = f"M{x} {y}"
    for index in range(0, len(rest), 3):
        piece = [(to_x - x, to_y - y) for to_x, to_y in rest[index : index + 3]]
        path += _line(*piece[2]) if _is_straight(piece) else "c" + " ".join(f"{dx} {dy}" for dx, dy in piece)
        x, y = rest[index + 2]
    return path.replace(" -", "-")


def _line(dx: int, dy: int) -> str:
    return f"h{dx}" if dy == 0 else f"v{dy}" if dx == 0 else f"l{dx} {dy}"


def _is_straight(piece: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a curve's controls lie on the line to its end, but for what nobody sees."""
    *controls, (x, y) = piece
    length = math.hypot(x, y)
    return all(abs(dx * y - dy * x) <= length and 0 <= dx * x + dy * y <= length**2 for dx, dy in controls)


def _nodes(boxes: Sequence[Box], prefix: str) -> Iterator[str]:
    """Yield the nodes, those of the same colours in a group that carries them."""
    for colours in dict.fromkeys(look.colours for look in _LOOKS.values()):
        alike = [_node(box, prefix) for box in boxes if _LOOKS[box.node.kind].colours == colours]
        if alike:
            yield f"<g {colours}>{''.join(alike)}</g>"


def _node(box: Box, prefix: str) -> str:
    """Return a node, drawn around its own middle: so nodes of one size are alike, and pages compress well."""
    return (
        f'<g id="{prefix}-{box.node.id}" transform="translate({box.x} {box.y})">'
        f"{_tooltip(box)}{_outline(box)}{''.join(_texts(box))}</g>"
    )


def _outline(box: Box) -> str:
    if box.node.kind == "operation" and box.width == box.height:
        return f'<circle r="{box.width // 2}"/>'
    left, top = box.left - box.x, box.top - box.y
    size = _size(box)
    return f'<rect x="{left}" y="{top}" {size}/>{_lines(box, left, top)}'


def _lines(box: Box, left: int, top: int) -> str:
    """Return the line between name and numbers, and the bars at the sides of a parameter."""
    rule = f"M{left} {top + LINE + 5}h{box.width}" if is_ruled(box.node, box.rows) else ""
    bars = f"M{left + 4} {top}v{box.height}m{box.width - 8} 0v{-box.height}"
    path = rule + bars if box.node.kind == "parameter" else rule
    return f'<path d="{path.replace(" -", "-")}"/>' if path else ""


def _tooltip(box: Box) -> str:
    """Return the numbers in full, and what was cut; nothing where the node shows as much."""
    return f"<title>{escape(told(box.node))}</title>" if hides(box.node) else ""


def _texts(box: Box) -> Iterator[str]:
    """Yield the rows of a node. Their colours are in the style sheet: the group's are those of outlines."""
    node, rows = box.node, box.rows
    if rows == (PAPER["*"],):  # which is small
        yield f'<text y="7" font-size="22">{rows[0]}</text>'
        return
    ruled = is_ruled(node, rows)
    baseline = 4 - (LINE * (len(rows) - 1) + GAP * ruled) // 2
    for number, row in enumerate(rows):
        look = ""
        baseline += LINE * (number > 0) + GAP * (ruled and number == 1)
        if number == 0 and node.title and node.kind != "operation":
            look = ' font-weight="600"'
        elif number == len(rows) - 1 and node.grad is not None:
            look = ' class="grad"'
        yield f'<text y="{baseline}"{look}>{escape(row)}</text>'
