"""How a training says where it is: a line that rewrites itself on a terminal, plain lines in a log."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

_PAUSE = 0.1  # seconds between rewrites: what an eye can follow
_LINES = 10  # lines of a log


@dataclass
class Progress:
    """Where a training is, on stderr, so that what a program prints stays its own."""

    epochs: int
    wanted: bool | None = None  # None: on a terminal only
    stream: TextIO = field(default_factory=lambda: sys.stderr)
    _next: float = field(default=0.0, init=False)
    _width: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.terminal = self.stream.isatty()
        self.silent = self.wanted is False or (self.wanted is None and not self.terminal)

    def epoch(self, number: int, figures: Mapping[str, float]) -> None:
        """Say that an epoch, counted from 1, has ended, with these figures."""
        if self.silent:
            return
        numbers = "  ".join(f"{name} {figure:.4g}" for name, figure in figures.items())
        line = f"epoch {number}/{self.epochs}  {numbers}"
        last = number == self.epochs
        if self.terminal:
            self._rewrite(line, now=last)
        elif last or number % max(1, self.epochs // _LINES) == 0:
            print(line, file=self.stream)

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

    def _rewrite(self, line: str, *, now: bool) -> None:
        if now or time.monotonic() >= self._next:
            print(f"\r{line:<{self._width}}", end="", file=self.stream, flush=True)
            self._next, self._width = time.monotonic() + _PAUSE, len(line)
