"""What a mark of a figure stands on: the page's own ground, or a colour that somebody chose.

Ink follows the reader's scheme on the first, and stays what it is on the second, where it was meant to be
read on that very colour.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.path import Path

from mkdocs_chainrule.session.palette import DARK, GROUND, INK

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.figure import FigureBase
    from matplotlib.patches import Patch
    from matplotlib.transforms import Bbox, Transform

    Box = tuple[float, float, float, float]
    Points = Sequence[tuple[float, float]]

_BLACK = "#000000"
_ENOUGH = 3  # the contrast of a line or a large text that is seen well
_OPAQUE = 0.6  # an alpha from which a fill is a ground, rather than a veil over one
_LEAST = 140.0  # square pixels: what is smaller carries no text
_INSET = 0.5  # pixels: what lies on an edge is outside
_NEARLY = 0.85  # of a mark's points: what is left may be an end on an edge
_FRAME = 0.7  # pixels, by which a frame stands out from its axes
_SEAM = 2.0  # pixels from a seam, where both sides are
_RECTANGLE = 5  # points of a closed one


class Ground(NamedTuple):
    """An area that was painted: its box, its outlines where it is less than that, and whose colour it has."""

    box: Box
    outlines: tuple[Path, ...]
    chosen: str | None  # how it looks in the dark, if somebody chose it; none if it is the page's own, or ink
    solid: bool = True  # whether the page's ground does not shine through
    slot: int | None = None  # a fill of ink, which is settled once all that stands on it is known


class Grounds:
    """The areas that a figure painted so far, from back to front."""

    def __init__(self) -> None:
        self._painted: list[Ground] = []

    def __bool__(self) -> bool:
        return bool(self._painted)

    def add(self, ground: Ground) -> None:
        """Paint an area."""
        self._painted.append(ground)

    def under(self, points: Points) -> Ground | None:
        """Return the area on which most of some points stand, if it is one."""
        if not self._painted or not len(points):
            return None
        found = [self._under(x, y) for x, y in points]
        first = max(found, key=found.count)
        return first if 2 * found.count(first) >= len(found) else None

    def chosen_under(self, points: Points) -> bool:
        """Tell whether some points stand on colours that somebody chose.

        Where the page's ground is under many of them, or shines through, ink stays if it is read best so.
        """
        if not self._painted or not len(points):
            return False
        found = [self._under(x, y) for x, y in points]
        chosen = [ground for ground in found if ground is not None and ground.chosen is not None]
        if not chosen:
            return False
        if len(chosen) > _NEARLY * len(found) and all(ground.solid for ground in chosen):
            return True
        grounds = [(ground and ground.chosen) or DARK[GROUND] for ground in found]
        return _read(_BLACK, grounds) >= _read(DARK[INK], grounds)

    def _under(self, x: float, y: float) -> Ground | None:
        """Return the area at a point, or beside it if it is in a seam between two."""
        across, along = _SEAM, _SEAM / 2
        return self._at(x, y) or (self._at(x + across, y + along) and self._at(x - across, y - along))

    def _at(self, x: float, y: float) -> Ground | None:
        for ground in reversed(self._painted):
            left, bottom, right, top = ground.box
            inside = left + _INSET < x < right - _INSET and bottom + _INSET < y < top - _INSET
            if inside and all(outline.contains_point((x, y)) for outline in ground.outlines):
                return ground
        return None


def is_small(path: Path, transform: Transform) -> bool:
    """Tell whether a shape is too small for anything to stand on it."""
    outline = transform.transform_path(path)
    box = outline.get_extents() if _may_be_large(outline) else None
    return box is None or not box.width * box.height >= _LEAST


def area(path: Path, transform: Transform) -> tuple[Box, tuple[Path, ...]] | None:
    """Return the box of a filled path, and its outline unless it is that box; None if it is too small."""
    outline = transform.transform_path(path)
    if not _may_be_large(outline):
        return None
    box = box_of(outline.get_extents())
    if not np.isfinite(box).all() or (box[2] - box[0]) * (box[3] - box[1]) < _LEAST:
        return None
    return box, () if _is_box(outline) else (outline,)


def _may_be_large(outline: Path) -> bool:
    """Tell it from the control points, which are quicker than curves, and hold them."""
    vertices = np.asarray(outline.vertices)
    with np.errstate(invalid="ignore", over="ignore"):  # of what lies nowhere
        return len(vertices) > 0 and not np.prod(vertices.max(axis=0) - vertices.min(axis=0)) < _LEAST


def clipped(box: Box, outlines: tuple[Path, ...], gc: Any) -> tuple[Box, tuple[Path, ...]]:
    """Return what is seen of an area, which a graphics context clips."""
    rectangle, (path, transform) = gc.get_clip_rectangle(), gc.get_clip_path()
    if rectangle is not None:
        left, bottom, right, top = box_of(rectangle)
        box = max(box[0], left), max(box[1], bottom), min(box[2], right), min(box[3], top)
    return box, outlines if path is None else (*outlines, transform.transform_path(path))


def shone_through(colour: str, alpha: float) -> str:
    """Return what a colour looks like over the page's ground in the dark.

    Examples:
        >>> shone_through("#ffffff", 1.0), shone_through("#ffffff", 0.5)
        ('#ffffff', '#8e9094')
    """
    over, under = bytes.fromhex(colour[1:]), bytes.fromhex(DARK[GROUND][1:])
    mixed = (alpha * one + (1 - alpha) * other for one, other in zip(over, under, strict=True))
    return "#" + "".join(f"{round(channel):02x}" for channel in mixed)


def _read(ink: str, grounds: Sequence[str]) -> float:
    """Return how well something is read on some grounds, of which none counts for more than it takes."""
    return sum(min(_contrast(ink, ground), _ENOUGH) for ground in grounds)


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=4096)
def _luminance(colour: str) -> float:
    """Return the relative luminance of a colour; source: Web Content Accessibility Guidelines 2.2."""
    channels = [channel / 255 for channel in bytes.fromhex(colour[1:])]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(part * c for part, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _is_box(path: Path) -> bool:
    vertices = np.asarray(path.vertices, float)
    if len(vertices) != _RECTANGLE or (path.codes is not None and np.any(path.codes == Path.CURVE4)):
        return False
    x, y = vertices[:4].round(2).T
    return len(set(x)) <= 2 and len(set(y)) <= 2  # of a rectangle


def box_of(bbox: Bbox) -> Box:
    """Return the edges of a box, the lower ones first."""
    left, right = sorted((float(bbox.x0), float(bbox.x1)))
    bottom, top = sorted((float(bbox.y0), float(bbox.y1)))
    return left, bottom, right, top


def is_opaque(alpha: float) -> bool:
    """Tell whether a fill is a ground for what stands on it."""
    return alpha >= _OPAQUE


class Sheets:
    """The sheets of a figure, on which all else stands: its own ground, and those of its parts and axes.

    A sheet of the page's own ground needs no paint, but where axes lie on other axes, or touch them and cover
    their frame, and where a figure has something of its own, which lies under its axes.
    """

    def __init__(self, figure: FigureBase) -> None:
        self._needs_paint: dict[tuple[Box, int], list[bool]] = {}
        below: list[Box] = []
        has_own = any(part.patches or part.lines or part.images or part.artists for part in _parts(figure))
        for patch, is_axes in _patches(figure):
            box = box_of(patch.get_window_extent())
            covers = is_axes and (has_own or any(_overlap(box, other) for other in below))
            self._needs_paint.setdefault(_sheet(box, patch.get_path()), []).append(covers)
            if is_axes:
                below.append(box)

    def has(self, box: Box, path: Path) -> bool:
        """Tell whether a path is a sheet, of which the box is known."""
        return _sheet(box, path) in self._needs_paint

    def needs_paint(self, box: Box, path: Path) -> bool:
        """Tell whether something but the page's own ground lies under a sheet, which is now drawn."""
        answers = self._needs_paint[_sheet(box, path)]
        return answers.pop(0) if len(answers) > 1 else answers[0]


def _patches(figure: Any) -> Iterable[tuple[Patch, bool]]:
    yield from ((part.patch, False) for part in _parts(figure))
    for axes in sorted(figure.axes, key=lambda each: each.get_zorder()):
        yield from _axes_patches(axes)


def _parts(figure: Any) -> Iterable[Any]:
    yield figure
    for part in figure.subfigs:
        yield from _parts(part)


def _axes_patches(axes: Any) -> Iterable[tuple[Patch, bool]]:
    if axes.get_visible() and axes.patch.get_visible():
        yield axes.patch, True
    for inset in axes.child_axes:
        yield from _axes_patches(inset)


def _sheet(box: Box, path: Path) -> tuple[Box, int]:
    """Return what a sheet is known by: contours may fill the same box, in another shape."""
    left, bottom, right, top = (round(edge, 1) for edge in box)
    return (left, bottom, right, top), len(np.asarray(path.vertices))


def _overlap(one: Box, other: Box) -> bool:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return min(wide, high) > -_FRAME and max(wide, high) > 1
