"""What printers of expressions have in common: calls taken apart, and forms that read more easily.

A simplified expression is still the computation: it gives the numbers of the derivative that was traced.
Choices by `where` stand outermost in it, each branch as it is where its condition holds.
"""

from __future__ import annotations

from itertools import dropwhile
from typing import TYPE_CHECKING, Any

from chainrule.formula.arithmetic import computed
from chainrule.primitives.table import PRIMITIVES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chainrule.formula.symbol import Expression

_MIRRORED = {"less": "greater", "greater": "less", "equal": "equal"}
"""Comparisons of which no more than one holds of two numbers, and what each is with its sides exchanged."""


def parts(expression: list[Any]) -> tuple[str, list[Any], dict[str, Any]]:
    """Return the name, the arguments and the parameters of a call."""
    name, *args = expression
    params = args.pop() if args and isinstance(args[-1], dict) else {}
    return name, args, params


def call(name: str, args: list[Any], params: Mapping[str, Any]) -> list[Any]:
    """Return a call of the parts that it is taken apart into."""
    return [name, *args, *([params] if params else [])]


def simplified(expression: Expression) -> Expression:
    """Return an expression without what says nothing, and with choices outermost.

    Examples:
        >>> simplified(["logical_and", ["less_equal", "x", 0.0], ["greater_equal", "x", 0.0]])
        ['equal', 'x', 0.0]
        >>> simplified(["multiply", ["multiply", "g", "x"], "x"])
        ['multiply', 'g', ['power', 'x', 2.0]]
        >>> simplified(["add", 1.0, ["where", ["less", "x", 0.0], "x", 2.0]])
        ['where', ['less', 'x', 0.0], ['add', 1.0, 'x'], 3.0]
    """
    return substituted(expression, {})


def substituted(expression: Expression, names: Mapping[str, Expression]) -> Expression:
    """Return an expression simplified, with what `names` give in place of its names.

    Examples:
        >>> substituted(["multiply", "g", ["power", "a", ["subtract", "b", 1.0]]], {"b": 2.0, "a": "w"})
        ['multiply', 'g', 'w']
    """
    if isinstance(expression, str):
        return names.get(expression, expression)
    if not isinstance(expression, list):
        return expression
    name, args, params = parts(expression)
    return _rewritten(call(name, [substituted(arg, names) for arg in args], params))


def _rewritten(form: list[Any]) -> Expression:
    """Return a call of simplified arguments, simplified."""
    match form:
        case ["divisor", root]:
            form = ["where", ["greater", root, 0.0], root, 1.0]
    match form:
        case ["logical_and", ["less_equal", x, y], ["greater_equal", a, b]] | [
            "logical_and",
            ["greater_equal", x, y],
            ["less_equal", a, b],
        ] if x == a and y == b:
            return ["equal", x, y]
        case ["where", condition, x, y]:
            return _chosen(condition, x, y)
        case ["broadcast_to", x, _]:
            return _before_broadcast(x)
        case ["transpose", x]:
            return ["transposed", x]
        case ["squeeze", ["solve", a, ["expand_dims", x, {"axis": -1}]], {"axis": -1}]:
            return ["solve", a, x]
    lifted = _lifted(form)
    return computed(form) if lifted is None else lifted


def _before_broadcast(x: Expression) -> Expression:
    """Return what is broadcast, without axes before its first: broadcasting adds these by itself."""
    match x:
        case ["reshape", inner, {"shape": tuple(shape)}]:
            rest = [*dropwhile(lambda length: length == 1, shape)]
            return x if 1 in rest else inner
    return x


def _chosen(condition: Expression, x: Expression, y: Expression) -> Expression:
    """Return a choice, or what is chosen where that is known."""
    if isinstance(condition, float):
        return x if condition else y
    x, y = _assuming(x, condition, holds=True), _assuming(y, condition, holds=False)
    return x if x == y else ["where", condition, x, y]


def _lifted(form: list[Any]) -> Expression | None:
    """Return a function of a choice as a choice of functions, if it is done to each number by itself."""
    name, args, params = parts(form)
    if name not in PRIMITIVES or not PRIMITIVES[name].elementwise:
        return None
    for place, arg in enumerate(args):
        match arg:
            case ["where", condition, *branches]:
                made = []
                for branch, holds in zip(branches, (True, False), strict=True):
                    others = [_assuming(other, condition, holds=holds) for other in args]
                    others[place] = branch
                    made.append(_rewritten(call(name, others, params)))
                return _chosen(condition, *made)
    return None


def _assuming(expression: Expression, condition: Expression, *, holds: bool) -> Expression:
    """Return an expression as it is where a condition holds, or where it does not."""
    if expression == condition:
        return float(holds)
    match condition:
        case ["equal", str(name), float(number)] if holds and expression == name:
            return number
    if not isinstance(expression, list):
        return expression
    if holds and _exclude(condition, expression):
        return 0.0
    name, args, params = parts(expression)
    assumed = [_assuming(arg, condition, holds=holds) for arg in args]
    return expression if assumed == args else _rewritten(call(name, assumed, params))


def _exclude(one: Any, other: Any) -> bool:
    """Whether two comparisons, of the same numbers, never hold together."""
    if one[0] not in _MIRRORED or other[0] not in _MIRRORED:
        return False
    if one[1:] == other[:0:-1]:
        other = [_MIRRORED[other[0]], *one[1:]]
    return bool(one[1:] == other[1:] and one[0] != other[0])
