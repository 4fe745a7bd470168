"""How a block is shown: what the site and the place of a block decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

MERMAID_URL = "https://unpkg.com/mermaid@11/dist/mermaid.min.js"


@dataclass(frozen=True, slots=True)
class ShowSettings:
    """What `show` needs to know besides the block and its Output; a fence's own options win over these.

    Attributes:
        prefix: Start of every id; unique for each place where a block stands (page, excerpt, print page).
        source: Where the source stands beside its result.
        graph: The form of a Graph; "auto" is Mermaid up to `mermaid_limit` nodes, SVG beyond.
        zoom: The zoom of a Graph that is shown first, where it was recorded at several; else the one that
            the code asked for.
        allow_html: Whether rich display's HTML and SVG reach the page raw.
        mermaid_url: Where a theme that brings no Mermaid gets it: a URL, or a path as seen from the page.
        mermaid_limit: Number of nodes up to which "auto" means Mermaid.
        max_inline: Bytes up to which a picture stands in the page, if `save` is given.
        save: Keeps a file (name, content) with the site and returns its URL as seen from the page; without it
            every picture stands in the page.
        alt: Words for a picture, instead of those written from it.
    """

    prefix: str = "chainrule"
    source: Literal["above", "below", "tabbed", "folded", "none"] = "above"
    graph: Literal["auto", "mermaid", "svg", "dot", "steps", "nudge"] = "auto"
    zoom: Literal["scalar", "tensor", "layer"] | None = None
    allow_html: bool = True
    mermaid_url: str = MERMAID_URL
    mermaid_limit: int = 60
    max_inline: int = 100_000
    save: Callable[[str, bytes], str] | None = None
    alt: str = ""
