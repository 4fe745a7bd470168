"""Text as a terminal would leave it: what was overwritten is gone."""

from __future__ import annotations

import re

_ESCAPE = "\x1b"
_MOVE = re.compile(r"([\r\x08])")


def settle(text: str) -> str:
    r"""Return the text with carriage returns and backspaces carried out, colours left as they are.

    Examples:
        >>> settle("10 %\r 50 %\r100 %\ndone\n")
        '100 %\ndone\n'
    """
    text = text.replace("\0", "\ufffd").replace("\r\n", "\n")  # no page may hold a null
    if not _MOVE.search(text):
        return text
    return "\n".join(_settle_line(line) if _MOVE.search(line) else line for line in text.split("\n"))


def _settle_line(line: str) -> str:
    cells: list[str] = []
    if _ESCAPE in line:  # where a colour stands is no column: what was written last counts
        for character in next((part for part in reversed(line.split("\r")) if part), ""):
            if character != "\x08":
                cells.append(character)
            elif cells:
                cells.pop()
        return "".join(cells)
    column = 0
    for part in _MOVE.split(line):
        if part == "\r":
            column = 0
        elif part == "\x08":
            column = max(0, column - 1)
        else:
            cells[column : column + len(part)] = part
            column += len(part)
    return "".join(cells).rstrip()
