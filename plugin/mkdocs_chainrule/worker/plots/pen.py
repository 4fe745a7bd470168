"""How marks are painted: fill, edge and hatch as presentation attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.transforms import Affine2D

from mkdocs_chainrule.session.palette import GROUND
from mkdocs_chainrule.worker.plots.grounds import is_opaque
from mkdocs_chainrule.worker.plots.paint import hex_of
from mkdocs_chainrule.worker.plots.svg import element, number, path_data
from mkdocs_chainrule.worker.plots.units import INCH, POINT

if TYPE_CHECKING:
    from matplotlib.path import Path
    from matplotlib.transforms import Transform

    from mkdocs_chainrule.worker.plots.paint import Paint
    from mkdocs_chainrule.worker.plots.sheet import Sheet

    Attributes = dict[str, str]

_AREA = 3  # points that it takes to have one
_HATCH = INCH  # the side of the square that repeats
_SAMPLES = 9  # points of a path that are asked what they stand on
_FEWEST = 3  # of them, on a line of one part
_SHARP = "99"  # widths of a line, up to which its corners are points; Matplotlib's always are
_BLUNT = (2, 5)  # points of a line, which has no corner, and of a rectangle, whose are right
_CAPS = {"projecting": "square"}


def alpha_of(gc: Any, rgba: Any) -> float:
    """Return the alpha with which a context draws a colour."""
    if gc.get_forced_alpha():
        return float(gc.get_alpha())
    return float(rgba[3]) if len(rgba) > 3 else 1.0


class Pen:
    """Paints the marks of a figure, in the order in which they are drawn."""

    def __init__(self, paint: Paint, sheet: Sheet) -> None:
        self.paint = paint
        self._sheet = sheet

    def look(
        self, gc: Any, path: Path, transform: Transform, face: Any, *, small: bool = False
    ) -> Attributes | None:
        """Return how a path is painted; None if not at all.

        Args:
            gc: Matplotlib's graphics context.
            path: In a space of its own.
            transform: From there to the figure's.
            face: What it is filled with.
            small: Whether it is known that nothing stands on it.
        """
        fill = self._fill(gc, path, transform, face, small=small)
        on = fill.get("fill") if face is not None and is_opaque(alpha_of(gc, face)) else None
        edge = self._edge(gc, path, transform, on)
        if not edge and not fill:
            return None
        sharp = {} if gc.get_antialiased() else {"shape-rendering": "crispEdges"}
        return (fill or {"fill": "none"}) | edge | sharp

    def lay(self, gc: Any, path: Path, transform: Transform, face: Any) -> None:
        """Know of a fill in a colour of somebody's that becomes pixels, on which others may stand."""
        if face is not None and hex_of(tuple(face[:3])) != GROUND:
            self.paint.fill(gc, face, alpha_of(gc, face), path, transform)

    def _fill(self, gc: Any, path: Path, transform: Transform, face: Any, *, small: bool) -> Attributes:
        alpha = 0.0 if face is None else alpha_of(gc, face)
        colour = None
        if alpha and len(np.asarray(path.vertices)) >= _AREA:
            colour = (
                self.paint.mark(face, self.samples(face, path, transform))
                if small
                else self.paint.fill(gc, face, alpha, path, transform)
            )
        if gc.get_hatch() is not None:
            return {"fill": f"url(#{self._hatch(gc, path, transform, colour, alpha)})"}
        if colour is None:
            return {}
        return {"fill": colour} | ({} if alpha == 1 else {"fill-opacity": number(alpha, 3)})

    def _edge(self, gc: Any, path: Path, transform: Transform, on: str | None) -> Attributes:
        width, rgb = gc.get_linewidth() * POINT, gc.get_rgb()
        alpha = alpha_of(gc, rgb)
        if not width or not alpha:
            return {}
        offset, dashes = gc.get_dashes()
        cap, join = gc.get_capstyle(), gc.get_joinstyle()
        about = {
            "stroke": self._line(rgb, path, transform, on),
            "stroke-width": "" if width == 1 else number(width),
            "stroke-opacity": "" if alpha == 1 else number(alpha, 3),
            "stroke-dasharray": "" if dashes is None else ",".join(number(each * POINT) for each in dashes),
            "stroke-dashoffset": "" if dashes is None or not offset else number(offset * POINT),
            "stroke-linejoin": "" if join == "round" else join,
            "stroke-miterlimit": _SHARP if join == "miter" and len(path) not in _BLUNT else "",
            "stroke-linecap": "" if cap == "butt" else _CAPS.get(cap, cap),
        }
        return {name: value for name, value in about.items() if value}

    def _line(self, rgb: Any, path: Path, transform: Transform, on: str | None) -> str:
        """Return the colour of an edge, which belongs to the fill that it is the edge of."""
        if on is not None:
            return self.paint.on(rgb, on)
        return self.paint.mark(rgb, self.samples(rgb, path, transform))

    def samples(self, rgb: Any, path: Path, transform: Transform) -> list[tuple[float, float]]:
        """Return some points of a path, if it matters for a colour where it stands."""
        vertices = np.asarray(path.vertices, float)
        if not len(vertices) or not self.paint.asks(rgb):
            return []
        # Within its parts: corners are where a ground may end, and so are the ends of a line.
        last = len(vertices) - 1
        starts = np.linspace(0, max(last - 1, 0), min(_SAMPLES, max(last, _FEWEST))).astype(int)
        ends = np.minimum(starts + 1, last)
        parts = np.linspace(0.3, 0.7, len(starts))[:, None]
        some = vertices[starts] + parts * (vertices[ends] - vertices[starts])
        points = transform.transform(some)
        return [(x, y) for x, y in points[np.isfinite(points).all(axis=1)].tolist()]

    def _hatch(self, gc: Any, path: Path, transform: Transform, fill: str | None, alpha: float) -> str:
        rgba = gc.get_hatch_color()
        points = self.samples(rgba, path, transform) if fill is None else []
        colour = self.paint.mark(rgba, points) if fill is None else self.paint.on(rgba, fill)
        side = str(_HATCH)
        turned = Affine2D().scale(_HATCH, -_HATCH).translate(0, _HATCH)
        lines = {"d": path_data(gc.get_hatch_path(), turned), "fill": colour, "stroke": colour}
        lines |= {"stroke-width": number(gc.get_hatch_linewidth() * POINT), "stroke-linejoin": "miter"}
        if len(rgba) > 3 and rgba[3] < 1:
            lines["opacity"] = number(rgba[3], 3)
        ground = {"width": side, "height": side, "fill": fill or ""}
        if alpha < 1:
            ground["fill-opacity"] = number(alpha, 3)
        content = (element("rect", ground) if fill else "") + element("path", lines)
        about = {"patternUnits": "userSpaceOnUse", "width": side, "height": side}
        return self._sheet.defined("pattern", about, content)
