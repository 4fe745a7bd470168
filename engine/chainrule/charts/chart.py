"""A chart that is pushed to, point by point, and remembers how it grew."""

from __future__ import annotations

from itertools import accumulate
from operator import or_
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import tables
from chainrule.charts.replay import ChartLayer, Panel, Replay, thinned
from chainrule.charts.style import role
from chainrule.errors import ChartError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.figure import Figure

    from chainrule.charts.replay import Mark

_MOST_FRAMES = 60
_MOST_POINTS = 1000


class Chart:
    """A chart that grows with each `push`; a page shows how it ended, or plays how it got there.

    Without `points` and `lines` it has one line. A layer whose name tells what it is has the colour of that
    in every plot: "data" and "target" that of text, the latter dashed, "model" and "loss" `C0`, "slope" and
    "gradient" `C1`, "derivative" `C2`. The only layer of points is data.

    Examples:
        >>> chart = Chart("x", "y", points="data", lines="model")
        >>> for i in range(3):
        ...     chart.push(x=i, y=2 * i, layer="data")
        >>> chart.push_many([0, 2], [0, 4], layer="model")
        >>> chart
        Chart(y over x: 3 data, 2 model)
    """

    def __init__(
        self,
        x: str = "x",
        y: str = "y",
        *,
        title: str = "",
        points: str | Iterable[str] = (),
        lines: str | Iterable[str] = (),
    ) -> None:
        """Name the axes and the layers.

        Args:
            x: Name of the horizontal axis.
            y: Name of the vertical axis.
            title: Above the chart.
            points: Names of the layers drawn as points.
            lines: Names of the layers drawn as lines, in front of the points.
        """
        self.x, self.y, self.title = x, y, title
        marks: dict[str, Mark] = dict.fromkeys(_names(points), "points")
        self.marks = marks | dict.fromkeys(_names(lines), "line") or {"": "line"}
        self._points: dict[str, list[tuple[float, float]]] = {name: [] for name in self.marks}
        self._pushes: list[dict[str, tuple[int, int]]] = []  # the span of a layer that is seen from then on

    def push(self, x: float, y: float, *, layer: str | None = None, window: int | None = None) -> None:
        """Add a point.

        Args:
            x: Position.
            y: Height.
            layer: Which layer, if not the first.
            window: Show no more than this many of the layer's points, dropping the oldest.

        Raises:
            ChartError: The chart has no such layer, or these are no numbers.
        """
        self.push_many([x], [y], layer=layer, window=window)

    def push_many(
        self, x: Iterable[float], y: Iterable[float], *, layer: str | None = None, window: int | None = None
    ) -> None:
        """Add several points at once: one frame of the replay. Arguments are as for `push`."""
        name = next(iter(self.marks)) if layer is None else layer
        if name not in self.marks:
            raise ChartError(
                f"This chart has no layer {name!r}, but {', '.join(map(repr, self.marks))}. "
                f"Name its layers when you make it: Chart(points={name!r}) or Chart(lines={name!r})."
            )
        try:
            xs, ys = (np.asarray(numbers, dtype=float).ravel() for numbers in (x, y))
        except (TypeError, ValueError) as error:
            raise ChartError(f"A chart's points are numbers ({error}): push where each stands.") from None
        if len(xs) != len(ys):
            raise ChartError(f"{len(xs)} positions and {len(ys)} heights were pushed: give as many of each.")
        points = self._points[name]
        points.extend(zip(xs.tolist(), ys.tolist(), strict=True))
        self._pushes.append({name: (max(0, len(points) - window) if window else 0, len(points))})

    def plot(self) -> Figure:
        """Return the chart as it is now, as a Matplotlib figure."""
        return self.replay().plot()

    def replay(self) -> Replay:
        """Return how the chart grew: a frame for each push, thinned to 60 if there are more."""
        states = list(accumulate(self._pushes, or_, initial=dict.fromkeys(self.marks, (0, 0))))
        frames = [states[i] for i in thinned(len(states), _MOST_FRAMES)]
        layers = [self._layer(name, [frame[name] for frame in frames]) for name in self.marks]
        counts = [sum(end - start for start, end in frame.values()) for frame in frames]
        return Replay(
            [Panel(self.x, self.y, layers)],
            [f"{count} point{'s' * (count != 1)}" for count in counts],
            self.title,
        )

    def _layer(self, name: str, spans: list[tuple[int, int]]) -> ChartLayer:
        kept = thinned(len(self._points[name]), _MOST_POINTS)
        x, y = zip(*(self._points[name][i] for i in kept), strict=True) if kept else ((), ())
        ends: Any = np.searchsorted(kept, spans)
        seen = [(int(start), int(end)) for start, end in ends]
        alone = self.marks[name] == "points" and list(self.marks.values()).count("points") == 1
        return ChartLayer(
            name, self.marks[name], x, y, spans=seen, role=role(name) or ("data" if alone else "")
        )

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(points)} {name or 'points'}" for name, points in self._points.items())
        return f"Chart({self.y} over {self.x}: {counts})"

    def _repr_mimebundle_(self, **wanted: Any) -> dict[str, Any]:
        """Show the chart: a replay, its final picture, or in words."""
        return self.replay().bundle(repr(self), self._markdown(), **wanted)

    def _markdown(self) -> str:
        rows = [(name, x, y) for name, points in self._points.items() for x, y in points]
        shown = [
            (name, tables.number(x, 6), tables.number(y, 6))
            for name, x, y in (rows[i] for i in thinned(len(rows), 20))
        ]
        return tables.markdown(("layer", self.x, self.y), shown, "<<<")


def _names(names: str | Iterable[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)
