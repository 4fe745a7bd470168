"""Colours and attributes of a terminal as CSS classes: Rich reads the escapes, and we name what it found."""

from __future__ import annotations

import re
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from rich.ansi import AnsiDecoder
from rich.color_triplet import ColorTriplet
from rich.palette import Palette
from rich.style import Style

from mkdocs_chainrule.show.markup import element, escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.color import Color
    from rich.text import Text

_COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
# xterm's colours, in which 256 colours and true colours find their nearest.
_LEVELS = "000 c00 0c0 cc0 00e c0c 0cc eee 777 f00 0f0 ff0 55f f0f 0ff fff"
_XTERM = Palette([ColorTriplet(*(17 * int(level, 16) for level in levels)) for levels in _LEVELS.split()])
_ATTRIBUTES = ("bold", "dim", "reverse", "italic", "strike", "underline")
# Operating system commands (titles, links), colours and other CSI sequences, other escapes.
_CONTROL = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[([0-9;:?]*)([@-~])|\x1b[@-_]?")


def coloured(text: str) -> Iterator[str]:
    """Yield the lines of a text as HTML, their colours as classed spans and all other escapes left out."""
    decoder = AnsiDecoder()
    for line in _CONTROL.sub(_colour_only, text).split("\n"):
        yield _line(decoder.decode_line(line))


def _colour_only(match: re.Match[str]) -> str:
    return match[0].replace(":", ";") if match[2] == "m" else ""


def _line(line: Text) -> str:
    looks = [""] * len(line)
    for start, end, style in line.spans:
        assert isinstance(style, Style)
        looks[start:end] = [_classes(style)] * (end - start)
    runs = groupby(zip(line.plain, looks, strict=True), itemgetter(1))
    return "".join(_span("".join(character for character, _ in run), look) for look, run in runs)


def _span(text: str, classes: str) -> str:
    return element("span", escape(text), class_=classes) if classes else escape(text)


def _classes(style: Style) -> str:
    names = [name.replace("reverse", "inverse") for name in _ATTRIBUTES if getattr(style, name)]
    grounds = {"ink": style.color, "ground": style.bgcolor}
    names += [
        f"{what}-{_name(colour)}" for what, colour in grounds.items() if colour and not colour.is_default
    ]
    return " ".join(f"chainrule-{name}" for name in names)


def _name(colour: Color) -> str:
    number = colour.number
    if number is None or number > 15:
        number = _XTERM.match(colour.get_truecolor())
    return ("bright-" if number > 7 else "") + _COLOURS[number % 8]
