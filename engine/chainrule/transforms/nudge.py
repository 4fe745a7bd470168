"""What is h? Nudge each input of a function by h, and compare how far the result moves with the gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import trees
from chainrule.transforms.check import argument_names, element
from chainrule.transforms.derivatives import value_and_grad

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_MOST_ROWS = 60
_HEAD = ("input", "at", "h", "slope", "gradient", "error")


@dataclass(frozen=True, slots=True)
class Row:
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

    def cells(self) -> tuple[str, ...]:
        """Return the row as text, slope and gradient with all their digits."""
        return (
            self.input,
            f"{self.at:.6g}",
            f"{self.h:g}",
            repr(self.slope),
            repr(self.gradient),
            f"{self.error:+.1e}",
        )


@dataclass(frozen=True, slots=True)
class Nudge:
    """A table of slopes and gradients, which shows itself.

    Attributes:
        rows: One for each input and h.
        function: What the function is called.
        result: The function at the inputs.
    """

    rows: tuple[Row, ...]
    function: str
    result: float

    def __str__(self) -> str:
        cells = [_HEAD, *self._cells()]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells
        ]
        return "\n".join([*lines, *self._rest()])

    __repr__ = __str__

    def to_markdown(self) -> str:
        """Return the table in Markdown."""
        lines = [f"| {' | '.join(row)} |" for row in self._cells()]
        head = [f"| {' | '.join(_HEAD)} |", "|---|---:|---:|---:|---:|---:|"]
        return "\n".join([*head, *lines, *(f"\n{line}" for line in self._rest())])

    def _cells(self) -> list[tuple[str, ...]]:
        return [row.cells() for row in self.rows[:_MOST_ROWS]]

    def _rest(self) -> list[str]:
        hidden = len(self.rows) - _MOST_ROWS
        return [f"and {hidden} more rows: see .rows"] if hidden > 0 else []

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002 -- the protocol's signature
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
    numbers = tuple(trees.map_leaves(_number, value) for value in inputs)
    result, gradients = value_and_grad(function, tuple(range(len(numbers))))(*numbers)
    steps = [float(step) for step in np.atleast_1d(np.asarray(h, dtype=float))]
    rows = tuple(_rows(function, numbers, gradients, float(function(*numbers)), steps))
    return Nudge(rows, getattr(function, "__name__", "f"), float(result))


def _rows(
    function: Callable[..., Any],
    inputs: tuple[Any, ...],
    gradients: tuple[Any, ...],
    before: float,
    steps: Sequence[float],
) -> Iterator[Row]:
    leaves = trees.leaves(inputs)
    slopes = trees.leaves(gradients)
    names = [
        name
        for argument, value in zip(argument_names(function, len(inputs)), inputs, strict=True)
        for name, _ in trees.named_leaves(value, argument)
    ]
    for place, (name, leaf, slope) in enumerate(zip(names, leaves, slopes, strict=True)):
        for index in np.ndindex(np.shape(leaf)):
            for step in steps:
                moved = [*leaves[:place], _moved(leaf, index, step), *leaves[place + 1 :]]
                after = float(function(*trees.replace(inputs, moved)))
                rise, exact = (after - before) / step, float(np.asarray(slope)[index])
                at = float(np.asarray(leaf)[index])
                yield Row(name + element(index), at, step, rise, exact, rise - exact)


def _number(leaf: Any) -> Any:
    number = np.asarray(leaf, dtype=np.float64)
    return number if number.ndim else float(number)


def _moved(leaf: Any, index: tuple[int, ...], step: float) -> Any:
    if not index:
        return leaf + step
    moved = leaf.copy()
    moved[index] += step
    return moved
