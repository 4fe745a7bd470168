"""Python's operators, as what is traced answers them."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.value.tape import Recorded

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.compiler.traced import Traced

_BINARY: dict[str, tuple[np.ufunc, Callable[..., Any]]] = {
    "add": (np.add, operator.add),
    "sub": (np.subtract, operator.sub),
    "mul": (np.multiply, operator.mul),
    "truediv": (np.divide, operator.truediv),
    "floordiv": (np.floor_divide, operator.floordiv),
    "mod": (np.remainder, operator.mod),
    "pow": (np.power, operator.pow),
    "matmul": (np.matmul, operator.matmul),
    "and": (np.bitwise_and, operator.and_),
    "or": (np.bitwise_or, operator.or_),
    "xor": (np.bitwise_xor, operator.xor),
}
_COMPARISONS: dict[str, tuple[np.ufunc, Callable[..., Any]]] = {
    "lt": (np.less, operator.lt),
    "le": (np.less_equal, operator.le),
    "gt": (np.greater, operator.gt),
    "ge": (np.greater_equal, operator.ge),
    "eq": (np.equal, operator.eq),
    "ne": (np.not_equal, operator.ne),
}
_UNARY: dict[str, tuple[np.ufunc, Callable[..., Any]]] = {
    "neg": (np.negative, operator.neg),
    "abs": (np.absolute, operator.abs),
    "invert": (np.invert, operator.invert),
    "pos": (np.positive, operator.pos),
}


def give_to(kind: type[Traced]) -> None:
    """Give a class the methods of all operators."""
    for name, functions in _BINARY.items():
        setattr(kind, f"__{name}__", _operator(*functions))
        setattr(kind, f"__r{name}__", _reflected(*functions))
        setattr(kind, f"__i{name}__", _in_place(*functions))
    for name, functions in _COMPARISONS.items():
        setattr(kind, f"__{name}__", _operator(*functions))
    for name, functions in _UNARY.items():
        setattr(kind, f"__{name}__", _unary(*functions))


def _operator(function: np.ufunc, python: Callable[..., Any]) -> Callable[..., Any]:
    def operation(self: Traced, other: Any) -> Any:
        if isinstance(other, Recorded):
            return NotImplemented
        return self.tracer.operator(function, python, (self, other))

    return operation


def _reflected(function: np.ufunc, python: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, other: self.tracer.operator(function, python, (other, self))


def _in_place(function: np.ufunc, python: Callable[..., Any]) -> Callable[..., Any]:
    def operation(self: Traced, other: Any) -> Any:
        result = self.tracer.operator(function, python, (self, other))
        if not self.node.is_array:
            return result
        return self.become(self.tracer.full_assignment(self, result))

    return operation


def _unary(function: np.ufunc, python: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self: self.tracer.operator(function, python, (self,))
