"""How a block is shown: what its options say, and what depends on where it stands."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.options import DEFAULTS, OPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mkdocs_chainrule.session.block import Block, Output

MERMAID_URL = "https://unpkg.com/mermaid@11/dist/mermaid.min.js"
SECONDS = 9.0
"""In which all is drawn that one block shows."""
until: ContextVar[float] = ContextVar("until", default=inf)
"""When those of what is drawn now are over, on the clock of `time.monotonic`."""
_UNSET = {option.name: DEFAULTS[option.name] for option in OPTIONS if option.affects == "show"}


def left(most: float = inf) -> float:
    """Return the seconds that are left to draw in, of so many at most; 0 if they are over."""
    return max(0.0, min(most, until.get() - monotonic()))


def _unheard(remark: str, *, once: bool = False, asked: str = "") -> None:
    """Drop a remark."""


def _unseen(output: Output) -> None:
    """Drop an Output that could not be shown whole."""


@dataclass(frozen=True, slots=True)
class ShowSettings:
    """What `show` needs to know besides a block's source and its Output.

    Attributes:
        prefix: Start of every id; unique wherever a block stands (page, excerpt, print page).
        options: The values by name, of each row of the table that bears on showing: `settings["graph"]`.
        mermaid_url: Where a theme that brings no Mermaid gets it: a URL, or a path as seen from the page.
        save: Keeps a file (name, content) with the site and returns its URL as seen from the page; without it
            every picture stands in the page.
        caption: What stands under the picture, where the item is one that has a place for it, as a graph has.
        first: The number of the block's first figure on its page; 0 where figures have none.
        sets_formulas: Whether formulas are set here, for no script of the site does.
        remark: Takes what the author should know of how the block is shown, and a reader need not; with
            `once=True` what is told once a page; with an option's name as `asked`, that there is nothing of
            what it asks for.
        unshown: Takes the Output of a block that could not be shown whole, as it may be kept.
        scripts: Files of the site that scripts of results come from, by their names, as seen from the page.
    """

    prefix: str = "chainrule"
    options: Mapping[str, Any] = field(default_factory=_UNSET.copy)
    mermaid_url: str = MERMAID_URL
    save: Callable[[str, bytes], str] | None = None
    caption: str = ""
    first: int = 0
    sets_formulas: bool = True
    remark: Callable[..., object] = _unheard
    unshown: Callable[[Output], object] = _unseen
    scripts: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.options[name]

    def of(self, block: Block) -> ShowSettings:
        """Return the settings of a block that stands here."""
        given = {name: block.options.get(name, unset) for name, unset in _UNSET.items()}
        return replace(self, options=given)
