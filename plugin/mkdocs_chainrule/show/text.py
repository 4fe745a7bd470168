"""Text that a block printed or that a value is, as a terminal would show it: nothing in it is live."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from mkdocs_chainrule.session.terminal import settle
from mkdocs_chainrule.show.markup import MOST_LINES, counted, element, escape

if TYPE_CHECKING:
    from mkdocs_chainrule.session.block import Missing, Stream

_SCREEN, _TELEPHONE = 80, 32  # columns that fit there
_ALIGNED = re.compile(r"\S(?: {2,}|\t)\S|\[\[")  # columns, or the rows of an array
_TAG = re.compile(r"<[^>]*>")


def show_missing(missing: Missing) -> str:
    """Return what stands in the place of what a page does not hold."""
    return text_box("Messages", escape(f"[{missing.note}]"), "chainrule-stderr")


def show_stream(stream: Stream) -> str:
    """Return what was written to a stream as a preformatted block; nothing for nothing."""
    text = terminal(stream.text.removesuffix("\n"))
    if not text.strip():
        return ""
    label = "Output" if stream.name == "stdout" else "Messages"
    return text_box(label, text, f"chainrule-{stream.name}")


def text_box(label: str, text: str, class_: str = "") -> str:
    r"""Return HTML of text alone in a box, which takes focus only where it may scroll.

    Lines are wrapped where the page is narrow, unless they are aligned with each other. The height of a long
    text is bounded, and its label counts the lines.

    Examples:
        >>> text_box("Output", "42")
        '<pre class="chainrule-text">42</pre>'
        >>> text_box("Output", "\n" * 411).partition(" tab")[2].partition(">")[0]
        'index="0" role="group" aria-label="Output, 412 lines"'
    """
    lines = unescape(_TAG.sub("", text)).split("\n")
    widths = [len(line) if line.isascii() else 2 * len(line) for line in lines]
    is_long = sum(max(1, -(-width // _SCREEN)) for width in widths) > MOST_LINES
    is_wide = len(lines) > 1 and max(widths) > _TELEPHONE and _ALIGNED.search(text) is not None
    looks = ("chainrule-text", class_, "chainrule-wide" * is_wide, "chainrule-long" * is_long)
    classes = " ".join(filter(None, looks))
    if not (is_long or is_wide):
        return element("pre", text, class_=classes)
    if is_long:
        label += f", {counted(len(lines), 'line') if len(lines) > 1 else counted(widths[0], 'character')}"
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
    if "\x1b" not in text:
        return escape(text)
    from mkdocs_chainrule.show.ansi import coloured  # noqa: PLC0415 - Rich is loaded where there is a colour

    return "\n".join(coloured(text))
