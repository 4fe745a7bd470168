"""From an Output to HTML: pure functions of what a block showed and how the site wants it shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mkdocs_chainrule.session.block import Stream
from mkdocs_chainrule.show.inline import show_inline
from mkdocs_chainrule.show.markup import element, escape, tabs
from mkdocs_chainrule.show.settings import ShowSettings
from mkdocs_chainrule.show.text import show_stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mkdocs_chainrule.session.block import Block, Output

    Draw = Callable[[Block, Output, ShowSettings], str]

__all__ = ["ShowSettings", "draw", "script_link", "show"]


def show(
    block: Block, source_html: str, output: Output, settings: ShowSettings, drawn: Draw | None = None
) -> str:
    """Return a block as it stands on the page: its source and what it showed.

    Args:
        block: The block.
        source_html: The source as the theme highlights it.
        output: What the block showed.
        settings: What depends on where it stands.
        drawn: Draws the result, or knows it; `draw` if not given.
    """
    settings = settings.of(block)
    if block.kind == "inline":
        return show_inline(block, output)
    if block.options.get("setup") and output.failure is None:
        return ""
    result = (drawn or draw)(block, output, settings)
    return _arranged(settings["source"], source_html, result, settings.prefix)


def script_link(url: str) -> str:
    """Return the end of a page: where its code is to be had.

    Args:
        url: Where the file stands, as seen from the page.
    """
    link = element("a", "This page as .py", href=url, download=True)
    return element("p", link, class_="chainrule chainrule-note chainrule-script", data_search_exclude=True)


def draw(block: Block, output: Output, settings: ShowSettings) -> str:
    """Return what a block showed, without its source; the settings are the block's."""
    pieces = [] if settings["output"] == "none" else list(_items(output, settings))
    if output.failure is not None:
        from mkdocs_chainrule.show.error import show_failure  # noqa: PLC0415 - most builds have none

        pieces.append(show_failure(output.failure, block))
    shown = "".join(pieces)
    if shown and settings["caption"]:
        caption = element("figcaption", escape(settings["caption"]))
        return element("figure", shown, caption, class_="chainrule-result")
    return element("div", shown, class_="chainrule-result") if shown else ""


def _items(output: Output, settings: ShowSettings) -> Iterator[str]:
    from mkdocs_chainrule.show.rich import show_bundle  # noqa: PLC0415 - what is drawn already needs it not

    for number, item in enumerate(output.items, 1):
        place = replace(settings, prefix=f"{settings.prefix}-{number}")
        yield show_stream(item) if isinstance(item, Stream) else show_bundle(item, place)


def _arranged(how: str, source_html: str, result: str, prefix: str) -> str:
    """Return source and result as the option `source` has it."""
    source = element("div", source_html, class_="chainrule-source")
    match how:
        case "none":
            parts = [result]
        case "below":
            parts = [result, source]
        case "folded":
            content = (element("summary", "Source"), source_html)
            parts = [element("details", *content, class_="chainrule-fold chainrule-source"), result]
        case "tabbed" if result:
            parts = [tabs(prefix, {"Result": result, "Source": source}, "Result")]
        case _:
            parts = [source, result]
    return element("div", *parts, class_="chainrule") if any(parts) else ""
