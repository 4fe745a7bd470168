"""The canvas of figures: Agg's, for programs that read pixels; it knows when a page's picture is drawn."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from matplotlib.backends.backend_agg import FigureCanvasAgg

from mkdocs_chainrule.worker.plots.ruler import Ruler

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.figure import Figure


class Canvas(FigureCanvasAgg):
    """A canvas that can be told that its figure is saved: then animated artists are drawn, too."""

    _drawn_for_a_page = False
    _ruler: Ruler | None = None

    def get_renderer(self) -> RendererAgg:
        """Return what layouts measure texts by, while the figure is drawn for a page; else Agg's renderer."""
        if not self._drawn_for_a_page:
            return super().get_renderer()  # type: ignore[no-untyped-call, no-any-return]  # Matplotlib's
        if self._ruler is None:
            self._ruler = Ruler(*self.figure.bbox.size)
        return self._ruler

    def is_saving(self) -> bool:
        """Tell whether the figure is drawn to be kept."""
        return self._drawn_for_a_page or super().is_saving()

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Let the figure know that it is saved."""
        self._drawn_for_a_page = True
        try:
            yield
        finally:
            self._drawn_for_a_page = False
            self._ruler = None


@contextmanager
def saved(figure: Figure) -> Iterator[None]:
    """Let a figure know that it is saved, on its own canvas if it is one of ours: programs compare them."""
    canvas = figure.canvas
    ours = canvas if isinstance(canvas, Canvas) else Canvas(figure)  # which is from now on the figure's
    try:
        with ours.saving():
            yield
    finally:
        if figure.canvas is not canvas:
            figure.set_canvas(canvas)
