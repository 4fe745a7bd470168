"""A line of more points than a screen can tell apart, thinned to what is seen of it.

Source: the idea of M4 (Jugel, Jerzak, Hackenbroich and Markl, "M4: A visualization-oriented time series data
aggregation", 2014), with the lowest and the highest point of each column of pixels.
"""

from __future__ import annotations

import re
from itertools import accumulate, groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Point = tuple[float, float]

COLUMN = 0.75  # points of 1/72 inch, Matplotlib's unit: one CSS pixel
_DENSE = 4  # points of a column, on average, from which a line is thinned
_LINE = re.compile(r"M ?(-?[\d.]+ -?[\d.]+(?: ?L ?-?[\d.]+ -?[\d.]+)+) ?")
_LINES = re.compile(rf"(?:{_LINE.pattern})+")


def thin(path: str) -> str:
    """Return the data of a path with fewer points, if it is a dense line from left to right.

    Example:
        >>> thin("M 0 0 L 0.1 5 L 0.2 3 L 0.3 -5 L 0.4 1 L 0.5 2 L 0.6 2 L 0.7 2 L 0.75 0")
        'M0 0L0.1 5L0.3 -5L0.8 0'
        >>> thin("M 0 0 L 9 9")
        'M 0 0 L 9 9'
    """
    text = " ".join(path.split())
    if not _LINES.fullmatch(text):
        return path
    lines = [_points(match[1]) for match in _LINE.finditer(text)]
    if not any(map(_is_dense, lines)):
        return path
    return "".join(_written(list(_seen(line)) if _is_dense(line) else line) for line in lines)


def _points(text: str) -> list[Point]:
    numbers = [float(number) for number in text.replace("L", " ").split()]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _is_dense(line: Sequence[Point]) -> bool:
    # Matplotlib, which simplifies lines too, may go back by less than is seen.
    along = [x for x, _ in line]
    rightwards = all(far - x < COLUMN / 2 for far, x in zip(accumulate(along, max), along, strict=True))
    return rightwards and len(line) > _DENSE * ((line[-1][0] - line[0][0]) / COLUMN + 1)


def _seen(line: Sequence[Point]) -> Iterator[Point]:
    """Yield the first and the last point, and the lowest and the highest of each column in their order."""
    yield line[0]
    for _, column in groupby(line[1:-1], lambda point: point[0] // COLUMN):
        points = list(column)
        heights = [y for _, y in points]
        ends = {heights.index(min(heights)), heights.index(max(heights))}
        yield from (points[index] for index in sorted(ends))
    yield line[-1]


def _written(line: Sequence[Point]) -> str:
    return "M" + "L".join(f"{round(x, 1):g} {round(y, 1):g}" for x, y in line)
