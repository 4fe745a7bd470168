"""A panel of a replay as SVG: axes that stay, and the layers in a frame, which a script may change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from mkdocs_chainrule.assets import words
from mkdocs_chainrule.show.graphs.numbers import brief
from mkdocs_chainrule.show.markup import element, escape
from mkdocs_chainrule.show.replays import layers
from mkdocs_chainrule.show.replays.axes import HEIGHT, WIDTH, Axes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Layer = Mapping[str, Any]

_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 22, 8, 34  # around what lies within the axes
_WIDE = 6  # signs that fit there; more are set closer
_COLOURS = {
    "data": "var(--chainrule-ink)",
    "target": "var(--chainrule-ink)",
    "model": "var(--chainrule-1)",
    "loss": "var(--chainrule-1)",
    "gradient": "var(--chainrule-grad)",
    "derivative": "var(--chainrule-3)",
}
_FREE = tuple(f"var(--chainrule-{number})" for number in (1, 6, 8, 5, 7, 4))
_DASHES = ("", "7 3", "2 3", "9 3 2 3")  # so that colour is not all that tells lines apart
_FAINT, _CLEAR = 0.25, 0.6  # how much is seen of the first ghost, and of the last
_MOST_NAMES = 8
_FEWEST_DIGITS, _MOST_DIGITS = 4, 13
_MOST_RESIDUALS = 120


class Look(NamedTuple):
    """How a layer is drawn, in all frames alike."""

    colour: str
    dash: str = ""
    shape: str = ""  # of points


def looks(panel: Mapping[str, Any]) -> list[Look]:
    """Return how each layer of a panel is drawn: by its role, else so that no two are alike."""
    taken = {_COLOURS.get(layer.get("role", "")) for layer in panel["layers"]}
    free = [colour for colour in _FREE if colour not in taken]
    shapes = iter(layers.SHAPES * len(panel["layers"]))
    has_classes = any("wrong" in layer for layer in panel["layers"])
    found: list[Look] = []
    count = lines = 0
    for layer in panel["layers"]:
        role = layer.get("role", "")
        colour = _COLOURS.get(role) or free[count % len(free)]
        dash = _DASHES[lines % len(_DASHES)]
        count += not role
        lines += layer["mark"] != "points"
        if layer["mark"] == "points":
            found.append(Look(colour, "", next(shapes) if has_classes or not role else layers.SHAPES[0]))
        else:
            found.append(Look(colour, "5 3" if role == "target" else dash))
    return found


class PanelWriter:
    """Writes one panel: as the figure that plays, or as a small drawing of a moment."""

    def __init__(
        self, panel: Mapping[str, Any], axes: Axes, steps: Sequence[float], ghosts: Sequence[int]
    ) -> None:
        self.panel, self.axes, self.steps, self.ghosts = panel, axes, steps, ghosts
        self.looks = looks(panel)
        self.model = next(
            (each for each in panel["layers"] if each.get("role") == "model" and "frames" in each), None
        )

    def figure(self, frame: int) -> str:
        """Return the panel in a frame, with what its lines are called above it."""
        box = f"0 0 {_LEFT + WIDTH + _RIGHT} {_TOP + HEIGHT + _BOTTOM}"
        inside = self._inside([*self._old_lines(), *self._layers(frame), *self._now(frame)], _LEFT, _TOP)
        name = f"{self.panel['y']} / {self.panel['x']}"
        picture = element("svg", *self._frame(), inside, viewBox=box, role="img", aria_label=name)
        timeline = "chainrule-chart chainrule-timeline" if self.panel.get("timeline") else "chainrule-chart"
        return element("div", element("p", *self._key(), class_="chainrule-key"), picture, class_=timeline)

    def small(self, frame: int, name: str) -> str:
        """Return the panel in a frame as a drawing without numbers."""
        border = (
            f'<path d="M0 0V{HEIGHT}H{WIDTH}" fill="none" stroke="var(--chainrule-grid)" stroke-width="2"/>'
        )
        inside = self._inside([border, *self._layers(frame)], 0, 0)
        return element("svg", inside, viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=name)

    def _inside(self, content: Sequence[str], x: int, y: int) -> str:
        """Return what lies within the axes, which cut it."""
        pixels = " ".join(f"{number:.8g}" for number in self.axes.pixels)
        return element(
            "svg",
            *content,
            x=x,
            y=y,
            width=WIDTH,
            height=HEIGHT,
            viewBox=f"0 0 {WIDTH} {HEIGHT}",
            data_axes=pixels,
            data_log=self.axes.is_log,
        )

    def _frame(self) -> Iterator[str]:
        lines: list[str] = []
        texts: list[tuple[float, float, str, str]] = []
        base = _TOP + HEIGHT
        across_ticks, up_ticks = self.axes.x_ticks(), self.axes.y_ticks()
        for x, name in zip(across_ticks, _names(across_ticks), strict=True):
            [across, _] = self.axes.place((x, 1.0)) or (0, 0)
            lines.append(f"M{layers.number(_LEFT + across)} {_TOP}V{base}")
            texts.append((_LEFT + across, base + 14, "middle", name))
        for y, name in zip(up_ticks, _names(up_ticks), strict=True):
            [_, down] = self.axes.place((0.0, y)) or (0, 0)
            lines.append(f"M{_LEFT} {layers.number(_TOP + down)}H{_LEFT + WIDTH}")
            texts.append((_LEFT - 5, _TOP + down + 4, "end", name))
        texts.append((_LEFT + WIDTH, base + 28, "end", str(self.panel["x"])))
        yield f'<path d="{"".join(lines)}" stroke="var(--chainrule-grid)" stroke-width=".8"/>'
        for x, y, anchor, text in texts:
            room = _LEFT - 6 if anchor == "end" and x < _LEFT and len(text) > _WIDE else None
            yield element(
                "text",
                escape(text),
                x=layers.number(x),
                y=layers.number(y),
                text_anchor=anchor,
                textLength=room,
            )

    def _old_lines(self) -> Iterator[str]:
        """Yield what does not move: ghosts of earlier frames, and of a timeline the whole of it."""
        for layer, look in zip(self.panel["layers"], self.looks, strict=True):
            if self.panel.get("timeline"):
                yield self._path(
                    layers.line(map(self.axes.place, layers.points(layer, -1, whole=True))),
                    look,
                    opacity=0.35,
                )
            elif "frames" in layer or "paths" in layer:
                for number, ghost in enumerate(self.ghosts):
                    clear = _FAINT + (_CLEAR - _FAINT) * number / max(1, len(self.ghosts) - 1)
                    yield self._path(self._line(layer, ghost), look, opacity=round(clear, 2), stroke_width=1)

    def _layers(self, frame: int) -> Iterator[str]:
        for number, (layer, look) in enumerate(zip(self.panel["layers"], self.looks, strict=True)):
            yield from self._layer(layer, look, number, frame)

    def _layer(self, layer: Layer, look: Look, number: int, frame: int) -> Iterator[str]:
        if layer["mark"] != "points":
            yield self._path(self._line(layer, frame), look, data_layer=number)
            if layer.get("piece", {}).get("of") == "relu":
                kink = layers.kink(layer, frame, self.axes)
                yield self._path(kink, Look(look.colour), data_kink=number, stroke_width=3)
            return
        if self.model and "residual" in layer and len(layer["x"]) <= _MOST_RESIDUALS:
            rests = layers.residuals(layer, self.model, frame, self.axes)
            yield self._path(rests, Look(look.colour, "1 2"), data_rests=number, stroke_width=1, opacity=0.5)
        places = [self.axes.place(point) for point in layers.points(layer, frame)]
        is_dot = look.shape == layers.SHAPES[0]
        yield self._path(
            layers.marks(places, look.shape),
            look,
            data_layer=number,
            data_shape=look.shape,
            stroke_width=5 if is_dot else 1.4,
            stroke_linecap="round" if is_dot else None,
            opacity=0.55 if is_dot else 0.9,
        )
        if "wrong" in layer:
            rings = layers.marks(map(self.axes.place, layers.wrong(layer, frame)), layers.RING)
            yield self._path(
                rings, Look(_COLOURS["data"]), data_wrong=number, data_shape=layers.RING, stroke_width=1.2
            )

    def _now(self, frame: int) -> Iterator[str]:
        if self.panel.get("timeline"):
            [across, _] = self.axes.place((self.steps[frame], 1.0)) or (0, 0)
            d = f"M{layers.number(across)} 0V{HEIGHT}"
            yield self._path(d, Look(_COLOURS["data"]), data_now=True, stroke_width=1.5)

    def _line(self, layer: Layer, frame: int) -> str:
        return layers.line(map(self.axes.place, layers.points(layer, frame)))

    def _path(self, d: str, look: Look, **attributes: Any) -> str:
        style: dict[str, Any] = {
            "fill": "none",
            "stroke": look.colour,
            "stroke_width": 1.8,
            "stroke_dasharray": look.dash or None,
        }
        return element("path", d=d, **style | attributes)

    def _key(self) -> Iterator[str]:
        """Yield the name of the vertical axis, and of each layer, beside how it is drawn."""
        yield element("b", escape(str(self.panel["y"])))
        named = [
            (layer, look)
            for layer, look in zip(self.panel["layers"], self.looks, strict=True)
            if layer["name"]
        ]
        if not 1 < len(named) <= _MOST_NAMES:
            return
        for layer, look in named:
            yield _named(str(layer["name"]), look)
            if self.model and "residual" in layer and len(layer["x"]) <= _MOST_RESIDUALS:
                yield _named(words()["residual"], Look(look.colour, "1 2"))
            if self.ghosts and ("frames" in layer or "paths" in layer):
                steps = ", ".join(f"{self.steps[ghost]:,}" for ghost in self.ghosts)
                yield _named(
                    words()["ghosts"].replace("{steps}", steps), look, opacity=_CLEAR, stroke_width=1
                )
        if any("wrong" in layer for layer, _ in named):
            yield _named(words()["wrong"], Look(_COLOURS["data"], "", layers.RING))


def _named(name: str, look: Look, **attributes: Any) -> str:
    """Return a name beside a sample of what has it."""
    is_dot = look.shape == layers.SHAPES[0]
    d = f"M9 7{look.shape}" if look.shape else "M0 7H18"
    drawn: dict[str, Any] = {
        "stroke_width": 5 if is_dot else 1.8,
        "stroke_linecap": "round" if is_dot else None,
    } | attributes
    path = element("path", d=d, fill="none", stroke=look.colour, stroke_dasharray=look.dash or None, **drawn)
    return element("span", element("svg", path, width=18, height=14, aria_hidden="true"), escape(name))


def _names(ticks: Sequence[float]) -> list[str]:
    """Return the numbers beside an axis, with as many digits as tell them apart.

    Examples:
        >>> _names([0.0, 0.5]), _names([1.0001, 1.0002])
        (['0', '0.5'], ['1.0001', '1.0002'])
    """
    names: list[str] = []
    for digits in range(_FEWEST_DIGITS, _MOST_DIGITS):
        names = [_tick(tick, digits) for tick in ticks]
        if len({*names}) == len(names):
            break
    return names


def _tick(number: float, digits: int = _FEWEST_DIGITS) -> str:
    """Return a number beside an axis.

    Examples:
        >>> _tick(10_000.0), _tick(0.25), _tick(1e-7)
        ('10,000', '0.25', '10⁻⁷')
    """
    if 1000 <= number < 1e6 and number == round(number):
        return f"{round(number):,}"
    return re.sub("^(−?)1×", r"\1", brief(number, digits))
