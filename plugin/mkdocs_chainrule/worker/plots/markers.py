"""Markers: one shape at many places, written once, or as a line where it is a disc."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from mkdocs_chainrule.worker.plots.grounds import is_small
from mkdocs_chainrule.worker.plots.pen import alpha_of
from mkdocs_chainrule.worker.plots.svg import element, number, numbers, path_data
from mkdocs_chainrule.worker.plots.units import POINT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.transforms import Transform

    from mkdocs_chainrule.worker.plots.pen import Pen
    from mkdocs_chainrule.worker.plots.sheet import Sheet

    Attributes = dict[str, str]

USE, DOT = 60, 13  # bytes of a marker by its name, and of one that is a disc
_FEW = 400  # bytes of markers that are written in full
_CIRCLE = Path.unit_circle()
_ROUND = 0.01


@dataclass(frozen=True)
class Shape:
    """What stands at many places."""

    path: Path
    transform: Transform

    @cached_property
    def small(self) -> bool:
        """Whether nothing stands on it."""
        return is_small(self.path, self.transform)

    @property
    def reach(self) -> float:
        """How far it goes from where it stands."""
        return float(np.abs(self.path.get_extents(self.transform).extents).max(initial=0))


class Item(NamedTuple):
    """A marker: where it stands, from the top, and how it is painted."""

    x: float
    y: float
    look: Attributes


def places(
    path: Path, transform: Transform, window: Sequence[float], turned: Transform
) -> list[tuple[float, float]]:
    """Return where markers stand that are seen, from the top."""
    left, top, right, bottom = window
    steps = path.iter_segments(transform + turned, simplify=False)
    found = [(float(points[-2]), float(points[-1])) for points, _ in steps if len(points)]
    return [(x, y) for x, y in found if left <= x <= right and top <= y <= bottom]


class Discs(NamedTuple):
    """Markers that are plain discs of one width and colour, and where they stand, from the top."""

    width: float
    face: Any
    places: Sequence[tuple[float, float]]


def write(sheet: Sheet, gc: Any, shape: Shape, items: Sequence[Item]) -> None:
    """Write one marker at some places: in full where there are few, else by its name."""
    marker = shape.path
    flipped = shape.transform + Affine2D().scale(1, -1)
    data = path_data(marker, flipped)
    if not items or not data:
        return
    if len(items) * len(data) <= _FEW:
        for x, y, look in items:
            moved = path_data(marker, flipped + Affine2D().translate(x, y))
            sheet.shape("path", gc, {"d": moved} | look)
        return
    common = dict(set(items[0].look.items()).intersection(*(item.look.items() for item in items)))
    link = {"href": f"#{sheet.defined('path', {'d': data})}"}
    uses = "".join(
        element("use", link | numbers(x=x, y=y) | {k: v for k, v in look.items() if k not in common})
        for x, y, look in items
    )
    ordered = {name: value for name, value in items[0].look.items() if name in common}
    sheet.group(gc, element("g", ordered, uses) if ordered else uses)


def disc(gc: Any, shape: Shape, face: Any) -> float | None:
    """Return the width of a marker that is a small plain disc, which a line of no length draws as well."""
    if not shape.small or face is None or gc.get_hatch() is not None or gc.get_sketch_params() is not None:
        return None
    width, edge = gc.get_linewidth() * POINT, gc.get_rgb()
    if alpha_of(gc, face) != 1 or not _is_circle(shape.path):
        return None
    if width and (tuple(edge[:3]) != tuple(face[:3]) or alpha_of(gc, edge) != 1 or gc.get_dashes()[1]):
        return None
    box = shape.path.get_extents(shape.transform)
    centred = max(abs(box.x0 + box.x1), abs(box.y0 + box.y1), abs(box.width - box.height)) < _ROUND
    return float(box.width + width) if centred else None


def write_discs(sheet: Sheet, pen: Pen, gc: Any, discs: Discs) -> None:
    """Write discs of one colour as one line."""
    width, face, at = discs
    some = at[:: max(1, len(at) // 9)]
    points = [(x, sheet.height - y) for x, y in some] if pen.paint.asks(face) else []
    data = "".join(f"M{number(x)} {number(y)}h0" for x, y in at)
    look = {"stroke": pen.paint.mark(face, points), "stroke-width": number(width), "stroke-linecap": "round"}
    if data:
        sheet.shape("path", gc, {"d": data, "fill": "none"} | look)


def _is_circle(path: Path) -> bool:
    if path.codes is None or not np.array_equal(path.codes, _CIRCLE.codes):  # type: ignore[arg-type]  # it has some
        return False
    radii = np.hypot(*np.asarray(path.vertices)[:-1:3].T)
    return bool(np.ptp(radii) < 1e-6 * radii.max())
