"""What coerces in NumPy, for Values too; and for the arrays of a trace, which `jit` could not let be read.

Lists become one array by `np.stack` of what is in them, whatever their depth: a single operation, of which
each Value gets its part of the gradient. `np.r_` and `np.c_` put together where each element goes, by NumPy's
own rules, and take the elements from there.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from chainrule import modes
from chainrule.errors import UsageError


def array(object: Any, dtype: Any = None, *, copy: bool | None = True, ndmin: int = 0, **options: Any) -> Any:  # noqa: A002 - NumPy's name
    """As `numpy.array`; with Values in it, one Value, which keeps their gradients.

    Args:
        object: Nested lists of Values, numbers and arrays, or one of these.
        dtype: What it is made of; of Values a type of floats.
        copy: As NumPy's. A Value is not copied, since it cannot be changed in place.
        ndmin: As NumPy's: so many axes at least, the new ones first.
        **options: The others of NumPy's, which matter to plain arrays only.

    Returns:
        A Value of the shape that NumPy gives lists of such numbers; without Values, NumPy's own array.

    Raises:
        ShapeError: if the lists are not all as long.
        UsageError: if Values are to become integers or objects.

    Examples:
        >>> import chainrule.numpy as np
        >>> from chainrule import Value
        >>> a = Value(2.0)
        >>> np.array([[a, 1.0], [0.0, a * a]]).data
        array([[2., 1.],
               [0., 4.]])
    """
    if not joins(object):
        return np.array(object, dtype, copy=copy, ndmin=ndmin, **options)
    np.array(0.0, **options)  # which refuses what it does not take
    whole = _of_type(joined(object), dtype)
    if np.ndim(whole) < ndmin:
        whole = np.reshape(whole, (1,) * (ndmin - np.ndim(whole)) + np.shape(whole))
    return np.copy(whole) if copy and whole is object else whole


def asarray(a: Any, dtype: Any = None, order: Any = None, **options: Any) -> Any:
    """As `numpy.asarray`; with Values in it, one Value, as by `array`: a Value is itself.

    Examples:
        >>> import chainrule.numpy as np
        >>> from chainrule import Value
        >>> v = Value([1.0, 2.0])
        >>> np.asarray(v) is v
        True
    """
    return _of_type(joined(a), dtype) if joins(a) else np.asarray(a, dtype, order, **options)


def asanyarray(a: Any, dtype: Any = None, order: Any = None, **options: Any) -> Any:
    """As `numpy.asanyarray`; with Values in it, one Value, as by `array`."""
    return _of_type(joined(a), dtype) if joins(a) else np.asanyarray(a, dtype, order, **options)


def ascontiguousarray(a: Any, dtype: Any = None, **options: Any) -> Any:
    """As `numpy.ascontiguousarray`, of one axis at least; with Values in it, one Value, as by `array`."""
    if joins(a):
        return array(a, dtype, copy=False, ndmin=1)
    return np.ascontiguousarray(a, dtype, **options)


def full(shape: Any, fill_value: Any, dtype: Any = None, order: Any = "C", **options: Any) -> Any:
    """As `numpy.full`; filled with Values, one Value: its gradient is the sum over the places it fills.

    Examples:
        >>> import chainrule.numpy as np
        >>> from chainrule import grad
        >>> grad(lambda x: np.full((2, 3), x).sum())(1.0)
        6.0
    """
    if not joins(fill_value):
        return np.full(shape, fill_value, dtype, order, **options)
    return _of_type(np.broadcast_to(joined(fill_value), shape), dtype)


def full_like(  # noqa: PLR0917 - NumPy's order
    a: Any,
    fill_value: Any,
    dtype: Any = None,
    order: Any = "K",
    subok: bool = True,
    shape: Any = None,
    **options: Any,
) -> Any:
    """As `numpy.full_like`; filled with Values, one Value, of the type and shape of `a`.

    Examples:
        >>> import chainrule.numpy as np
        >>> from chainrule import Value
        >>> np.full_like(np.zeros(2), Value(3.0)).data
        array([3., 3.])
    """
    if not joins(fill_value):
        return np.full_like(a, fill_value, dtype, order, subok, shape, **options)
    shape = np.shape(a) if shape is None else shape
    return full(shape, fill_value, np.result_type(a) if dtype is None else dtype)


def of_lists(function: Any) -> Any:
    """Return a function of NumPy's that takes lists of Values for arrays: NumPy's own would ask no one.

    Examples:
        >>> import chainrule.numpy as np
        >>> from chainrule import grad
        >>> grad(lambda x: np.sum([x, x * x]))(3.0), grad(lambda x: np.linalg.norm([x, 0.0]))(3.0)
        (7.0, 1.0)
    """

    @functools.wraps(function)
    def joined_first(*args: Any, **options: Any) -> Any:
        return function(*map(_listed, args), **{name: _listed(given) for name, given in options.items()})

    return joined_first


_WEAK = (int, float)  # types whose numbers take the type of the arrays beside them


class Joiner:
    """What `np.r_` and `np.c_` are: what joins things that are given as an index.

    Examples:
        >>> import chainrule.numpy as np
        >>> from chainrule import Value
        >>> v = Value([1.0, 2.0])
        >>> np.r_[v, 0.0, 4:6].data
        array([1., 2., 0., 4., 5.])
        >>> np.c_[v, v * v].data
        array([[1., 1.],
               [2., 4.]])
    """

    def __init__(self, numpys: Any) -> None:
        self._numpys = numpys

    def __getattr__(self, name: str) -> Any:
        return getattr(self._numpys, name)

    def __len__(self) -> int:
        return len(self._numpys)

    def __getitem__(self, key: Any) -> Any:
        items = key if isinstance(key, tuple) else (key,)
        if not any(map(joins, items)):
            return self._numpys[key]
        kinds = [each.dtype for each in items if hasattr(each, "dtype")]
        start = 0
        places: list[Any] = []
        elements: list[Any] = []
        for item in items:
            if isinstance(item, str):  # how to join
                places.append(item)
                continue
            part = np.r_[item] if isinstance(item, slice) else _array(item)
            part = part.astype(np.result_type(item, *kinds)) if type(item) in _WEAK else part
            end = start + int(np.size(part))
            places.append(np.arange(start, end).reshape(np.shape(part)))
            elements.append(np.ravel(part))
            start = end
        if isinstance(places[0], str) and places[0] in {"r", "c"}:
            raise UsageError("np.r_['r'] and ['c'] make a np.matrix, which no Value can be; leave it out")
        place = self._numpys[tuple(places)]
        flat = np.concatenate(elements)
        if np.array_equal(place.ravel(), np.arange(start)):
            return flat if place.ndim == 1 else np.reshape(flat, place.shape)
        return flat[place]


def joins(part: Any) -> bool:
    """Whether what is to become an array has Values in it, or numbers of a trace."""
    return _has_values(part) or (modes.tracer is not None and modes.tracer.sees((part,), {}))


def _has_values(part: Any) -> bool:
    if type(part) is float or type(part) is int:
        return False
    if isinstance(part, (list, tuple)):
        return any(map(_has_values, part))
    if isinstance(part, np.ndarray):
        return part.dtype.kind == "O" and any(map(_has_values, part.ravel().tolist()))
    return hasattr(part, "__apply_primitive__")


def joined(part: Any) -> Any:
    """Return nested lists as one array or Value; what is none is itself."""
    if isinstance(part, np.ndarray) and part.dtype.kind == "O":  # it holds Values
        part = part.tolist()
    if not isinstance(part, (list, tuple)):
        return part
    lengths, leaves = _leaves(part)
    whole = np.stack(leaves)
    return whole if len(lengths) == 1 else np.reshape(whole, (*lengths, *np.shape(whole)[1:]))


def _leaves(part: Any) -> tuple[tuple[int, ...], list[Any]]:
    """Return how long nested lists are, and what is in them, in order; as deep as they are alike."""
    if not isinstance(part, (list, tuple)):
        return (), [part]
    inner = list(map(_leaves, part))
    if len({lengths for lengths, _ in inner}) != 1:
        return (len(part),), list(map(_array, part))
    return (len(part), *inner[0][0]), [leaf for _, leaves in inner for leaf in leaves]


def _listed(given: Any) -> Any:
    return joined(given) if isinstance(given, (list, tuple)) and joins(given) else given


def _array(part: Any) -> Any:
    return joined(part) if joins(part) else np.asarray(part)


def _of_type(whole: Any, dtype: Any) -> Any:
    return whole if dtype is None or np.result_type(whole) == np.dtype(dtype) else whole.astype(dtype)
