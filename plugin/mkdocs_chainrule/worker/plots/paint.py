"""The colour that a mark of a figure gets: its own, or one that follows the reader's scheme.

Ink is what the theme draws text and frames with, and exact black. On the page's own ground it follows the
scheme, as do the dark greys that libraries compute from it; on a colour that somebody chose it stays.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import lru_cache
from math import inf
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.session.palette import DARK, GRID, GROUND, INK
from mkdocs_chainrule.worker.plots.grounds import (
    Ground,
    Grounds,
    Sheets,
    area,
    box_of,
    clipped,
    is_opaque,
    shone_through,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from matplotlib.figure import FigureBase
    from matplotlib.path import Path
    from matplotlib.transforms import Bbox, Transform

    Points = Sequence[tuple[float, float]]

_BLACK = "#000000"
_GREYS = 0x55  # up to which a grey is dark: in the dark it is hardly seen
_FIXED = {INK: _BLACK, GRID: "#d8d8df", GROUND: "#ffffff"}  # as light as they are, and no variable
_ROWS = 100  # of an image that are looked at, about
_SLOT = "\0{}\0"
_SLOTS = re.compile("\0(\\d+)\0")
_FOLLOWS = re.compile(rf"\0|light-dark|{INK}|{GRID}|{GROUND}|none$")


@lru_cache(maxsize=4096)
def hex_of(rgb: tuple[float, ...]) -> str:
    """Return a colour without its alpha.

    Examples:
        >>> hex_of((1.0, 0.0, 0.5, 0.2))
        '#ff0080'
    """
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in rgb[:3])


@lru_cache(maxsize=256)
def following(colour: str) -> str | None:
    """Return how a colour is written where it follows the scheme; None if it is one that never does.

    Examples:
        >>> following("#000000") == INK, following("#333333"), following("#ff0000")
        (True, 'light-dark(#333333,#bebfc3)', None)
    """
    if colour in DARK:
        return colour
    if colour == _BLACK:
        return INK
    return f"light-dark({colour},{in_the_dark(colour)})" if _is_dark_grey(colour) else None


def in_the_dark(colour: str) -> str:
    """Return what a colour that follows the scheme is in the dark: as far from ink as it was."""
    if colour == _BLACK:
        return DARK[INK]
    if not _is_dark_grey(colour):
        return DARK[colour]
    part = int(colour[1:3], 16) / 255
    pairs = zip(bytes.fromhex(DARK[INK][1:]), bytes.fromhex(DARK[GROUND][1:]), strict=True)
    return "#" + "".join(f"{round(ink + part * (ground - ink)):02x}" for ink, ground in pairs)


def _is_dark_grey(colour: str) -> bool:
    red, green, blue = bytes.fromhex(colour[1:])
    return red == green == blue and 0 < red <= _GREYS


class Paint:
    """Decides on the colours of a figure, mark after mark, in the order in which they are drawn."""

    def __init__(self, figure: FigureBase) -> None:
        self._figure = figure
        self._grounds = Grounds()
        self._known_sheets: Sheets | None = None  # known once the figure is laid out
        self._slots: list[tuple[str, str]] = []
        self._stays: set[int] = set()
        self._are_data = False

    @property
    def _sheets(self) -> Sheets:
        if self._known_sheets is None:
            self._known_sheets = Sheets(self._figure)
        return self._known_sheets

    def asks(self, rgb: Any) -> bool:
        """Tell whether it depends on the place what becomes of a colour."""
        return bool(self._grounds) and (
            bool(self._slots) or self._following(hex_of(tuple(rgb[:3]))) is not None
        )

    @contextmanager
    def as_data(self, are_data: bool) -> Iterator[None]:
        """Take colours for the steps of a scale meanwhile, if they are: none of them follows."""
        self._are_data = are_data
        try:
            yield
        finally:
            self._are_data = False

    def _following(self, colour: str) -> str | None:
        return None if self._are_data else following(colour)

    def is_bare(self, rgb: Any, path: Path, transform: Transform) -> bool:
        """Tell whether a filled path is a sheet of the page's own ground, which needs no paint."""
        found = area(path, transform) if hex_of(tuple(rgb[:3])) == GROUND else None
        if found is None or not self._sheets.has(found[0], path) or self._sheets.needs_paint(found[0], path):
            return False
        return not self._grounds.chosen_under(_middle(path, transform))

    def stands_on_a_choice(self, points: Points) -> bool:
        """Tell whether some points are on a colour that somebody chose."""
        return self._grounds.chosen_under(points)

    def mark(self, rgb: Any, points: Points) -> str:
        """Return the colour of a mark, such as text or a line, that goes through some points."""
        colour = hex_of(tuple(rgb[:3]))
        follows = self._following(colour)
        if not self._grounds:
            return follows or colour
        if follows is None:
            self._carries(points)
            return colour
        return _fixed(colour) if self._grounds.chosen_under(points) else follows

    def on(self, rgb: Any, fill: str) -> str:
        """Return the colour of a mark that stands on a fill of its own, such as a hatch."""
        colour = hex_of(tuple(rgb[:3]))
        follows = self._following(colour)
        return follows if follows is not None and _FOLLOWS.match(fill) else _fixed(colour)

    def fill(self, gc: Any, rgb: Any, alpha: float, path: Path, transform: Transform) -> str | None:
        """Return the colour of a filled path, on which others may stand; None if it needs no paint."""
        colour = hex_of(tuple(rgb[:3]))
        follows = self._following(colour)
        found = area(path, transform) if is_opaque(alpha) else None
        if found is None:
            stays = follows is None or (
                self._grounds and self._grounds.chosen_under(_middle(path, transform))
            )
            return _fixed(colour) if stays else follows
        box, outlines = found
        middle = [((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)]
        if self._sheets.has(box, path):
            return self._sheet(colour, box, middle, self._sheets.needs_paint(box, path))
        box, outlines = clipped(box, outlines, gc)
        if follows is not None and self._grounds.chosen_under(middle):
            colour, follows = _fixed(colour), None
        elif follows is None:
            self._carries(middle)
        if follows is None or follows == GROUND:
            if follows is None or self._grounds:
                chosen = shone_through(colour, alpha) if follows is None else None
                self._grounds.add(Ground(box, outlines, chosen, solid=alpha == 1))
            return follows or colour
        self._slots.append((follows, _fixed(colour)))
        self._grounds.add(Ground(box, outlines, None, slot=len(self._slots) - 1))
        return _SLOT.format(len(self._slots) - 1)

    def backdrop(self, rgba: Any) -> tuple[str, float] | None:
        """Return the colour and the alpha of what lies under all; None if that is the page's own ground."""
        if rgba is None or not rgba[3] or hex_of(tuple(rgba[:3])) == GROUND:
            return None
        colour, alpha = hex_of(tuple(rgba[:3])), float(rgba[3])
        if is_opaque(alpha):
            self._grounds.add(Ground((-inf, -inf, inf, inf), (), _fixed(colour)))
        return _fixed(colour), alpha

    def _sheet(self, colour: str, box: Any, middle: Points, needs_paint: bool) -> str | None:
        if colour != GROUND or self._grounds.chosen_under(middle):
            self._grounds.add(Ground(box, (), _fixed(colour)))
            return _fixed(colour)
        return colour if needs_paint else None

    def picture(self, gc: Any, box: Bbox, image: np.ndarray[Any, Any]) -> None:
        """Know of pixels, on which others may stand."""
        some = image[:: 1 + len(image) // _ROWS, :: 1 + image.shape[1] // _ROWS].reshape(-1, 4)
        red, green, blue, alpha = some.mean(axis=0) / 255
        if is_opaque(alpha):
            ground = Ground(*clipped(box_of(box), (), gc), hex_of((red, green, blue)))
            self._grounds.add(ground)

    def _carries(self, points: Points) -> None:
        """Let a fill of ink stay what it is, if it carries a mark whose colour does."""
        if self._slots:
            ground = self._grounds.under(points)
            if ground is not None and ground.slot is not None:
                self._stays.add(ground.slot)

    def settled(self, svg: str) -> str:
        """Return what was written, with the colours that had to wait for what was drawn after them."""
        return _SLOTS.sub(self._settled, svg)

    def _settled(self, slot: re.Match[str]) -> str:
        number = int(slot[1])
        follows, stays = self._slots[number]
        return stays if number in self._stays else follows


def _middle(path: Path, transform: Transform) -> Points:
    box = path.get_extents(transform)
    return [((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)]


def _fixed(colour: str) -> str:
    return _FIXED.get(colour, colour)
