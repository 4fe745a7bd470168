"""An inline value: the expression's text within a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdocs_chainrule.session.block import Bundle
from mkdocs_chainrule.show.markup import element, escape
from mkdocs_chainrule.show.text import terminal

if TYPE_CHECKING:
    from mkdocs_chainrule.session.block import Block, Failure, Output


def show_inline(block: Block, output: Output) -> str:
    """Return what the expression gave as text, or a short mark that names the failure."""
    if output.failure is not None and output.failure.kind == "unrun":
        return element("code", escape(block.source), title=f"Not run: {output.failure.message}")
    if output.failure is not None:
        return _failure(output.failure)
    texts = [
        str(item.data["text/plain"])
        for item in output.items
        if isinstance(item, Bundle) and "text/plain" in item.data
    ]
    return element("span", terminal(" ".join(texts)), class_="chainrule-inline")


def _failure(failure: Failure) -> str:
    text = f"{failure.place}: {failure.message}"
    return element("span", escape(text), class_="chainrule-inline chainrule-failed")
