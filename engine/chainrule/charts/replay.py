"""What changes while a program runs, as plain data: panels of layers, and the frames they went through.

`Chart` and `History` record into this one form. It is drawn here by Matplotlib in its final state, and played
by whoever reads `application/vnd.chainrule.replay+json`:

    {"version": 1, "title": "", "frames": ["step 0", ...], "panels": [
        {"x": "x", "y": "f(x)", "log": false, "static": true, "layers": [
            {"name": "data", "mark": "points", "x": [...], "y": [...]},
            {"name": "model", "mark": "line", "x": [...], "y": [...], "frames": [[...], ...]},
            {"name": "loss", "mark": "line", "x": [...], "y": [...], "spans": [[0, 1], ...]}]}]}

A layer with `frames` has other heights in each frame, the last being `y`; a layer with `spans` shows a part
of its points in each; any other layer stands still. `static`: the panel is part of the final picture.

Where they are known, a layer has two keys more. `role` is what it shows, and decides its colour: "data",
"target", "model", "loss", "gradient" or "derivative". `residual` is how far each of its points lies above
the model in the last frame.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from chainrule.charts.picture import draw

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from matplotlib.figure import Figure

    from chainrule.charts.style import Role

    Mimes = Collection[str] | None

MIME = "application/vnd.chainrule.replay+json"
VERSION = 1
Mark = Literal["points", "line"]


@dataclass(frozen=True, slots=True)
class ChartLayer:
    """Points, or a line, in a panel.

    Attributes:
        name: What stands beside it; nothing, for a layer that needs no name.
        y: Heights in the last frame.
        spans: First and one past the last point that is seen in each frame, if points come and go.
        residual: How far each point lies above the model in the last frame.
    """

    name: str
    mark: Mark
    x: Sequence[float]
    y: Sequence[float]
    frames: Sequence[Sequence[float]] = ()
    spans: Sequence[tuple[int, int]] = ()
    role: Role = ""
    residual: Sequence[float] = ()

    def last(self) -> tuple[Sequence[float], Sequence[float]]:
        """Return where the points are that are seen in the last frame."""
        seen = slice(*self.spans[-1]) if self.spans else slice(None)
        return self.x[seen], self.y[seen]

    def to_json(self) -> dict[str, Any]:
        """Return the layer as JSON data, numbers to five significant digits."""
        changing = {"frames": list(map(_short, self.frames)), "spans": list(map(list, self.spans))}
        known = {"role": self.role, "residual": _short(self.residual)}
        always = {"name": self.name, "mark": self.mark, "x": _short(self.x), "y": _short(self.y)}
        return always | {name: each for name, each in (changing | known).items() if each}


@dataclass(frozen=True, slots=True)
class Panel:
    """One pair of axes, by their names, and what they show, from back to front."""

    x: str
    y: str
    layers: Sequence[ChartLayer]
    log: bool = False  # of heights
    static: bool = True  # part of the final picture

    def to_json(self) -> dict[str, Any]:
        """Return the panel as JSON data."""
        layers = [layer.to_json() for layer in self.layers]
        return {"x": self.x, "y": self.y, "log": self.log, "static": self.static, "layers": layers}


@dataclass(frozen=True, slots=True)
class Replay:
    """Panels below each other, and what each frame is called."""

    panels: Sequence[Panel]
    frames: Sequence[str]
    title: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the replay as JSON data."""
        panels = [panel.to_json() for panel in self.panels]
        return {"version": VERSION, "title": self.title, "frames": list(self.frames), "panels": panels}

    def plot(self) -> Figure:
        """Return the last frame as a Matplotlib figure, which no window manager holds."""
        return draw(self)

    def bundle(self, text: str, markdown: str, include: Mimes = (), exclude: Mimes = ()) -> dict[str, Any]:
        """Return the MIME bundle of whatever owns this replay, and is in words `text` or `markdown`.

        Only types to `include` are made, if any are named, and none to `exclude`.
        """
        makers: dict[str, Callable[[], Any]] = {
            MIME: self.to_json,
            "image/svg+xml": self._svg,
            "text/markdown": lambda: markdown,
            "text/plain": lambda: text,
        }
        wanted = [mime for mime in makers if mime in (include or makers) and mime not in (exclude or ())]
        made = {mime: makers[mime]() for mime in wanted}
        return {mime: content for mime, content in made.items() if content is not None}

    def _svg(self) -> str | None:
        try:
            import matplotlib as mpl  # noqa: PLC0415 -- the engine itself needs NumPy alone
        except ImportError:
            return None
        file = io.StringIO()
        with mpl.rc_context({"svg.hashsalt": "chainrule"}):
            self.plot().savefig(file, format="svg", metadata={"Date": None})
        return file.getvalue()


def thinned(count: int, limit: int) -> list[int]:
    """Return at most `limit` of the indices below `count`, evenly spread, the last one among them.

    Examples:
        >>> thinned(10, 4)
        [0, 3, 6, 9]
    """
    if count <= limit:
        return list(range(count))
    return [round(i * (count - 1) / (limit - 1)) for i in range(limit)]


def _short(numbers: Iterable[float]) -> list[float | None]:
    """Return numbers as a page needs them: five digits, and None for what JSON has no number for."""
    return [float(f"{number:.5g}") if math.isfinite(number) else None for number in numbers]
