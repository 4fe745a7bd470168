"""Numbers as pictures and tables write them: a true minus, and powers of ten as such."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from chainrule.tables import RAISED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_WHOLE = 1_000_000  # from which a whole number is shortened like any other
_DIGITS, _MOST_DIGITS = 4, 17
_HIDDEN = 1e-12  # of a number: what nobody means to show
_FIGURE, _POINT = "\N{FIGURE SPACE}", "\N{PUNCTUATION SPACE}"


def brief(number: float, digits: int = _DIGITS) -> str:
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


class Agreeing(NamedTuple):
    """A result and what it is made of as text, and the sign between: `≈` where digits are hidden."""

    whole: str
    sign: str
    parts: tuple[str, ...]


def agreeing(result: float, parts: Sequence[float], join: Callable[[Sequence[float]], float]) -> Agreeing:
    """Return a result with four digits, and parts with so many that what is shown of them makes that.

    Examples:
        >>> agreeing(6.0, [-2.0, -3.0], math.prod)
        Agreeing(whole='6', sign='=', parts=('−2', '−3'))
        >>> agreeing(1 / 9, [1 / 3, 1 / 3], math.prod)
        Agreeing(whole='0.1111', sign='≈', parts=('0.3333', '0.3333'))
    """
    whole = _shown(result, _DIGITS)
    unit = (
        min(10.0 ** (math.floor(math.log10(abs(whole) or 1)) - _DIGITS + 1), 1) if math.isfinite(whole) else 0
    )
    digits = _DIGITS
    while digits < _MOST_DIGITS and all(map(math.isfinite, [result, *parts])):
        if abs(join([_shown(part, digits) for part in parts]) - whole) <= unit / 2:
            break
        digits += 1
    is_exact = _is_exact(result, _DIGITS) and all(_is_exact(part, digits) for part in parts)
    return Agreeing(brief(result), "=" if is_exact else "≈", tuple(brief(part, digits) for part in parts))


def _shown(number: float, digits: int) -> float:
    """Return the number that `brief` writes."""
    is_whole = math.isfinite(number) and number == round(number) and abs(number) < _WHOLE
    return number if is_whole else float(f"{number:.{digits}g}")


def _is_exact(number: float, digits: int) -> bool:
    is_whole = math.isfinite(number) and number == round(number) and abs(number) < _WHOLE
    if is_whole or not math.isfinite(number):
        return True
    return abs(float(f"{number:.{digits}g}") - number) <= _HIDDEN * abs(number)


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
