"""Text as a terminal would leave it: what was overwritten is gone."""

from __future__ import annotations

import re

_MOVE = re.compile(r"[\r\x08]|\x1b\[\d*[A-GK]|\x1b\[2?J")
_STEP = re.compile(r"(\x1b\[[0-9;:?]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|[\n\r\x08])")
_CONTROL = re.compile(r"\x1b\[(\d{0,9})([A-GJK])")
_PLAIN = frozenset({"\x1b[m", "\x1b[0m"})
_WIDTH = 80  # columns that a cursor moves over where nothing is written yet
_MOST_WIPED = 20  # cells for each character that is written: a screen of any length is settled in its time
_MOST_LOOKS = 100  # characters of colours that add up: a program that takes none back is answered too


def settle(text: str) -> str:
    r"""Return the text as it stands once the cursor has made all its moves; each cell keeps its colour.

    Examples:
        >>> settle("10 %\r 50 %\r100 %\ndone\n")
        '100 %\ndone\n'
        >>> settle("outer\n inner\x1b[A\r outer, done\n")
        ' outer, done\n inner'
    """
    text = text.replace("\0", "\ufffd").replace("\r\n", "\n")  # no page may hold a null
    if not _MOVE.search(text):
        return text
    try:
        return _Screen(most=_MOST_WIPED * len(text) + 100_000).written(text)
    except _WipedTooMuchError:
        return _MOVE.sub("", text)


class _WipedTooMuchError(Exception):
    """A text wipes out the same cells again and again, for longer than anybody wants to wait."""


class _Screen:
    """What was written so far: rows of cells, each a character and its colour, and the cursor."""

    def __init__(self, most: int) -> None:
        self._left = most  # cells that may still be wiped out
        self._rows: list[list[str]] = [[]]
        self._looks: list[list[str]] = [[]]
        self._moved: set[int] = set()  # rows whose blanks at the end may be what was wiped out
        self._row = self._column = 0
        self._look = ""

    def written(self, text: str) -> str:
        """Write a text, and return what is seen then."""
        for number, step in enumerate(_STEP.split(text)):
            if number % 2:
                self._control(step)
            elif step:
                self._write(step)
        return "\n".join(map(self._line, range(len(self._rows))))

    def _write(self, text: str) -> None:
        start, end = self._column, self._column + len(text)
        for cells, filled, blank in (
            (self._rows[self._row], list(text), " "),
            (self._looks[self._row], [self._look] * len(text), ""),
        ):
            cells.extend([blank] * (start - len(cells)))
            cells[start:end] = filled
        self._column = end

    def _control(self, step: str) -> None:
        if step == "\n":
            self._go(self._row + 1, 0)
            return
        if step.endswith("m"):
            added = self._look + step if len(self._look) < _MOST_LOOKS else step
            self._look = "" if step in _PLAIN else added
            return
        self._moved.add(self._row)
        if step == "\r":
            self._column = 0
        elif step == "\x08":
            self._column = max(0, self._column - 1)
        elif match := _CONTROL.fullmatch(step):
            self._move(match[2], int(match[1] or 0))

    def _move(self, name: str, number: int) -> None:
        steps = max(1, number)
        match name:
            case "A" | "F":
                self._go(self._row - steps, self._column if name == "A" else 0)
            case "B" | "E":
                last = len(self._rows) - 1
                self._go(min(self._row + steps, last), self._column if name == "B" else 0)
            case "C" | "D" | "G":
                column = {"C": self._column + steps, "D": self._column - steps, "G": steps - 1}[name]
                self._column = max(0, min(column, max(_WIDTH, len(self._rows[self._row]))))
            case _:
                self._wipe(name, number)

    def _wipe(self, name: str, number: int) -> None:
        """Wipe out the row from the cursor on, up to it or all of it, and with `J` what is below."""
        first, end = (0 if number else self._column), (self._column if number == 1 else None)
        self._left -= len(self._rows[self._row]) + (len(self._rows) if name == "J" else 0)
        if self._left < 0:
            raise _WipedTooMuchError
        for cells, blank in ((self._rows, " "), (self._looks, "")):
            row = cells[self._row]
            row[first:end] = [blank] * len(row[first:end])
            if name == "J":
                for below in cells[0 if number == 2 else self._row + 1 :]:
                    below.clear()

    def _go(self, row: int, column: int) -> None:
        self._row, self._column = max(0, row), column
        while len(self._rows) <= self._row:
            self._rows.append([])
            self._looks.append([])

    def _line(self, number: int) -> str:
        line, look = "", ""
        for character, own in zip(self._rows[number], self._looks[number], strict=True):
            if own != look:
                line += ("\x1b[0m" if look else "") + own
                look = own
            line += character
        line = line.rstrip() if number in self._moved else line
        return line + ("\x1b[0m" if look else "")
