"""A derivative as a formula in Python: printed from the traced VJP, so that it is written only once.

Names are those of the primitive's table: `g` is the gradient of the result, `out` the result, and the
operands are called as the VJP calls them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.formula.derivatives import expressions
from chainrule.formula.notation import parts, simplified
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


def formulas(
    entry: Primitive,
    params: Mapping[str, Any] = NO_PARAMS,
    shapes: Shapes | None = None,
    constants: Sequence[float | None] = (),
) -> tuple[str, ...]:
    """Return how the gradient reaches each operand of a primitive; empty text where it does not.

    Without shapes, and for large ones, it is in general form. What is known of a power's operands is put in,
    if they are `constants`: the formula has a case less. A primitive whose derivative cannot be traced has no
    formulas.

    Examples:
        >>> from chainrule.primitives.elementwise import divide, power
        >>> formulas(divide)
        ('g / b', '-g * out / b')
        >>> formulas(power, shapes=((), ()), constants=(None, 2.0))[0]
        'g * 2 * a'
    """
    found = expressions(entry, params, shapes, constants)
    return tuple("" if expression is None else text(expression) for expression in found)


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
    if (sign := sign_of(name)) in SIGNS:
        return _infix(sign, args)
    return _call(name, args, params)


def _call(name: str, args: list[Any], params: Mapping[str, Any]) -> tuple[str, int]:
    match name, params:
        case "words", _:
            template, *gaps = args
            return template.format(*(_text(gap)[0] for gap in gaps)), 0
        case "getitem", {"index": index}:
            return f"{_within(args[0], ATOM)}[{_index(index)}]", ATOM
        case "transposed", _:
            return f"{_within(args[0], ATOM)}.T", ATOM
        case "swapaxes", {"axis1": -1, "axis2": -2}:
            return f"{_within(args[0], ATOM)}.mT", ATOM
    first = [repr(params["subscripts"])] if name == "einsum" else []
    given = [_given(key, param) for key, param in params.items() if key != "subscripts"]
    return f"{name}({', '.join([*first, *(_text(arg)[0] for arg in args), *given])})", ATOM


def sign_of(name: str) -> str:
    """Return the sign that stands between the operands of a function, or its symbol, or nothing."""
    return PRIMITIVES[name].symbol if name in PRIMITIVES else _COMPARED.get(name, "")


def _infix(sign: str, args: Sequence[Expression]) -> tuple[str, int]:
    """Return operands around a sign: it gathers to the left, `a - b - c`, but a power to the right."""
    if len(args) == 1:
        return f"{sign}{_within(args[0], MINUS)}", MINUS
    strength, to_the_right = SIGNS[sign].strength, sign == "**"
    left = _within(args[0], strength + to_the_right)
    right = _within(args[1], MINUS if to_the_right else strength + 1)
    return f"{left} {sign} {right}", strength


def _within(expression: Expression, strength: int) -> str:
    inner, own = _text(expression)
    return inner if own >= strength else f"({inner})"


def _given(key: str, param: Any) -> str:
    """Return a parameter as it is given: without its name where it is called by that, and a shape."""
    said = _param(param)
    return said if key in {said, "shape"} else f"{key}={said}"


def _param(param: Any) -> str:
    if isinstance(param, tuple):
        return f"({', '.join(map(_param, param))}{',' * (len(param) == 1)})"
    return f"array{param.shape}" if isinstance(param, np.ndarray) else str(param)


def _index(index: Any) -> str:
    if isinstance(index, tuple):
        return ", ".join(map(_index, index))
    if isinstance(index, slice):
        bounds = [index.start, index.stop, *([] if index.step is None else [index.step])]
        return ":".join("" if bound is None else str(bound) for bound in bounds)
    return "..." if index is Ellipsis else _param(index)
