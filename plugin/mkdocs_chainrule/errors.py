"""What can be wrong with a page, in the words that an author reads.

    ChainruleError
    ├── OptionError     an option has a value that it does not take
    ├── LayoutError     no layout engine placed a graph
    └── UnshownError    what a block showed cannot be drawn

A `Problem` is no exception: it is found while a page is read or run, and told when the whole site is known,
so that one build names them all.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs_chainrule.session.block import Failure, Place


class ChainruleError(Exception):
    """The parent of every error that this package raises."""


class OptionError(ChainruleError, ValueError):
    """An option has a value that it does not take; the message says what it takes."""


class LayoutError(ChainruleError, RuntimeError):
    """No layout engine placed a graph: there is none, or it took too long."""


class UnshownError(ChainruleError, RuntimeError):
    """What a block showed cannot be drawn, or takes too long; the message says why, within a sentence."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to tell the author: where it is, and what to do about it; its first line says it all.

    Examples:
        >>> from mkdocs_chainrule.session.block import Place
        >>> print(Problem(Place("docs/page.md", 12), "NameError: name 'x' is not defined"))
        docs/page.md:12: NameError: name 'x' is not defined
    """

    place: Place
    message: str
    level: int = logging.ERROR  # of a block that failed; a slip of the pen is a warning

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


def failure_problem(failure: Failure, skipped: int = 0) -> Problem:
    """Return the report of a block that failed: its message, frames and causes, and how many it held up."""
    lines = [failure.message]
    for frame in failure.frames:
        lines += [f"  {frame.place}, in {frame.function}", f"    {frame.code.strip()}"]
    lines += [f"  {'  ' * detail.depth}{detail}" for detail in failure.details]
    if skipped:
        lines.append(f"  {skipped} later {'block' if skipped == 1 else 'blocks'} of this page did not run")
    return Problem(failure.place, "\n".join(lines))
