"""How large texts are: as in a saved figure, with room for signs that only a reader's fonts have."""

from __future__ import annotations

import unicodedata
from typing import Any

from matplotlib.backends.backend_agg import RendererAgg

from mkdocs_chainrule.worker.plots.units import INCH, POINT

_WIDE = 0.4  # of a size, by which a wide character is wider than the sign for one that a font lacks


class Ruler(RendererAgg):
    """Agg's renderer, by which texts are measured.

    Args:
        width: Of what it draws.
        height: Likewise.
    """

    def __init__(self, width: float = 1, height: float = 1) -> None:
        begin: Any = super().__init__  # Matplotlib says no types of it
        begin(width, height, INCH)

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        """Return the size of a line of text, with room for what the reader's fonts show."""
        measure: Any = super().get_text_width_height_descent
        width, height, descent = measure(s, prop, ismath)
        return width + _wider(s, prop.get_size() * POINT), height, descent


def _wider(text: str, size: float) -> float:
    """Return by how much text is wider than it is measured, in characters that Matplotlib's fonts lack."""
    if text.isascii():
        return 0.0
    return _WIDE * size * sum(unicodedata.east_asian_width(char) in "WF" for char in text)
