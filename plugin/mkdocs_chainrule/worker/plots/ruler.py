"""How large texts are: as in the pixels of a saved figure, so that a page's layout is that figure's."""

from __future__ import annotations

import unicodedata
from typing import Any

from matplotlib.backends.backend_agg import RendererAgg

from mkdocs_chainrule.worker.plots.svg import PIXELS

_WIDE = 0.4  # of a size, by which a wide character is wider than the sign for one that a font lacks


class Ruler(RendererAgg):
    """Agg's renderer in points, by which texts have the size that they have in a page's pixels.

    Agg fits letters to pixels, so texts are not of the same size at every resolution.

    Args:
        width: Of what it draws, in points.
        height: Likewise.
    """

    def __init__(self, width: float = 1, height: float = 1) -> None:
        super().__init__(width, height, 72)  # type: ignore[no-untyped-call]  # Matplotlib's
        self._in_pixels: Any = RendererAgg(1, 1, PIXELS)  # type: ignore[no-untyped-call]

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        """Return the size of a line of text, with room for what the reader's fonts show."""
        measured = self._in_pixels.get_text_width_height_descent(s, prop, ismath)
        width, height, descent = (side * 72 / PIXELS for side in measured)
        return width + _wider(s, prop.get_size()), height, descent


def _wider(text: str, size: float) -> float:
    """Return by how much text is wider than it is measured, in characters that Matplotlib's fonts lack."""
    if text.isascii():
        return 0.0
    return _WIDE * size * sum(unicodedata.east_asian_width(char) in "WF" for char in text)
