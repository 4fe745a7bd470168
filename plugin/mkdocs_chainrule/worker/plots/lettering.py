"""Text in a figure: in the reader's fonts, where Matplotlib's allow it, and to be selected and found."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise
from math import cos, radians, sin
from typing import TYPE_CHECKING, Any, NamedTuple

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from mkdocs_chainrule.worker.plots.pen import alpha_of
from mkdocs_chainrule.worker.plots.svg import element, number, path_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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
_UNICODE = ("DejaVu", "STIX")  # fonts whose glyphs are numbered as characters
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}
_UPWARDS = {"bottom": "start", "baseline": "start", "top": "end"}
_SWAPPED = {"start": "end", "end": "start", "middle": "middle"}
_UPRIGHT = 0.3  # cosine of an angle under which text runs up or down
# Of a font's own, or none, or above another: an accent.
_NO_CHARACTERS = frozenset({"Co", "Cn", "Cc", "Cs", "Mn", "Mc", "Me", "Sk", "Lm"})
_TOUCHING = 0.2  # of a size: glyphs closer than that stand above each other
_GAP = 0.04  # of a size: what is less is no space
_WIDE = 0.4  # of a size, by which a wide character is wider than the sign for one that a font lacks


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
        x, y = place.at(0.5, 0.35 * prop.get_size())
        points = [(x, self._sheet.height - y)] if self._paint.asks(rgb) else []
        look = {"fill": self._paint.mark(rgb, points)} | ({} if alpha == 1 else {"opacity": number(alpha, 3)})
        if is_math:
            return self._formula(place, text, prop, look)
        return element("text", place.attributes() | font_attributes(prop) | look, escape(text, quote=False))

    def _formula(self, place: Place, text: str, prop: Any, look: dict[str, str]) -> str:
        parsed = self._outlines.mathtext_parser.parse(text, 72, prop)
        glyphs, size = glyphs_of(parsed), prop.get_size()
        font = font_attributes(prop)
        if flows(parsed, glyphs):
            lifted = place.lifted(baseline(glyphs, size))
            return element("text", lifted.attributes() | font | look, "".join(spans(glyphs, size)))
        outline = Path(*self._outlines.get_text_path(prop, text, ismath=True))
        turned = Affine2D().scale(size / self._outlines.FONT_SCALE).rotate_deg(place.angle).scale(1, -1)
        data = path_data(outline, turned.translate(place.x, place.y))
        # Not to be seen, but to be selected and found.
        hidden = place.attributes() | font | {"fill": look["fill"], "fill-opacity": "0"}
        hidden |= {"textLength": number(place.width), "lengthAdjust": "spacingAndGlyphs"}
        found = element("text", hidden, escape(plain(glyphs, text), quote=False))
        return element("path", {"d": data} | look) + found


def font_attributes(prop: Any) -> dict[str, str]:
    """Return the presentation attributes of a font, without what a page has anyway."""
    weight = font_manager.weight_dict.get(prop.get_weight(), prop.get_weight())
    found = {
        "font-size": number(prop.get_size()),
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


class Glyph(NamedTuple):
    """A glyph of a formula: its font, its size, its character, and where it stands from the start."""

    font: Any
    size: float
    code: int
    x: float
    y: float


def glyphs_of(parsed: Any) -> list[Glyph]:
    """Return a formula's glyphs from left to right; Matplotlib's releases differ in what more they tell."""
    glyphs = parsed[3]
    return sorted((Glyph(g[0], g[1], g[2], *g[-2:]) for g in glyphs), key=lambda glyph: (glyph.x, -glyph.y))


def flows(parsed: Any, glyphs: Sequence[Glyph]) -> bool:
    """Tell whether a formula is a line of characters, raised or not: so any font can set it."""
    if parsed[4] or not glyphs:
        return False
    named = all(glyph.font.family_name.startswith(_UNICODE) and _is_character(glyph.code) for glyph in glyphs)
    apart = all(right.x - left.x > _TOUCHING * min(left.size, right.size) for left, right in pairwise(glyphs))
    return named and apart and "Size" not in "".join(glyph.font.family_name for glyph in glyphs)


def _is_character(code: int) -> bool:
    return unicodedata.category(chr(code)) not in _NO_CHARACTERS


def spans(glyphs: Sequence[Glyph], size: float) -> Iterator[str]:
    """Yield a formula's characters in order, as SVG that moves each run to its height."""
    height, end = baseline(glyphs, size), 0.0
    for run in _runs(glyphs):
        first = run[0]
        about = {"dx": first.x - end, "dy": height - first.y}
        look = {key: number(by) for key, by in about.items() if abs(by) > _GAP * size}
        look |= dict(_look(first, size))
        text = escape("".join(chr(glyph.code) for glyph in run), quote=False)
        yield element("tspan", look, text) if look else text
        height, end = first.y, run[-1].x + advance(run[-1])


def baseline(glyphs: Sequence[Glyph], size: float) -> float:
    """Return the height on which a formula's characters of full size stand."""
    return next((glyph.y for glyph in glyphs if glyph.size == size), 0.0)


def _runs(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    run: list[Glyph] = []
    for glyph in glyphs:
        if run and not _continues(run[-1], glyph):
            yield run
            run = []
        run.append(glyph)
    yield run


def _continues(last: Glyph, glyph: Glyph) -> bool:
    alike = last.font.fname == glyph.font.fname and last.size == glyph.size and last.y == glyph.y
    return alike and abs(glyph.x - last.x - advance(last)) <= _GAP * glyph.size


def advance(glyph: Glyph) -> float:
    """Return how far the next glyph stands from this one, if there is no space between."""
    glyph.font.set_size(glyph.size, 72)
    return float(glyph.font.load_char(glyph.code).linearHoriAdvance) / 65536


def _look(glyph: Glyph, size: float) -> Iterator[tuple[str, str]]:
    entry = font_manager.ttfFontProperty(glyph.font)
    if glyph.size != size:
        yield "font-size", number(glyph.size)
    if entry.style != "normal":
        yield "font-style", "italic"
    if str(entry.weight) not in {"400", "normal"}:
        yield "font-weight", str(entry.weight)
    name = glyph.font.family_name
    if "Mono" in name:
        yield "font-family", "monospace"
    elif "Serif" in name or "STIX" in name:
        yield "font-family", "serif"


def plain(glyphs: Sequence[Glyph], source: str) -> str:
    """Return a formula as text that can be found: its characters, or what is left of its source."""
    if all(glyph.font.family_name.startswith(_UNICODE) and chr(glyph.code).isprintable() for glyph in glyphs):
        return "".join(chr(glyph.code) for glyph in glyphs)
    return "".join(char for char in source if char not in "${}\\")


def wider(text: str, size: float) -> float:
    """Return by how much text is wider than it is measured, in characters that Matplotlib's fonts lack."""
    if text.isascii():
        return 0.0
    return _WIDE * size * sum(unicodedata.east_asian_width(char) in "WF" for char in text)
