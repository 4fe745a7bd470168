"""What ndarray can do and a Value can too: attributes, methods, and standing in where a number is wanted."""

from __future__ import annotations

import operator
import reprlib
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import AssignmentError, UsageError
from chainrule.primitives import composed, elementwise
from chainrule.primitives import reductions as r
from chainrule.primitives import shape as s
from chainrule.primitives.table import NO_PARAMS, entered, unknown_options
from chainrule.primitives.ufuncs import remainder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Self

_FLOAT64 = np.dtype(np.float64)

_JOIN = "`import chainrule.numpy as np` is NumPy with an np.array, np.full, np.r_, ... that join Values"
_NUMBER = (
    "Use NumPy's function (np.sin, not math.sin). Instead of writing it into a plain array (c[0] = v), "
    f"collect what goes there and join it by np.stack, or choose by np.where(mask, new, old); {_JOIN}"
)
_ARRAY = (
    f"Where lists of Values become an array, {_JOIN}; instead of writing it into a plain array (c[:] = v), "
    "join by np.stack or choose by np.where(mask, new, old); instead of a plain array's own method "
    "(a.dot(v)), call NumPy's function (np.dot(a, v)); SciPy's functions are in chainrule.scipy"
)
"""What to do instead of asking a Value for a Python float, or for a plain array."""


