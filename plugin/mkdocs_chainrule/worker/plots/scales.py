"""The colours that a figure's scales give: those of data, which mean what they mean in either scheme."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.collections import Collection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.figure import Figure


class Scales:
    """The collections of a figure whose colours a colormap gives."""

    def __init__(self, figure: Figure) -> None:
        self._figure = figure

    def give(self, arguments: Iterable[Any]) -> bool:
        """Tell whether colours among a drawing method's arguments come from a colormap."""
        colours = [each for each in arguments if isinstance(each, np.ndarray) and each.shape[-1:] == (4,)]
        return any(_gives(artist, each) for artist in self._mapped for each in colours if len(each))

    @cached_property
    def _mapped(self) -> list[Any]:
        found = self._figure.findobj(Collection)
        # Contours in colours that an author named have an array as well.
        return [each for each in found if _array(each) is not None and getattr(each, "colors", None) is None]


def _array(artist: Any) -> Any:
    return artist.get_array()


def _gives(artist: Any, colours: Any) -> bool:
    return any(
        np.size(own) == colours.size and np.array_equal(np.reshape(own, colours.shape), colours)
        for own in (artist.get_facecolor(), artist.get_edgecolor())
    )
