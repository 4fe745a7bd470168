"""A symbol for a number or an array: what is computed with it is an expression, written down, not evaluated.

Derivatives are written with operators and NumPy functions. Given symbols they become the expressions that a
formula prints and a program recomputes. An expression is a number, a name, or a list: a function's name, its
arguments, and at the end a dict of its parameters, if there are any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from chainrule.errors import UnsupportedError
from chainrule.primitives.table import PRIMITIVES, given
from chainrule.value import dispatch
from chainrule.value.array import ArrayMethods

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from chainrule.primitives.table import Primitive

Expression = float | str | list[Any]

_EXPRESSED = frozenset(
    {np.sign, np.less, np.less_equal, np.greater, np.greater_equal, np.logical_and, np.logical_or}
)
"""What has gradient zero, and is recorded all the same: it may come out otherwise for other numbers."""


class Symbol(NDArrayOperatorsMixin, ArrayMethods):
    """A number or an array that is known by its expression, and by a sample of its shape.

    Examples:
        >>> import numpy as np
        >>> x = Symbol("x")
        >>> (2 * np.tanh(x)).expression
        ['multiply', 2.0, ['tanh', 'x']]
    """

    __slots__ = ("_data", "expression")

    def __init__(self, expression: Expression, sample: Any = 0.5) -> None:
        self.expression = expression
        self._data = sample

    @property
    def data(self) -> Any:
        """The sample."""
        return self._data

    def __apply_primitive__(self, entry: Primitive, args: Sequence[Any], params: Mapping[str, Any]) -> Symbol:
        return _call(entry, *args, **params)

    def __array_ufunc__(self, function: np.ufunc, method: str, *args: Any, **options: Any) -> Any:
        if function in _EXPRESSED and method == "__call__":
            return _call(function, *args)
        return dispatch.ufunc(self, function, method, *args, **options)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        if function is np.where:  # of Values the condition is data; here it may come out otherwise
            return _call(PRIMITIVES["where"], *args)
        return dispatch.function(self, function, types, args, options)

    def __bool__(self) -> bool:
        raise UnsupportedError("a symbol is neither true nor false; choose by np.where")

    def __and__(self, other: Any) -> Symbol:
        return _call(np.logical_and, self, other)

    def __or__(self, other: Any) -> Symbol:
        return _call(np.logical_or, self, other)


def vjp_expression(
    entry: Primitive,
    index: int,
    samples: Sequence[Any],
    names: Sequence[str],
    params: Mapping[str, Any],
    *,
    named: Collection[str] = (),
    broadcast: str = "",
) -> Expression | None:
    """Return the gradient of one operand, from the gradient `g` of the result `out`; None if there is none.

    Each operand is a number or an array of the right shape among `samples`, and is called as `names` say; the
    parameters that are `named` are symbols too. The gradient of an operand that was broadcast is summed, over
    axes that are called `broadcast` if that is given.
    """
    vjp = entry.vjp(index)
    if vjp is None:
        return None
    with np.errstate(all="ignore"):
        out = entry.forward(*samples, **params)
        operands = (Symbol(name, sample) for name, sample in zip(names, samples, strict=True))
        given = {**params, **{name: Symbol(name) for name in named}}
        if entry.variadic:
            given["index"] = index
        gradient = vjp(Symbol("g", np.ones_like(out)), Symbol("out", out), *operands, **given)
    if not isinstance(gradient, Symbol):
        return float(gradient)
    return _summed(gradient, np.shape(samples[index]), broadcast).expression


def _summed(gradient: Symbol, shape: tuple[int, ...], broadcast: str) -> Symbol:
    """Return the sum over the axes along which an operand of this shape was repeated."""
    new = gradient.ndim - len(shape)
    lengths = ((1,) * new + shape) if new > 0 else shape
    axes = [axis for axis, (n, own) in enumerate(zip(gradient.shape, lengths, strict=False)) if n != own == 1]
    if new < 0 or not (new or axes):
        return gradient
    if broadcast:
        return Symbol(["sum", gradient.expression, {"axis": broadcast}])
    axes = sorted({*range(new), *axes})
    axis: Any = axes[0] if len(axes) == 1 else tuple(axes) if shape else None
    total: Any = np.sum(gradient, axis=axis, keepdims=not new)
    return cast("Symbol", np.reshape(total, shape))  # NumPy asks it, and it answers with its like


def _call(function: Any, *args: Any, **params: Any) -> Symbol:
    forward = getattr(function, "forward", function)
    with np.errstate(all="ignore"):
        sample = forward(*map(dispatch.raw, args), **dispatch.raw(params))
    name = getattr(function, "name", None) or function.__name__
    if name == "reshape" and np.shape(sample) == np.shape(dispatch.raw(args[0])):
        same: Symbol = args[0]
        return same
    if name == "swapaxes" and np.ndim(sample) == 2 and set(params.values()) == {-1, -2}:
        name, params = "transpose", {}
    said = given({key: getattr(param, "expression", param) for key, param in params.items()})
    return Symbol([name, *map(_expression, args), *([said] if said else [])], sample)


def _expression(arg: Any) -> Expression:
    if isinstance(arg, Symbol):
        return arg.expression
    return float(arg) if np.ndim(arg) == 0 else f"array{np.shape(arg)}"
