"""Names beside what they name, in its colour, where nothing else is drawn.

A line that ends early has its name where it ends, if there is room. Any other name stands in the margin at
the right, at the height of the last point; names that would touch are moved apart, as little as possible,
and a thin line leads to one that has moved far. Names that are too many or too long for that stand in a
legend below the axes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Annotation
    from matplotlib.transforms import Bbox

_POINTS = 72  # in an inch
_LINE = 1.35  # of the font's size: from a name to the next
_CLEAR = 4  # pixels around a name at the end of its line
_LONGEST = 0.4  # of the axes' width: a name in the margin
_EARLY = 0.85  # of the axes' width: where a line ends early
_NEAR, _FAR = 4, 14  # points from the axes to a name, and to names that lines lead to
_PLACES = ((8, 0, "left", "center"), (0, 8, "right", "bottom"), (0, -8, "right", "top"))  # around an end
_HANDLE = 40  # points that a legend has around a name
_ROWS = 4  # of a legend for which a figure does not grow


class _Name(NamedTuple):
    """A line, and its last point in pixels."""

    line: Line2D
    x: float
    y: float

    @property
    def text(self) -> str:
        return str(self.line.get_label())


def place(figure: Figure, named: Mapping[Axes, Sequence[Line2D]]) -> None:
    """Write beside each of the lines the label that it has."""
    if not any(named.values()):
        return
    # Only the layout can tell where the axes will be, which takes longer than all else: it moves them little.
    for axes in named:
        axes.autoscale_view()
    left = [line for axes, lines in named.items() for line in _beside(figure, axes, lines)]
    if left:
        _below(figure, left)


def _below(figure: Figure, lines: Sequence[Line2D]) -> None:
    """Name lines in a legend below the axes, for which a figure grows only where it has many rows."""
    widest = max(_width(figure, str(line.get_label())) for line in lines) + _HANDLE
    columns = min(len(lines), max(1, int(figure.get_figwidth() * _POINTS // widest)))
    rows = -(-len(lines) // columns)
    figure.set_figheight(figure.get_figheight() + max(0, rows - _ROWS) * _LINE * _font() / _POINTS)
    look: dict[str, Any] = {"handlelength": 1.5, "columnspacing": 1.5, "labelspacing": 0.25, "frameon": False}
    figure.legend(handles=lines, ncols=columns, loc="outside lower center", fontsize=_font(), **look)


def beside(axes: Axes, name: str, y: float, color: Any, *, up: float = 0, away: float = _NEAR) -> Annotation:
    """Write a name into the margin at the right, at a height of the data, and so many points above it."""
    lead = {"arrowstyle": "-", "color": color, "linewidth": 0.6, "relpos": (0, 0.5)}
    return axes.annotate(
        name,
        (1, y),
        xycoords=("axes fraction", "data"),
        xytext=(away, up),
        textcoords="offset points",
        color=color,
        ha="left",
        va="center",
        annotation_clip=False,
        arrowprops=lead if away > _NEAR else None,
    )


def spread(heights: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return heights moved as little as possible, so that each two are a gap apart, and within bounds.

    Examples:
        >>> spread([0, 50, 52], 10, 0, 100)
        [0.0, 46.0, 56.0]
    """
    # Less a gap for each that lies below, heights only have to rise: neighbours that fall share their mean.
    order = sorted(range(len(heights)), key=lambda i: (heights[i], -i))
    blocks: list[tuple[float, int]] = []
    for rank, index in enumerate(order):
        mean, count = heights[index] - rank * gap, 1
        while blocks and blocks[-1][0] > mean:
            other, others = blocks.pop()
            mean, count = (mean * count + other * others) / (count + others), count + others
        blocks.append((mean, count))
    risen = np.repeat([mean for mean, _ in blocks], [count for _, count in blocks])
    ranks = np.argsort(order)
    moved = risen.clip(low, high - (len(heights) - 1) * gap)[ranks] + gap * ranks
    return [float(height) for height in moved]


