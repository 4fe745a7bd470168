"""How the numbers of an array's gradient add up, as plain data."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import NamedTuple


class Repeated(NamedTuple):
    """How often broadcasting used each number of an operand: by rows, by columns, or otherwise."""

    times: int
    by: str


@dataclass(frozen=True, slots=True)
class Terms:
    """How each number of an operand's gradient adds up: gradients of the result's numbers, times factors.

    Attributes:
        axes: A letter for each axis, as `np.einsum` takes them: of the result's gradient, of the factor and
            of the operand's gradient, `ab,b->a`. Axes of length 1 have none.
        lengths: How long the axes are, in the order of their letters.
        factor: A number, the numbers of an array, or whose data it is: the place of an operand, or `o` for
            the result; None where the arrays are too large to be held.
        moved: Where an operation only moves numbers: for each of the result which one of the operand's it
            is, or -1. There are no axes then.
    """

    axes: str
    lengths: tuple[int, ...]
    factor: float | str | tuple[float, ...] | None
    moved: tuple[int, ...] = ()

    @property
    def repeated(self) -> Repeated | None:
        """How broadcasting repeated the operand; None where it did not.

        Examples:
            >>> Terms("ab,->b", (8, 4), 1.0).repeated
            Repeated(times=8, by='Rows')
            >>> Terms("ik,ij->jk", (8, 4, 2), "0").repeated  # a matrix product
        """
        if not self.axes:
            return None
        of, _, own = re.split(",|->", self.axes)
        along = [letter for letter in of if letter not in own]
        if not along or not set(own) <= set(of):
            return None
        letters = sorted(set(re.findall(r"\w", self.axes)))
        count = math.prod(self.lengths[letters.index(letter)] for letter in along)
        is_table = len(of) == 2 and own
        return Repeated(count, ("Rows" if along[0] == of[0] else "Columns") if is_table else "Times")
