"""What must be new at each call is sampled by `each_call`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import trees

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(eq=False)
class Samples:
    """What a program samples at each call, always of the form that it had in the trace, at first.

    What is unused was sampled for a call, and waits for who answers it: the first run takes what the trace
    sampled; what is of another form, the next trace.
    """

    draws: list[Callable[[], Any]] = field(default_factory=list)
    first: list[Any] = field(default_factory=list)
    unused: list[Any] = field(default_factory=list)

    def __call__(self) -> list[Any] | None:
        """Sample; None if the program is not right for it."""
        if self.unused:
            return self.taken()
        samples = [draw() for draw in self.draws]
        if all(map(_alike, samples, self.first)):
            return samples
        self.unused = samples
        return None

    def taken(self) -> list[Any]:
        """Return what waits to be used, which then waits no longer."""
        samples, self.unused = self.unused, []
        return samples


def _alike(a: Any, b: Any) -> bool:
    """Whether two samples are of the same form, types, shapes and dtypes; asked at each call."""
    if type(a) is not type(b):
        return False
    if isinstance(a, (float, int, np.ndarray, np.generic)):
        return not isinstance(a, np.ndarray) or (a.shape, a.dtype) == (b.shape, b.dtype)
    ours, theirs = dict(trees.children(a) or ()), dict(trees.children(b) or ())
    return list(ours) == list(theirs) and all(map(_alike, ours.values(), theirs.values()))
