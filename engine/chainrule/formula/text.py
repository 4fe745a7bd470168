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
from chainrule.formula.latex import latex
from chainrule.formula.notation import parts, simplified
from chainrule.formula.symbol import vjp_expression
from chainrule.graph.node import Formula, short
from chainrule.primitives.table import NO_PARAMS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chainrule.formula.symbol import Expression
    from chainrule.primitives.table import Primitive

    Shapes = tuple[tuple[int, ...], ...]

_INFIX = {
    "logical_or": ("or", 1),
    "logical_and": ("and", 2),
    "less": ("<", 3),
    "less_equal": ("<=", 3),
    "greater": (">", 3),
    "greater_equal": (">=", 3),
    "equal": ("==", 3),
    "add": ("+", 4),
    "subtract": ("-", 4),
    "multiply": ("*", 5),
    "divide": ("/", 5),
    "matmul": ("@", 5),
    "negative": ("-", 6),
    "power": ("**", 7),
}
_ATOM = 9
_LARGEST = 4_096  # numbers in the operands that a derivative is traced with


def formulas(
    entry: Primitive, params: Mapping[str, Any] = NO_PARAMS, shapes: Shapes | None = None
) -> tuple[Formula, ...]:
    """Return how the gradient reaches each operand of a primitive; empty text where it does not.

    A primitive whose derivative cannot be traced has no formulas.

    Args:
        entry: The primitive.
        params: Its parameters; those of its entry's example unless given.
        shapes: Its operands' shapes; those of its entry in the table unless given, or if they are large.

    Examples:
        >>> from chainrule.primitives.elementwise import divide
        >>> [formula.text for formula in formulas(divide)]
        ['g / b', '-g * out / b']
    """
    given = tuple((params or entry.example).items())
    try:
        return _formulas(entry, given, shapes if _small(shapes) else None)
    except TypeError:  # an index that is an array, say, has no hash
        return _traced(entry, given, shapes if _small(shapes) else None)


def _traced(
    entry: Primitive, params: tuple[tuple[str, Any], ...], shapes: Shapes | None
) -> tuple[Formula, ...]:
    samples = [_sample(shape) for shape in shapes] if shapes is not None else _examples(entry)
    names = _names(entry, len(samples))
    try:
        return tuple(_formula(entry, place, samples, names, dict(params)) for place in range(len(names)))
    except (ChainruleError, TypeError, ValueError, IndexError, AttributeError):
        return ()  # written for numbers only, or the example does not fit these parameters


_formulas = lru_cache(maxsize=1024)(_traced)


def _small(shapes: Shapes | None) -> bool:
    return shapes is not None and sum(map(math.prod, shapes)) <= _LARGEST


def _formula(
    entry: Primitive, place: int, samples: Sequence[Any], names: Sequence[str], params: Mapping[str, Any]
) -> Formula:
    expression = vjp_expression(entry, place, samples, names, params)
    return Formula("", "") if expression is None else Formula(text(expression), latex(expression))


def _names(entry: Primitive, count: int) -> list[str]:
    """Return what the VJP calls the operands."""
    vjp = next((vjp for vjp in entry.vjps if vjp is not None), None)
    if entry.variadic or vjp is None:
        return [f"x{place}" for place in range(count)]
    return list(inspect.signature(vjp).parameters)[2 : 2 + count]


def _examples(entry: Primitive) -> list[Any]:
    return [_sample(shape) for shape in entry.shapes or ((),) * len(entry.vjps)]


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
        return expression, _ATOM
    if not isinstance(expression, list):
        return short(expression), _ATOM if expression >= 0 else _INFIX["negative"][1]
    name, args, params = parts(expression)
    if name in _INFIX:
        return _infix(name, args)
    if name == "getitem":
        return f"{_within(args[0], _ATOM)}[{_index(params['index'])}]", _ATOM
    if name == "transposed":
        return f"{_within(args[0], _ATOM)}.T", _ATOM
    first = [repr(params["subscripts"])] if name == "einsum" else []
    given = [f"{key}={param}" for key, param in params.items() if key != "subscripts"]
    return f"{name}({', '.join([*first, *(_text(arg)[0] for arg in args), *given])})", _ATOM


def _infix(name: str, args: Sequence[Expression]) -> tuple[str, int]:
    sign, strength = _INFIX[name]
    if len(args) == 1:
        return f"{sign}{_within(args[0], strength)}", strength
    left = _within(args[0], strength + (name == "power"))
    right = _within(args[1], strength + (name != "power"))
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
