"""Values inside formulas: what sets formulas takes their source as text, code spans and all.

So before formulas are looked for, a token of letters takes the place of each expression in one; in the page's
HTML a mark takes that of the token, and the value is written as TeX has it.
"""

from __future__ import annotations

import re
import secrets
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_EXPRESSION = re.compile(r"(?<!`)`(?::{3,}|#!)autograd[ \t]+(?P<source>[^`\s][^`]*)`(?!`)")
# As arithmatex has them: a dollar sign opens before what is no space, and closes behind what is none.
_FORMULA = re.compile(
    r"(?<!\\)\$\$(?:(?!\n[ \t]*\n|\$\$).)+\$\$|\\\[(?:(?!\n[ \t]*\n|\\\]).)+\\\]"
    r"|\\\((?:(?!\n[ \t]*\n|\\\)).)+\\\)"
    r"|(?<![\\$])\$(?![\s$])(?:(?!\n[ \t]*\n)[^$])+?(?<![\s\\])\$(?![\d$])"
    r"|\\begin\{(\w+\*?)\}(?:(?!\n[ \t]*\n).)+?\\end\{\1\}",
    re.DOTALL,
)
_CODE = re.compile(r"<(pre|code)\b.*?</\1>", re.DOTALL)
_START, _END, _ZERO = "\U0010c4a6", "\U0010c4a7", 0x10C4B0


class Formulas:
    """The expressions in the formulas of a page.

    Args:
        strip: Takes the stamps off a text.
    """

    def __init__(self, strip: Callable[[str], str]) -> None:
        self._strip, self._sources = strip, list[str]()
        self._nonce = "".join(chr(_ZERO + secrets.randbelow(10)) for _ in range(9))
        self._token = re.compile(f"{_START}{self._nonce}([{chr(_ZERO)}-{chr(_ZERO + 9)}]+){_END}")

    def clear(self) -> None:
        """Begin a page."""
        self._sources.clear()

    def set_aside(self, lines: list[str]) -> list[str]:
        """Put a token in the place of each expression in a formula."""
        text = "\n".join(lines)
        if "autograd" not in text or not _EXPRESSION.search(text):
            return lines
        return _FORMULA.sub(lambda formula: _EXPRESSION.sub(self._tokened, formula[0]), text).split("\n")

    def put_in(self, html: str, mark: Callable[[str], str]) -> str:
        """Put a mark in the place of each token, or in code what its author wrote."""
        if not self._sources or _START not in html:
            return html
        html = _CODE.sub(lambda code: self._token.sub(self._written, code[0]), html)
        return self._token.sub(lambda token: mark(self._source(token)), html)

    def _tokened(self, expression: re.Match[str]) -> str:
        self._sources.append(expression["source"])
        number = "".join(chr(_ZERO + int(digit)) for digit in str(len(self._sources) - 1))
        return f"{_START}{self._nonce}{number}{_END}"

    def _source(self, token: re.Match[str]) -> str:
        return self._sources[int("".join(str(ord(digit) - _ZERO) for digit in token[1]))]

    def _written(self, token: re.Match[str]) -> str:
        return escape(f"`#!autograd {self._strip(self._source(token))}`", quote=False)


_NUMBER = re.compile(r"([+-]?)(\d[\d,_]*(?:\.\d*)?|\.\d+)(?:e([+-]?)0*(\d+))?(%?)")
_SPECIAL = re.compile(r"[\\{}$&#^_%~]")


def in_formula(text: str) -> str:
    r"""Return a value's text as it stands in a formula: a number as a number, all else as words.

    Examples:
        >>> in_formula("6.0"), in_formula("-1e-05"), in_formula("1,024"), in_formula("a_b $")
        ('{6.0}', '{-1 \\times 10^{-5}}', '{1{,}024}', '\\text{a\\_b \\$}')
    """
    if number := _NUMBER.fullmatch(text.strip()):
        sign, digits, power_sign, power, percent = number.groups()
        digits = digits.replace(",", "{,}").replace("_", r"\_")
        times = rf" \times 10^{{{(power_sign or '').replace('+', '')}{power}}}" if power else ""
        return f"{{{sign}{digits}{times}{percent and chr(92) + percent}}}"
    words = _SPECIAL.sub(lambda sign: " " if sign[0] in "\\^~" else f"\\{sign[0]}", text)
    return rf"\text{{{words}}}"
