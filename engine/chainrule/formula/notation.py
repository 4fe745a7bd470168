"""What printers of expressions have in common: calls taken apart, and forms that read more easily."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chainrule.formula.symbol import Expression


def parts(expression: list[Any]) -> tuple[str, list[Any], dict[str, Any]]:
    """Return the name, the arguments and the parameters of a call."""
    name, *args = expression
    params = args.pop() if args and isinstance(args[-1], dict) else {}
    return name, args, params


def simplified(expression: Expression) -> Expression:
    """Return an expression as on paper: with powers, transposes, outer products, and no broadcasting.

    Examples:
        >>> simplified(["logical_and", ["less_equal", "x", 0.0], ["greater_equal", "x", 0.0]])
        ['equal', 'x', 0.0]
        >>> simplified(["multiply", ["multiply", "g", "x"], "x"])
        ['multiply', 'g', ['power', 'x', 2.0]]
    """
    if not isinstance(expression, list):
        return expression
    name, args, params = parts(expression)
    if name == "broadcast_to":
        return simplified(args[0][1] if args[0][0] == "reshape" else args[0])
    args = [simplified(arg) for arg in args]
    if (name == "transpose" and not params) or (name == "swapaxes" and set(params.values()) == {-1, -2}):
        return ["transposed", *args]
    said = {key: param for key, param in params.items() if key != "shape"}
    return _rewritten([name, *args, *([said] if said else [])])


def _rewritten(call: list[Any]) -> list[Any]:
    match call:
        case ["logical_and", ["less_equal", x, y], ["greater_equal", a, b]] if x == a and y == b:
            return ["equal", x, y]
        case ["logical_and", ["greater_equal", x, y], ["less_equal", a, b]] if x == a and y == b:
            return ["equal", x, y]
        case ["squeeze", ["solve", a, ["expand_dims", x, {"axis": -1}]], {"axis": -1}]:
            return ["solve", a, x]
        case ["multiply", x, y]:
            return _product(x, y)
    return call


def _product(x: Any, y: Any) -> list[Any]:
    match x, y:
        case ["expand_dims", u, {"axis": -1}], ["expand_dims", v, {"axis": -2}]:
            return ["outer", u, v]
        case ["negative", ["expand_dims", u, {"axis": -1}]], ["expand_dims", v, {"axis": -2}]:
            return ["negative", ["outer", u, v]]
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
