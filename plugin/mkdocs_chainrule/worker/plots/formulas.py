"""Formulas as Matplotlib sets them: those that are a line of characters, as text that any font can set."""

from __future__ import annotations

import unicodedata
from functools import cache
from html import escape
from itertools import chain, count, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib import _mathtext_data, font_manager

from mkdocs_chainrule.worker.plots.svg import element, number
from mkdocs_chainrule.worker.plots.units import POINT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_UNICODE = ("DejaVu", "STIX")  # fonts whose glyphs are numbered as characters
_LATIN = ("cmr10", "cmmi10", "cmb10", "cmss10", "cmtt10", "cmsy10")  # whose letters and digits are
_PRIVATE = range(0xE000, 0xF900)
_MATHEMATICAL = range(
    0x1D400, 0x1D800
)  # letters and digits in other styles, of which a reader types the plain ones
_TOUCHING = 0.2  # of a size: glyphs closer than that stand above each other
_GAP = 0.04  # of a size: what is less is no space
# Of a font's own, or none, or above another: an accent.
_NO_CHARACTERS = frozenset({"Co", "Cn", "Cc", "Cs", "Mn", "Mc", "Me", "Sk", "Lm"})


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
    return sorted(
        (Glyph(g[0], g[1] * POINT, g[2], *g[-2:]) for g in glyphs), key=lambda glyph: (glyph.x, -glyph.y)
    )


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
    characters = [_character(glyph) for glyph in glyphs]
    return "".join(characters) if all(characters) else "".join(c for c in source if c not in "${}\\")


def _character(glyph: Glyph) -> str:
    """Return what a glyph shows; nothing if that is not known."""
    family, char = glyph.font.family_name, chr(glyph.code)
    is_known = char.isprintable() and (family.startswith(_UNICODE) or (family in _LATIN and char.isalnum()))
    if is_known and glyph.code in _MATHEMATICAL:
        return unicodedata.normalize("NFKC", char)
    return _renumbered().get((family, glyph.code)) or (char if is_known else "")


@cache
def _renumbered() -> dict[tuple[str, int], str]:
    """Return what glyphs show that are numbered in a font's own way, as Matplotlib's tables have it."""
    found: dict[tuple[str, int], str] = {}
    for name, place in _mathtext_data.latex_to_bakoma.items():
        code = _mathtext_data.tex2uni.get(name.removeprefix("\\"), ord(name) if len(name) == 1 else 0)
        if code:
            found.setdefault(place, chr(code))
    for variants in _mathtext_data.stix_virtual_fonts.values():
        ranges = chain(*variants.values()) if isinstance(variants, dict) else variants
        for first, last, _, start in ranges:
            codes = zip(range(first, last + 1), count(start), strict=False)
            found |= {("STIXNonUnicode", own): chr(code) for code, own in codes if own in _PRIVATE}
    return found
