"""Primitives that move elements: reshaping, indexing, joining."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.primitive import Primitive, primitive


def _is_basic(index: Any) -> bool:
    parts = index if isinstance(index, tuple) else (index,)
    return all(
        isinstance(part, (int, np.integer, slice)) or part is None or part is Ellipsis for part in parts
    )


def _scatter(g: Any, shape: tuple[int, ...], index: Any) -> Any:
    out = np.zeros(shape, np.asarray(g).dtype)
    if _is_basic(index):
        out[index] = g
    else:
        np.add.at(out, index, g)
    return out


reshape = primitive(
    "reshape",
    lambda g, out, x, shape: np.reshape(g, np.shape(x)),
    shapes=((2, 2),),
)
transpose = primitive(
    "transpose",
    lambda g, out, x, axes=None: np.transpose(g, None if axes is None else np.argsort(axes)),
    symbol="T",
    shapes=((2, 2),),
)
swapaxes = primitive(
    "swapaxes",
    lambda g, out, x, axis1, axis2: np.swapaxes(g, axis1, axis2),
    shapes=((2, 2),),
)
expand_dims = primitive(
    "expand_dims",
    lambda g, out, x, axis: np.reshape(g, np.shape(x)),
    shapes=((2,),),
)
squeeze = primitive(
    "squeeze",
    lambda g, out, x, axis=None: np.reshape(g, np.shape(x)),
    shapes=((2, 1),),
)
broadcast_to = primitive(
    "broadcast_to",
    lambda g, out, x, shape: g,
    shapes=((2,),),
)
getitem = primitive(
    "getitem",
    lambda g, out, x, index: scatter(g, np.shape(x), index),
    forward=lambda x, index: x[index],
    symbol="[ ]",
    shapes=((3,),),
)
scatter: Primitive = primitive(
    "scatter",
    lambda g, out, x, shape, index: getitem(g, index),
    forward=_scatter,
    shapes=((3,),),
)
