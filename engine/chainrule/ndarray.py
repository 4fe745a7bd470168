"""What ndarray can do and a Value can too: attributes, methods, and standing in where a number is wanted."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.primitives import reductions as r
from chainrule.primitives import shape as s
from chainrule.primitives.activations import relu


class ArrayMethods:
    """The part of a Value that is ndarray's; names and arguments are NumPy's."""

    __slots__ = ()
    _data: Any

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis; () for a number."""
        return () if type(self._data) is float else self._data.shape  # type: ignore[no-any-return]  # ndarray's

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of elements."""
        return int(np.size(self._data))

    @property
    def dtype(self) -> Any:
        """The type of the elements; float64 for a number."""
        return getattr(self._data, "dtype", _FLOAT64)

    @property
    def T(self) -> Any:  # noqa: N802 - NumPy's name
        """The transpose."""
        return s.transpose(self)

    def __getitem__(self, index: Any) -> Any:
        return s.getitem(self, index=index)

    def sum(self, axis: Any = None, *, keepdims: bool = False) -> Any:
        """As `numpy.sum`."""
        return r.sum_(self, axis=axis, keepdims=keepdims)

    def mean(self, axis: Any = None, *, keepdims: bool = False) -> Any:
        """As `numpy.mean`."""
        return r.mean(self, axis=axis, keepdims=keepdims)

    def max(self, axis: Any = None, *, keepdims: bool = False) -> Any:
        """As `numpy.max`; equal elements share the gradient."""
        return r.max_(self, axis=axis, keepdims=keepdims)

    def min(self, axis: Any = None, *, keepdims: bool = False) -> Any:
        """As `numpy.min`; equal elements share the gradient."""
        return r.min_(self, axis=axis, keepdims=keepdims)

    def relu(self) -> Any:
        """As `chainrule.relu`."""
        return relu(self)

    def item(self) -> float:
        """The number, of a Value that holds one."""
        return float(self._data if type(self._data) is float else self._data.item())

    def __float__(self) -> float:
        return self.item()

    def __int__(self) -> int:
        return int(self.item())

    def __bool__(self) -> bool:
        return bool(self._data)

    def __round__(self, digits: int | None = None) -> Any:
        return round(self.item(), digits)

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec else str(self)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return np.array(self._data, dtype=dtype, copy=copy)

    def __lt__(self, other: Any) -> Any:
        return self._data < _raw(other)

    def __le__(self, other: Any) -> Any:
        return self._data <= _raw(other)

    def __gt__(self, other: Any) -> Any:
        return self._data > _raw(other)

    def __ge__(self, other: Any) -> Any:
        return self._data >= _raw(other)


_FLOAT64 = np.dtype(np.float64)


def _raw(other: Any) -> Any:
    return other._data if isinstance(other, ArrayMethods) else other
