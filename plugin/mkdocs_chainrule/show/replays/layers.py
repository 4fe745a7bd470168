"""What a layer of a replay is in a frame: its points, and the path that draws them.

`assets/script/replay.js` computes the same, frame by frame, from the same data.
"""

from __future__ import annotations

import math
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from mkdocs_chainrule.show.replays.axes import Axes, Point

    Layer = Mapping[str, Any]

UNITS = 400  # of the box of paths, each way
_DASH = 4  # pixels
_PARTS = 60  # of a line that is computed
_FARTHEST = 1e300  # what lies beyond lies nowhere
_GAP: Point = (None, None)
_FUNCTIONS: dict[str, Callable[[float], float]] = {
    "relu": lambda z: max(0.0, z),
    "tanh": math.tanh,
    "sigmoid": lambda z: 0.5 * (1 + math.tanh(z / 2)),
}
# What is drawn at a point, from there on: a dot, and then what tells several layers of points apart.
SHAPES = (
    "h0",
    "m-3-3l6 6m0-6l-6 6",
    "m0-4l4 7h-8z",
    "m-3-3h6v6h-6z",
    "m-4 0h8m-4-4v8",
    "m0-4l4 4l-4 4l-4-4z",
)
RING = "m-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0"


def points(layer: Layer, frame: int, *, whole: bool = False) -> list[Point]:
    """Return the points of a layer in a frame, (None, None) between those that no line joins.

    Args:
        layer: As the replay has it.
        frame: Which one, from 0.
        whole: All points, also of a layer that shows a part of them.
    """
    x, y = layer["x"], layer["y"]
    if "piece" in layer:
        return list(_piece(layer["piece"], frame, x[0], x[-1]))
    if "paths" in layer:
        return [point for path in layer["paths"][frame] for point in (*_path(path, x, y), _GAP)]
    heights = layer["frames"][frame] if "frames" in layer else y
    start, end = layer["spans"][frame] if "spans" in layer and not whole else (0, len(x))
    return list(zip(x[start:end], heights[start:end], strict=True))


def line(places: Iterable[tuple[float, float] | None]) -> str:
    """Return the path through places, broken where there is none; what has one place only is a short dash.

    Examples:
        >>> line([(0, 1), (2, 3.04), None, (4, 5)])
        'M0 1L2 3M2 5h4'
    """
    runs: list[list[tuple[float, float]]] = [[]]
    for place in places:
        if place is None:
            runs.append([])
        else:
            runs[-1].append(place)
    return "".join(_run(run) for run in runs if run)


def _run(places: Sequence[tuple[float, float]]) -> str:
    pairs = [f"{number(x)} {number(y)}" for x, y in places]
    [(x, y), *_] = places
    return "M" + "L".join(pairs) if len({*pairs}) > 1 else f"M{number(x - _DASH / 2)} {number(y)}h{_DASH}"


def marks(places: Iterable[tuple[float, float] | None], shape: str) -> str:
    """Return the path of a shape at each of some places."""
    return "".join(f"M{number(place[0])} {number(place[1])}{shape}" for place in places if place is not None)


def wrong(layer: Layer, frame: int) -> list[Point]:
    """Return the points that are taken for another class."""
    signs = layer["wrong"][frame]
    return [point for point, sign in zip(points(layer, frame), signs, strict=True) if sign == "1"]


def residuals(layer: Layer, model: Layer, frame: int, axes: Axes) -> str:
    """Return the path of lines from points to a model, straight up or down."""
    curve = points(model, frame)
    written = []
    for x, y in points(layer, frame):
        place, other = axes.place((x, y)), axes.place((x, height(curve, x)))
        if place and other:
            written.append(f"M{number(place[0])} {number(place[1])}V{number(other[1])}")
    return "".join(written)


def kink(layer: Layer, frame: int, axes: Axes) -> str:
    """Return a tick where a neuron of relu wakes up: where w * x + b is 0."""
    weight, bias, _ = layer["piece"]["frames"][frame]
    place = axes.place((-bias / weight, 0.0)) if weight and bias is not None else None
    return f"M{number(place[0])} {number(place[1] - 5)}v10" if place else ""


def height(curve: Sequence[Point], x: float | None) -> float | None:
    """Return the height of a curve at x, by the straight line between the points beside it; None beyond it.

    Examples:
        >>> height([(0.0, 1.0), (2.0, 5.0)], 0.5), height([(0.0, 1.0), (2.0, 5.0)], 3)
        (2.0, None)
    """
    if x is None:
        return None
    for (left, before), (right, after) in pairwise(curve):
        if left is None or before is None or right is None or after is None:  # no line joins these
            continue
        if left <= x <= right:
            return before + (after - before) * (x - left) / ((right - left) or 1)
    return None


def number(pixels: float) -> str:
    """Return a coordinate to a tenth of a pixel."""
    text = f"{pixels:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _piece(piece: Mapping[str, Any], frame: int, left: float, right: float) -> Iterable[Point]:
    weight, bias, times = piece["frames"][frame]
    function = _FUNCTIONS[piece["of"]]
    is_lost = None in {weight, bias, times}  # the training had left all numbers
    for part in range(_PARTS + 1):
        x = left + (right - left) * part / _PARTS
        height = math.nan if is_lost else times * function(weight * x + bias)
        yield x, height if abs(height) < _FARTHEST else None


def _path(path: Sequence[int], x: Sequence[float], y: Sequence[float]) -> Iterable[Point]:
    across, up = (x[1] - x[0]) / UNITS, (y[1] - y[0]) / UNITS
    for right, high in zip(accumulate(path[::2]), accumulate(path[1::2]), strict=True):
        yield x[0] + right * across, y[0] + high * up
