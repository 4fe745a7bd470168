"""Expressions as on paper: without axes of length 1, with factors in order, and a name for what is long.

A slope stands before `g`, quotients are fractions, and what has no sign is said in words.
"""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING, Any

from chainrule.formula.notation import call, parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chainrule.formula.symbol import Expression

_LONG = 8  # how many parts of an expression a name saves, if it is worth one


def on_paper(expression: Expression) -> Expression:
    """Return a simplified expression as on paper.

    Examples:
        >>> on_paper(["multiply", ["multiply", "g", 2.0], "a"])
        ['multiply', ['multiply', 2.0, 'a'], 'g']
        >>> on_paper(["scatter", "g", {"shape": "x.shape", "index": "index"}])
        ['words', '{} added at {}, 0 elsewhere', 'g', 'index']
    """
    if not isinstance(expression, list):
        return expression
    name, args, params = parts(expression)
    said = {key: param for key, param in params.items() if key != "keepdims"}
    form = call(name, [on_paper(arg) for arg in args], said)
    return _REWRITTEN[name](form) if name in _REWRITTEN else form


def _sum(form: list[Any]) -> Expression:
    match form:
        case [_, x, ["add" | "subtract" as sign, y, z]]:
            return [sign, ["add", x, y], z]
    return form


def _matmul(form: list[Any]) -> Expression:
    match form:
        case [_, ["negative", x], y]:
            return ["negative", ["matmul", x, y]]
    return form


def _solve(form: list[Any]) -> Expression:
    match form:
        case [_, ["transposed", a], b]:
            return ["matmul", ["transposed", ["inv", a]], b]
    return ["matmul", ["inv", form[1]], form[2]]


def _swapaxes(form: list[Any]) -> Expression:
    return ["transposed", form[1]] if set(form[2].values()) == {-1, -2} else form


def _flip(form: list[Any]) -> Expression:
    match form:
        case [_, ["cumsum", ["flip", x, own], same], params] if own == same == params:
            return ["words", "the sum of {} from each element on", x]
    return form


def _reshape(form: list[Any]) -> Expression:
    whose, _, attribute = str(form[2]["shape"]).partition(".")
    return ["words", "{} in the shape of {}", form[1], whose] if attribute else form


def _taken(words: str) -> Callable[[list[Any]], Expression]:
    return lambda form: ["words", words, form[1], str(form[2]["index"])]


def _lower(form: list[Any]) -> Expression:
    match form:
        case [_, x] | [_, x, {"k": 0}]:
            return ["words", "the lower triangle of {}", x]
        case [_, x, {"k": -1}]:
            return ["words", "what is below the diagonal of {}", x]
    return form


def _product(form: list[Any]) -> Expression:
    """Return a product as one fraction."""
    sign, above, below = _factors(form)
    over, under = _ordered(above), _ordered(below)
    made: Expression = over if under == 1.0 else ["divide", over, under]
    return ["negative", made] if sign < 0 else made


def _factors(expression: Expression) -> tuple[int, list[Expression], list[Expression]]:
    """Return an expression's sign, its factors, and those of what it is divided by."""
    match expression:
        case ["multiply", x, y]:
            (sign, above, below), (other, more, under) = _factors(x), _factors(y)
            return sign * other, above + more, below + under
        case ["divide", x, y]:
            (sign, above, below), (other, under, more) = _factors(x), _factors(y)
            return sign * other, above + more, below + under
        case ["negative", x]:
            sign, above, below = _factors(x)
            return -sign, above, below
        case ["power", x, float(exponent)] if exponent < 0:
            return 1, [], [["power", x, -exponent]]
        case float(number) if number < 0:
            return -1, [-number], []
    return 1, [expression], []


def _ordered(factors: list[Expression]) -> Expression:
    """Return a product with its number first and `g` last, equal factors joined."""
    made: Expression = float(math.prod(each for each in factors if isinstance(each, float)))
    exponents: list[tuple[Any, float]] = []
    for factor in sorted(factors, key=lambda each: each == "g"):
        match factor:
            case float():
                continue
            case ["power", base, float(exponent)]:
                exponents.append((base, exponent))
            case base:
                exponents.append((base, 1.0))
    while exponents:
        base = exponents[0][0]
        exponent = sum(each for other, each in exponents if other == base)
        exponents = [each for each in exponents if each[0] != base]
        power = base if exponent == 1 else ["sqrt", base] if exponent == 0.5 else ["power", base, exponent]
        made = power if made == 1.0 else ["multiply", made, power]
    return made


_REWRITTEN: dict[str, Callable[[list[Any]], Expression]] = {
    **dict.fromkeys(("multiply", "divide", "negative", "power"), _product),
    "add": _sum,
    "matmul": _matmul,
    "outer": lambda form: ["matmul", form[1], ["transposed", form[2]]],
    "solve": _solve,
    "swapaxes": _swapaxes,
    "expand_dims": lambda form: form[1],
    "squeeze": lambda form: form[1],
    "reshape": _reshape,
    "flip": _flip,
    "getitem": _taken("{} at {}"),
    "scatter": _taken("{} added at {}, 0 elsewhere"),
    "tril": _lower,
    "windows_added": lambda form: ["words", "{} added up where its windows lay", form[1]],
    "part": lambda form: ["words", "the part of {} that {} became", *form[1:]],
}


def shared(expression: Expression) -> list[tuple[str, Expression]]:
    """Return an expression, called nothing, and by their names what is long and stands in it more than once.

    Examples:
        >>> long = ["clip", ["exp", "x"], 0.0, 1.0]
        >>> shared(["add", long, ["power", long, long]])
        [('', ['add', 'u', ['power', 'u', 'u']]), ('u', ['clip', ['exp', 'x'], 0.0, 1.0])]
    """
    told: list[tuple[str, Expression]] = [("", expression)]
    for name in sorted({"u", "v", "w"} - set(_names(expression))):
        inside = [part for _, each in told for part in _calls(each)]
        long = [part for part in inside if (_size(part) - 1) * (inside.count(part) - 1) >= _LONG]
        if not long:
            break
        largest = max(long, key=_size)
        told = [*((own, _put(each, largest, name)) for own, each in told), (name, largest)]
    return told


def _names(expression: Expression) -> Iterator[str]:
    if isinstance(expression, str):
        yield expression
    elif isinstance(expression, list):
        yield from chain.from_iterable(map(_names, parts(expression)[1]))


def _calls(expression: Expression) -> Iterator[list[Any]]:
    if isinstance(expression, list):
        yield expression
        yield from chain.from_iterable(map(_calls, parts(expression)[1]))


def _size(expression: Expression) -> int:
    return 1 + sum(map(_size, parts(expression)[1])) if isinstance(expression, list) else 1


def _put(expression: Expression, part: Expression, name: str) -> Expression:
    """Return an expression with a name in place of one of its parts."""
    if expression == part or not isinstance(expression, list):
        return name if expression == part else expression
    own, args, params = parts(expression)
    return call(own, [_put(arg, part, name) for arg in args], params)
