"""The drawings of a graph: from left to right and from top to bottom, and which of them a page shows.

A small graph that is wider than a phone stands in the page both ways, and the width of the frame chooses:
by a container query in the style sheet, in steps, so that nothing is inline and no script is needed. A larger
graph takes the narrower form.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from mkdocs_chainrule.errors import LayoutError
from mkdocs_chainrule.show.graphs import boxes
from mkdocs_chainrule.show.graphs.layout import TIME_LIMIT, Asked, layouts
from mkdocs_chainrule.show.graphs.svg import least_width, narrowed, outer, write
from mkdocs_chainrule.show.markup import element
from mkdocs_chainrule.show.settings import left

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chainrule.graph import Graph
    from chainrule.graph.mermaid import Direction
    from mkdocs_chainrule.show.graphs.layout import Layout

_TOGETHER = 0.9  # of the time for all graphs of an item, in which one process may place them all
BOTH_WAYS = 60  # nodes up to which a graph may stand in the page twice
_PHONE = 300  # pixels: what is no wider stands from left to right
_STEPS = (26, 28, 30, 32, 34, 36, 38, 40, 44, 48, 52, 57, 60, 68, 76)  # in em, as in the style sheet
_PAPER = (640, 900)  # pixels of a page of paper, within its margins
_LEAST_ON_PAPER = 7 / 9  # of 12 px, which are 9 pt


class Request(NamedTuple):
    """A graph to be drawn: its prefix for ids, its name, its possible directions, and whether with tags."""

    graph: Graph
    prefix: str
    name: str
    directions: tuple[Direction, ...] = ("LR", "TB")
    has_tags: bool = False


class Picture(NamedTuple):
    """A graph as HTML; and whether a page of paper holds it at a size that can be read."""

    html: str
    fits_paper: bool


class _Drawing(NamedTuple):
    """A graph, placed in one direction."""

    request: Request
    direction: Direction
    rows: dict[str, tuple[str, ...]]
    sizes: dict[str, tuple[float, float]]
    placed: Layout

    @property
    def width(self) -> int:
        return outer(self.placed.width)

    @property
    def fits_paper(self) -> bool:
        width, height = _PAPER
        scale = min(width / self.width, height / outer(self.placed.height))
        return scale >= _LEAST_ON_PAPER

    def html(self, class_: str = "") -> str:
        # The wider of two is never seen where it would have to shrink too far.
        least = "" if "chainrule-lr" in class_ else narrowed(self.placed)
        return element("div", self.svg(), least, class_=f"chainrule-picture {class_}".rstrip())

    def svg(self) -> str:
        graph, prefix, name, _, has_tags = self.request
        where = {id_: map(round, (*middle, *self.sizes[id_])) for id_, middle in self.placed.nodes.items()}
        standing = [boxes.Box(node, self.rows[node.id], *where[node.id]) for node in graph.nodes]
        prefix = f"{prefix}-tb" if self.direction == "TB" else prefix
        return write(graph, standing, self.placed, prefix, name, has_tags=has_tags)


def pictures(requests: Sequence[Request]) -> list[Picture | None]:
    """Return the graphs as HTML that a narrow page may shrink a little; None for what nobody could place."""
    asked = [(request, way) for request in requests for way in request.directions]
    drawn = iter(list(_drawings(asked)))
    return [_picture([next(drawn) for _ in request.directions]) for request in requests]


def svg(graph: Graph, prefix: str, name: str = "", direction: Direction = "LR") -> str:
    """Return a graph as SVG, called by the name or else by its own title.

    Raises:
        LayoutError: if no layout engine placed it in time.
    """
    [drawing] = _placed([(Request(graph, prefix, name or graph.title), direction)], TIME_LIMIT)
    return drawing.svg()


def _drawings(asked: Sequence[tuple[Request, Direction]]) -> Iterator[_Drawing | None]:
    """Yield each graph placed, all by one process; if that fails, each by its own, in what time is left."""
    seconds = left(TIME_LIMIT)
    end = monotonic() + seconds
    try:
        yield from _placed(asked, _TOGETHER * seconds)
    except LayoutError:
        for number, each in enumerate(asked):
            own = (end - monotonic()) / (len(asked) - number)
            try:
                yield from _placed([each], own) if len(asked) > 1 and own > 0 else [None]
            except LayoutError:
                yield None


def _placed(asked: Sequence[tuple[Request, Direction]], seconds: float) -> list[_Drawing]:
    rows = [{node.id: boxes.rows(node) for node in request.graph} for request, _ in asked]
    sizes = [
        {node.id: boxes.size(node, own[node.id]) for node in request.graph}
        for (request, _), own in zip(asked, rows, strict=True)
    ]
    found = layouts([Asked(r.graph, own, way) for (r, way), own in zip(asked, sizes, strict=True)], seconds)
    return [
        _Drawing(request, way, *parts)
        for (request, way), parts in zip(asked, zip(rows, sizes, found, strict=True), strict=True)
    ]


def _picture(drawings: Sequence[_Drawing | None]) -> Picture | None:
    """Choose among the directions that could be placed."""
    able = [drawing for drawing in drawings if drawing is not None]
    if not able:
        return None
    fits_paper = any(drawing.fits_paper for drawing in able)
    first, narrow = able[0], min(able, key=lambda drawing: drawing.width)
    if narrow is first or first.width <= _PHONE:
        return Picture(first.html(), fits_paper)
    step = _step(first)
    if len(first.request.graph) > BOTH_WAYS or step is None:
        return Picture(narrow.html(), fits_paper)
    both = first.html(f"chainrule-lr chainrule-w{step}") + narrow.html(f"chainrule-tb chainrule-w{step}")
    return Picture(both, fits_paper)


def _step(wide: _Drawing) -> int | None:
    """Return the frame's width, in em, from which the wider form fits; None if no theme's text has it."""
    least = least_width(wide.placed) / 12
    return next((step for step in _STEPS if step >= least), None)
