"""A layer of pixels in a figure of vectors: what is too much for SVG, or beyond it.

What an artist asks of the renderer is kept as calls, and played to Agg at a multiple of our units: once, and
a second time in the colours of the dark if any of it follows the reader's scheme.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends import backend_agg
from matplotlib.transforms import Affine2D, Bbox, TransformedPath
from PIL import Image

from mkdocs_chainrule.worker.plots.paint import following, hex_of, in_the_dark
from mkdocs_chainrule.worker.plots.units import INCH

if TYPE_CHECKING:
    from collections.abc import Callable

SCALE = 2.0  # pixels of a unit
_COLOURS = 256
_MOST_BYTES = 500_000  # of a layer, before it is made coarser
_MOST_PIXELS = 40_000_000

# Their colours are the steps of a scale: none follows the reader's scheme.
_OF_DATA = frozenset({"draw_gouraud_triangles"})
_USE_THE_CONTEXT = frozenset({"draw_path", "draw_markers"})  # its colour for edges; others bring theirs

Recolour = Any


class Pixels(NamedTuple):
    """A part of a figure as RGBA, and where it stands: left, top, width and height in our units."""

    image: np.ndarray[Any, Any]
    box: tuple[float, float, float, float]


@dataclass
class Layer:
    """Calls to a renderer, from back to front.

    Args:
        width: Of the figure, in our units.
        height: Likewise.
        scale: Pixels of a unit.
    """

    width: float
    height: float
    scale: float = SCALE

    def __post_init__(self) -> None:
        self._calls: list[Callable[[Any, Recolour], None]] = []
        self._follows = False

    def add(self, method: str, gc: Any, *arguments: Any, are_data: bool = False, **more: Any) -> None:
        """Keep a call, whose colours may be the steps of a scale: none of these follows the scheme."""
        own = _scaled(gc, self.scale)
        scaled = tuple(self._argument(each) for each in arguments)
        uses = (*scaled, tuple(own.get_rgb())) if _has_ink(method, gc) else scaled
        stay = are_data or method in _OF_DATA
        if stay or not any(_is_colours(each) and bool(_inks(each).any()) for each in uses):
            self._calls.append(lambda agg, _: getattr(agg, method)(own, *scaled, **more))
            return
        self._follows = True
        self._calls.append(
            lambda agg, recolour: getattr(agg, method)(
                *(recolour(each) if recolour else each for each in (own, *scaled)), **more
            )
        )

    def __bool__(self) -> bool:
        return bool(self._calls)

    def _argument(self, value: Any) -> Any:
        if hasattr(value, "transform_path"):
            return value.frozen() + Affine2D().scale(self.scale)
        return value

    def filter(self, post_processing: Callable[..., Any], inner: Layer) -> None:
        """Keep what a filter makes of the pixels of another layer."""
        self._follows |= inner._follows

        def play(agg: Any, recolour: Recolour) -> None:
            agg.start_filter()
            for call in inner._calls:
                call(agg, recolour)
            agg.stop_filter(post_processing)

        self._calls.append(play)

    def pixels(self) -> tuple[Pixels, Pixels | None] | None:
        """Return the layer in light and, where it differs, in the dark; None if nothing is to be seen."""
        light = self._played(None)
        if light is None:
            return None
        return light, self._played(_darkened) if self._follows else None

    def _played(self, recolour: Recolour) -> Pixels | None:
        width, height = (max(1, round(side * self.scale)) for side in (self.width, self.height))
        if width * height > _MOST_PIXELS:
            inches = f"{self.width / INCH:.0f} by {self.height / INCH:.0f} inches"
            raise ValueError(f"a figure of {inches} is too large for pixels")
        make: Any = backend_agg.RendererAgg
        agg = make(width, height, INCH * self.scale)
        for call in self._calls:
            call(agg, recolour)
        image = np.asarray(agg.buffer_rgba())
        seen = image[..., 3] > 0
        rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
        if not len(rows):
            return None
        top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
        box = tuple(float(edge) / self.scale for edge in (left, top, right - left, bottom - top))
        return Pixels(image[top:bottom, left:right].copy(), box)  # type: ignore[arg-type]  # four of them


def png(image: np.ndarray[Any, Any]) -> bytes:
    """Return pixels as PNG: exactly, if that is not too many bytes, else in fewer colours or coarser."""
    picture = Image.fromarray(image)
    exact = _encoded(_palette(image) or picture)
    if len(exact) <= _MOST_BYTES:
        return exact
    for side in (1.0, 0.75, 0.5):
        size = (max(1, round(picture.width * side)), max(1, round(picture.height * side)))
        smaller = picture if side == 1 else picture.resize(size, Image.Resampling.BOX)
        encoded = _encoded(smaller.quantize(_COLOURS, Image.Quantize.FASTOCTREE))
        if len(encoded) <= _MOST_BYTES:
            break
    return encoded


def _palette(image: np.ndarray[Any, Any]) -> Image.Image | None:
    """Return pixels of few colours by number, which takes a quarter of the bytes."""
    flat = np.ascontiguousarray(image).view(np.uint32).reshape(image.shape[:2])
    few = np.unique(flat[:: max(1, len(flat) // 64)])
    if len(few) > _COLOURS:
        return None
    colours, numbers = np.unique(flat, return_inverse=True)
    if len(colours) > _COLOURS:
        return None
    table = colours.view(np.uint8).reshape(-1, 4)
    picture = Image.fromarray(numbers.reshape(flat.shape).astype(np.uint8), "P")
    picture.putpalette(np.ascontiguousarray(table).tobytes(), "RGBA")
    return picture


def _encoded(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "png")
    return file.getvalue()


def _scaled(gc: Any, scale: float) -> GraphicsContextBase:
    own = GraphicsContextBase()
    own.copy_properties(gc)
    rectangle = gc.get_clip_rectangle()
    if rectangle is not None:
        own.set_clip_rectangle(Bbox(rectangle.get_points() * scale))
    path, transform = gc.get_clip_path()
    if path is not None:
        own.set_clip_path(TransformedPath(path, transform + Affine2D().scale(scale)))
    if (sketch := gc.get_sketch_params()) is not None:
        own.set_sketch_params(*(scale * each for each in sketch[:2]), *sketch[2:])
    return own


def _has_ink(method: str, gc: Any) -> bool:
    return method == "draw_text" or (method in _USE_THE_CONTEXT and bool(gc.get_linewidth()))


def _is_colours(value: Any) -> bool:
    """Tell a colour, or an array of colours, from all else that renderers take."""
    if isinstance(value, tuple) and len(value) in {3, 4}:
        return all(isinstance(each, float | int | np.floating) for each in value)
    return (
        isinstance(value, np.ndarray)
        and value.dtype.kind == "f"
        and value.ndim in {2, 3}
        and (value.shape[-1] == 4)
    )


def _inks(colours: Any) -> np.ndarray[Any, Any]:
    rows = np.asarray(colours, float).reshape(-1, np.shape(colours)[-1])[:, :3]
    return np.array([following(hex_of(tuple(row))) is not None for row in rows.tolist()], bool)


def _darkened(value: Any) -> Any:
    """Return colours, or a graphics context, as they are in the dark."""
    if isinstance(value, GraphicsContextBase):
        own = GraphicsContextBase()
        own.copy_properties(value)
        own.set_foreground(_darkened(tuple(value.get_rgb())), isRGBA=True)
        return own
    if not _is_colours(value):
        return value
    colours = np.array(value, float)
    rows = colours.reshape(-1, colours.shape[-1])
    for row in rows[_inks(rows)]:
        same = (rows[:, :3] == row[:3]).all(axis=1)
        dark = bytes.fromhex(in_the_dark(hex_of(tuple(row[:3])))[1:])
        rows[same, :3] = np.array(list(dark)) / 255
    return tuple(colours.tolist()) if isinstance(value, tuple) else colours
