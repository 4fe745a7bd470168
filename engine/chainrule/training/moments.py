"""Which moments of a training are kept, and which of them are shown: those between which the picture changes.

The length of a training need not be known. Moments are noted at steps that are even in their square root; of
too many every second one is dropped, and those that follow are as far apart. That costs little more than a
copy of the parameters: only when a picture is asked for is the model seen as it was, and are the moments
chosen that lie about equally far from each other, as an eye sees it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

GHOSTS = (0, 10, 100, 1000)  # steps that a still picture shows as well
MOST = 160  # moments that are noted
_MOST_NUMBERS = 8_000_000  # in all parameters of all moments: 64 MB


class Moment(NamedTuple):
    """A moment of a training.

    Attributes:
        step: How many steps came before it.
        numbers: All parameters, where the model is to be seen as it was.
        followed: Where it is not, the heights of the lines that parameters are followed by.
    """

    step: int
    numbers: Sequence[Any] = ()
    followed: Floats | None = None


@dataclass(eq=False)
class Moments:
    """The moments of a training that goes on.

    Attributes:
        kept: In order; at most 160, and fewer of a model with very many parameters.
        due: The step at which the next one is noted.
    """

    kept: list[Moment] = field(default_factory=list)
    due: int = 0
    _spacing: float = 0.625  # of the roots of steps: 10,000 fill the room
    _room: int = MOST

    def add(self, moment: Moment) -> None:
        """Keep a moment, and say when the next one is due."""
        self.kept.append(moment)
        if len(self.kept) == 1:
            self._room = max(2, min(MOST, _MOST_NUMBERS // (sum(map(np.size, moment.numbers)) or 1)))
        if len(self.kept) > self._room:
            rest = [each for each in self.kept[1:-1:2] if each.step in GHOSTS]
            self.kept = sorted([*self.kept[0:-1:2], *rest, moment], key=lambda each: each.step)
            self._spacing *= 2
        self.due = max(moment.step + 1, round((moment.step**0.5 + self._spacing) ** 2))
        for step in GHOSTS:  # a plain loop: this is a part of what a training pays
            if moment.step < step < self.due:
                self.due = step
                break


def chosen(pictures: Sequence[Floats], steps: Sequence[int], count: int) -> list[int]:
    """Return the indices of so many moments, each about as far from the next as any other; both ends always.

    Moments that lie closest to their neighbours go first; those of `GHOSTS` stay as long as others are left.

    Args:
        pictures: What tells each moment from others: numbers, as many of each.
        steps: How many steps came before each.
        count: How many to choose; all, if there are no more.

    Examples:
        >>> chosen([np.array([float(height)]) for height in (0, 1, 2, 3, 30, 60)], [5, 6, 7, 8, 9, 11], 4)
        [0, 3, 4, 5]
    """
    kept = list(range(len(pictures)))
    gaps = [distance(*pair) for pair in pairwise(pictures)]
    while len(kept) > max(2, count):
        inner = range(1, len(kept) - 1)
        free = [place for place in inner if steps[kept[place]] not in GHOSTS] or inner
        place = min(free, key=lambda place: gaps[place - 1] + gaps[place])
        del kept[place]
        gaps[place - 1 : place + 1] = [distance(pictures[kept[place - 1]], pictures[kept[place]])]
    return kept


def distance(one: Floats, other: Floats) -> float:
    """Return how far apart two pictures are: the root of the mean square of what is between them."""
    with np.errstate(all="ignore"):
        apart = one - other
        far = math.sqrt(np.vdot(apart, apart) / max(1, apart.size))
    return far if math.isfinite(far) else 0.0
