"""What changes while a program runs, as plain data: panels of layers, and the frames they went through.

`Chart` and `History` record into this one form. It is drawn here by Matplotlib in its final state, and played
by whoever reads `application/vnd.chainrule.replay+json`:

    {"version": 2, "title": "", "frames": ["step 0 of 90", ...], "steps": [0, ...], "ghosts": [0, 7],
     "figures": {"loss": [0.5, ...], "largest error": [1.2, ...]}, "panels": [
        {"x": "x", "y": "f(x)", "log": false, "static": true, "layers": [
            {"name": "data", "mark": "points", "x": [...], "y": [...]},
            {"name": "model", "mark": "line", "x": [...], "y": [...], "frames": [[...], ...]}]},
        {"x": "step", "y": "loss", "log": true, "static": true, "timeline": true, "layers": [
            {"name": "loss", "mark": "line", "x": [...], "y": [...], "spans": [[0, 1], ...]}]}]}

A layer with `frames` has other heights in each frame, the last being `y`; a layer with `spans` shows a part
of its points in each; any other layer stands still. `static`: the panel is part of the final picture.

Where they are known there is more. Of a replay: `figures` are numbers of each frame, said with its name;
`ghosts` are frames whose lines stay to be seen in the final picture; `steps` is where each frame lies on the
horizontal axis of a panel that is a `timeline`. Of a layer:

- `role` is what it shows, and decides its colour: "data", "target", "model", "loss", "gradient" or
  "derivative".
- `residual` is how far each of its points lies above the model in the last frame.
- `wrong` tells of points, in each frame, which of them a classifier takes for another class: "0110".
- `paths`, of the mark "paths", are whole numbers for each path of each frame: its first point, then how far
  each next one lies from the one before, in 400ths of the box that `x` (left, right) and `y` (low, high) are.
- `piece` is how a line is computed between the ends that `x` names: with `frames` of three numbers [w, b, v],
  v · f(w · x + b) in each, f being what it is `of`: "relu", "tanh" or "sigmoid".

Version 1 had none of these but `role` and `residual`, and is drawn as well.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from chainrule.charts.picture import draw
from chainrule.charts.style import has_place

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from matplotlib.figure import Figure

    from chainrule.charts.style import Role

    Mimes = Collection[str] | None

MIME = "application/vnd.chainrule.replay+json"
VERSION = 2
Mark = Literal["points", "line", "paths"]
_MOST_DIGITS = 16
_FINE = 1500  # parts of the range of a line that are told apart


class Piece(NamedTuple):
    """A line that is computed from three numbers of each frame: v * f(w * x + b)."""

    of: str
    frames: Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class ChartLayer:
    """Points, a line, or paths in a panel.

    Attributes:
        name: What stands beside it; nothing, for a layer that needs no name.
        y: Heights in the last frame.
        spans: First and one past the last point that is seen in each frame, if points come and go.
        residual: How far each point lies above the model in the last frame.
        wrong: In each frame a "1" for each point that a classifier takes for another class.
        paths: In each frame paths of whole numbers, in the box from `x` and `y` (`contours`).
        piece: How the line is computed, if it has no heights.
    """

    name: str
    mark: Mark
    x: Sequence[float]
    y: Sequence[float]
    frames: Sequence[Sequence[float]] = ()
    spans: Sequence[tuple[int, int]] = ()
    role: Role = ""
    residual: Sequence[float] = ()
    wrong: Sequence[str] = ()
    paths: Sequence[Sequence[Sequence[int]]] = ()
    piece: Piece | None = None

    def last(self) -> tuple[Sequence[float], Sequence[float]]:
        """Return where the points are that are seen in the last frame."""
        seen = slice(*self.spans[-1]) if self.spans else slice(None)
        return self.x[seen], self.y[seen]

    def to_json(self) -> dict[str, Any]:
        """Return the layer as JSON data: as many digits as a page shows."""
        digits = _digits(self.frames)
        changing: dict[str, Any] = {
            "frames": [_rounded(heights, digits) for heights in self.frames],
            "spans": list(map(list, self.spans)),
            "paths": [[list(path) for path in frame] for frame in self.paths],
            "wrong": list(self.wrong),
        }
        known: dict[str, Any] = {"role": self.role, "residual": _short(self.residual)}
        if self.piece is not None:
            known["piece"] = {"of": self.piece.of, "frames": [_short(each, 4) for each in self.piece.frames]}
        x, y = _short(self.x, _apart(self.x, 5)), _short(self.y, _apart(self.y, 4))
        always = {"name": self.name, "mark": self.mark, "x": x, "y": y}
        return always | {name: each for name, each in (changing | known).items() if each}


@dataclass(frozen=True, slots=True)
class Panel:
    """One pair of axes, by their names, and what they show, from back to front."""

    x: str
    y: str
    layers: Sequence[ChartLayer]
    log: bool = False  # of heights
    static: bool = True  # part of the final picture
    timeline: bool = False  # its horizontal axis is the steps of the frames

    def to_json(self) -> dict[str, Any]:
        """Return the panel as JSON data."""
        names = {"x": self.x, "y": self.y, "log": self.log, "static": self.static}
        layers = [layer.to_json() for layer in self.layers]
        return names | ({"timeline": True} if self.timeline else {}) | {"layers": layers}


@dataclass(frozen=True, slots=True)
class Replay:
    """Panels below each other, and what each frame is called.

    Attributes:
        steps: Where each frame lies on a timeline.
        ghosts: The frames whose lines are seen in the final picture too.
        figures: Numbers of each frame, by what they are.
    """

    panels: Sequence[Panel]
    frames: Sequence[str]
    title: str = ""
    steps: Sequence[float] = ()
    ghosts: Sequence[int] = ()
    figures: Mapping[str, Sequence[float]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the replay as JSON data."""
        known = {
            "steps": list(self.steps),
            "ghosts": list(self.ghosts),
            "figures": {name: _short(numbers, 3) for name, numbers in self.figures.items()},
        }
        panels = [panel.to_json() for panel in self.panels]
        always = {"version": VERSION, "title": self.title, "frames": list(self.frames)}
        return always | {name: each for name, each in known.items() if each} | {"panels": panels}

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
        # Ticks are sought far beyond what an axis holds, and silently left out.
        with mpl.rc_context({"svg.hashsalt": "chainrule"}), np.errstate(over="ignore"):
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


def _short(numbers: Iterable[float], digits: int = 5) -> list[float | None]:
    """Return numbers as a page needs them: a few digits, and None for what JSON has no number for."""
    return [float(f"{number:.{digits}g}") if has_place(number) else None for number in numbers]


def _apart(numbers: Iterable[float], digits: int) -> int:
    """Return how many digits tell numbers apart: more, where they lie far from zero and close together.

    Examples:
        >>> _apart([0.0, 1.0], 4), _apart([1.0001, 1.0009], 4)
        (4, 7)
    """
    seen = [number for number in numbers if has_place(number)]
    reach = max(seen, default=0.0) - min(seen, default=0.0)
    far = max(map(abs, seen), default=0.0)
    return digits + min(_MOST_DIGITS - digits, math.floor(math.log10(far / reach))) if reach else digits


def _digits(lines: Iterable[Iterable[float]]) -> int:
    """Return how many decimals tell apart what an eye does, in the range of all lines."""
    seen = [number for line in lines for number in line if has_place(number)]
    reach = max(seen, default=0.0) - min(seen, default=0.0)
    return math.ceil(math.log10(_FINE / reach)) if reach else 5


def _rounded(numbers: Iterable[float], digits: int) -> list[float | None]:
    return [round(number, digits) if has_place(number) else None for number in numbers]
