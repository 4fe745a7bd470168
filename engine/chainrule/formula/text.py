"""A derivative as a formula: printed from the traced VJP, so that it is never written a second time.

Names are those of the primitive's table: `g` is the gradient of the result, `out` the result, and the
operands are called as the VJP calls them.
"""

from __future__ import annotations

import inspect
import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import ChainruleError
from chainrule.formula.notation import parts, simplified
from chainrule.formula.symbol import vjp_expression
from chainrule.graph.node import short
from chainrule.graph.signs import ATOM, MINUS, SIGNS
from chainrule.primitives.table import NO_PARAMS, PRIMITIVES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chainrule.formula.symbol import Expression
    from chainrule.primitives.table import Primitive

    Shapes = tuple[tuple[int, ...], ...]

_COMPARED = {
    "logical_or": "or",
    "logical_and": "and",
    "less": "<",
    "less_equal": "<=",
    "greater": ">",
    "greater_equal": ">=",
    "equal": "==",
}
"""The signs of what is no primitive, and stands in formulas all the same."""

_LARGEST = 4_096  # numbers in the operands that a derivative is traced with


def formulas(
    entry: Primitive, params: Mapping[str, Any] = NO_PARAMS, shapes: Shapes | None = None
) -> tuple[str, ...]:
    """Return how the gradient reaches each operand of a primitive; empty text where it does not.

    Unless given, parameters and the operands' shapes are those of its row in the table; so are large shapes.
    A primitive whose derivative cannot be traced has no formulas.

    Examples:
        >>> from chainrule.primitives.elementwise import divide
        >>> formulas(divide)
        ('g / b', '-g * out / b')
    """
    given = tuple((params or entry.example).items())
    if shapes is None or sum(map(math.prod, shapes)) > _LARGEST:
        shapes = entry.shapes or ((),) * len(entry.vjps)
    try:
        return _formulas(entry, given, shapes)
    except TypeError:  # an index that is an array, say, has no hash
        return _traced(entry, given, shapes)


def _traced(entry: Primitive, params: tuple[tuple[str, Any], ...], shapes: Shapes) -> tuple[str, ...]:
    samples = [_sample(shape) for shape in shapes]
    names = _names(entry, len(samples))
    try:
        found = [vjp_expression(entry, index, samples, names, dict(params)) for index in range(len(names))]
        return tuple("" if expression is None else text(expression) for expression in found)
    except (ChainruleError, TypeError, ValueError, IndexError, AttributeError):
        return ()  # written for numbers only, or the example does not fit these parameters


_formulas = lru_cache(maxsize=1024)(_traced)


def _names(entry: Primitive, count: int) -> list[str]:
    """Return what the VJP calls the operands."""
    vjp = next((vjp for vjp in entry.vjps if vjp is not None), None)
    if entry.variadic or vjp is None:
        return [f"x{index}" for index in range(count)]
    return list(inspect.signature(vjp).parameters)[2 : 2 + count]


def _sample(shape: tuple[int, ...]) -> Any:
    """Return different numbers; a square array of them has an inverse."""
    if not shape:
        return 0.5
    numbers = 0.5 + 0.1 * np.arange(math.prod(shape)).reshape(shape)
    square = len(shape) > 1 and shape[-1] == shape[-2]
    return numbers + np.eye(shape[-1]) if square else numbers


def text(expression: Expression) -> str:
    """Return an expression as Python would write it.

    Examples:
        >>> text(["multiply", "g", ["subtract", 1.0, ["multiply", "out", "out"]]])
        'g * (1 - out ** 2)'
    """
    return _text(simplified(expression))[0]


def _text(expression: Expression) -> tuple[str, int]:
    """Return an expression's text, and how strongly it holds together."""
    if isinstance(expression, str):
        return expression, ATOM
    if not isinstance(expression, list):
        return short(expression), ATOM if expression >= 0 else MINUS
    name, args, params = parts(expression)
    if (sign := _sign(name)) in SIGNS:
        return _infix(sign, args)
    if name == "getitem":
        return f"{_within(args[0], ATOM)}[{_index(params['index'])}]", ATOM
    if name == "transposed":
        return f"{_within(args[0], ATOM)}.T", ATOM
    first = [repr(params["subscripts"])] if name == "einsum" else []
    given = [f"{key}={param}" for key, param in params.items() if key != "subscripts"]
    return f"{name}({', '.join([*first, *(_text(arg)[0] for arg in args), *given])})", ATOM


def _sign(name: str) -> str:
    return PRIMITIVES[name].symbol if name in PRIMITIVES else _COMPARED.get(name, "")


def _infix(sign: str, args: Sequence[Expression]) -> tuple[str, int]:
    """Return operands around a sign: it gathers to the left, `a - b - c`, but a power to the right."""
    if len(args) == 1:
        return f"{sign}{_within(args[0], MINUS)}", MINUS
    strength, to_the_right = SIGNS[sign].strength, sign == "**"
    left = _within(args[0], strength + to_the_right)
    right = _within(args[1], strength + (not to_the_right))
    return f"{left} {sign} {right}", strength


def _within(expression: Expression, strength: int) -> str:
    inner, own = _text(expression)
    return inner if own >= strength else f"({inner})"


def _index(index: Any) -> str:
    if isinstance(index, tuple):
        return ", ".join(map(_index, index))
    if isinstance(index, slice):
        return ":".join("" if bound is None else str(bound) for bound in (index.start, index.stop))
    return (
        "..." if index is Ellipsis else f"array{index.shape}" if isinstance(index, np.ndarray) else str(index)
    )
