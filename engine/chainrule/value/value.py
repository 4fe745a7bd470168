"""Value: a number or an array that remembers how it was made."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import modes
from chainrule.errors import AssignmentError, BackwardError
from chainrule.primitives import elementwise as e
from chainrule.primitives.linalg import matmul
from chainrule.primitives.table import NO_PARAMS, constant, entered, evaluate, number
from chainrule.value import backward, blame, dispatch, labels
from chainrule.value.array import ArrayMethods
from chainrule.value.functions import Functions, NamesElsewhere
from chainrule.value.in_place import in_place
from chainrule.value.operators import function_of_two
from chainrule.value.tape import Recorded, clock, slots, stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chainrule.graph import Graph, Zoom
    from chainrule.primitives.table import Primitive

    Operator = Callable[["Value", Any], "Value"]

_new = object.__new__
_ARRAY = np.ndarray
_REAL = "fiub"  # kinds of dtypes


@cache
def _binary(entry: Primitive) -> Operator:
    """Return what does as `apply` does with two operands and no parameters, as quickly as can be."""
    function = function_of_two(entry)

    def binary(a: Any, b: Any) -> Value:
        if type(a) is Value:
            x = a._data
        elif type(a) is float or (type(a) is _ARRAY and a.dtype.kind in _REAL):
            x = a
        else:
            return apply(entry, (a, b), NO_PARAMS)
        if type(b) is Value:
            y = b._data
        elif type(b) is float or (type(b) is _ARRAY and b.dtype.kind in _REAL):
            y = b
        else:
            return apply(entry, (a, b), NO_PARAMS)
        if modes.special:
            return apply(entry, (a, b), NO_PARAMS)
        try:
            out = function(x, y)
        except (ArithmeticError, ValueError, TypeError):
            return apply(entry, (a, b), NO_PARAMS)
        node = _new(Value)  # as `_record` makes it: to call that would cost four percent of all scalar work
        if type(out) is _ARRAY:
            node.site = blame.site()
        elif type(out) is not float:
            out = number(out)
        node._data = out
        node._grad = None
        node.primitive = entry
        node.first = a
        node.second = b
        node.params = NO_PARAMS
        node.index = next(clock)
        return node

    return binary


def _reflected(entry: Primitive) -> Operator:
    binary = _binary(entry)
    return lambda self, other: binary(other, self)


class Value(Recorded, ArrayMethods, Functions, NamesElsewhere):
    """A number or an array that remembers how it was made.

    Operators, NumPy's functions and ndarray's methods work on it, and `backward` fills in `grad`. A number is
    a float, an array stays an array and float32 stays float32; integers become float64.
    Comparisons compare numbers; a Value is hashed by identity.

    Args:
        data: A number, an array or a list of numbers.
        label: What drawings call it; unless given, the first name in `__main__` that is bound to it.

    Examples:
        >>> a, b = Value(2.0), Value(-3.0)
        >>> d = (a * b + 10.0).backward()
        >>> d.data, a.grad, b.grad
        (4.0, -3.0, 2.0)
    """

    __slots__ = ()

    def __init__(self, data: Any, label: str = "") -> None:
        self._data = entered(data)
        self._grad = self.primitive = self.first = self.second = None
        self.params = NO_PARAMS
        self._label = label
        self.index = next(clock)
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
        if not self.differentiable:
            raise AssignmentError("the data of a constant cannot be assigned; make a new one by Value(...)")
        if data is not self._data:
            self._data = entered(data)
        stamp(self)

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

    def zero_grad(self) -> None:
        """Take the gradient away, so that the next `backward` starts afresh."""
        self._grad = None

    @property
    def label(self) -> str:
        """The label given, else the first name in `__main__` that is bound to this Value, else nothing."""
        return getattr(self, "_label", "") or labels.name_of(self)

    @label.setter
    def label(self, label: str) -> None:
        self._label = label

    @property
    def _op(self) -> str:  # micrograd's name
        if self.primitive is None:
            return ""
        constant_power = self.primitive is e.power and not isinstance(self.second, Value)
        return f"**{self.second:g}" if constant_power else self.primitive.symbol

    def _as_value(self, operand: Any, position: int) -> Value:
        return operand if isinstance(operand, Value) else _constant(operand, self.index - 1 / (position + 2))

    def detach(self) -> Constant:
        """Return a constant of the same data: no gradient passes it.

        Examples:
            >>> x = Value(3.0)
            >>> (x * x.detach()).backward().data, x.grad
            (9.0, 3.0)
        """
        return _constant(self._data, next(clock))

    def backward(self, gradient: Any = None, **others: Any) -> Value:
        """Compute the gradient of this Value with respect to all that it depends on, into their `grad`.

        Leaves add up over calls; what lies between starts afresh at each.

        Args:
            gradient: The gradient of what comes after, of this Value's shape; 1 for a single number.
            **others: PyTorch's options, each a UsageError.

        Returns:
            This Value.

        Raises:
            BackwardError: if it is a constant, or an array of several numbers and no gradient is given.
            ShapeError: if the gradient has another shape.
            StaleDataError: if the data of a Value was assigned after it was used.

        Examples:
            >>> a = Value(3.0)
            >>> (a * a).backward().grad, a.grad
            (1.0, 6.0)
        """
        if others:
            backward.refuse_options(others)
        if not self.differentiable:
            raise BackwardError(
                "backward on a constant, which depends on no Value; make its inputs by Value(...)"
            )
        backward.run(self, backward.seed_for(self, gradient))
        return self

    def graph(self, zoom: Zoom = "tensor") -> Graph:
        """Return the graph of all that this Value depends on, itself included, as it is now.

        Args:
            zoom: "tensor" for a node per Value, or "scalar" for a node per element of up to 5,000.

        Examples:
            >>> a = Value(2.0, label="a")
            >>> print((a * a).backward().graph())
            a        input    data 2  grad 4
            value 2  = a * a  data 4  grad 1
        """
        from chainrule.tape_graph.nodes import graph_of  # noqa: PLC0415 - most programs draw nothing

        return graph_of(self, zoom)

    def _repr_mimebundle_(self, **_: Any) -> Any:
        from chainrule.tape_graph.nodes import bundle  # noqa: PLC0415 - as above

        return bundle(self)

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy, or what a pickle brings back, is a leaf with this gradient; what it was made of stays behind
        return type(self), (self._data, getattr(self, "_label", "")), (None, {"_grad": self._grad})

    def __repr__(self) -> str:
        return f"{type(self).__name__}(data={self._data!r}, grad={self.grad!r})"

    __add__, __radd__ = _binary(e.add), _reflected(e.add)
    __sub__, __rsub__ = _binary(e.subtract), _reflected(e.subtract)
    __mul__, __rmul__ = _binary(e.multiply), _reflected(e.multiply)
    __truediv__, __rtruediv__ = _binary(e.divide), _reflected(e.divide)
    __pow__, __rpow__ = _binary(e.power), _reflected(e.power)
    __matmul__, __rmatmul__ = _binary(matmul), _reflected(matmul)

    __iadd__, __isub__ = in_place(__add__, "+="), in_place(__sub__, "-=")
    __imul__, __itruediv__ = in_place(__mul__, "*="), in_place(__truediv__, "/=")
    __ipow__ = in_place(__pow__, "**=")

    def __neg__(self) -> Value:
        return self.__apply_primitive__(e.negative, (self,), NO_PARAMS)

    def __pos__(self) -> Value:
        return self

    def __abs__(self) -> Value:
        return self.__apply_primitive__(e.absolute, (self,), NO_PARAMS)

    def __apply_primitive__(self, entry: Primitive, args: Sequence[Any], params: Mapping[str, Any]) -> Value:
        if len(args) == 1 and type(self) is Value and not modes.special:
            x = self._data
            function = entry.scalar if type(x) is float else entry.forward
            if function is not None:
                try:
                    return _record(entry, function(x, **params), self, None, params)
                except (ArithmeticError, ValueError):
                    pass
        elif len(args) == 2 and not params:
            return _binary(entry)(*args)
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


def apply(entry: Primitive, args: Sequence[Any], params: Mapping[str, Any]) -> Value:
    """Apply a primitive to Values and constants, and record it.

    Raises:
        ShapeError: if the shapes do not fit together.
    """
    operands = [arg if isinstance(arg, Value) else constant(arg) for arg in args]
    data = tuple([backward.data_of(operand) for operand in operands])
    try:
        out = evaluate(entry, data, params)
    except ValueError as error:
        raise blame.explained(error, entry, operands) from error
    if modes.is_watched():
        blame.check_forward(entry, data, out)
    if modes.is_off() or not any(type(operand) is Value for operand in operands):
        return Constant(out)
    return _record(entry, out, *slots(operands), params)


def _record(entry: Primitive, out: Any, first: Any, second: Any, params: Mapping[str, Any]) -> Value:
    node = _new(Value)
    if type(out) is _ARRAY and out.ndim:
        node.site = blame.site()
    elif type(out) is not float:
        out = number(out)
    node._data = out
    node._grad = None
    node.primitive = entry
    node.first = first
    node.second = second
    node.params = params
    node.index = next(clock)
    return node
