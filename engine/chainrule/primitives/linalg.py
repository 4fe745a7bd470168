"""Linear algebra."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.primitive import primitive


def _t(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)


def _matmul_first(g: Any, a: Any, b: Any) -> Any:
    if np.ndim(a) == np.ndim(b) == 2:
        return g @ b.T
    if np.ndim(b) == 1:
        return np.expand_dims(g, -1) * b
    if np.ndim(a) == 1:
        return np.squeeze(np.expand_dims(g, -2) @ _t(b), -2)
    return g @ _t(b)


def _matmul_second(g: Any, a: Any, b: Any) -> Any:
    if np.ndim(a) == np.ndim(b) == 2:
        return a.T @ g
    if np.ndim(a) == 1 and np.ndim(b) == 1:
        return g * a
    if np.ndim(a) == 1:
        return np.expand_dims(a, -1) * np.expand_dims(g, -2)
    if np.ndim(b) == 1:
        return np.squeeze(_t(a) @ np.expand_dims(g, -1), -1)
    return _t(a) @ g


matmul = primitive(
    "matmul",
    lambda g, out, a, b: _matmul_first(g, a, b),
    lambda g, out, a, b: _matmul_second(g, a, b),
    symbol="@",
    shapes=((2, 2), (2, 2)),
)
