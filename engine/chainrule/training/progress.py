"""How a training says where it is: a line that rewrites itself on a terminal, plain lines in a log."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PAUSE = 0.1  # seconds between rewrites: what an eye can follow
_LINES = 10  # lines of a log


class Progress:
    """Where a training is, on stderr, so that what a program prints stays its own; None wants a terminal."""

    def __init__(self, epochs: int, wanted: bool | None) -> None:
        self.epochs, self.stream = epochs, sys.stderr
        self.terminal = self.stream.isatty()
        self.silent = not (self.terminal if wanted is None else wanted)
        self._next, self._width = 0.0, 0

    def epoch(self, number: int, figures: Mapping[str, float]) -> None:
        """Say that an epoch, counted from 1, has ended, with these figures."""
        if self.silent:
            return
        numbers = "  ".join(f"{name} {figure:.4g}" for name, figure in figures.items())
        line = f"epoch {number}/{self.epochs}  {numbers}"
        last = number == self.epochs
        if not self.terminal:
            if last or number % max(1, self.epochs // _LINES) == 0:
                print(line, file=self.stream)
        elif last or time.monotonic() >= self._next:
            print(f"\r{line:<{self._width}}", end="", file=self.stream, flush=True)
            self._next, self._width = time.monotonic() + _PAUSE, len(line)

    def note(self, text: str) -> None:
        """Say something once, on a line of its own."""
        if not self.silent:
            self.end()
            print(text, file=self.stream)

    def end(self) -> None:
        """Leave the last line where it is."""
        if self._width:
            print(file=self.stream)
            self._width = 0
