"""Numbers as pictures and tables write them: a true minus, and powers of ten as such."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from chainrule.tables import RAISED

if TYPE_CHECKING:
    from collections.abc import Iterable

_WHOLE = 1_000_000  # from which a whole number is shortened like any other
_FIGURE, _POINT = "\N{FIGURE SPACE}", "\N{PUNCTUATION SPACE}"


def brief(number: float, digits: int = 4) -> str:
    """Return a number to some significant digits; whole numbers up to six digits in full.

    Examples:
        >>> brief(-0.70710678), brief(4.0), brief(123456.0), brief(2.4e-13), brief(float("-inf"))
        ('−0.7071', '4', '123456', '2.4×10⁻¹³', '−∞')
    """
    if math.isfinite(number) and number == round(number) and abs(number) < _WHOLE:
        return _signed(str(round(number)))
    return _signed(f"{number:.{digits}g}")


def full(number: float) -> str:
    """Return a number with all its digits.

    Examples:
        >>> full(-1.4999999999999996), full(1e-13), full(6.0)
        ('−1.4999999999999996', '1×10⁻¹³', '6')
    """
    return _signed(repr(number).removesuffix(".0"))


def is_cut(number: float) -> bool:
    """Tell whether the brief form hides digits."""
    return brief(number) != full(number)


def aligned(texts: Iterable[str]) -> list[str]:
    """Return numbers as text of one width behind their points, for a column that leans to the right.

    Examples:
        >>> [text.replace(_FIGURE, "_").replace(_POINT, ".") for text in aligned(["1.25", "6", ""])]
        ['1.25', '6.__', '']
    """
    texts = list(texts)
    behind = [len(text.partition(".")[2]) for text in texts]
    most = max(behind, default=0)
    return [
        text + (_POINT if most and "." not in text else "") + _FIGURE * (most - length) if text else ""
        for text, length in zip(texts, behind, strict=True)
    ]


def _signed(text: str) -> str:
    mantissa, e, exponent = text.replace("inf", "∞").partition("e")
    power = f"×10{str(int(exponent)).translate(RAISED)}" if e else ""
    return f"{mantissa}{power}".replace("-", "−")
