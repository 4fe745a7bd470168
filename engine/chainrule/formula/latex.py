"""An expression as LaTeX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule.formula.notation import parts, simplified
from chainrule.graph.node import short

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.formula.symbol import Expression

_COMMANDS = frozenset(f"arc{name}" for name in ("sin", "cos", "tan")) | frozenset(
    {"log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "max", "min", "det"}
)
_SIGNS = {
    "logical_or": (r"\lor", 1),
    "logical_and": (r"\land", 2),
    "less": ("<", 3),
    "less_equal": (r"\le", 3),
    "greater": (">", 3),
    "greater_equal": (r"\ge", 3),
    "equal": ("=", 3),
    "add": ("+", 4),
    "subtract": ("-", 4),
    "multiply": (r"\,", 5),
    "matmul": (r"\,", 5),
}
_PRODUCT, _MINUS, _ATOM = 5, 6, 9


def latex(expression: Expression) -> str:
    r"""Return an expression as LaTeX.

    Examples:
        >>> print(latex(["divide", ["negative", "g"], ["sqrt", ["subtract", 1.0, ["power", "x", 2.0]]]]))
        \frac{-g}{\sqrt{1 - x^{2}}}
    """
    return _latex(simplified(expression))[0]


def _latex(expression: Expression) -> tuple[str, int]:
    """Return LaTeX, and how strongly it holds together."""
    if isinstance(expression, str):
        return expression if len(expression) == 1 else rf"\mathrm{{{expression}}}", _ATOM
    if not isinstance(expression, list):
        return short(expression), _ATOM if expression >= 0 else _MINUS
    name, args, params = parts(expression)
    if name in _SIGNS:
        return _infix(name, args)
    if name in _FORMS:
        return _FORMS[name](args)
    return _function(name, args, params), _ATOM


def _infix(name: str, args: Sequence[Expression]) -> tuple[str, int]:
    sign, strength = _SIGNS[name]
    return f"{_within(args[0], strength)} {sign} {_within(args[1], strength + 1)}", strength


def _within(expression: Expression, strength: int) -> str:
    inner, own = _latex(expression)
    return inner if own >= strength else rf"\left({inner}\right)"


def _function(name: str, args: Sequence[Expression], params: dict[str, Any]) -> str:
    command = f"\\{name}" if name in _COMMANDS else rf"\operatorname{{{name.replace('_', chr(92) + '_')}}}"
    axes = f"_{{{params['axis']}}}" if "axis" in params else ""
    inner = ", ".join(_latex(arg)[0] for arg in args)
    return rf"{command}{axes}\left({inner}\right)"


def _where(args: Sequence[Expression]) -> tuple[str, int]:
    condition, then, other = (_latex(arg)[0] for arg in args)
    return rf"\begin{{cases}} {then} & {condition} \\ {other} & \text{{otherwise}} \end{{cases}}", _PRODUCT


_FORMS: dict[str, Callable[[Sequence[Expression]], tuple[str, int]]] = {
    "divide": lambda args: (rf"\frac{{{_latex(args[0])[0]}}}{{{_latex(args[1])[0]}}}", _ATOM),
    "power": lambda args: (f"{_within(args[0], _ATOM)}^{{{_latex(args[1])[0]}}}", 8),
    "negative": lambda args: (f"-{_within(args[0], _MINUS)}", _MINUS),
    "exp": lambda args: (f"e^{{{_latex(args[0])[0]}}}", 8),
    "sqrt": lambda args: (rf"\sqrt{{{_latex(args[0])[0]}}}", _ATOM),
    "absolute": lambda args: (rf"\left|{_latex(args[0])[0]}\right|", _ATOM),
    "transposed": lambda args: (rf"{_within(args[0], _ATOM)}^{{\mathsf T}}", 8),
    "inv": lambda args: (f"{_within(args[0], _ATOM)}^{{-1}}", 8),
    "where": _where,
}
