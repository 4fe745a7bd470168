"""Text as a terminal would leave it: what was overwritten is gone; and what is said where it was cut."""

from __future__ import annotations

import re

_ESCAPE = "\x1b"
_MOVE = re.compile(r"([\r\x08])")
_CUT = "[cut after {} of output; max_output sets the limit]\n"
_CUT_NOTE = re.compile(re.escape(_CUT).replace(r"\{\}", r"([\d.e+]+ \w+)"))


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


def cut_note(size: str) -> str:
    """Return what stands behind an output that was cut after so much of it."""
    return _CUT.format(size)


def cut_size(text: str) -> str | None:
    """Return after how much an output was cut, if a text is the note that says so.

    Examples:
        >>> cut_size(cut_note("1.5 MiB")), cut_size("1.5 MiB")
        ('1.5 MiB', None)
    """
    note = _CUT_NOTE.fullmatch(text)
    return note and note[1]
