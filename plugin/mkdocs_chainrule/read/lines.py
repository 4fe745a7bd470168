r"""Where each fence and each inline expression stands in its file.

Front matter, macros, snippets and nesting all move text before SuperFences sees it. So lines are stamped
before anything moves them, with a few characters that no font shows and no syntax knows:

    ```autograd␟0:12                      a fence's opening line: file 0, line 12
    --8<-- "code.py"
    x = 1␟0:14                            inside a fence, the line after an included file
    The slope is `#!autograd ␞0:16a.grad`

`SnippetPreprocessor.read_lines` stamps every line of the files it includes. The stamps of lines come off just
before SuperFences, which then tells at which line a fence starts; the stamp of an expression travels in its
code span until it is formatted. No highlighter, and no reader, sees one. What an author types cannot be one:
each begins with a number that is drawn anew for each build.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from mkdocs_chainrule.read.slips import OPENING, holds_heads, is_meant
from mkdocs_chainrule.session.block import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Private-use characters of the last plane: icon fonts live in the first.
_LINE, _SPAN, _COLON, _END, _ZERO = "\U0010c4a0", "\U0010c4a1", "\U0010c4a2", "\U0010c4a3", 0x10C4B0
_DIGITS = f"[{chr(_ZERO)}-{chr(_ZERO + 9)}]+"
_NONCES = 10**9

BYTE_ORDER_MARK = "\ufeff"
_EXPRESSION = re.compile(r"`(?::{3,}|#!)autograd[ \t]+(?=\S)")
_NOTATION = re.compile(r"[ \t]*-+8<-+(?P<rest>.*)")


class Stamps:
    r"""Puts stamps on and reads them; one for a site, as a stamp holds the number of its file.

    Examples:
        >>> stamps = Stamps()
        >>> text = stamps.page("# Title\n```autograd\n1 + 1\n```", "docs/page.md", 1)
        >>> str(stamps.line(text.split("\n")[1])[1])
        'docs/page.md:2'
    """

    def __init__(self) -> None:
        self._files: list[str] = []
        self._numbers: dict[str, int] = {}
        self._nonce = _write(_NONCES + secrets.randbelow(_NONCES))
        self._line, self._span = (
            re.compile(f"{kind}{self._nonce}{_COLON}({_DIGITS}){_COLON}({_DIGITS}){_END}")
            for kind in (_LINE, _SPAN)
        )

    def page(self, text: str, file: str, first: int) -> str:
        """Return a page's text with stamps, its first line being line `first` of the file."""
        if not holds_heads(text):
            return text
        lines = text.split("\n")
        stamped = zip(lines, _shifted_lines(lines), range(first, first + len(lines)), strict=True)
        return "\n".join(self._mark(line, file, number, whole=wanted) for line, wanted, number in stamped)

    def snippet(self, lines: Iterable[str], file: str, first: int | None = 1) -> list[str]:
        """Return lines of an included file with a stamp on each: any may end inside a fence.

        Args:
            lines: The lines.
            file: The name of their file.
            first: The number of the first; None if nobody knows it.
        """
        lines = [line.removeprefix(BYTE_ORDER_MARK) for line in lines]
        numbers = [0] * len(lines) if first is None else range(first, first + len(lines))
        stamped = zip(lines, _plain_lines(lines), numbers, strict=True)
        return [self._mark(line, file, number, whole=wanted) for line, wanted, number in stamped]

    def line(self, line: str) -> tuple[str, Place | None]:
        """Return a line without the stamp at its end, and what the stamp said."""
        if _LINE not in line or not (match := self._line.search(line)):
            return line, None
        return self._line.sub("", line), self._place(match)

    def expression(self, code: str) -> tuple[str, Place | None]:
        """Return a code span's text without the stamp before it, and what the stamp said."""
        match = self._span.match(code)
        return self.strip(code), match and self._place(match)

    def heads(self, html: str) -> Iterator[Place]:
        """Yield the places whose line stamps are left in a page."""
        return map(self._place, self._line.finditer(html))

    def on(self, place: Place) -> str:
        """Return the stamp of a line, to be put at its end."""
        return self._stamp(_LINE, place.file, place.line or 0)

    def strip(self, text: str) -> str:
        """Return a text without any stamp."""
        if _END not in text:
            return text
        return self._span.sub("", self._line.sub("", text))

    def _mark(self, line: str, file: str, number: int, *, whole: bool) -> str:
        if "autograd" in line:
            line = _EXPRESSION.sub(lambda match: match[0] + self._stamp(_SPAN, file, number), line)
        if not whole and ("```" in line or "~~~" in line):
            whole = is_meant(self.strip(line))
        if not whole or (_LINE in line and self._line.search(line)):
            return line
        return line.rstrip("\r") + self._stamp(_LINE, file, number)

    def _stamp(self, kind: str, file: str, number: int) -> str:
        if file not in self._numbers:
            self._numbers[file] = len(self._files)
            self._files.append(file)
        return f"{kind}{self._nonce}{_COLON}{_write(self._numbers[file])}{_COLON}{_write(number)}{_END}"

    def _place(self, match: re.Match[str]) -> Place:
        return Place(self._files[_read(match[1])], _read(match[2]) or None)


def first_line(source: str, body: str) -> int | None:
    r"""Return the number of the line of `source` at which `body`, its end, begins; None if it is not its end.

    Examples:
        >>> first_line("---\ntitle: A\n---\n\n# A\n", "# A\n")
        5
    """
    source, body = source.replace("\r\n", "\n"), body.replace("\r\n", "\n")
    if not source.endswith(body):
        return None
    return source.count("\n", 0, len(source) - len(body)) + 1


def _write(number: int) -> str:
    return "".join(chr(_ZERO + int(digit)) for digit in str(number))


def _read(digits: str) -> int:
    return int("".join(str(ord(digit) - _ZERO) for digit in digits))


def _plain_lines(lines: Iterable[str]) -> Iterator[bool]:
    """Yield for each line whether a stamp does no harm: it has text, and is no notation of snippets."""
    listing = False  # between two bare `--8<--`, each line is a path
    for line in lines:
        notation = _NOTATION.match(line)
        if notation and not notation["rest"].strip():
            listing = not listing
        yield not listing and "8<-" not in line and bool(line.strip())


def _shifted_lines(lines: list[str]) -> Iterator[bool]:
    """Yield for each line of a page whether it is the first with text after an inclusion within a fence."""
    fence, shifted = "", False
    for line, plain in zip(lines, _plain_lines(lines), strict=True):
        content = line.strip(" \t>\r")
        opening = OPENING.match(line)
        yield bool(fence) and shifted and plain
        shifted = bool(fence) and ((shifted and not plain) or "8<-" in line)
        if not fence and opening:
            fence = opening["fence"]
        elif fence and content == fence:
            fence = ""
