"""What a program draws at each call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(eq=False)
class Draws:
    """What a program draws at each call.

    Attributes:
        draws: How.
        first: What was drawn in the trace, which the first run takes.
        other: What was drawn last and is of another form than that: then the program is not right.
    """

    draws: Sequence[Callable[[], Any]]
    first: list[Any]
    used: bool = False
    other: list[Any] | None = None

    def __call__(self) -> list[Any] | None:
        """Draw; None if the program is not right for it."""
        if not self.used:
            self.used = True
            return self.first
        drawn = [draw() for draw in self.draws]
        if all(map(_same_form, drawn, self.first)):
            return drawn
        self.other = drawn
        return None

    def first_time(self) -> list[Any]:
        """Return what the trace drew, if it was not used."""
        drawn = [] if self.used else self.first
        self.used = True
        return drawn

    def taken_back(self) -> list[Any] | None:
        """Return what was drawn for a call that the program was not right for."""
        drawn, self.other = self.other, None
        return drawn


def alike(a: Any, b: Any) -> bool:
    """Whether two numbers or arrays are of the same type, shape and dtype."""
    return type(a) is type(b) and (not isinstance(a, np.ndarray) or (a.shape, a.dtype) == (b.shape, b.dtype))


def _same_form(a: Any, b: Any) -> bool:
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(_same_form(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(_same_form, a, b))
    return alike(a, b)
