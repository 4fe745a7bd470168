"""What can be told of a call to a renderer before it becomes pixels: its weight, and where it draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.path import Path
    from matplotlib.transforms import Transform

    Points = list[tuple[float, float]]

_SOME = 25  # points of a mark


def spots(method: str, arguments: Sequence[Any]) -> Points:
    """Return some points through which a call draws, by a renderer's method and arguments; none of data."""
    match method, arguments:
        case "draw_path", (path, transform, *_):
            return _along(path, transform)
        case "draw_markers", (_, _, path, transform, *_):
            return _finite(transform.transform(_some(path.vertices)))
        case "draw_path_collection", (master, paths, _, offsets, moved, *_):
            if len(offsets) > 1:
                return _finite(moved.transform(_some(offsets)))
            return [point for path in _some(paths) for point in _along(path, master)[:3]]
    return []


def weight(arguments: Sequence[Any]) -> int:
    """Return of how many points or items a mark is, at most."""
    return max(len(getattr(each, "vertices", each)) for each in arguments if hasattr(each, "__len__"))


def is_clipped(gc: Any) -> bool:
    """Tell whether a graphics context clips."""
    return gc.get_clip_rectangle() is not None or gc.get_clip_path()[0] is not None


def _some(items: Any) -> Any:
    step = 1 + len(items) // _SOME
    return items[step // 2 :: step]


def _along(path: Path, transform: Transform) -> Points:
    """Return points within the parts of a path: corners are where a ground may end."""
    vertices = np.asarray(path.vertices, float)
    return _finite(transform.transform(_some((vertices[:-1] + vertices[1:]) / 2)))


def _finite(points: Any) -> Points:
    found = np.asarray(points, float).reshape(-1, 2)
    return [(x, y) for x, y in found[np.isfinite(found).all(axis=1)].tolist()]
