"""How a value came about, in numbers: its operation with what the operands are, and what that comes to."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, NamedTuple

from chainrule.graph import Summary
from chainrule.graph.signs import SIGNS
from mkdocs_chainrule.show.graphs.boxes import shape
from mkdocs_chainrule.show.graphs.letters import bracketed
from mkdocs_chainrule.show.graphs.numbers import agreeing, brief
from mkdocs_chainrule.show.graphs.values import applied, is_sum, on_paper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from chainrule.graph import Node

    Part = tuple[str, str]  # the sign before it, and what stands there

_EXACT = 12  # digits, of which nobody means to show more
_JOINS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": math.pow,
}


class Computed(NamedTuple):
    """An operation with numbers, and its result, each with the sign before it; or nothing."""

    numbers: tuple[Part, ...]
    whole: tuple[Part, ...]


def computed(operation: Node, operands: Sequence[Node], result: Node) -> Computed:
    """Return what an operation does to its operands' numbers, or shapes.

    Examples:
        >>> from chainrule import Value
        >>> third = Value(3.0, label="a") / 9.0
        >>> *operands, operation, made = third.graph()
        >>> computed(operation, operands, made)
        Computed(numbers=(('=', '3 / 9'),), whole=(('≈', '0.3333'),))
    """
    numbers = [operand.data for operand in operands]
    floats = [number for number in numbers if isinstance(number, float)]
    texts = [*map(amount_of, numbers)]
    whole = amount_of(result.data)
    is_exact = isinstance(result.data, Summary) or all(map(_is_whole, [*numbers, result.data]))
    sign = "=" if is_exact else "≈"
    join = _joined(operation.label, len(operands))
    if join and len(floats) == len(operands) and isinstance(result.data, float):
        whole, sign, (*texts,) = agreeing(result.data, floats, join)
    first = "=" if all(map(_is_same, texts, numbers)) else "≈"
    told = ((first, _with_numbers(operation.label, texts)),) if all(texts) and texts else ()
    return Computed(told, ((sign, whole),) if whole else ())


def chained(parts: Iterable[Part]) -> str:
    """Return what is the same, one behind the other: what reads the same once.

    Examples:
        >>> chained([("=", "y"), ("=", "a / 3"), ("≈", "0.3333 / 3"), ("≈", "0.1111")])
        'y = a / 3 ≈ 0.3333 / 3 ≈ 0.1111'
    """
    told = ""
    seen: set[str] = set()
    for sign, text in parts:
        if text not in seen:
            told += f" {sign} {text}" if told else text
        seen.add(text)
    return told


def amount_of(quantity: float | Summary | None) -> str:
    """Return a number, or an array's shape."""
    if isinstance(quantity, Summary):
        return shape(quantity)
    return "" if quantity is None else brief(quantity)


def sign_of(quantity: float | Summary | None) -> str:
    """Return `≈` where the text of a number hides digits."""
    return "=" if _is_whole(quantity) else "≈"


def about(number: float) -> str:
    """Return a number that is shown as what it is or nearly is; nothing, where it is not known.

    Examples:
        >>> about(0.5), about(1 / 3), about(float("nan"))
        ('0.5', '≈ 0.3333', '')
    """
    if math.isnan(number):
        return ""
    return brief(number) if _is_whole(number) else f"≈ {brief(number)}"


def _with_numbers(label: str, texts: Sequence[str]) -> str:
    held = [text if text.startswith("(") else bracketed(text) for text in texts]  # not shapes again
    if label in SIGNS and texts[1:]:
        return on_paper(f" {label} ".join(held))
    if is_sum(label, len(texts)):
        return " + ".join(held)
    return f"−{held[0]}" if label == "-" else applied(label, texts)


def _is_whole(quantity: float | Summary | None) -> bool:
    return not isinstance(quantity, float) or _is_same(brief(quantity), quantity)


def _is_same(text: str, quantity: float | Summary | None) -> bool:
    return not isinstance(quantity, float) or text == brief(quantity, _EXACT)


def _joined(label: str, count: int) -> Callable[[Sequence[float]], float] | None:
    """Return what an operation does to plain numbers, where that can be read off its sign."""
    if is_sum(label, count):
        return sum
    join = _JOINS.get(label) if count == 2 else None
    return None if join is None else _without_end(join)


def _without_end(join: Callable[[float, float], float]) -> Callable[[Sequence[float]], float]:
    """Return a function of two numbers as one of any, which is nan where Python has no number."""

    def joined(numbers: Sequence[float]) -> float:
        first, second = numbers
        try:
            return join(first, second)
        except (ArithmeticError, ValueError):
            return math.nan

    return joined
