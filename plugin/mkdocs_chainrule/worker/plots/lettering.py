"""Text in a figure: in the reader's fonts, where Matplotlib's allow it, and to be selected and found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from math import cos, radians, sin
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.colors import to_rgba
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from mkdocs_chainrule.worker.plots.formulas import baseline, flows, glyphs_of, plain, spans
from mkdocs_chainrule.worker.plots.pen import alpha_of
from mkdocs_chainrule.worker.plots.svg import element, number, path_data
from mkdocs_chainrule.worker.plots.units import INCH, POINT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from matplotlib.figure import Figure

    from mkdocs_chainrule.worker.plots.paint import Paint
    from mkdocs_chainrule.worker.plots.sheet import Sheet

_GENERIC = ("sans-serif", "serif", "monospace", "cursive", "fantasy")
# Matplotlib's own fonts among them: the page's are better.
_GENERAL = {
    "sans": "sans-serif",
    "sans serif": "sans-serif",
    "DejaVu Sans": "sans-serif",
    "DejaVu Serif": "serif",
    "DejaVu Sans Mono": "monospace",
}
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}
_UPWARDS = {"bottom": "start", "baseline": "start", "top": "end"}
_SWAPPED = {"start": "end", "end": "start", "middle": "middle"}
_UPRIGHT = 0.3  # cosine of an angle under which text runs up or down
_PARTS = (0.1, 0.3, 0.5, 0.7, 0.9)  # of a line, in which it is asked what it stands on


class Lettering:
    """Writes the texts of a figure.

    Args:
        paint: Which knows their colours.
        sheet: Which knows the way up.
        outlines: Matplotlib's own, of formulas that no font sets.
    """

    def __init__(self, paint: Paint, sheet: Sheet, outlines: Any) -> None:
        self._paint = paint
        self._sheet = sheet
        self._outlines = outlines
        self._artists: dict[str, Text] | None = None

    def artist_of(self, line: str, figure: Figure) -> Text | None:
        """Return the text of several lines that one belongs to; Matplotlib does not tell."""
        if self._artists is None:
            texts = [artist for artist in figure.findobj(Text) if isinstance(artist, Text)]
            self._artists = {
                line: text for text in texts for line in text.get_text().split("\n")[:-1] if line
            }
            self._artists |= {
                text.get_text().rpartition("\n")[2]: text for text in texts if "\n" in text.get_text()
            }
        return self._artists.get(line)

    def line(self, gc: Any, place: Place, text: str, prop: Any, *, is_math: bool) -> str:
        """Return a line as SVG."""
        rgb = gc.get_rgb()
        alpha = alpha_of(gc, rgb)
        some = [place.at(part, 0.35 * size_of(prop)) for part in _PARTS] if self._paint.asks(rgb) else []
        points = [(x, self._sheet.height - y) for x, y in some]
        look = {"fill": self._paint.mark(rgb, points)} | ({} if alpha == 1 else {"opacity": number(alpha, 3)})
        if is_math:
            return self._formula(place, text, prop, look)
        return element("text", place.attributes() | font_attributes(prop) | look, escape(text, quote=False))

    def hidden(self, text: str, place: Place, prop: Any, fill: str) -> str:
        """Return text that is not to be seen, but to be selected and found, over its outlines."""
        look = font_attributes(prop) | {"fill": fill, "fill-opacity": "0"}
        look |= {"textLength": number(place.width), "lengthAdjust": "spacingAndGlyphs"}
        return element("text", place.attributes() | look, escape(text, quote=False))

    def over_effects(self, figure: Figure, renderer: Any) -> Iterator[str]:
        """Yield the words of texts that were drawn as outlines, since they have effects, over these."""
        for artist in figure.findobj(Text):
            if isinstance(artist, Text) and artist.get_path_effects() and _is_seen(artist):
                yield self._over(artist, renderer)

    def _over(self, artist: Text, renderer: Any) -> str:
        box = artist.get_window_extent(renderer)
        turn, size = radians(artist.get_rotation()), size_of(artist.get_fontproperties())
        along = abs(box.width * cos(turn)) + abs(box.height * sin(turn))
        middle = Place((box.x0 + box.x1) / 2, self._sheet.height - (box.y0 + box.y1) / 2, 0, 0, "start")
        start = replace(middle, angle=artist.get_rotation(), width=along).lifted(-0.35 * size)
        x, y = replace(start, width=-along).at(0.5)
        words = " ".join(artist.get_text().split())
        prop, fill = artist.get_fontproperties(), self._paint.mark(to_rgba(artist.get_color()), [])
        return self.hidden(words, replace(start, x=x, y=y, anchor="middle"), prop, fill)

    def _formula(self, place: Place, text: str, prop: Any, look: dict[str, str]) -> str:
        parsed = self._outlines.mathtext_parser.parse(text, INCH, prop)
        glyphs, size = glyphs_of(parsed), size_of(prop)
        font = font_attributes(prop)
        if flows(parsed, glyphs):
            lifted = place.lifted(baseline(glyphs, size))
            return element("text", lifted.attributes() | font | look, "".join(spans(glyphs, size)))
        outline = Path(*self._outlines.get_text_path(prop, text, ismath=True))
        turned = Affine2D().scale(size / self._outlines.FONT_SCALE).rotate_deg(place.angle).scale(1, -1)
        data = path_data(outline, turned.translate(place.x, place.y))
        return element("path", {"d": data} | look) + self.hidden(
            plain(glyphs, text), place, prop, look["fill"]
        )


def _is_seen(artist: Text) -> bool:
    axes = artist.axes
    return bool(artist.get_text() and artist.get_visible() and (axes is None or axes.get_visible()))


def size_of(prop: Any) -> float:
    """Return the size of a font in our units."""
    return float(prop.get_size()) * POINT


def font_attributes(prop: Any) -> dict[str, str]:
    """Return the presentation attributes of a font, without what a page has anyway."""
    weight = font_manager.weight_dict.get(prop.get_weight(), prop.get_weight())
    found = {
        "font-size": number(size_of(prop)),
        "font-family": family(prop.get_family()),
        "font-style": prop.get_style(),
        "font-variant": prop.get_variant(),
        "font-weight": str(weight),
        "font-stretch": str(prop.get_stretch()),
    }
    return {name: value for name, value in found.items() if value not in {"", "normal", "400"}}


def family(names: Iterable[str]) -> str:
    """Return a font family for a page: nothing for Matplotlib's own, and a general one at the end.

    Examples:
        >>> family(["monospace"]), family(["Georgia", "serif"]), family(["Arial"])
        ('monospace', "'Georgia', serif", "'Arial', sans-serif")
    """
    found = list(dict.fromkeys(name for each in names for name in _family(each)))
    if not any(name in _GENERIC for name in found):
        found.append("sans-serif")
    return "" if found == ["sans-serif"] else ", ".join(found)


def _family(name: str) -> Iterator[str]:
    general = _GENERAL.get(name, name)
    if general not in _GENERIC:
        yield repr(name)
        return
    key: Any = f"font.{general}"
    if name == general and mpl.rcParams[key][0] != mpl.rcParamsDefault[key][0]:
        yield repr(mpl.rcParams[key][0])
    yield general


@dataclass(frozen=True)
class Place:
    """Where text stands: the start of its baseline, its width, its angle, and which end stays there."""

    x: float
    y: float
    width: float
    angle: float
    anchor: str

    def at(self, part: float, above: float = 0.0) -> tuple[float, float]:
        """Return a point so far along the text, from 0 to 1, and so far above its baseline."""
        turn, along = radians(self.angle), part * self.width
        return (
            self.x + along * cos(turn) - above * sin(turn),
            self.y - along * sin(turn) - above * cos(turn),
        )

    def lifted(self, by: float) -> Place:
        """Return the place that is so much higher."""
        x, y = self.at(0, by)
        return replace(self, x=x, y=y)

    def attributes(self) -> dict[str, str]:
        """Return the attributes that put it there."""
        x, y = map(number, self.at({"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]))
        found = {"x": x, "y": y}
        if self.anchor != "start":
            found["text-anchor"] = self.anchor
        if self.angle % 360:
            found["transform"] = f"rotate({number(-self.angle)} {x} {y})"
        return found


def anchor(artist: Any, angle: float, *, is_line: bool = False) -> str:
    """Return which end of a text stays where it is, when its font is another than it was measured in.

    Args:
        artist: The text; None if it is not known.
        angle: In degrees, against the clock.
        is_line: Whether the text is one line of several, which are aligned with each other.
    """
    if artist is None:
        return "start"
    if is_line:
        among = getattr(artist, "_multialignment", None)  # which has no getter
        return _ANCHORS[among or artist.get_horizontalalignment()]
    if artist.get_rotation_mode() == "anchor":
        return _ANCHORS[artist.get_horizontalalignment()]
    turn = radians(angle)
    if abs(cos(turn)) >= _UPRIGHT:
        end = _ANCHORS[artist.get_horizontalalignment()]
        return end if cos(turn) > 0 else _SWAPPED[end]
    end = _UPWARDS.get(artist.get_verticalalignment(), "middle")
    return end if sin(turn) > 0 else _SWAPPED[end]
