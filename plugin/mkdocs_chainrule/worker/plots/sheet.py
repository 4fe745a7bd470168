"""What a figure wrote so far, and what that refers to: clips, hatches, markers, masks."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from matplotlib.transforms import Affine2D

from mkdocs_chainrule.worker.plots.svg import element, number, numbers, path_data, picture_url
from mkdocs_chainrule.worker.plots.thin import thin
from mkdocs_chainrule.worker.plots.units import POINT

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.path import Path
    from matplotlib.transforms import Bbox, Transform

    from mkdocs_chainrule.worker.plots.layer import Pixels

    Attributes = dict[str, str]
    Window = tuple[float, ...]

# A mask lets through what is white: so one of two pictures is seen, by the reader's scheme.
_LIGHT, _DARK = "light-dark(#fff,#000)", "light-dark(#000,#fff)"

_BESIDE = 9  # sizes of a figure, up to which something may stand beside it
_MARGIN = 10  # around a clip, in which lines do not end


class Sheet:
    """A figure's SVG as it grows.

    Args:
        width: Of the figure.
        height: Likewise.
    """

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.backdrop: tuple[str, float] | None = None  # the colour that lies under all, and its alpha
        self._parts: list[str] = []
        self._ids = count(1)
        self._defs: dict[str, str] = {}  # names of what is referred to, by what it is
        self._schemes: tuple[str, str] | None = None

    @property
    def turned(self) -> Transform:
        """From Matplotlib's space, whose y goes up, to SVG's."""
        return Affine2D().scale(1, -1).translate(0, self.height)

    def defined(self, name: str, attributes: Attributes, content: str = "") -> str:
        """Return the name of what is referred to, which stands in the figure once."""
        shape = element(name, {"id": "{}"} | attributes, content)
        if shape not in self._defs:
            self._defs[shape] = f"i{next(self._ids)}"
        return self._defs[shape]

    def window(self, gc: Any, reach: float) -> Window:
        """Return where what is drawn may be seen: the left, the top, the right and the bottom of it.

        Args:
            gc: Matplotlib's graphics context, which may clip it.
            reach: How far a mark goes from where it stands.
        """
        rectangle = gc.get_clip_rectangle()
        if rectangle is None:  # a figure is cut around all of it, also what stands beside its canvas
            return tuple(
                side * size for side in (-_BESIDE, 1 + _BESIDE) for size in (self.width, self.height)
            )
        x0, y0, x1, y1 = rectangle.extents
        margin = reach + _MARGIN
        return x0 - margin, self.height - y1 - margin, x1 + margin, self.height - y0 + margin

    def data(self, path: Path, transform: Transform, gc: Any = None, *, is_line: bool = False) -> str:
        """Return the data of a path; a line loses what is not seen of it."""
        window = self.window(gc, gc.get_linewidth() * POINT) if is_line else None
        sketch = gc.get_sketch_params() if gc is not None else None
        thinned = thin(path, transform) if is_line and sketch is None else None
        if thinned is not None:
            return path_data(thinned, self.turned, window)
        simplify = is_line and path.should_simplify
        return path_data(path, transform + self.turned, window, simplify=simplify, sketch=sketch)

    def shape(self, name: str, gc: Any, attributes: Attributes) -> None:
        """Write an element that is clipped by itself, unless it is moved: its clip would be, too."""
        clip = self._clip(gc)
        if clip and "transform" not in attributes:
            attributes, clip = attributes | clip, {}
        self._write(gc, element(name, attributes), clip)

    def group(self, gc: Any, text: str) -> None:
        """Write what is clipped as a whole."""
        self._write(gc, text, self._clip(gc))

    def picture(self, gc: Any, place: Attributes, image: np.ndarray[Any, Any]) -> None:
        """Write pixels, the highest row first."""
        self.shape("image", gc, place | {"href": picture_url(image)})

    def pixels(self, light: Pixels, dark: Pixels | None) -> None:
        """Write a layer, once or once for each scheme."""
        if dark is None:
            self._parts.append(_image(light, {}))
            return
        if self._schemes is None:
            self._schemes = f"i{next(self._ids)}", f"i{next(self._ids)}"
        for pixels, mask in zip((light, dark), self._schemes, strict=True):
            self._parts.append(_image(pixels, {"mask": f"url(#{mask})"}))

    def svg(self, box: Bbox) -> str:
        """Return the figure, cut to a box."""
        left, bottom, width, height = box.bounds
        top = self.height - bottom - height
        defs = [shape.replace('id="{}"', f'id="{name}"', 1) for shape, name in self._defs.items()]
        whole = numbers(x=left, y=top, width=width, height=height)
        for mask, seen in zip(self._schemes or (), (_LIGHT, _DARK), strict=False):
            defs.append(element("mask", {"id": mask}, element("rect", whole | {"fill": seen})))
        head = {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": number(width),
            "height": number(height),
            "viewBox": " ".join(map(number, (left, top, width, height))),
        }
        body = element("defs", {}, "".join(defs)) if defs else ""
        if self.backdrop is not None:
            colour, alpha = self.backdrop
            faint = {} if alpha == 1 else {"fill-opacity": number(alpha, 3)}
            body += element("rect", whole | {"fill": colour} | faint)
        return element("svg", head, body + "".join(self._parts))

    def _write(self, gc: Any, text: str, clip: Attributes) -> None:
        if clip:
            text = element("g", clip, text)
        if gc.get_url() is not None:
            text = element("a", {"href": str(gc.get_url())}, text)
        self._parts.append(text)

    def _clip(self, gc: Any) -> Attributes:
        path, transform = gc.get_clip_path()
        rectangle = gc.get_clip_rectangle()
        if path is not None:
            shape = element("path", {"d": self.data(path, transform) or "M0 0"})
        elif rectangle is not None:
            x, y, width, height = rectangle.bounds
            shape = element("rect", numbers(x=x, y=self.height - y - height, width=width, height=height))
        else:
            return {}
        return {"clip-path": f"url(#{self.defined('clipPath', {}, shape)})"}


def _image(pixels: Pixels, more: Attributes) -> str:
    x, y, width, height = pixels.box
    place = numbers(x=x, y=y, width=width, height=height)
    return element("image", place | more | {"href": picture_url(pixels.image)})
