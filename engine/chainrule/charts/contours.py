"""Where a field of numbers on a grid is zero, as paths: marching squares.

Where an edge of the grid joins a number above zero with one that is not, a path crosses it, at the place that
a straight line between the two gives. Within a cell crossings are joined in pairs; where all four edges are
crossed, the mean of the corners says which. A cell with a number that is not finite has no path.

Paths are kept as whole numbers, in steps from point to point, which is small as text: a path is its first
point and then how far each next one lies from the one before, in `UNITS` of the grid's width and height.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

UNITS = 400
_CLOSE = 0.8  # units: what lies no farther from a straight line is on it


def zeros(field: Floats) -> list[Floats]:
    """Return the paths along which a field, shape (rows, columns), is zero: points (column, row).

    A closed path ends where it begins; any other ends at the border, or beside what is not finite.

    Examples:
        >>> [path] = zeros(np.array([[-1.0, 3.0], [-1.0, 3.0]]))
        >>> path.tolist()
        [[0.25, 0.0], [0.25, 1.0]]
    """
    columns, above = field.shape[1], field > 0
    along = np.flatnonzero(_differ(above, 1))  # edges by the number of the corner where they begin
    up = np.flatnonzero(_differ(above, 0))
    places = {int(edge): place for edge, place in zip(along, _places(field, along, 1), strict=True)}
    places |= {int(~edge): place for edge, place in zip(up, _places(field, up, columns), strict=True)}
    links: dict[int, list[int]] = {edge: [] for edge in places}
    for row, column in np.argwhere(_crossed(field, above)).tolist():
        for one, other in _pairs(field[row : row + 2, column : column + 2], row * columns + column, columns):
            links[one].append(other)
            links[other].append(one)
    return [np.array([places[edge] for edge in path]) for path in _walks(links)]


def steps(paths: Iterable[Floats], shape: tuple[int, ...]) -> list[list[int]]:
    """Return the paths of a field of a shape as whole numbers, without points that lie on straight lines.

    Examples:
        >>> steps([np.array([[0.25, 0.0], [0.25, 0.5], [0.25, 1.0]])], (2, 2))
        [[100, 0, 0, 400]]
    """
    scale = UNITS / (np.array(shape[::-1]) - 1)
    told = []
    for path in paths:
        points = np.rint(_bends(path * scale)).astype(int)
        moves = np.diff(points, axis=0)
        moves = moves[moves.any(axis=1)]
        if len(moves):
            told.append([*points[0].tolist(), *moves.ravel().tolist()])
    return told


def points(path: Sequence[int], box: tuple[float, float, float, float]) -> Floats:
    """Return the points (x, y) of a path that is kept as whole numbers, in a box (left, right, low, high).

    Examples:
        >>> points([100, 0, 0, 400], (0, 1, -1, 1)).tolist()
        [[0.25, -1.0], [0.25, 1.0]]
    """
    left, right, low, high = box
    corners = np.cumsum(np.reshape(path, (-1, 2)), axis=0) / UNITS
    placed: Floats = corners * [right - left, high - low] + [left, low]
    return placed


def _differ(above: NDArray[np.bool_], axis: int) -> NDArray[np.bool_]:
    """Tell for each corner whether the edge that begins there, along an axis, joins what differs."""
    edges = np.zeros_like(above)
    edges[tuple(slice(None, -1) if each == axis else slice(None) for each in (0, 1))] = np.diff(
        above, axis=axis
    )
    return edges


def _places(field: Floats, edges: NDArray[np.intp], way: int) -> Floats:
    """Return where the field is zero on edges that lead from a corner to the one `way` farther."""
    flat, columns = field.ravel(), field.shape[1]
    begin, end = flat[edges], flat[edges + way]
    with np.errstate(all="ignore"):
        part = np.clip(np.nan_to_num(begin / (begin - end), nan=0.5), 0, 1)
    place = np.column_stack([edges % columns, edges // columns]).astype(float)
    place[:, 0 if way == 1 else 1] += part
    return place


def _crossed(field: Floats, above: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell for each cell whether a path goes through it."""

    def count(corners: NDArray[np.bool_]) -> Any:
        whole = corners.astype(int)
        return whole[:-1, :-1] + whole[:-1, 1:] + whole[1:, :-1] + whole[1:, 1:]

    crossed: NDArray[np.bool_] = (count(above) % 4 != 0) & (count(np.isfinite(field)) == 4)
    return crossed


def _pairs(cell: Floats, corner: int, columns: int) -> list[tuple[int, int]]:
    """Return which crossings of a cell are joined: edges by number, those upward by its inverse."""
    low, high, left, right = corner, corner + columns, ~corner, ~(corner + 1)
    (a, b), (c, d) = (cell > 0).tolist()
    crossed = [
        edge
        for edge, is_crossed in zip((low, right, high, left), (a != b, b != d, c != d, a != c), strict=True)
        if is_crossed
    ]
    if len(crossed) == 2:
        return [(crossed[0], crossed[1])]
    if (cell.mean() > 0) == a:  # the first corner belongs to the middle: the two beside it do not
        return [(low, right), (high, left)]
    return [(low, left), (high, right)]


def _walks(links: dict[int, list[int]]) -> list[list[int]]:
    """Return the walks through linked edges, each of which has two neighbours at most."""
    walks = []
    for start in sorted(links, key=lambda edge: len(links[edge])):  # from the ends, then what is closed
        if not links[start]:
            continue
        walk = [start]
        while links[walk[-1]]:
            following = links[walk[-1]].pop()
            links[following].remove(walk[-1])
            walk.append(following)
        walks.append(walk)
    return walks


def _bends(path: Floats) -> Floats:
    """Return the points of a path that are needed, by Ramer, Douglas and Peucker."""
    needed = np.zeros(len(path), bool)
    needed[[0, -1]] = True
    parts = [(0, len(path) - 1)]
    while parts:
        first, last = parts.pop()
        if last - first < 2:
            continue
        away = _distances(path[first + 1 : last], path[first], path[last])
        farthest = int(np.argmax(away))
        if away[farthest] > _CLOSE:
            middle = first + 1 + farthest
            needed[middle] = True
            parts += [(first, middle), (middle, last)]
    kept: Floats = path[needed]
    return kept


def _distances(places: Floats, start: Floats, end: Floats) -> Floats:
    """Return how far points lie from the line through two others, or from the one where these are one."""
    along, away = end - start, places - start
    length = np.hypot(*along)
    far: Floats = (
        np.hypot(*away.T) if length == 0 else np.abs(along[0] * away[:, 1] - along[1] * away[:, 0]) / length
    )
    return far
