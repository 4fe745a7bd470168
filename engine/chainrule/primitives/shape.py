"""Primitives that only move elements: reshaping, transposing, indexing, joining."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.primitives import table

if TYPE_CHECKING:
    from chainrule.primitives.table import Primitive

primitive = partial(table.primitive, opens=True, moves=True)
window = partial(primitive, view=True)


def _is_basic(index: Any) -> bool:
    parts = index if isinstance(index, tuple) else (index,)
    return all(
        isinstance(part, (int, np.integer, slice)) or part is None or part is Ellipsis for part in parts
    )


def _scatter(g: Any, shape: tuple[int, ...], index: Any) -> Any:
    out = np.zeros(shape, np.result_type(g))
    if _is_basic(index):
        out[index] = g
    else:
        np.add.at(out, index, g)  # an element that was taken twice gets both gradients
    return out


def _take_index(axis: int, indices: Any) -> tuple[Any, ...]:
    return (*(slice(None),) * axis, indices)


def _piece(index: int, xs: tuple[Any, ...], axis: int) -> tuple[Any, ...]:
    lengths = [x.shape[axis] for x in xs[: index + 1]]
    return _take_index(axis % xs[0].ndim, slice(sum(lengths[:-1]), sum(lengths)))


def _flat(x: Any, axis: Any) -> Any:
    return np.reshape(x, -1) if axis is None else x


reshape = window(
    "reshape",
    lambda g, out, x, shape: np.reshape(g, np.shape(x)),
    shapes=((4,),),
    example={"shape": (2, 2)},
    remedy="the new shape must hold as many elements",
    linear=(0,),
)
ravel = window("ravel", lambda g, out, x: np.reshape(g, np.shape(x)), shapes=((2, 2),))
transpose = window(
    "transpose",
    lambda g, out, x, axes=None: np.transpose(g, axes if axes is None else _inverse(axes)),
    symbol="T",
    shapes=((2, 3),),
    linear=(0,),
)
swapaxes = window(
    "swapaxes",
    lambda g, out, x, axis1, axis2: np.swapaxes(g, axis1, axis2),
    shapes=((2, 3),),
    example={"axis1": 0, "axis2": 1},
)
expand_dims = window(
    "expand_dims",
    lambda g, out, x, axis: np.reshape(g, np.shape(x)),
    shapes=((3,),),
    example={"axis": 0},
)
squeeze = window("squeeze", lambda g, out, x, axis=None: np.reshape(g, np.shape(x)), shapes=((3, 1),))
broadcast_to = window(
    "broadcast_to",
    lambda g, out, x, shape: g,
    forward=lambda x, shape: np.broadcast_to(x, shape).copy(),
    shapes=((3,),),
    example={"shape": (2, 3)},
    remedy="its axes, counted from the last, must be as long as the new ones, or 1",
)
flip = window("flip", lambda g, out, x, axis=None: np.flip(g, axis), shapes=((3,),))
concatenate = primitive(
    "concatenate",
    lambda g, out, *xs, index, axis=0: _flat(g, axis)[_piece(index, xs, axis)],
    forward=lambda *xs, axis=0: np.concatenate(xs, axis),
    variadic=True,
    shapes=((2,), (3,)),
    remedy="all axes but the one joined must agree",
)
stack = primitive(
    "stack",
    lambda g, out, *xs, index, axis=0: g[_take_index(axis % np.ndim(g), index)],
    forward=lambda *xs, axis=0: np.stack(xs, axis),
    variadic=True,
    shapes=((2,), (2,)),
    remedy="all shapes must be the same",
)
take = primitive(
    "take",
    lambda g, out, x, indices, axis=None: np.reshape(
        scatter(g, np.shape(_flat(x, axis)), _take_index((axis or 0) % max(np.ndim(x), 1), indices)),
        np.shape(x),
    ),
    shapes=((3,),),
    example={"indices": (0, 2)},
)
getitem: Primitive = window(
    "getitem",
    lambda g, out, x, index: scatter(g, np.shape(x), index),
    forward=lambda x, index: x[index],
    symbol="[ ]",
    shapes=((3,),),
    example={"index": 0},
)
scatter: Primitive = table.primitive(
    "scatter",
    lambda g, out, x, shape, index: getitem(g, index),
    forward=_scatter,
    shapes=((3,),),
    example={"shape": (2, 3), "index": 0},
)


def _add_windows(g: Any, shape: tuple[int, ...], window_shape: tuple[int, ...], axis: Any) -> Any:
    out = np.zeros(shape, np.result_type(g))
    positions = g.shape[: len(shape)]
    for offset in np.ndindex(window_shape):  # all windows at once, for each place in a window
        target: list[slice] = [slice(None)] * len(shape)
        for along, start in zip(axis, offset, strict=True):
            before = target[along].start or 0  # an axis may be named twice
            target[along] = slice(before + start, before + start + positions[along])
        out[tuple(target)] += g[(..., *offset)]
    return out


sliding_window_view: Primitive = window(
    "sliding_window_view",
    lambda g, out, x, window_shape, axis: windows_added(
        g, shape=np.shape(x), window_shape=window_shape, axis=axis
    ),
    forward=np.lib.stride_tricks.sliding_window_view,
    shapes=((3,),),
    example={"window_shape": (2,), "axis": (0,)},
    remedy="windows are no longer than what they slide along, and of as many lengths as axes are named",
)
windows_added: Primitive = table.primitive(
    "windows_added",
    lambda g, out, x, shape, window_shape, axis: sliding_window_view(g, window_shape=window_shape, axis=axis),
    forward=_add_windows,
    shapes=((2, 2),),
    example={"shape": (3,), "window_shape": (2,), "axis": (0,)},
)


def _inverse(axes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(axis) for axis in np.argsort([axis % len(axes) for axis in axes]))
