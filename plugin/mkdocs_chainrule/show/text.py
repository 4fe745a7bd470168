"""What a block printed, as a terminal would show it: colours, carriage returns, nothing live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdocs_chainrule.session.terminal import settle
from mkdocs_chainrule.show.markup import escape, text_box

if TYPE_CHECKING:
    from mkdocs_chainrule.session.block import Stream


def show_stream(stream: Stream) -> str:
    """Return what was written to a stream as a preformatted block; nothing for nothing."""
    text = terminal(stream.text.removesuffix("\n"))
    if not text.strip():
        return ""
    label = "Output" if stream.name == "stdout" else "Messages"
    return text_box(label, text, f"chainrule-{stream.name}")


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
