"""What a block printed, as a terminal would show it: colours, carriage returns, nothing live."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from mkdocs_chainrule.session.terminal import settle
from mkdocs_chainrule.show.markup import element, escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs_chainrule.session.block import Stream

_COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
# xterm's colours, in which 256 colours and true colours find their nearest.
_XTERM = "000 c00 0c0 cc0 00e c0c 0cc eee 777 f00 0f0 ff0 55f f0f 0ff fff"
_RGB = [[int(level, 16) * 17 for level in colour] for colour in _XTERM.split()]
# Operating system commands (titles, links), colours and other CSI sequences, other escapes.
_CONTROL = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[([0-9;:?]*)([@-~])|\x1b[@-_]?",
)


@dataclass(frozen=True, slots=True)
class Style:
    """The look of a character: colour numbers 0 to 15, and attributes."""

    ink: int | None = None
    ground: int | None = None
    attributes: frozenset[str] = frozenset()

    def classes(self) -> str:
        """Return the CSS classes, or nothing for a plain character."""
        names = [f"chainrule-{name}" for name in sorted(self.attributes)]
        names += [] if self.ink is None else [f"chainrule-ink-{_name(self.ink)}"]
        names += [] if self.ground is None else [f"chainrule-ground-{_name(self.ground)}"]
        return " ".join(names)


PLAIN = Style()


def show_stream(stream: Stream) -> str:
    """Return what was written to a stream as a preformatted block; nothing for nothing."""
    text = terminal(stream.text.removesuffix("\n"))
    if not text.strip():
        return ""
    label = "Output" if stream.name == "stdout" else "Messages"
    classes = f"chainrule-text chainrule-{stream.name}"
    return element("pre", text, class_=classes, tabindex=0, role="group", aria_label=label)


def terminal(text: str) -> str:
    r"""Return text as HTML: escaped, ANSI colours as classed spans, carriage returns obeyed.

    Examples:
        >>> terminal("  0%\r100%")
        '100%'
        >>> terminal("\x1b[31mred\x1b[0m")
        '<span class="chainrule-ink-red">red</span>'
    """
    text = settle(text)
    return "\n".join(_lines(text)) if "\x1b" in text else escape(text)


def _lines(text: str) -> Iterator[str]:
    style = PLAIN
    for line in text.split("\n"):
        runs = list(_runs(line, style))
        style = runs[-1][1]
        seen = groupby((run for run in runs if run[0]), key=itemgetter(1))
        yield "".join(_span("".join(text for text, _ in group), look) for look, group in seen)


def _runs(line: str, style: Style) -> Iterator[tuple[str, Style]]:
    """Yield the text between the escapes of a line, each with its look."""
    start = 0
    for match in _CONTROL.finditer(line):
        yield line[start : match.start()], style
        start = match.end()
        if match[2] == "m":
            style = _select(match[1], style)
    yield line[start:], style


def _span(text: str, style: Style) -> str:
    if not text or style == PLAIN:
        return escape(text)
    return element("span", escape(text), class_=style.classes())


_ATTRIBUTES = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "inverse", 9: "strike"}
_ENDS = {22: {"bold", "dim"}, 23: {"italic"}, 24: {"underline"}, 27: {"inverse"}, 29: {"strike"}}


def _select(parameters: str, style: Style) -> Style:
    """Apply the parameters of `ESC [ … m` (ECMA-48, Select Graphic Rendition)."""
    codes = iter([int(code) if code.isdigit() else 0 for code in re.split("[;:]", parameters)])
    for code in codes:
        style = _apply(code, codes, style)
    return style


def _apply(code: int, rest: Iterator[int], style: Style) -> Style:
    if code == 0:
        return PLAIN
    if code in _ATTRIBUTES:
        return replace(style, attributes=style.attributes | {_ATTRIBUTES[code]})
    if code in _ENDS:
        return replace(style, attributes=style.attributes - _ENDS[code])
    if code in (38, 39) or code // 10 in (3, 9):
        return replace(style, ink=_colour(code, rest))
    if code in (48, 49) or code // 10 in (4, 10):
        return replace(style, ground=_colour(code, rest))
    return style


def _colour(code: int, rest: Iterator[int]) -> int | None:
    digit = code % 10
    if digit == 9:
        return None
    if digit == 8:
        return _extended(rest)
    return digit + 8 * (code >= 90)


def _extended(rest: Iterator[int]) -> int | None:
    """Read what follows 38 or 48: `5;n`, one of 256 colours, or `2;r;g;b`."""
    if next(rest, 0) == 2:
        return _nearest(next(rest, 0), next(rest, 0), next(rest, 0))
    number = next(rest, 0)
    if number < 16:
        return number
    if number > 231:
        return _nearest(*[8 + 10 * (number - 232)] * 3)
    red, green, blue = (number - 16) // 36, (number - 16) // 6 % 6, (number - 16) % 6
    return _nearest(*[55 + 40 * level if level else 0 for level in (red, green, blue)])


def _nearest(red: int, green: int, blue: int) -> int:
    def distance(number: int) -> int:
        r, g, b = _RGB[number]
        return (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2

    return min(range(16), key=distance)


def _name(number: int) -> str:
    return ("bright-" if number > 7 else "") + _COLOURS[number % 8]
