"""A block as its page was read, before it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs_chainrule.errors import Problem
    from mkdocs_chainrule.session.block import Block


@dataclass(frozen=True, slots=True)
class Found:
    """A block as its page was read: the source as the theme highlights it, what is wrong with its options."""

    block: Block
    source_html: str = ""
    problems: tuple[Problem, ...] = ()
