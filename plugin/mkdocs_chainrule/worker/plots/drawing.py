"""A Matplotlib figure drawn once, as `savefig(bbox_inches="tight")` draws it: as SVG, cut to what is seen."""

from __future__ import annotations

import gc
import re
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import matplotlib as mpl
import numpy as np

from mkdocs_chainrule.worker.plots.canvas import saved
from mkdocs_chainrule.worker.plots.renderer import Renderer
from mkdocs_chainrule.worker.plots.units import INCH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

_MOST = 600_000  # bytes of a figure, past which all that lies within its axes becomes pixels
_SOME = 12  # of the signs that no font has, which are told
_MISSING = re.compile(r"Glyph (\d+) .* missing from (?:font\(s\)|current font)")


class Drawing(NamedTuple):
    """A figure as SVG, and what its author should know of it."""

    svg: str
    remarks: tuple[str, ...]


def draw(figure: Figure) -> Drawing:
    """Return a figure as SVG, whose bytes repeat from build to build."""
    with _missing_glyphs() as missing:
        svg = drawn(figure).svg()
        if len(svg) > _MOST:
            svg = drawn(figure, coarse=True).svg()
    return Drawing(svg, tuple(_missing(missing)))


def _missing(signs: list[str]) -> Iterator[str]:
    if signs:
        some = "".join(dict.fromkeys(signs))[:_SOME]
        yield f"Matplotlib's fonts lack {some}: it is left to the reader's, and its width is a guess"


class Drawn(NamedTuple):
    """A figure that was drawn, and the part of it that holds what is seen."""

    renderer: Renderer
    box: Bbox

    def svg(self, box: Bbox | None = None) -> str:
        """Return it as SVG, cut to what is seen or to another box."""
        return self.renderer.svg(box or self.box)


def drawn(figure: Figure, *, coarse: bool = False) -> Drawn:
    """Draw a figure once.

    Args:
        figure: It is as it was afterwards: an author may draw it again.
        coarse: Whether all that lies within axes becomes pixels, but what takes few bytes.
    """
    dpi = figure.dpi
    with saved(figure), _no_collection():
        figure.dpi = INCH
        try:
            renderer = Renderer(figure, dpi, coarse=coarse)
            figure.draw(renderer)
            renderer.letter_effects()
            return Drawn(renderer, _seen(figure, renderer))
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


@contextmanager
def _missing_glyphs() -> Iterator[list[str]]:
    """Give the signs that no font of Matplotlib's has; other warnings stay warnings."""
    missing: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield missing
    for warning in caught:
        if match := _MISSING.match(str(warning.message)):
            missing += filter(str.isprintable, chr(int(match[1])))
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