def _beside(figure: Figure, axes: Axes, lines: Sequence[Line2D]) -> Sequence[Line2D]:
    """Name the lines of one axes; return all of them, if there is no room for their names."""
    names = [_Name(line, *end) for line in lines if (end := _end(axes, line)) is not None]
    point = figure.dpi / _POINTS
    gap = _LINE * _font() * point
    long = any(_width(figure, name.text) * point > _LONGEST * axes.bbox.width for name in names)
    if long or len(names) * gap > axes.bbox.height:
        return [name.line for name in names]
    late = [name for name in names if not _at_its_end(axes, name)]
    if late:
        _in_the_margin(axes, late, gap, point)
    return ()


def _in_the_margin(axes: Axes, names: Sequence[_Name], gap: float, point: float) -> None:
    low, high = axes.bbox.y0 + gap / 2, axes.bbox.y1 - gap / 2
    heights = spread([name.y for name in names], gap, low, high)
    ups = [(height - name.y) / point for height, name in zip(heights, names, strict=True)]
    away = _FAR if max(map(abs, ups)) > 1.5 * gap / point else _NEAR
    for name, up in zip(names, ups, strict=True):
        beside(axes, name.text, _data(name)[1], name.line.get_color(), up=up, away=away)


def _at_its_end(axes: Axes, name: _Name) -> bool:
    """Write the name at the end of its line, if that comes early and there is room, and tell whether so."""
    if name.x > axes.bbox.x0 + _EARLY * axes.bbox.width:
        return False
    look: dict[str, Any] = {"textcoords": "offset points", "color": name.line.get_color()}
    for x, y, ha, va in _PLACES:
        taken = [text.get_window_extent() for text in axes.texts]
        text = axes.annotate(name.text, _data(name), xytext=(x, y), ha=ha, va=va, **look)
        seen = text.get_window_extent()
        box = seen.padded(_CLEAR)
        if _within(seen, axes.bbox) and not box.count_overlaps(taken) and not _crossed(box, axes):
            return True
        text.remove()
    return False


def _crossed(box: Bbox, axes: Axes) -> bool:
    """Tell whether a line of the axes crosses a box, or a point lies in it."""
    for line in axes.lines:
        if _is_points(line):
            crossed = any(box.contains(x, y) for x, y in _seen(axes, line))
        else:
            path = line.get_transform().transform_path(line.get_path())
            crossed = path.intersects_bbox(box, filled=False)
        if crossed:
            return True
    return False


def _within(box: Bbox, bounds: Bbox) -> bool:
    return bool(box.x0 >= bounds.x0 and box.x1 <= bounds.x1 and box.y0 >= bounds.y0 and box.y1 <= bounds.y1)


def _end(axes: Axes, line: Line2D) -> tuple[float, float] | None:
    """Return where a line ends that is seen, in pixels; of points, the one farthest to the right."""
    pixels = _seen(axes, line)
    if not len(pixels):
        return None
    x, y = pixels[pixels[:, 0].argmax() if _is_points(line) else -1]
    return float(x), float(y)


def _seen(axes: Axes, line: Line2D) -> np.ndarray:
    """Return the points of a line that lie within its axes, in pixels."""
    pixels = line.get_transform().transform(line.get_xydata())
    bounds = axes.bbox.padded(1)
    inside = ((pixels >= bounds.min) & (pixels <= bounds.max)).all(axis=1)  # what is not finite is not
    return np.asarray(pixels[inside])


def _is_points(line: Line2D) -> bool:
    return line.get_linestyle() == "None"


def _data(name: _Name) -> tuple[float, float]:
    x, y = name.line.get_transform().inverted().transform((name.x, name.y))
    return float(x), float(y)


def _width(figure: Figure, text: str) -> float:
    """Return how wide a text is, in points."""
    written = figure.text(0, 0, text)
    width = written.get_window_extent().width * _POINTS / figure.dpi
    written.remove()
    return float(width)


def _font() -> float:
    """Return the size of text, in points."""
    import matplotlib as mpl  # noqa: PLC0415 -- the engine itself needs NumPy alone

    return float(mpl.rcParams["font.size"])
