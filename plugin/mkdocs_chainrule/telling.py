r"""All that is told to who builds goes through here: nothing reaches a terminal that could steer it.

A message may hold what a block said. So a character that moves a cursor, rings, colours, turns the direction
of writing or ends a line stands there as Python writes it, `\x1b`. Lines of our own stay lines, each set in:
none can be taken for another message.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    from mkdocs_chainrule.errors import Problem

    Log: TypeAlias = logging.Logger | logging.LoggerAdapter[logging.Logger]

# Control characters, and what turns the direction of writing; line ends of Unicode; halves of a character.
_STEERS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_MOST = 2000  # characters of a line


def plain(text: object) -> str:
    r"""Return a text as one line that shows in a terminal what it holds, and does nothing else.

    Examples:
        >>> print(plain("\x1b[2Jgone\nWARNING -  forged"), plain("a\tb  c"))
        \x1b[2Jgone\nWARNING -  forged a b  c
    """
    line = _STEERS.sub(_spelled, str(text).replace("\t", " "))
    return line if len(line) <= _MOST else f"{line[:_MOST]}… ({len(line):,} characters)"


def _spelled(match: re.Match[str]) -> str:
    return ascii(match[0])[1:-1]


def lines(text: object) -> str:
    r"""Return a text of several lines likewise, those behind the first set in.

    Examples:
        >>> lines("first\nsecond\n  third\rfourth")
        'first\n  second\n  third\\rfourth'
    """
    first, *others = str(text).split("\n")
    return "\n".join(
        [plain(first), *(plain(line if line.startswith("  ") else f"  {line}") for line in others)]
    )


def tell(problems: Iterable[Problem], log: Log) -> None:
    """Tell what is wrong, each at its place."""
    for problem in problems:
        say(str(problem), log, problem.level)


def say(text: str, log: Log, level: int = logging.INFO) -> None:
    """Tell something that is of no place."""
    log.log(level, "%s", lines(text))
