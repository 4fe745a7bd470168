"""Value: a number or an array that remembers how it was made."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import backward, blame, dispatch, labels, recording
from chainrule.errors import BackwardError
from chainrule.ndarray import ArrayMethods
from chainrule.primitive import NO_PARAMS, constant, entered, evaluate, number
from chainrule.primitives import elementwise as e
from chainrule.primitives.linalg import matmul
from chainrule.showing import Shown
from chainrule.tape import Recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chainrule.primitive import Primitive

    Operator = Callable[["Value", Any], "Value"]

_new = object.__new__
_tick = count(1).__next__
_PLAIN = frozenset({float, np.ndarray})


def _operators(entry: Primitive) -> tuple[Operator, Operator]:
    def operator(self: Value, other: Any) -> Value:
        return _binary(entry, self, other)

    def reflected(self: Value, other: Any) -> Value:
        return _binary(entry, other, self)

    return operator, reflected


class Value(Recorded, ArrayMethods, Shown):
    """A number or an array that remembers how it was made.

    Operators, NumPy's functions and ndarray's methods work on it, and `backward` fills in `grad`. A number is
    a float, an array stays an array and float32 stays float32; integers become float64. `==` is identity.

    Args:
        data: A number, an array or a list of numbers.
        label: What drawings call it; unless given, the first name in `__main__` that is bound to it.

    Example:
        >>> a, b = Value(2.0), Value(-3.0)
        >>> d = (a * b + 10.0).backward()
        >>> d.data, a.grad, b.grad
        (4.0, -3.0, 2.0)
    """

    __slots__ = ()

    def __init__(self, data: Any, label: str = "") -> None:
        self._data = entered(data)
        self._grad = self.primitive = self.first = self.second = None
        self.others = ()
        self.params = NO_PARAMS
        self._label = label
        self.assigned = 0
        self.visit = None
        self.index = _tick()
        if type(self._data) is not float:
            self.site = blame.site()

    def __init_subclass__(cls) -> None:
        if cls.__module__ != __name__:
            raise TypeError(f"{cls.__name__} cannot extend Value; let it hold a Value instead")

    @property
    def data(self) -> Any:
        """The number or the array itself.

        Assigning it is how training updates a parameter. Between a forward pass and its `backward` that is an
        error, which `backward` raises; a write into the array (`v.data[0] = 1`) cannot be seen.
        """
        return self._data

    @data.setter
    def data(self, data: Any) -> None:
        self._data = entered(data)
        self.assigned = _tick()

    @property
    def grad(self) -> Any:
        """The gradient that `backward` left here, of the shape of `data`; 0 before. None takes it away."""
        return 0 if self._grad is None else self._grad

    @grad.setter
    def grad(self, gradient: Any) -> None:
        self._grad = gradient

    @property
    def has_grad(self) -> bool:
        """Whether there is a gradient, computed or assigned."""
        return self._grad is not None

    @property
    def label(self) -> str:
        """The label given, else the first name in `__main__` that is bound to this Value, else nothing."""
        return self._label or labels.name_of(self)

    @label.setter
    def label(self, label: str) -> None:
        self._label = label

    @property
    def _op(self) -> str:  # micrograd's name
        if self.primitive is None:
            return ""
        constant_power = self.primitive is e.power and not isinstance(self.second, Value)
        return f"**{self.second:g}" if constant_power else self.primitive.symbol

    def _as_value(self, operand: Any, place: int) -> Value:
        return operand if isinstance(operand, Value) else _constant(operand, self.index - 1 / (place + 2))

    def detach(self) -> Constant:
        """Return a constant of the same data: no gradient passes it.

        Example:
            >>> x = Value(3.0)
            >>> (x * x.detach()).backward().data, x.grad
            (9.0, 3.0)
        """
        return _constant(self._data, _tick())

    def backward(self, gradient: Any = None) -> Value:
        """Compute the gradient of this Value with respect to all that it depends on, into their `grad`.

        Leaves add up over calls; what lies between starts afresh at each.

        Args:
            gradient: The gradient of what comes after, of this Value's shape; 1 for a number.

        Returns:
            This Value.

        Raises:
            BackwardError: if it is a constant, or an array and no gradient is given.
            StaleDataError: if the data of a Value was assigned after it was used.

        Example:
            >>> a = Value(3.0)
            >>> (a * a).backward().grad, a.grad
            (1.0, 6.0)
        """
        if not self.differentiable:
            raise BackwardError(
                "backward on a constant, which depends on no Value; make its inputs by Value(...)"
            )
        backward.run(self, backward.seed_for(self, gradient))
        return self

    def __repr__(self) -> str:
        return f"{type(self).__name__}(data={self._data!r}, grad={self.grad!r})"

    __add__, __radd__ = _operators(e.add)
    __sub__, __rsub__ = _operators(e.subtract)
    __mul__, __rmul__ = _operators(e.multiply)
    __truediv__, __rtruediv__ = _operators(e.divide)
    __pow__, __rpow__ = _operators(e.power)
    __matmul__, __rmatmul__ = _operators(matmul)

    def __neg__(self) -> Value:
        return _unary(e.negative, self, NO_PARAMS)

    def __pos__(self) -> Value:
        return self

    def __abs__(self) -> Value:
        return _unary(e.absolute, self, NO_PARAMS)

    def __apply_primitive__(self, entry: Primitive, args: Sequence[Any], params: Mapping[str, Any]) -> Value:
        if len(args) == 1:
            return _unary(entry, self, params)
        if len(args) == 2 and not params:
            return _binary(entry, *args)
        return apply(entry, args, params)

    __array_ufunc__ = dispatch.ufunc
    __array_function__ = dispatch.function


class Constant(Value):
    """A Value without gradient: what entered an operation as it is, or was detached."""

    __slots__ = ()

    differentiable = False


def _constant(data: Any, index: float) -> Constant:
    made = Constant(data)
    made.index = index
    return made


def _unary(entry: Primitive, a: Any, params: Mapping[str, Any]) -> Value:
    """Do what `apply` does in the common case of one operand, as quickly as can be."""
    x = a._data
    forward = entry.scalar if type(x) is float else entry.forward
    if type(a) is not Value or forward is None or recording.special:
        return apply(entry, (a,), params)
    try:
        out = forward(x, **params)
    except (ArithmeticError, ValueError):
        return apply(entry, (a,), params)
    return _record(entry, out, a, None, params)


def _binary(entry: Primitive, a: Any, b: Any) -> Value:
    """Do what `apply` does in the common case of two operands, as quickly as can be."""
    x = a._data if type(a) is Value else a
    y = b._data if type(b) is Value else b
    forward = entry.scalar if type(x) is float is type(y) else entry.forward
    if type(x) not in _PLAIN or type(y) not in _PLAIN or forward is None or recording.special:
        return apply(entry, (a, b), NO_PARAMS)
    try:
        out = forward(x, y)
    except (ArithmeticError, ValueError):
        return apply(entry, (a, b), NO_PARAMS)
    return _record(entry, out, a, b, NO_PARAMS)


def apply(entry: Primitive, args: Sequence[Any], params: Mapping[str, Any]) -> Value:
    """Apply a primitive to Values and constants, and record it.

    Raises:
        ShapeError: if the shapes do not fit together.
    """
    operands = [arg if isinstance(arg, Value) else constant(arg) for arg in args]
    data = tuple(backward.data_of(operands))
    try:
        out = evaluate(entry, data, params)
    except ValueError as error:
        raise blame.explained(error, entry, operands) from error
    if recording.watched:
        blame.check_forward(entry, data, out)
    if recording.off or not any(type(operand) is Value for operand in operands):
        return Constant(out)
    first, second, *_ = *operands, None
    node = _record(entry, out, first, second, params)
    if len(operands) > 2:
        node.others = tuple(operands)
    return node


def _record(entry: Primitive, out: Any, first: Any, second: Any, params: Mapping[str, Any]) -> Value:
    node = _new(Value)
    if type(out) is not float:
        out = number(out)
        node.site = blame.site()
    node._data = out
    node._grad = None
    node._label = ""
    node.primitive = entry
    node.first = first
    node.second = second
    node.others = ()
    node.params = params
    node.assigned = 0
    node.visit = None
    node.index = _tick()
    return node
