"""A line of more points than a screen can tell apart, thinned to what is seen of it.

Source: the idea of M4 (Jugel, Jerzak, Hackenbroich and Markl, "M4: A visualization-oriented time series data
aggregation", 2014), with the lowest and the highest point of each column of pixels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.path import Path

if TYPE_CHECKING:
    from matplotlib.transforms import Transform

    Points = np.ndarray[Any, Any]

COLUMN = 1.0  # pixels of a page
_DENSE = 4  # points of a column, on average, from which a line is thinned
_MANY = 300  # points, up to which no line is looked at


def thin(path: Path, transform: Transform) -> Path | None:
    """Return a dense line from left to right with fewer points, transformed; None if it is no such line.

    Gaps, which are points that are not finite, stay.
    """
    if path.codes is not None or len(np.asarray(path.vertices)) <= _MANY:
        return None
    points = transform.transform(np.asarray(path.vertices, float))
    finite = np.isfinite(points).all(axis=1)
    cuts = np.flatnonzero(np.diff(finite.astype(int))) + 1
    runs = [run for run in np.split(points, cuts) if np.isfinite(run).all()]
    if not any(map(_is_dense, runs)):
        return None
    gap = np.full((1, 2), np.nan)
    parts = [part for run in runs for part in (_seen(run) if _is_dense(run) else run, gap)]
    return Path(np.concatenate(parts[:-1]))


def _is_dense(line: Points) -> bool:
    x = line[:, 0]
    rightwards = bool((np.maximum.accumulate(x) - x < COLUMN / 2).all())
    return rightwards and len(line) > _DENSE * ((x[-1] - x[0]) / COLUMN + 1)


def _seen(line: Points) -> Points:
    """Return the first and the last point, and the lowest and the highest of each column in their order."""
    inner = line[1:-1]
    starts = np.flatnonzero(np.diff(inner[:, 0] // COLUMN, prepend=np.nan))
    kept = {0, len(line) - 1}
    for start, column in zip(starts.tolist(), np.split(inner[:, 1], starts[1:]), strict=True):
        kept |= {start + 1 + int(column.argmin()), start + 1 + int(column.argmax())}
    return line[sorted(kept)]
