"""A Matplotlib backend that draws by Agg, and gives a recorder the figures that are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

receivers: list[Callable[[Figure], None]] = []
"""Where figures go: to the last of them."""


def show(figure: Figure) -> None:
    """Record a figure that has anything to see, and close it."""
    import matplotlib.pyplot as plt

    if any(artist is not figure.patch for artist in figure.get_children()):
        receivers[-1](figure)
    plt.close(figure)


def show_open_figures() -> None:
    """Record the figures that are open."""
    import matplotlib.pyplot as plt

    for number in plt.get_fignums():
        show(plt.figure(number))


class FigureManager(FigureManagerBase):
    """What pyplot keeps for each open figure."""

    @classmethod
    def pyplot_show(cls, *_: object, **__: object) -> None:
        show_open_figures()

    def show(self) -> None:
        show(self.canvas.figure)


class FigureCanvas(FigureCanvasAgg):
    """Agg's canvas."""

    manager_class = FigureManager
