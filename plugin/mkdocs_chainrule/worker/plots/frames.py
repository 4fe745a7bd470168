"""An animation as some of its frames, drawn as figures are and cut alike."""

from __future__ import annotations

from contextlib import suppress
from math import inf
from typing import TYPE_CHECKING, Any

from matplotlib.animation import AbstractMovieWriter
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.transforms import Bbox

from mkdocs_chainrule.worker.plots.alt import describe
from mkdocs_chainrule.worker.plots.drawing import Drawn, drawn

if TYPE_CHECKING:
    from matplotlib.animation import Animation
    from matplotlib.figure import Figure

MOST = 30  # frames that are kept, evenly spread, the last one among them
_ENDLESS = 1000  # frames of an animation that does not say how many it has


class _Enough(Exception):  # noqa: N818 - it is no error
    """Ends what has no end."""


class _Still(FigureCanvasBase):
    """A canvas that draws nothing: after each frame Matplotlib asks for it."""


class Film(AbstractMovieWriter):
    """What an animation is saved by: it keeps frames, and writes no file.

    Args:
        most: How many frames it takes.
    """

    def __init__(self, most: float) -> None:
        self._most = most
        self.count = 0
        self._step = 1
        self._kept: dict[int, Drawn] = {}
        self._last: Drawn | None = None

    def setup(self, fig: Figure, outfile: Any, dpi: float | None = None) -> None:  # noqa: ARG002 - Matplotlib's signature
        """Know the figure."""
        self.fig = fig
        self._canvas = fig.canvas
        _Still(fig)  # is from now on the figure's

    def grab_frame(self, **_: Any) -> None:
        """Draw a frame, if it may be one of those that are kept."""
        number, self.count = self.count, self.count + 1
        self._last = None if number % self._step else drawn(self.fig)  # the last of all is drawn at the end
        if self._last:
            self._kept[number] = self._last
        if len(self._kept) > MOST:
            self._step *= 2
            self._kept = {number: frame for number, frame in self._kept.items() if number % self._step == 0}
        if self.count >= self._most:
            raise _Enough

    def finish(self) -> None:
        """Keep the last frame, too: the figure as it is, if there are none."""
        self.fig.set_canvas(self._canvas)
        self.count = max(self.count, 1)
        self._kept[self.count - 1] = self._last or drawn(self.fig)

    def frames(self) -> tuple[list[int], list[str]]:
        """Return the numbers of the frames that are kept, from 1, and the frames as SVG of one size."""
        box = Bbox.union([frame.box for frame in self._kept.values()])
        return [number + 1 for number in self._kept], [frame.svg(box) for frame in self._kept.values()]


def film(animation: Animation) -> tuple[Figure, dict[str, Any], str]:
    """Return an animation's figure, its frames as JSON data, and what the last one shows in words."""
    # Which has no getter; Matplotlib asks for frames for ever where nobody said how many there are.
    is_endless = getattr(animation, "_save_count", 0) is None
    writer = Film(_ENDLESS if is_endless else inf)
    with suppress(_Enough):
        animation.save("frames", writer=writer)
    numbers, frames = writer.frames()
    data = {"version": 1, "count": writer.count, "numbers": numbers, "frames": frames}
    return writer.fig, data, describe(writer.fig)
