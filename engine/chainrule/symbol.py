"""A symbol for a number: what is computed with it is an expression, written down instead of evaluated.

Derivatives are written with operators and NumPy functions. Given symbols they become the expressions that a
program recomputes. An expression is a number, a name, or a list of a function's name and its arguments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import UnsupportedError
from chainrule.primitive import BY_FUNCTION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chainrule.primitive import Primitive

Expression = float | str | list[Any]

_UFUNCS = {
    np.sign: "sign",
    np.less: "less",
    np.less_equal: "less_equal",
    np.greater: "greater",
    np.greater_equal: "greater_equal",
}
_OF_A_NUMBER_ITSELF = frozenset({np.sum, np.mean, np.reshape, np.broadcast_to, np.squeeze})


def _operator(name: str) -> Callable[[Symbol, Any], Symbol]:
    return lambda self, other: _call(name, self, other)


def _reflected(name: str) -> Callable[[Symbol, Any], Symbol]:
    return lambda self, other: _call(name, other, self)


class Symbol:
    """A number that is known by its expression only.

    Example:
        >>> import numpy as np
        >>> x = Symbol("x")
        >>> (2 * np.tanh(x)).expression
        ['multiply', 2.0, ['tanh', 'x']]
    """

    __slots__ = ("expression",)

    shape: tuple[int, ...] = ()
    ndim = 0
    size = 1
    dtype = np.dtype(np.float64)

    def __init__(self, expression: Expression) -> None:
        self.expression = expression

    def __apply_primitive__(self, entry: Primitive, args: Sequence[Any], params: Mapping[str, Any]) -> Symbol:
        if params:
            raise UnsupportedError(
                f"{entry.name} with {', '.join(params)} has no expression; leave those out"
            )
        return _call(entry.name, *args)

    def __array_ufunc__(self, function: np.ufunc, method: str, *args: Any, **options: Any) -> Symbol:
        if method == "__call__" and not options and function in BY_FUNCTION:
            return _call(BY_FUNCTION[function].name, *args)
        if method == "__call__" and not options and function in _UFUNCS:
            return _call(_UFUNCS[function], *args)
        raise UnsupportedError(f"np.{function.__name__} has no expression; write it with other functions")

    def __array_function__(self, function: Any, _: Any, args: Any, options: Any) -> Any:
        if function is np.shape:
            return ()
        if function in _OF_A_NUMBER_ITSELF:
            return args[0]
        if function in BY_FUNCTION and not options:
            return _call(BY_FUNCTION[function].name, *args)
        raise UnsupportedError(f"np.{function.__name__} has no expression; write it with other functions")

    def __bool__(self) -> bool:
        raise UnsupportedError("a symbol is neither true nor false; choose by np.where")

    def __neg__(self) -> Symbol:
        return _call("negative", self)

    __add__, __radd__ = _operator("add"), _reflected("add")
    __sub__, __rsub__ = _operator("subtract"), _reflected("subtract")
    __mul__, __rmul__ = _operator("multiply"), _reflected("multiply")
    __truediv__, __rtruediv__ = _operator("divide"), _reflected("divide")
    __pow__, __rpow__ = _operator("power"), _reflected("power")
    __lt__, __le__ = _operator("less"), _operator("less_equal")
    __gt__, __ge__ = _operator("greater"), _operator("greater_equal")
    __and__, __or__ = _operator("logical_and"), _operator("logical_or")


def _call(name: str, *args: Any) -> Symbol:
    return Symbol([name, *map(_expression, args)])


def _expression(arg: Any) -> Expression:
    return arg.expression if isinstance(arg, Symbol) else float(arg)
