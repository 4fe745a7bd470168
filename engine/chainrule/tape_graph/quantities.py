"""What a graph holds of a number or an array: small arrays whole, larger ones as a tile of averages."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.graph import Summary

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_NUMBERS = 144  # of an array that a graph holds whole
_TILE = 24  # rows and columns of averages, at most
_MOST_AVERAGES = 6_000  # of all tiles of a graph, so that a page stays light
_LEAST_TILE = 4


def side_for(sizes: Iterable[int]) -> int:
    """Return how many rows and columns a tile of averages has, where arrays of these sizes are drawn.

    Examples:
        >>> side_for([1000, 2]), side_for([1000] * 40)
        (24, 8)
    """
    tiles = 2 * sum(size > MOST_NUMBERS for size in sizes)  # of data and of gradients
    return max(_LEAST_TILE, min(_TILE, math.isqrt(_MOST_AVERAGES // max(1, tiles))))


def quantity(data: Any, side: int = _TILE) -> float | Summary | None:
    """Return a number as it is, an array as its summary, and nothing of what is neither.

    Examples:
        >>> quantity([[1.0, 2.0], [3.0, 4.0]]).numbers
        (1.0, 2.0, 3.0, 4.0)
        >>> quantity(np.arange(200.0).reshape(2, 100), 4).tile
        (2, 4)
    """
    array = np.asarray(data)
    if array.dtype.kind not in "biuf":
        return None
    if array.ndim == 0:
        return float(array)
    if not array.size:
        return Summary(array.shape, np.nan, np.nan, np.nan)
    with np.errstate(all="ignore"):
        least, mean, most = map(float, (array.min(), array.mean(dtype=np.float64), array.max()))
        if array.size <= MOST_NUMBERS:
            return Summary(array.shape, least, mean, most, tuple(map(short, array.ravel().tolist())))
        tile = _averages(array.reshape(-1, array.shape[-1]), side)
    return Summary(array.shape, least, mean, most, tuple(map(_rough, tile.ravel().tolist())), tile.shape)


def _averages(rows: np.ndarray, side: int) -> np.ndarray:
    """Return the averages of the parts of a table, no more than so many rows and columns."""
    for axis in (0, 1):
        length = rows.shape[axis]
        starts = np.linspace(0, length, min(length, side), endpoint=False).astype(int)
        counts = np.diff([*starts, length])
        sums = np.add.reduceat(rows, starts, axis=axis, dtype=np.float64)
        rows = sums / (counts[:, None] if axis == 0 else counts)
    return rows


def short(number: float) -> float:
    """Return a number with the four digits that a graph holds of an array's.

    Examples:
        >>> short(0.123456)
        0.1235
    """
    return float(f"{number:.4g}")


def _rough(number: float) -> float:
    return float(f"{number:.2g}")
