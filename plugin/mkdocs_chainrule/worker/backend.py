"""The Matplotlib backend of a worker: `plt.show()` shows the open figures in the block's output."""

from __future__ import annotations

from typing import Any

from matplotlib.backend_bases import FigureManagerBase

from mkdocs_chainrule.worker import display
from mkdocs_chainrule.worker.plots.canvas import Canvas


class FigureManager(FigureManagerBase):
    """What pyplot keeps for each open figure."""

    @classmethod
    def pyplot_show(cls, *_: Any, **__: Any) -> None:
        """Show every open figure, and close it."""
        display.show_open_figures()

    def show(self) -> None:
        """Show this figure, and close it: `fig.show()`."""
        display.show(self.canvas.figure)

    def destroy(self) -> None:
        """Leave the figure its canvas: a program may go on with what it has shown."""


class FigureCanvas(Canvas):
    """What pyplot draws on."""

    manager_class = FigureManager
