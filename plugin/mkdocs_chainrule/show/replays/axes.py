"""The axes of a panel: one range for all its frames, its ticks, and where a point lies in pixels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from mkdocs_chainrule.show.replays.layers import points

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Point = tuple[float | None, float | None]

WIDTH, HEIGHT = 264, 150  # of what lies within the axes
_BEYOND = 1.0  # of the range that the last frame needs: how far others are followed beyond it
_MARGIN = 0.04
_MOST_TICKS = 5
_FARTHEST = 307  # power of ten
_BEYOND_SIGHT = 9999.0  # pixels: what flew farther is drawn as far as that


class Axes(NamedTuple):
    """From numbers to pixels: linear in x, and in y or its logarithm."""

    left: float
    right: float
    low: float
    high: float
    is_log: bool = False

    @property
    def pixels(self) -> tuple[float, float, float, float]:
        """What a page computes with: x is at a + b * x, and y at c + d * y, or its logarithm to base 10."""
        across, up = WIDTH / (self.right - self.left), -HEIGHT / (self.high - self.low)
        return -self.left * across, across, HEIGHT - self.low * up, up

    def place(self, point: Point) -> tuple[float, float] | None:
        """Return where a point lies; None for one that lies nowhere."""
        x, y = point
        if x is None or y is None or (self.is_log and y <= 0):
            return None
        a, b, c, d = self.pixels
        across, down = a + b * x, c + d * (math.log10(y) if self.is_log else y)
        return None if math.isnan(across + down) else (_held(across), _held(down))

    def x_ticks(self) -> list[float]:
        """Return numbers along the horizontal axis."""
        return ticks(self.left, self.right)

    def y_ticks(self) -> list[float]:
        """Return numbers along the vertical axis: powers of ten on one of logarithms, if it holds any."""
        if not self.is_log:
            return ticks(self.low, self.high)
        first, last = max(math.ceil(self.low), -_FARTHEST), min(math.floor(self.high), _FARTHEST)
        every = -(-(last - first + 1) // _MOST_TICKS) or 1
        return [10.0**power for power in range(first, last + 1, every)]


def axes(panel: Mapping[str, Any], count: int, steps: Sequence[float]) -> Axes:
    """Return axes that hold a panel in each of so many frames; far from the last one, only a part of it."""
    is_log = bool(panel["log"])
    last = [point for layer in panel["layers"] for point in points(layer, count - 1, whole=True)]
    others = [point for layer in panel["layers"] for frame in range(count) for point in points(layer, frame)]
    left, right = _range([x for x, _ in [*last, *others]] + (list(steps) if panel.get("timeline") else []))
    low, high = _range([y for _, y in last], is_log=is_log)
    least, most = _range([y for _, y in [*last, *others]], is_log=is_log)
    reach = _BEYOND * (high - low)
    low, high = max(least, low - reach), min(most, high + reach)
    return Axes(*_wider(left, right, _MARGIN / 2), *_wider(low, high, _MARGIN), is_log)


def ticks(low: float, high: float) -> list[float]:
    """Return round numbers within a range, five at most.

    Examples:
        >>> ticks(0, 10), ticks(-1.1, 1.1)
        ([0.0, 5.0, 10.0], [-1.0, -0.5, 0.0, 0.5, 1.0])
    """
    power = 10.0 ** math.floor(math.log10((high - low) / _MOST_TICKS))
    steps = (power * times for times in (1, 2, 5, 10, 20))
    step = next(each for each in steps if math.floor(high / each) - math.ceil(low / each) < _MOST_TICKS)
    first, last = math.ceil(low / step), math.floor(high / step)
    return [float(f"{index * step:.12g}") for index in range(first, last + 1)]


def _held(pixels: float) -> float:
    return max(-_BEYOND_SIGHT, min(_BEYOND_SIGHT, pixels))


def _range(numbers: Iterable[float | None], *, is_log: bool = False) -> tuple[float, float]:
    seen = [float(number) for number in numbers if number is not None]
    if is_log:
        seen = [math.log10(number) for number in seen if number > 0]
    return (min(seen), max(seen)) if seen else (0.0, 1.0)


def _wider(low: float, high: float, part: float) -> tuple[float, float]:
    away = part * (high - low) or 0.5 * abs(low) or 0.5
    return low - away, high + away
