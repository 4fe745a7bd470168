"""A Matplotlib figure drawn once, as `savefig(bbox_inches="tight")` draws it: as SVG, cut to what is seen."""

from __future__ import annotations

import gc
import re
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg

from mkdocs_chainrule.worker.plots.renderer import MOST, Renderer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

_POINTS = 72  # dots per inch of SVG
_MOST = 600_000  # bytes of a figure, past which smaller marks become pixels too
_COARSE = 12_000  # of one mark, then
_MISSING = re.compile(r"Glyph \d+ .* missing from (?:font\(s\)|current font)")


class Drawing(NamedTuple):
    """A figure as SVG, and what its author should know of it."""

    svg: str
    remarks: tuple[str, ...]


def draw(figure: Figure) -> Drawing:
    """Return a figure as SVG, whose bytes repeat from build to build."""
    with _as_it_is(figure), _no_collection(), _missing_glyphs() as missing:
        svg = _drawn(figure, MOST)
        if len(svg) > _MOST:
            svg = _drawn(figure, _COARSE)
    remark = f"Matplotlib has no font for {missing[0]}: the reader's fonts show it" if missing else ""
    return Drawing(svg, (remark,) if remark else ())


def _drawn(figure: Figure, most: int) -> str:
    dpi = figure.dpi
    figure.dpi = _POINTS
    try:
        renderer = Renderer(figure, dpi, most)
        figure.draw(renderer)
        return renderer.svg(_seen(figure, renderer))
    finally:
        figure.dpi = dpi


def _seen(figure: Figure, renderer: Renderer) -> Bbox:
    """Return the part of a figure that holds all that was drawn, with the margin that `savefig` gives it."""
    box = figure.get_tightbbox(renderer)
    if not np.isfinite(box.extents).all() or not box.width or not box.height:
        box = figure.bbox_inches
    padding: Any = mpl.rcParams["savefig.pad_inches"]
    if padding == "layout":
        padding = 0.1
    return box.padded(padding).transformed(figure.dpi_scale_trans)


class _Canvas(FigureCanvasAgg):
    """The canvas of a figure that is saved: animated artists are drawn on it."""

    def is_saving(self) -> bool:
        """Tell artists so."""
        return True


@contextmanager
def _as_it_is(figure: Figure) -> Iterator[None]:
    """Let a figure know that it is saved, and give it back what that changes: an author may draw it again."""
    canvas = figure.canvas
    _Canvas(figure)  # is from now on the figure's
    try:
        yield
    finally:
        figure.set_canvas(canvas)


@contextmanager
def _missing_glyphs() -> Iterator[list[str]]:
    """Give the signs that no font of Matplotlib's has; other warnings stay warnings."""
    missing: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield missing
    for warning in caught:
        text = str(warning.message)
        if _MISSING.match(text):
            missing.append(text.removeprefix("Glyph ").split(" missing")[0])
        else:
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)


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
