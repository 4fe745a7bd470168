"""A replay's last frame as a Matplotlib figure, with the lines of a few frames before it as ghosts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from chainrule.charts import contours, labels, style
from chainrule.charts.style import has_place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.gridspec import SubplotSpec
    from matplotlib.lines import Line2D

    from chainrule.charts.replay import ChartLayer, Panel, Replay

    Named = dict[Axes, list[Line2D]]

_FEW = 30  # a line through no more points than this shows the points too
_DATA: dict[str, Any] = {"marker": "o", "linestyle": "", "markersize": 4, "markeredgewidth": 0, "alpha": 0.5}
_CLASSES = ("o", "^", "s", "D", "v", "P")  # points of several layers: colours alone would not do
_RING: dict[str, Any] = {"marker": "o", "linestyle": "", "markersize": 9, "markerfacecolor": "none"}
_TARGET = {"linestyle": "--", "linewidth": 1.2}
_GHOST: dict[str, Any] = {"linewidth": 1.0}
_FAINT, _CLEAR = 0.25, 0.6  # how much is seen of the first ghost, and of the last
_LEAST = 1e-3  # of the heights: a residual below that is none to look at
_FIT = 1.5  # times as tall as another panel, with its residual
_THIN = (3, 1)  # a fit and its residual, by their heights
_FARTHEST = 307  # power of ten, either way


def draw(replay: Replay) -> Figure:
    """Return the panels of the final picture below each other, as a figure that no window manager holds."""
    from matplotlib.figure import Figure  # noqa: PLC0415 -- the engine itself needs NumPy alone

    panels = [panel for panel in replay.panels if panel.static]
    figure = Figure(figsize=style.TALL if len(panels) > 1 else style.ONE, layout="constrained")
    heights = [_FIT if any(layer.residual for layer in panel.layers) else 1 for panel in panels]
    cells = figure.add_gridspec(len(panels), 1, height_ratios=heights)
    named: Named = {}
    for row, panel in enumerate(panels):
        named |= _draw_panel(figure, cells[row, 0], panel, replay)
    if replay.title:
        figure.suptitle(replay.title)
    labels.place(figure, named)
    return figure


def _draw_panel(figure: Figure, cell: SubplotSpec, panel: Panel, replay: Replay) -> Named:
    left = next((layer for layer in panel.layers if layer.residual), None)
    if left is None:
        axes = below = figure.add_subplot(cell)
    else:
        rows: Any = cell.subgridspec(2, 1, height_ratios=_THIN)
        axes, below = rows.subplots(sharex=True)
        _draw_residual(below, left)
    lines = _draw_layers(axes, panel, replay)
    axes.set_ylabel(panel.y)
    if panel.log:
        axes.margins(y=_log_margin(panel, (axes.margins() or (0, 0))[1]))
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(style.power)
        axes.yaxis.set_minor_formatter("")
    below.set_xlabel(panel.x)
    return {axes: lines if len(lines) > 1 else []}  # the axis names what is alone


def _log_margin(panel: Panel, margin: float) -> float:
    """Return so much of a margin as ends before numbers do: it is a part of the powers of ten."""
    seen = [height for layer in panel.layers for height in layer.y if height > 0 and has_place(height)]
    low, high = (math.log10(each(seen, default=1.0)) for each in (min, max))
    room = min(_FARTHEST - high, low + _FARTHEST)
    return max(0.0, min(margin, room / ((high - low) or 1)))


def _draw_layers(axes: Axes, panel: Panel, replay: Replay) -> list[Line2D]:
    """Draw the layers from back to front, and return those that have names."""
    style.quiet(axes)
    axes.margins(x=0.02)
    named: list[Line2D] = []
    colours = style.colours([layer.role for layer in panel.layers])
    markers = iter(_markers(panel))
    for layer, colour in zip(panel.layers, colours, strict=True):
        named += _draw_ghosts(axes, layer, colour, replay)
        x, y = _outline(layer, -1) if layer.paths else layer.last()
        look = _look(layer, len(x)) | ({"marker": next(markers)} if layer.mark == "points" else {})
        [line] = axes.plot(_placed(x), _placed(y), color=colour, label=layer.name or "_", **look)
        named += [line] if layer.name else []
        if layer.wrong:
            wrong = [index for index, sign in enumerate(layer.wrong[-1]) if sign == "1"]
            rings = {axis: [numbers[i] for i in wrong] for axis, numbers in (("x", x), ("y", y))}
            axes.plot(rings["x"], rings["y"], color=style.ink(), label="_", **_RING)
    return named


def _markers(panel: Panel) -> Sequence[str]:
    count = sum(layer.mark == "points" for layer in panel.layers)
    return [
        _CLASSES[index % len(_CLASSES)] if any(layer.wrong for layer in panel.layers) else "o"
        for index in range(count)
    ]


def _draw_ghosts(axes: Axes, layer: ChartLayer, colour: str, replay: Replay) -> list[Line2D]:
    """Draw what a layer was in a few frames before the last, fainter the earlier."""
    lines = []
    for number, frame in enumerate(replay.ghosts if layer.frames or layer.paths else ()):
        x, y = _outline(layer, frame) if layer.paths else (layer.x, layer.frames[frame])
        clear = _FAINT + (_CLEAR - _FAINT) * number / max(1, len(replay.ghosts) - 1)
        name = f"step {replay.steps[frame]:,}"
        lines += axes.plot(_placed(x), _placed(y), color=colour, alpha=clear, label=name, **_GHOST)
    return lines


def _round(reach: float) -> float:
    """Return the largest of 1, 2 and 5 by a power of ten that lies below a height, not at it.

    Examples:
        >>> [_round(reach) for reach in (0.18, 1.2, 7.0)]
        [0.1, 1.0, 5.0]
    """
    power = math.floor(math.log10(reach))
    return next(each for times in (5, 2, 1) if (each := float(f"{times}e{power}")) < reach or times == 1)


def _outline(layer: ChartLayer, frame: int) -> tuple[Sequence[float], Sequence[float]]:
    """Return the paths of a frame as one line, which is broken between them."""
    box = (layer.x[0], layer.x[1], layer.y[0], layer.y[1])
    x: list[float] = []
    y: list[float] = []
    for path in layer.paths[frame]:
        places = contours.points(path, box)
        x += [*places[:, 0].tolist(), math.nan]
        y += [*places[:, 1].tolist(), math.nan]
    return x, y


def _placed(numbers: Sequence[float]) -> list[float]:
    return [number if has_place(number) else math.nan for number in numbers]


def _look(layer: ChartLayer, count: int) -> dict[str, Any]:
    if layer.mark == "points":
        return _DATA
    if layer.role == "target":
        return _TARGET
    return {"marker": "o" if count <= _FEW and not layer.paths else "", "markersize": 4}


def _draw_residual(axes: Axes, layer: ChartLayer) -> None:
    """Draw how far the points lie above the model, which is the line at zero."""
    style.quiet(axes)
    seen = [height for height in layer.y if has_place(height)]
    least = _LEAST * (max(seen, default=1.0) - min(seen, default=0.0))
    reach = 1.2 * max([least, *(abs(rest) for rest in layer.residual if has_place(rest))]) or 1.0
    axes.axhline(0, color=style.colours(["model"])[0])
    axes.plot(_placed(layer.x), _placed(layer.residual), color=style.ink(), **_DATA | {"markersize": 3})
    axes.set_ylim(-reach, reach)
    axes.set_yticks([-_round(reach), _round(reach)])  # zero has its line
    labels.beside(axes, "residual", 0, style.ink())