def _compared(compare: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Return a comparison of data: plain booleans, which have no gradient."""
    return lambda self, other: compare(self._data, other._data if isinstance(other, ArrayMethods) else other)


def _same(self: ArrayMethods, other: Any) -> Any:
    if isinstance(other, ArrayMethods):
        return self._data == other._data
    return False if other is None or isinstance(other, str) else self._data == other


def _other(self: ArrayMethods, other: Any) -> Any:
    if isinstance(other, ArrayMethods):
        return self._data != other._data
    return True if other is None or isinstance(other, str) else self._data != other


def _plain(function: Any, value: ArrayMethods, others: dict[str, Any], **options: Any) -> Any:
    if others:
        raise UsageError(unknown_options(function.__name__, list(others), list(options)))
    return function(value._data, **options)


class ArrayMethods:
    """The part of a Value that is ndarray's; names and arguments are NumPy's."""

    __slots__ = ()
    _data: Any

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis; () for a number."""
        shape: tuple[int, ...] = () if type(self._data) is float else self._data.shape
        return shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of elements."""
        return 1 if type(self._data) is float else int(self._data.size)

    @property
    def dtype(self) -> Any:
        """The type of the elements; float64 for a number."""
        return getattr(self._data, "dtype", _FLOAT64)

    @property
    def T(self) -> Self:  # noqa: N802 - NumPy's name
        """The transpose."""
        return self.transpose()

    def sum(self, axis: Any = None, *, keepdims: bool = False, **others: Any) -> Self:
        """As `numpy.sum`."""
        return self._do(r.sum_, others, axis=axis, keepdims=keepdims)

    def mean(self, axis: Any = None, *, keepdims: bool = False, **others: Any) -> Self:
        """As `numpy.mean`."""
        return self._do(r.mean, others, axis=axis, keepdims=keepdims)

    def prod(self, axis: Any = None, *, keepdims: bool = False, **others: Any) -> Self:
        """As `numpy.prod`."""
        return self._do(r.prod, others, axis=axis, keepdims=keepdims)

    def max(self, axis: Any = None, *, keepdims: bool = False, **others: Any) -> Self:
        """As `numpy.max`; elements that tie share the gradient."""
        return self._do(r.max_, others, axis=axis, keepdims=keepdims)

    def min(self, axis: Any = None, *, keepdims: bool = False, **others: Any) -> Self:
        """As `numpy.min`; elements that tie share the gradient."""
        return self._do(r.min_, others, axis=axis, keepdims=keepdims)

    def var(self, axis: Any = None, *, ddof: int = 0, keepdims: bool = False, **others: Any) -> Self:
        """As `numpy.var`."""
        return self._do(r.var, others, axis=axis, ddof=ddof, keepdims=keepdims)

    def std(self, axis: Any = None, *, ddof: int = 0, keepdims: bool = False, **others: Any) -> Self:
        """As `numpy.std`; its gradient is 0 where all elements are equal."""
        return self._do(r.std, others, axis=axis, ddof=ddof, keepdims=keepdims)

    def cumsum(self, axis: int | None = None, **others: Any) -> Self:
        """As `numpy.cumsum`."""
        return self._do(r.cumsum, others, axis=axis)

    def argmax(self, axis: int | None = None, *, keepdims: bool = False, **others: Any) -> Any:
        """As `numpy.argmax`: a plain index, without gradient."""
        return _plain(np.argmax, self, others, axis=axis, keepdims=keepdims)

    def argmin(self, axis: int | None = None, *, keepdims: bool = False, **others: Any) -> Any:
        """As `numpy.argmin`: a plain index, without gradient."""
        return _plain(np.argmin, self, others, axis=axis, keepdims=keepdims)

    def argsort(self, axis: int | None = -1) -> Any:
        """As `numpy.argsort`: plain indices, without gradient."""
        return np.argsort(self._data, axis)

    def round(self, decimals: int = 0) -> Any:
        """As `numpy.round`: plain, without gradient."""
        return np.round(self._data, decimals)

    def all(self, axis: Any = None, *, keepdims: bool = False, **others: Any) -> Any:
        """As `numpy.all`: plain, without gradient."""
        return _plain(np.all, self, others, axis=axis, keepdims=keepdims)

    def any(self, axis: Any = None, *, keepdims: bool = False, **others: Any) -> Any:
        """As `numpy.any`: plain, without gradient."""
        return _plain(np.any, self, others, axis=axis, keepdims=keepdims)

    def reshape(self, *shape: Any) -> Self:
        """As `ndarray.reshape`: the lengths one by one, or as a tuple."""
        return self._do(s.reshape, shape=shape[0] if len(shape) == 1 else shape)

    def ravel(self) -> Self:
        """As `numpy.ravel`."""
        return self._do(s.ravel)

    def flatten(self) -> Self:
        """As `ndarray.flatten`."""
        return self._do(s.ravel)

    def transpose(self, *axes: Any) -> Self:
        """As `ndarray.transpose`: the axes one by one, or as a tuple, or none to reverse them all."""
        if not axes or axes == (None,):
            return self._do(s.transpose)
        return self._do(s.transpose, axes=axes[0] if isinstance(axes[0], tuple) else axes)

    def swapaxes(self, axis1: int, axis2: int) -> Self:
        """As `numpy.swapaxes`."""
        return self._do(s.swapaxes, axis1=axis1, axis2=axis2)

    def squeeze(self, axis: Any = None, **others: Any) -> Self:
        """As `numpy.squeeze`."""
        return self._do(s.squeeze, others, axis=axis)

    def take(self, indices: Any, axis: int | None = None) -> Self:
        """As `numpy.take`."""
        return self._do(s.take, indices=indices, axis=axis)

    def astype(self, dtype: Any) -> Self:
        """As `ndarray.astype`, to a floating-point type."""
        if np.dtype(dtype).kind != "f":
            raise UsageError(
                f"astype: a Value holds floats, and {np.dtype(dtype)} has no gradient; convert its .data"
            )
        return self._do(elementwise.astype, dtype=dtype)

    def clip(self, min: Any = None, max: Any = None) -> Any:  # noqa: A002 - NumPy's names
        """As `numpy.clip`; a bound may be a Value."""
        return composed.clip(self, min, max)

    def dot(self, other: Any) -> Any:
        """As `numpy.dot`."""
        return composed.dot(self, other)

    def trace(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
        """As `numpy.trace`."""
        return composed.trace(self, offset, axis1, axis2)

    def copy(self) -> Any:
        """As `numpy.copy`: another Value, which gradients pass."""
        return np.copy(self)

    def diagonal(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
        """As `numpy.diagonal`."""
        return np.diagonal(self, offset, axis1, axis2)

    def cumprod(self, axis: int | None = None) -> Any:
        """As `numpy.cumprod`."""
        return np.cumprod(self, axis)

    def repeat(self, repeats: Any, axis: int | None = None) -> Any:
        """As `numpy.repeat`."""
        return np.repeat(self, repeats, axis)

    if TYPE_CHECKING:

        def __apply_primitive__(self, entry: Any, args: Any, params: Any) -> Self: ...

    def _do(self, entry: Any, others: Mapping[str, Any] = NO_PARAMS, /, **params: Any) -> Self:
        if others:
            raise UsageError(unknown_options(entry.name, list(others), entry.params))
        return self.__apply_primitive__(entry, (self,), params)

    def __getitem__(self, index: Any) -> Self:
        return self._do(s.getitem, index=index)

    def __setitem__(self, index: Any, item: Any) -> None:
        raise AssignmentError(
            f"an element of a Value cannot be assigned (index {reprlib.repr(index)}): gradients need what "
            f"was there; build a new Value by np.where, np.concatenate or np.stack, or assign the whole "
            f".data of a leaf"
        )

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("a Value that holds one number has no length; its number is .item()")
        return self.shape[0]

    def __iter__(self) -> Iterator[Self]:
        return (self[index] for index in range(len(self)))

    def item(self) -> float:
        """The number, of a Value that holds one."""
        return float(self._data if type(self._data) is float else self._data.item())

    def tolist(self) -> Any:
        """The number, or the elements as lists."""
        return self._data if type(self._data) is float else self._data.tolist()

    def __float__(self) -> float:
        number = self.item()
        self._refuse_loss(_NUMBER)
        return number

    def __int__(self) -> int:
        return int(self.item())

    def __bool__(self) -> bool:
        return bool(self._data)

    def __round__(self, digits: int | None = None) -> Any:
        return round(self.item(), digits)

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec else str(self)

    def __mod__(self, other: Any) -> Any:
        return self.__apply_primitive__(remainder, (self, other), {})

    def __rmod__(self, other: Any) -> Any:
        return self.__apply_primitive__(remainder, (other, self), {})

    def __floordiv__(self, other: Any) -> Any:
        return entered(np.floor_divide(self._data, composed.plain(other)))

    def __rfloordiv__(self, other: Any) -> Any:
        return entered(np.floor_divide(other, self._data))

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        array = np.array(self._data, dtype=dtype, copy=copy)
        self._refuse_loss(_ARRAY)
        return array

    if TYPE_CHECKING:

        def _refuse_loss(self, instead: str) -> None: ...

    __lt__, __le__ = _compared(operator.lt), _compared(operator.le)
    __gt__, __ge__ = _compared(operator.gt), _compared(operator.ge)
    __eq__, __ne__ = _same, _other
    __hash__ = object.__hash__  # by identity: a Value is a key, and in a set
