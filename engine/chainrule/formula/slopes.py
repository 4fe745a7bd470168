"""Why a gradient is what it is: the derivative along each operand of one operation, at its numbers.

A slope is a formula with gaps for names, `{0}` for the first operand and `{o}` for the result, which a page
fills. Of several cases it is the one that holds, and says so: `1 if {0} > 0`. Where arrays take part no
number is the slope: then the formula says how the gradient `{g}` reaches the operand.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.formula.derivatives import expressions, operands
from chainrule.formula.notation import parts, substituted
from chainrule.formula.text import text
from chainrule.primitives.elementwise import power
from chainrule.primitives.table import NO_PARAMS, PRIMITIVES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chainrule.formula.symbol import Expression
    from chainrule.primitives.table import Primitive

    Shapes = tuple[tuple[int, ...], ...]


_BOUND = 1e38  # past which a comparison is of what floats can hold
_MIRRORED = {
    "less": "greater",
    "greater": "less",
    "less_equal": "greater_equal",
    "greater_equal": "less_equal",
}


def slopes(
    entry: Primitive,
    out: float,
    numbers: Sequence[float],
    params: Mapping[str, Any] = NO_PARAMS,
    constants: Sequence[float | None] = (),
) -> tuple[str, ...]:
    """Return the derivative along each operand of an operation on numbers; empty text where there is none.

    Operands that are `constants` are the numbers given there.

    Examples:
        >>> from chainrule.primitives.activations import relu
        >>> from chainrule.primitives.elementwise import multiply
        >>> slopes(multiply, 6.0, [2.0, 3.0]), slopes(relu, 2.0, [2.0])
        (('{1}', '{0}'), ('1 if {0} > 0',))
    """
    given = tuple(constants) if entry is power else ()
    cases = (_cases if params else _known_cases)(entry, len(numbers), tuple(params.items()), given)
    known = {"{o}": out, **{f"{{{place}}}": number for place, number in enumerate(numbers)}}
    return tuple(case if isinstance(case, str) else _at(case, known) for case in cases)


def _cases(
    entry: Primitive, count: int, params: tuple[tuple[str, Any], ...], constants: tuple[float | None, ...]
) -> list[Expression]:
    """Return each slope as text, or as an expression where it has several cases."""
    found = expressions(entry, dict(params), ((),) * count, constants)
    gaps = _gaps(entry, count) | {"g": 1.0}
    along = ("" if each is None else substituted(each, gaps) for each in found)
    return [each if isinstance(each, list) and each[0] == "where" else text(each) for each in along]


_known_cases = lru_cache(maxsize=1024)(_cases)


def ways(
    entry: Primitive,
    shapes: Shapes,
    params: Mapping[str, Any] = NO_PARAMS,
    constants: Sequence[float | None] = (),
) -> tuple[str, ...]:
    """Return how the gradient `{g}` reaches each operand of an operation on arrays of these shapes.

    Operands that are `constants` are the numbers given there.

    Examples:
        >>> from chainrule.primitives.linalg import matmul
        >>> ways(matmul, ((8, 4), (4, 2)))
        ('{g} @ {1}.T', '{0}.T @ {g}')
    """
    gaps = _gaps(entry, len(shapes)) | {"g": "{g}"}
    found = expressions(entry, params, shapes, constants)
    return tuple("" if each is None else text(substituted(each, gaps)) for each in found)


def _gaps(entry: Primitive, count: int) -> dict[str, Expression]:
    return {"out": "{o}", **{name: f"{{{place}}}" for place, name in enumerate(operands(entry, count))}}


def _at(expression: Expression, known: Mapping[str, float]) -> str:
    """Return the one of several cases that holds at these numbers, and what holds there."""
    facts: list[Expression] = []
    while isinstance(expression, list) and expression[0] == "where":
        _, condition, one, other = expression
        facts += _facts(condition, known)
        expression = one if _number(condition, known) else other
    return " if ".join(filter(None, [text(expression), " and ".join(map(text, _once(facts)))]))


def _facts(condition: Expression, known: Mapping[str, float]) -> list[Expression]:
    """Return what is true at these numbers, because of which a condition holds, or does not."""
    holds = bool(_number(condition, known))
    match condition:
        case ["logical_and" | "logical_or" as both, *sides]:
            if holds == (both == "logical_and"):
                return [fact for side in sides for fact in _facts(side, known)]
            return _facts(next(side for side in sides if bool(_number(side, known)) == holds), known)
        case [_, _, float(bound)] if abs(bound) > _BOUND:  # no case of the function, but what floats can hold
            return []
        case [_, x, y] if not holds:
            true = [[sign, x, y] for sign in ("less", "equal", "greater")]
            return [each for each in true if _number(each, known)] or [["words", "not {}", condition]]
    return [condition if holds else ["words", "not {}", condition]]


def _once(facts: Sequence[Expression]) -> Iterator[Expression]:
    """Yield comparisons without those that say the same the other way round."""
    told: list[Any] = []
    for fact in facts:
        sign, *sides = fact if isinstance(fact, list) else [fact]
        same = [_MIRRORED.get(str(sign), sign), *reversed(sides)]
        if fact not in told and same not in told:
            told.append(fact)
            yield fact


def _number(expression: Expression, known: Mapping[str, float]) -> Any:
    if isinstance(expression, str):
        return known[expression]
    if not isinstance(expression, list):
        return expression
    name, args, params = parts(expression)
    function = PRIMITIVES[name].forward if name in PRIMITIVES else getattr(np, name)
    with np.errstate(all="ignore"):
        return function(*(_number(arg, known) for arg in args), **params)
