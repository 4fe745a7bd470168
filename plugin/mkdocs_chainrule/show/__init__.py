"""From an Output to HTML: pure functions of what a block showed and how the site wants it shown."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from mkdocs_chainrule.session.block import Bundle
from mkdocs_chainrule.show.captions import Caption, captioned, captions, is_graph, pictures, said_of
from mkdocs_chainrule.show.literal import UNSET, literal
from mkdocs_chainrule.show.markup import counted, element, escape, folded, tabs
from mkdocs_chainrule.show.settings import ShowSettings
from mkdocs_chainrule.show.text import terminal
from mkdocs_chainrule.show.wall import Wall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mkdocs_chainrule.session.block import Block, Output

    Draw = Callable[[Block, Output, ShowSettings], str]

# An expression that ends in it, and its format.
_NAME = re.compile(r"\s*([^\W\d]\w*)\s*(?![\w(])")  # what a value is of, which its graph may show
_GRADIENT = re.compile(r"\.grad\s*(![rsa])?\s*(:[^()\[\]{}]*)?$")

__all__ = ["ShowSettings", "draw", "script_link", "show"]


def show(
    block: Block, source_html: str, output: Output, settings: ShowSettings, drawn: Draw | None = None
) -> str:
    """Return a block as it stands on the page: its source, as the theme highlights it, and what it showed.

    What draws that, or knows how it was drawn, is `draw` if not given.
    """
    settings = settings.of(block)
    if block.kind == "inline":
        return _inline(block, output)
    if block.options.get("setup") and output.failure is None:
        return ""
    result = (drawn or draw)(block, output, settings)
    return _arranged(settings["source"], source_html, result, settings.prefix)


def _inline(block: Block, output: Output) -> str:
    """Return what an expression gave as text within a sentence, or a short mark that names the failure."""
    failure = output.failure
    if failure is not None and failure.kind == "unrun":
        return element("code", escape(block.source), title=f"Not run: {failure.message}")
    if failure is not None:
        text = f"{failure.place}: {failure.message}"
        return element("span", literal(escape(text)), class_=f"chainrule-inline chainrule-failed {UNSET}")
    bundles = [item.data for item in output.items if isinstance(item, Bundle)]
    texts = [str(data["text/plain"]) for data in bundles if "text/plain" in data]
    look = "chainrule-inline chainrule-grad" if _GRADIENT.search(block.source) else "chainrule-inline"
    name = _NAME.match(block.source)
    text = literal(terminal(" ".join(texts)))
    return element("span", text, class_=f"{look} {UNSET}", data_of=name and name[1])


def script_link(url: str) -> str:
    """Return the end of a page: where its code is to be had, as seen from the page."""
    link = element("a", "This page as .py", href=url, download=True)
    return element("p", link, class_="chainrule chainrule-note chainrule-script", data_search_exclude=True)


def draw(block: Block, output: Output, settings: ShowSettings) -> str:
    """Return what a block showed, without its source; the settings are the block's."""
    said = {} if settings["output"] == "none" else captions(block, output, settings.first)
    if said_of(block, "alt"):
        settings = replace(settings, options={**settings.options, "alt": None})
    wall = Wall(block)
    pieces = [] if settings["output"] == "none" else list(_items(output, settings, said, wall))
    if (settled := wall.settled(output)) is not output:
        settings.unshown(settled)
        output = settled
    if output.failure is not None:
        from mkdocs_chainrule.show.error import show_failure  # noqa: PLC0415 - most builds have none

        pieces.append(literal(show_failure(output.failure, block, settings)))
    if (more := said_of(block)) > len(pictures(output)) and said:
        settings.remark(f"it has {counted(len(pictures(output)), 'picture')} and captions for {more}")
    shown = "".join(pieces)
    whole = said.get(None, Caption())
    look = f"chainrule-result {UNSET}"
    return captioned(shown, whole, look, has_text=_ends_in_graph(output)) if shown else ""


def _ends_in_graph(output: Output) -> bool:
    """Tell whether the last thing shown is a graph, which the caption of all stands under."""
    return output.failure is None and is_graph(next(reversed(output.items), None))


def _items(
    output: Output, settings: ShowSettings, said: Mapping[int | None, Caption], wall: Wall
) -> Iterator[str]:
    last = len(output.items) - 1 if _ends_in_graph(output) else None
    for number, item in enumerate(output.items):
        own = said.get(number, Caption())
        below = own if own.text or own.number or number != last else said.get(None, own)
        place = replace(settings, prefix=f"{settings.prefix}-{number + 1}", caption=str(below))
        if own.alt:
            place = replace(place, options={**settings.options, "alt": own.alt})
        shown = wall.shown(number, item, place)
        yield captioned(shown, own, "chainrule-figure", has_text=is_graph(item)) if own.is_named else shown


def _arranged(how: str, source_html: str, result: str, prefix: str) -> str:
    """Return source and result as the option `source` has it."""
    source = element("div", source_html, class_="chainrule-source")
    match how:
        case "none":
            parts = [result]
        case "below":
            parts = [result, source]
        case "folded":
            parts = [folded("Source", source_html, class_="chainrule-source"), result]
        case "tabbed" if result:
            parts = [tabs(prefix, {"Result": result, "Source": source}, "Result")]
        case _:
            parts = [source, result]
    return element("div", *parts, class_="chainrule") if any(parts) else ""
