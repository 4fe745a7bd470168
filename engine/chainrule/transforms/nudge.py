"""What is h? Nudge each input of a function by h, and compare how far the result moves with the gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import tables, trees
from chainrule.transforms.derivatives import value_and_grad
from chainrule.transforms.elements import argument_names, double, elements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_MOST_ROWS = 60
_HEAD = ("input", "at", "h", "slope", "gradient", "error")


@dataclass(frozen=True, slots=True)
class NudgedInput:
    """One input, nudged by one h.

    Attributes:
        input: Its name.
        at: Its value.
        h: By how much it was nudged.
        slope: (f(x + h) - f(x)) / h.
        gradient: What the slope tends to.
        error: Slope minus gradient.
    """

    input: str
    at: float
    h: float
    slope: float
    gradient: float
    error: float


@dataclass(frozen=True, slots=True)
class Nudge:
    """A table of slopes and gradients, which shows itself.

    Attributes:
        rows: One for each input and h.
        function: What the function is called.
        result: The function at the inputs.
    """

    rows: tuple[NudgedInput, ...]
    function: str
    result: float

    def __str__(self) -> str:
        return tables.aligned([_HEAD, *self._cells()], ">>>>>>") + self._rest("\n")

    __repr__ = __str__

    def to_markdown(self) -> str:
        """Return the table in Markdown."""
        return tables.markdown(_HEAD, self._cells(), "<>>>>>") + self._rest("\n\n")

    def _cells(self) -> list[tuple[str, ...]]:
        """Return the table as text, slope and gradient with all their digits."""
        return [
            (row.input, f"{row.at:.6g}", f"{row.h:g}", str(row.slope), str(row.gradient), f"{row.error:+.1e}")
            for row in self.rows[:_MOST_ROWS]
        ]

    def _rest(self, gap: str) -> str:
        hidden = len(self.rows) - _MOST_ROWS
        return f"{gap}and {hidden} more rows: see .rows" if hidden > 0 else ""

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/markdown": self.to_markdown(), "text/plain": str(self)}


def nudge(function: Callable[..., Any], *inputs: Any, h: float | Sequence[float] = 1e-4) -> Nudge:
    """Return a table that compares, for each input, the slope over h with the gradient.

    Args:
        function: Takes numbers, arrays or trees of them; returns a single number.
        *inputs: Where to look; each element of an array is nudged on its own.
        h: By how much, or several such numbers.

    Examples:
        >>> def d(a, b, c):
        ...     return a * b + c
        >>> nudge(d, 2.0, -3.0, 10.0)
        input  at       h               slope  gradient     error
            a   2  0.0001  -3.000000000010772      -3.0  -1.1e-11
            b  -3  0.0001  2.0000000000042206       2.0  +4.2e-12
            c  10  0.0001  0.9999999999976694       1.0  -2.3e-12
    """
    numbers = tuple(trees.map_leaves(double, value) for value in inputs)
    result, gradients = value_and_grad(function, tuple(range(len(numbers))))(*numbers)
    steps = [float(step) for step in np.atleast_1d(np.asarray(h, dtype=float))]
    rows = tuple(_rows(function, numbers, gradients, steps))
    return Nudge(rows, getattr(function, "__name__", "f"), float(result))


def _rows(
    function: Callable[..., Any], inputs: tuple[Any, ...], gradients: tuple[Any, ...], steps: Sequence[float]
) -> Iterator[NudgedInput]:
    before = float(function(*inputs))
    for element in elements(argument_names(function, len(inputs)), inputs):
        at, exact = element.of(inputs), element.of(gradients)
        for step in steps:
            rise = (float(function(*element.moved(inputs, step))) - before) / step
            yield NudgedInput(element.name, at, step, rise, exact, rise - exact)
