"""Arithmetic in expressions: numbers computed, units left out, equal factors joined as powers."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.formula.symbol import Expression

_OF_NUMBERS: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "negative": operator.neg,
    "less": operator.lt,
    "less_equal": operator.le,
    "greater": operator.gt,
    "greater_equal": operator.ge,
    "equal": operator.eq,
    "logical_and": lambda a, b: a and b,
    "logical_or": lambda a, b: a or b,
}
"""What is computed where all operands are numbers; a quotient would be printed with fewer digits."""


def computed(form: list[Any]) -> Expression:
    """Return a call of simplified operands as a number, an operand or a product, if it is one.

    Examples:
        >>> computed(["add", 1.0, 2.0]), computed(["power", "x", 1.0]), computed(["multiply", "x", "x"])
        (3.0, 'x', ['power', 'x', 2.0])
    """
    match form:
        case [str(name), *numbers] if name in _OF_NUMBERS and all(type(each) is float for each in numbers):
            return float(_OF_NUMBERS[name](*numbers))
        case ["multiply", x, -1.0] | ["multiply", -1.0, x] | ["subtract", 0.0, x]:
            return _without_units(["negative", x])
    return _without_units(form)


def _without_units(form: list[Any]) -> Expression:
    match form:
        case ["multiply", 0.0, _] | ["multiply", _, 0.0] | ["divide", 0.0, _] | ["log", 1.0]:
            return 0.0
        case ["power", _, 0.0]:
            return 1.0
        case (
            ["multiply" | "divide" | "power", x, 1.0]
            | ["multiply", 1.0, x]
            | ["add" | "subtract", x, 0.0]
            | ["add", 0.0, x]
            | ["negative", ["negative", x]]
        ):
            bare: Expression = x
            return bare
        case ["multiply", x, y]:
            return _product(x, y)
    return form


def _product(x: Any, y: Any) -> Expression:
    match x, y:
        case ["expand_dims", u, {"axis": -1}], ["expand_dims", v, {"axis": -2}]:
            return ["outer", u, v]
        case ["negative", ["expand_dims", u, {"axis": -1}]], ["expand_dims", v, {"axis": -2}]:
            return ["negative", ["outer", u, v]]
        case ["multiply", rest, float(factor)], float(other):
            return ["multiply", rest, factor * other]
        case ["multiply", rest, factor], [*_] | str() if power := _joined(factor, y):
            return ["multiply", rest, power]
        case _, [*_] | str() if power := _joined(x, y):
            return power
    return ["multiply", x, y]


def _joined(x: Expression, y: Expression) -> list[Any] | None:
    """Return x times y as a power of y, if x is one."""
    match x:
        case ["power", base, float(exponent)] if base == y:
            return ["power", y, exponent + 1]
    return ["power", y, 2.0] if x == y else None
