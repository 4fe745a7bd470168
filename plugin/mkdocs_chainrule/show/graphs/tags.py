"""The numbers by which words call values without a name, drawn beside these: where no node and no edge is.

The page's script draws them likewise where it explains (`labels.js`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdocs_chainrule.show.graphs.values import origins_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from chainrule.graph import Graph
    from mkdocs_chainrule.show.graphs.boxes import Box
    from mkdocs_chainrule.show.graphs.layout import Layout, Point

    Area = tuple[float, float, float, float]  # left, top, right, bottom

_LETTER, _HIGH, _FOOT = 6, 9, 2  # pixels of its text, which is of 10 px
_APART = 5
_SHEET = 4  # by which the sheet behind a node that stands for several sticks out
_PARTS = 8  # in which a piece of an edge is looked at


def tags(graph: Graph, boxes: Sequence[Box], placed: Layout, margin: float) -> Iterator[str]:
    """Yield a text for each value that is called by its number, or by that behind a name that others have."""
    called, _ = origins_of(graph)
    own = {name: f"#{name[1:]}" for name in called}
    numbers = {name: own[name] for name, text in called.items() if text.endswith(own[name])}
    if not numbers:
        return
    taken = [_area(box) for box in boxes] + [(x, y, x, y) for edge in placed.edges for x, y in _along(edge)]
    room = -margin, -margin, placed.width + margin, placed.height + margin
    for box in boxes:
        if text := numbers.get(box.node.id):
            spots = ((spot, _text_area(*spot, text)) for spot in _spots(box, text))
            (x, y), area = min(spots, key=lambda spot: _touched(spot[1], taken, room))
            taken.append(area)
            yield f'<text class="chainrule-tag" x="{x:g}" y="{y:g}">{text}</text>'


def _spots(box: Box, text: str) -> Iterable[Point]:
    """Return where the middle of a text's foot may be, the best first."""
    half = len(text) * _LETTER / 2
    left, top, right, bottom = _area(box)
    above, below = top - 4, bottom + 2 + _HIGH
    beside = box.y + 4
    return (
        (left + half, above),
        (right - half, above),
        (left + half, below),
        (right - half, below),
        (right + half + _APART, beside),
        (left - half - _APART, beside),
    )


def _text_area(x: float, y: float, text: str) -> Area:
    half = len(text) * _LETTER / 2
    return x - half, y - _HIGH, x + half, y + _FOOT


def _area(box: Box) -> Area:
    sheet = _SHEET * (box.node.count > 1)
    return box.left, box.top - sheet, box.left + box.width + sheet, box.top + box.height


def _touched(area: Area, taken: Iterable[Area], room: Area) -> int:
    """Return how much lies in an area; what leaves the picture counts as the most."""
    left, top, right, bottom = area
    is_cut = left < room[0] or top < room[1] or right > room[2] or bottom > room[3]
    return 99 * is_cut + sum(a < right and c > left and b < bottom and d > top for a, b, c, d in taken)


def _along(edge: Sequence[Point]) -> Iterator[Point]:
    """Yield points of a cubic spline."""
    start, *rest = edge
    for index in range(0, len(rest), 3):
        piece = (start, *rest[index : index + 3])
        for part in range(_PARTS + 1):
            share = part / _PARTS
            weights = (1 - share) ** 3, 3 * share * (1 - share) ** 2, 3 * share**2 * (1 - share), share**3
            yield (
                sum(weight * x for weight, (x, _) in zip(weights, piece, strict=True)),
                sum(weight * y for weight, (_, y) in zip(weights, piece, strict=True)),
            )
        start = rest[index + 2]
