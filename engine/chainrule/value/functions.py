"""Functions of one operand as methods of a Value: each is its row of the table, and nothing else.

What stands below for those who check types, complete names or print the reference is held by a test to be
what the rows say.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from chainrule.habits.told import ForeignNames, SealedTold, tells
from chainrule.primitives import activations, elementwise
from chainrule.primitives.composed import COMPOSED
from chainrule.primitives.table import BY_FUNCTION, NO_PARAMS, PRIMITIVES, Primitive
from chainrule.value.array import ArrayMethods

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self


class Functions:
    """The functions of one operand that Values answer, under NumPy's names and ours."""

    __slots__ = ()

    if TYPE_CHECKING:

        def negative(self) -> Self:
            """As `numpy.negative`."""

        def absolute(self) -> Self:
            """As `numpy.absolute`."""

        def abs(self) -> Self:
            """As `numpy.absolute`."""

        def sqrt(self) -> Self:
            """As `numpy.sqrt`."""

        def square(self) -> Self:
            """As `numpy.square`."""

        def reciprocal(self) -> Self:
            """As `numpy.reciprocal`."""

        def exp(self) -> Self:
            """As `numpy.exp`."""

        def expm1(self) -> Self:
            """As `numpy.expm1`."""

        def log(self) -> Self:
            """As `numpy.log`."""

        def log1p(self) -> Self:
            """As `numpy.log1p`."""

        def sin(self) -> Self:
            """As `numpy.sin`."""

        def cos(self) -> Self:
            """As `numpy.cos`."""

        def tan(self) -> Self:
            """As `numpy.tan`."""

        def arcsin(self) -> Self:
            """As `numpy.arcsin`."""

        def asin(self) -> Self:
            """As `numpy.arcsin`."""

        def arccos(self) -> Self:
            """As `numpy.arccos`."""

        def acos(self) -> Self:
            """As `numpy.arccos`."""

        def arctan(self) -> Self:
            """As `numpy.arctan`."""

        def atan(self) -> Self:
            """As `numpy.arctan`."""

        def sinh(self) -> Self:
            """As `numpy.sinh`."""

        def cosh(self) -> Self:
            """As `numpy.cosh`."""

        def tanh(self) -> Self:
            """As `numpy.tanh`."""

        def stop_gradient(self) -> Self:
            """As `chainrule.stop_gradient`."""

        def expand_dims(self, axis: Any) -> Self:
            """As `numpy.expand_dims`."""

        def broadcast_to(self, shape: Any) -> Self:
            """As `numpy.broadcast_to`."""

        def flip(self, axis: Any = None) -> Self:
            """As `numpy.flip`."""

        def relu(self) -> Self:
            """As `chainrule.relu`."""

        def leaky_relu(self, slope: Any = 0.01) -> Self:
            """As `chainrule.leaky_relu`."""

        def elu(self, alpha: Any = 1.0) -> Self:
            """As `chainrule.elu`."""

        def sigmoid(self) -> Self:
            """As `chainrule.sigmoid`."""

        def silu(self) -> Self:
            """As `chainrule.silu`."""

        def softplus(self) -> Self:
            """As `chainrule.softplus`."""

        def gelu(self) -> Self:
            """As `chainrule.gelu`."""

        def softmax(self, axis: Any = -1) -> Self:
            """As `chainrule.softmax`."""

        def log_softmax(self, axis: Any = -1) -> Self:
            """As `chainrule.log_softmax`."""

        def logsumexp(self, axis: Any = None, keepdims: Any = False) -> Self:
            """As `chainrule.logsumexp`."""

        def tril(self, k: Any = 0) -> Self:
            """As `numpy.tril`."""

        def triu(self, k: Any = 0) -> Self:
            """As `numpy.triu`."""

        def cholesky(self, upper: Any = False) -> Self:
            """As `numpy.linalg.cholesky`."""

        def pinv(self, rcond: Any = None) -> Self:
            """As `numpy.linalg.pinv`."""

        def norm(self, ord: Any = None, axis: Any = None, keepdims: Any = False) -> Self:  # noqa: A002 - NumPy's name
            """As `numpy.linalg.norm`."""

        def inv(self) -> Self:
            """As `numpy.linalg.inv`."""

        def det(self) -> Self:
            """As `numpy.linalg.det`."""

        def exp2(self) -> Self:
            """As `numpy.exp2`."""

        def log2(self) -> Self:
            """As `numpy.log2`."""

        def log10(self) -> Self:
            """As `numpy.log10`."""

        def arcsinh(self) -> Self:
            """As `numpy.arcsinh`."""

        def asinh(self) -> Self:
            """As `numpy.arcsinh`."""

        def arccosh(self) -> Self:
            """As `numpy.arccosh`."""

        def acosh(self) -> Self:
            """As `numpy.arccosh`."""

        def arctanh(self) -> Self:
            """As `numpy.arctanh`."""

        def atanh(self) -> Self:
            """As `numpy.arctanh`."""

        def cbrt(self) -> Self:
            """As `numpy.cbrt`."""


def rows() -> Iterator[tuple[str, Primitive, Any]]:
    """Yield each method's name, its row, and the public function that it is.

    Examples:
        >>> [name for name, entry, _ in rows() if entry.name == "absolute"]
        ['absolute', 'abs']
    """
    ours = {id(each) for each in (*vars(activations).values(), elementwise.stop_gradient)}
    functions = {id(entry): function for function, entry in BY_FUNCTION.items()}
    aliases: dict[int, list[str]] = {}
    for name, function in vars(np).items():
        if callable(function) and name != getattr(function, "__name__", name):
            aliases.setdefault(id(function), []).append(name)
    for entry in PRIMITIVES.values():
        if hasattr(ArrayMethods, entry.name):
            continue
        public = functions.get(id(entry), entry if id(entry) in ours else None)
        if public is None or len(entry.vjps) != 1 or entry.variadic:
            continue
        for name in (entry.name, *aliases.get(id(public), ())):
            yield name, entry, public


def _method(name: str, entry: Primitive, public: Any) -> Callable[..., Any]:
    answer = COMPOSED.get(public) or entry

    def whole(self: Any) -> Any:
        return self.__apply_primitive__(entry, (self,), NO_PARAMS)

    def options(self: Any, *args: Any, **options: Any) -> Any:
        return answer(self, *args, **options)

    method: Any = whole
    if answer is not entry or entry.params:
        method, vjp = options, entry.vjps[0] or entry.forward
        _, *parameters = inspect.signature(vjp if answer is entry else answer).parameters.values()
        own = parameters[2:] if answer is entry else parameters
        itself = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        method.__signature__ = inspect.Signature([itself, *own])
    home = "chainrule" if isinstance(public, Primitive) else getattr(public, "__module__", None) or "numpy"
    method.__name__, method.__qualname__ = name, f"Value.{name}"
    method.__doc__ = f"As `{home}.{entry.name}`."
    return cast("Callable[..., Any]", method)


for _name, _entry, _public in rows():
    setattr(Functions, _name, _method(_name, _entry, _public))


@tells("Value", SealedTold)
class NamesElsewhere(ForeignNames):
    """Names of PyTorch's tensors and others that a Value has not, and what is written here."""

    __slots__ = ()
