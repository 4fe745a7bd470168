"""A Matplotlib figure drawn as SVG, in the page's sentinel colours, with room for its labels.

Matplotlib's constrained layout measures all text twice and solves for the margins of a grid. With one axes
there is nothing to solve: the margins are what its labels take. A fifth of a small plot's time is saved.
"""

from __future__ import annotations

import gc
import io
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.layout_engine import ConstrainedLayoutEngine

from mkdocs_chainrule.session import palette

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_POINTS = 72  # dots per inch of SVG
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
_LEAST = 0.1  # of the figure's width or height has to be left for the axes


def svg(figure: Figure) -> str:
    """Return a figure as SVG, whose bytes repeat from build to build."""
    text = io.StringIO()
    with _as_it_is(figure), _no_collection():
        _clear_images(figure)
        figure.dpi = _POINTS
        if _make_room(figure):
            figure.set_layout_engine("none")
        _draw(figure, text)
    return text.getvalue()


class _Renderer(RendererSVG):
    """Writes SVG whose ids are counted.

    Matplotlib's are digests of all digits of a place, of which the last differ from build to build where a
    layout engine found it.
    """

    def __init__(self, *about: Any, **more: Any) -> None:
        self._ids = count(1)
        super().__init__(*about, **more)  # type: ignore[no-untyped-call]  # Matplotlib has no types for it

    def _make_id(self, kind: str, _: object) -> str:
        return (
            f"{kind}.{next(self._ids)}"  # a dot, since no name of an author's element is likely to have one
        )


def _draw(figure: Figure, text: io.StringIO) -> None:
    """Draw a figure once: `savefig` draws twice where there is a layout engine."""
    FigureCanvasSVG(figure)  # is from now on the figure's
    width, height = figure.get_size_inches()
    points = width * _POINTS, height * _POINTS
    vectors = _Renderer(*points, text, image_dpi=_POINTS, metadata=_NO_METADATA)
    renderer: Any = MixedModeRenderer(figure, width, height, _POINTS, vectors)  # type: ignore[no-untyped-call]  # the same
    figure.draw(renderer)
    renderer.finalize()


def _clear_images(figure: Figure) -> None:
    """Take the theme's grid off axes that hold an image, over which it would lie; an author's own stays."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis) if axes.images else ():
            if any(line.get_color() == palette.GRID for line in axis.get_gridlines()):
                axis.grid(visible=False)


@contextmanager
def _as_it_is(figure: Figure) -> Iterator[None]:
    """Give a figure back what drawing it changes: it may be an author's to draw again."""
    canvas, dpi, engine = figure.canvas, figure.dpi, figure.get_layout_engine()
    try:
        yield
    finally:
        figure.set_canvas(canvas)
        figure.dpi = dpi
        figure.set_layout_engine(engine)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Look for no garbage: a drawing is many objects, and all live as long as the figure."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _make_room(figure: Figure) -> bool:
    """Make room for the labels, and tell whether that was possible: else it is up to the layout engine."""
    engine = figure.get_layout_engine()
    if not isinstance(engine, ConstrainedLayoutEngine) or not _is_simple(figure):
        return False
    axes = figure.axes[0]
    position = _position(figure, axes, engine.get())
    if min(position[2:]) < _LEAST:
        return False
    axes.set_position(position)
    axes.set_in_layout(True)  # which setting a position ends; the figure may be drawn again
    return True


def _is_simple(figure: Figure) -> bool:
    """Tell whether there is one axes, in a grid of one, and nothing around it."""
    if len(figure.axes) != 1 or figure.subfigs or figure.texts or figure.legends:
        return False
    axes = figure.axes[0]
    cell = axes.get_subplotspec()
    alone = cell is not None and cell.get_gridspec().get_geometry() == (1, 1)
    return alone and axes.get_visible() and axes.get_in_layout() and not axes.child_axes


def _position(figure: Figure, axes: Axes, padding: dict[str, Any]) -> tuple[float, float, float, float]:
    """Return where the axes goes, as left, bottom, width and height in parts of the figure's."""
    renderer = RendererAgg(1, 1, figure.dpi)  # type: ignore[no-untyped-call]  # only to measure text; Matplotlib has no types for it
    outer, inner = axes.get_tightbbox(renderer, for_layout_only=True), axes.bbox
    assert outer is not None  # it is None for axes that are not to be seen
    width, height = figure.get_size_inches() * figure.dpi
    side, end = (padding[name] * figure.dpi for name in ("w_pad", "h_pad"))
    left = (inner.x0 - outer.x0 + side) / width
    right = (outer.x1 - inner.x1 + side) / width
    bottom = (inner.y0 - outer.y0 + end) / height
    top = (outer.y1 - inner.y1 + end) / height
    return left, bottom, 1 - left - right, 1 - bottom - top
