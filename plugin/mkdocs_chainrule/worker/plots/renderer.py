"""What Matplotlib asks of a renderer, written as SVG that is small and repeats from build to build."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any

from matplotlib.backend_bases import RendererBase
from matplotlib.transforms import Affine2D, Bbox

from mkdocs_chainrule.worker.plots import lettering, markers
from mkdocs_chainrule.worker.plots.calls import is_clipped, spots, weight
from mkdocs_chainrule.worker.plots.layer import SCALE, Layer
from mkdocs_chainrule.worker.plots.paint import Paint
from mkdocs_chainrule.worker.plots.pen import Pen
from mkdocs_chainrule.worker.plots.ruler import Ruler
from mkdocs_chainrule.worker.plots.scales import Scales
from mkdocs_chainrule.worker.plots.sheet import Sheet
from mkdocs_chainrule.worker.plots.svg import number, numbers, writable
from mkdocs_chainrule.worker.plots.units import INCH, POINT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure
    from matplotlib.path import Path

_MOST = 120_000  # bytes of one mark, past which it becomes pixels
_COARSE = 300  # likewise, where a figure as a whole is too much
_BY_POINTS = frozenset({"draw_path", "draw_markers", "draw_path_collection"})  # others take time by area
_HEAVY = 40_000  # points, past which pixels take their time, and fewer of them show as much
_HATCHCOLORS = "hatchcolors" in signature(RendererBase._iter_collection).parameters  # type: ignore[attr-defined]  # since Matplotlib 3.11
_POINT = 11  # bytes of a point of a path


class Renderer(RendererBase):
    """Writes what a figure draws.

    Args:
        figure: At the dots an inch of a page.
        dpi: Pixels an inch of the author's own, for images.
        coarse: Whether all that lies within axes becomes pixels, but what takes few bytes.
    """

    def __init__(self, figure: Figure, dpi: float, *, coarse: bool = False) -> None:
        super().__init__()
        self.dpi = INCH  # an image that lies on a figure pixel by pixel asks for it
        self.width, self.height = (float(side) * INCH for side in figure.get_size_inches())
        self._figure = figure
        self._scale = max(SCALE, dpi / INCH)
        self._most = _COARSE if coarse else _MOST
        self._coarse = Layer(self.width, self.height, self._scale) if coarse else None  # that still grows
        self._paint = Paint(figure)
        self._scales = Scales(figure)
        self._sheet = Sheet(self.width, self.height)
        self._pen = Pen(self._paint, self._sheet)
        self._lettering = lettering.Lettering(self._paint, self._sheet, self._text2path)
        self._ruler = Ruler()
        self._began = False
        self._layers: list[Layer] = []  # those under way, one within another

    def svg(self, box: Bbox) -> str:
        """Return what was drawn, cut to a box."""
        return writable(self._paint.settled(self._settled.svg(box)))

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Return the figure's size."""
        return self.width, self.height

    def flipy(self) -> bool:
        """Tell that the y of texts goes down."""
        return True

    def option_image_nocomposite(self) -> bool:
        """Tell that images are drawn one by one, as Agg does it."""
        return True

    def option_scale_image(self) -> bool:
        """Tell whether images may come as they are, to be scaled by whoever shows them."""
        return not self._layers

    def get_image_magnification(self) -> float:
        """Return the pixels of a unit, for images."""
        return self._scale

    def points_to_pixels(self, points: Any) -> Any:
        """Return lengths in our units."""
        return points * POINT

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        """Return the size of a line of text, with room for what the reader's fonts show."""
        return self._ruler.get_text_width_height_descent(s, prop, ismath)

    def start_rasterizing(self) -> None:
        """Begin a layer of pixels."""
        self._layers.append(self._new_layer())

    def stop_rasterizing(self) -> None:
        """End it."""
        self._write_layer(self._layers.pop())

    def start_filter(self) -> None:
        """Begin what a filter will change, which only pixels can hold."""
        self._layers.append(self._new_layer())

    def stop_filter(self, filter_func: Any) -> None:
        """Let it."""
        inner = self._layers.pop()
        outer = self._layers[-1] if self._layers else self._new_layer()
        outer.filter(filter_func, inner)
        if not self._layers:
            self._write_layer(outer)

    def draw_path(self, gc: Any, path: Path, transform: Any, rgbFace: Any = None) -> None:  # noqa: N803 - its name
        """Draw a line or a shape."""
        if self._layers:
            if rgbFace is not None and self._paint.is_bare(rgbFace, path, transform):
                rgbFace = None  # noqa: N806 - its name
            self._add(self._layers[-1], "draw_path", gc, path, transform, rgbFace)
            self._pen.lay(gc, path, transform, rgbFace)
            return
        if self._is_backdrop():
            self._sheet.backdrop = self._paint.backdrop(rgbFace)
            rgbFace = None  # noqa: N806 - its name
        data = self._sheet.data(path, transform, gc, is_line=rgbFace is None and gc.get_hatch() is None)
        if len(data) > self._most:
            self._rasterize("draw_path", gc, path, transform, rgbFace)
            return
        if data and (look := self._pen.look(gc, path, transform, rgbFace)) is not None:
            self._settled.shape("path", gc, {"d": data} | look)

    def _is_backdrop(self) -> bool:
        """Tell whether what is drawn is the figure's own patch, which lies under all that is seen."""
        first, self._began = not self._began, True
        return first and self._figure.patch.get_visible()

    def draw_markers(
        self,
        gc: Any,
        marker_path: Path,
        marker_trans: Any,
        path: Path,
        trans: Any,
        rgbFace: Any = None,  # noqa: N803 - its name
    ) -> None:
        """Draw one shape at the points of a path."""
        arguments = (marker_path, marker_trans, path, trans, rgbFace)
        if self._layers:
            self._add(self._layers[-1], "draw_markers", gc, *arguments)
            return
        shape = markers.Shape(marker_path, marker_trans)
        at = markers.places(path, trans, self._sheet.window(gc, shape.reach), self._sheet.turned)
        width = markers.disc(gc, shape, rgbFace)
        if len(at) * (markers.USE if width is None else markers.DOT) > self._most:
            self._rasterize("draw_markers", gc, *arguments)
        elif width is not None:
            markers.write_discs(self._settled, self._pen, gc, markers.Discs(width, rgbFace, at))
        else:
            items = [self._item(gc, shape, place, rgbFace) for place in at]
            markers.write(self._settled, gc, shape, list(filter(None, items)))

    def draw_path_collection(self, gc: Any, *arguments: Any, **more: Any) -> None:
        """Draw many shapes, or some at many places; with Matplotlib's own arguments."""
        are_data = self._scales.give(arguments) or not len(arguments[1])  # of no shapes nothing follows
        if self._layers:
            self._add(self._layers[-1], "draw_path_collection", gc, *arguments, are_data=are_data, **more)
            return
        master_transform, paths, all_transforms, offsets, *rest = arguments
        shapes = max(len(paths), len(all_transforms)) if len(paths) else 0
        number_of_items = max(shapes, len(offsets))
        points = sum(len(paths[index % len(paths)].vertices) for index in range(shapes))
        if points * _POINT + number_of_items * markers.USE > self._most:
            self._rasterize("draw_path_collection", gc, *arguments, are_data=are_data, **more)
            return
        own: Any = super()  # Matplotlib's types know nothing of what its renderers share
        raw = list(own._iter_collection_raw_paths(master_transform, paths, all_transforms))
        hatches = {"hatchcolors": _or_none(more.get("hatchcolors"))} if _HATCHCOLORS else {}
        items = own._iter_collection(gc, list(range(len(raw))), offsets, *rest, **hatches)
        with self._paint.as_data(are_data):
            self._write_collection(gc, raw, items, are_markers=shapes < number_of_items)

    def _write_collection(self, gc: Any, raw: Sequence[Any], items: Any, *, are_markers: bool) -> None:
        shapes = [markers.Shape(*each) for each in raw]
        waiting: list[markers.Item] = []
        last = 0
        for x, y, index, own, face in items:
            path, transform = raw[index]
            if not are_markers or own.get_hatch() is not None or own.get_url() is not None:
                moved = transform + Affine2D().translate(x, y) if x or y else transform
                self.draw_path(own, path, moved, face)
                continue
            if index != last:  # those behind come first
                markers.write(self._settled, gc, shapes[last], waiting)
                waiting, last = [], index
            if item := self._item(own, shapes[index], (x, self.height - y), face):
                waiting.append(item)
        if waiting:
            markers.write(self._settled, gc, shapes[last], waiting)

    def _item(self, gc: Any, shape: markers.Shape, at: tuple[float, float], face: Any) -> markers.Item | None:
        x, y = at
        moved = shape.transform + Affine2D().translate(x, self.height - y)
        look = self._pen.look(gc, shape.path, moved, face, small=shape.small)
        return None if look is None else markers.Item(x, y, look)

    def draw_quad_mesh(self, gc: Any, *arguments: Any) -> None:
        """Draw a mesh of quadrilaterals; with Matplotlib's own arguments."""
        are_data = self._scales.give(arguments)
        if self._layers:
            self._layers[-1].add("draw_quad_mesh", gc, *arguments, are_data=are_data)
            return
        _, width, height, *_ = arguments
        if width * height * 2 * markers.USE > self._most:
            self._rasterize("draw_quad_mesh", gc, *arguments, are_data=are_data)
            return
        super().draw_quad_mesh(gc, *arguments)

    def draw_gouraud_triangles(
        self, gc: Any, triangles_array: Any, colors_array: Any, transform: Any
    ) -> None:
        """Draw shaded triangles, which SVG cannot."""
        write = self._layers[-1].add if self._layers else self._rasterize
        write("draw_gouraud_triangles", gc, triangles_array, colors_array, transform)

    def draw_image(self, gc: Any, x: float, y: float, im: Any, transform: Any = None) -> None:
        """Draw pixels, the lowest row first."""
        rows, columns = im.shape[:2]
        if not rows or not columns:
            return
        if self._layers:
            self._layers[-1].add("draw_image", gc, x * self._scale, y * self._scale, im)
            return
        if transform is None:
            box = Bbox.from_bounds(x, y, columns / self._scale, rows / self._scale)
            left, bottom, width, height = box.bounds
            place = numbers(x=left, y=self.height - bottom - height, width=width, height=height)
            im = im[::-1]
        else:
            at = Affine2D().scale(1 / columns, 1 / rows) + transform + Affine2D().translate(x, y)
            box = Bbox.unit().transformed(Affine2D().scale(columns, rows) + at)
            values = Affine2D((at + self._sheet.turned).get_matrix()).to_values()
            matrix = " ".join(number(value, 6) for value in values)
            place = {"width": str(columns), "height": str(rows), "transform": f"matrix({matrix})"}
            place |= {"image-rendering": "pixelated"}
            if gc.get_alpha() != 1:
                place["opacity"] = number(gc.get_alpha(), 3)
        self._settled.picture(gc, place, im)
        self._paint.picture(gc, box, im)

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        """Draw a line of text, from the start of its baseline."""
        if self._layers:
            at = (x * self._scale, y * self._scale)
            stays = self._paint.stands_on_a_choice([(x, self.height - y)])
            self._layers[-1].add("draw_text", gc, *at, s, prop, angle, are_data=stays, ismath=ismath)
            return
        width = self.get_text_width_height_descent(s, prop, ismath)[0]
        artist = mtext or self._lettering.artist_of(s, self._figure)
        anchor = lettering.anchor(artist, angle, is_line=mtext is None)
        place = lettering.Place(x, y, width, angle, anchor)
        self._settled.group(gc, self._lettering.line(gc, place, s, prop, is_math=bool(ismath)))

    def letter_effects(self) -> None:
        """Write the words of texts with effects, which come as outlines, over these."""
        for words in self._lettering.over_effects(self._figure, self):
            self._settled.group(self.new_gc(), words)

    def _new_layer(self) -> Layer:
        return Layer(self.width, self.height, self._scale)

    @property
    def _settled(self) -> Sheet:
        """The sheet, on which all that came before is written."""
        if self._coarse:  # if anything is on it
            layer, self._coarse = self._coarse, self._new_layer()
            self._write_layer(layer)
        return self._sheet

    def _rasterize(self, method: str, gc: Any, *arguments: Any, **more: Any) -> None:
        if self._coarse is not None and is_clipped(gc):
            self._add(self._coarse, method, gc, *arguments, **more)
            return
        layer = self._new_layer()
        if method in _BY_POINTS and weight(arguments) > _HEAVY:
            layer.scale /= 2
        self._add(layer, method, gc, *arguments, **more)
        self._settled  # noqa: B018 - what waits lies under it
        self._write_layer(layer)

    def _add(self, layer: Layer, how: str, gc: Any, *some: Any, are_data: bool = False, **more: Any) -> None:
        """Add a call to a layer: what stands on a colour that somebody chose does not follow the scheme."""
        stays = are_data or self._paint.stands_on_a_choice(spots(how, some))
        layer.add(how, gc, *some, are_data=stays, **more)

    def _write_layer(self, layer: Layer) -> None:
        pixels = layer.pixels()
        if pixels is None:
            return
        light, dark = pixels
        self._sheet.pixels(light, dark)
        x, y, width, height = light.box
        box = Bbox.from_bounds(x, self.height - y - height, width, height)
        self._paint.picture(self.new_gc(), box, light.image)


def _or_none(colours: Any) -> Any:
    return () if colours is None else colours
