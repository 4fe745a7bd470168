"""What a function draws while it is traced: by `each_call` at each call, and otherwise not at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import modes
from chainrule.compiler.node import PYTHON, Input
from chainrule.compiler.randomness import Randomness
from chainrule.compiler.traced import Traced
from chainrule.compiler.watching import paused

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.compiler.tracer import Tracer


@dataclass(eq=False)
class Drawing:
    """The draws of a trace.

    Attributes:
        tracer: The trace.
        waiting: What was drawn for this call already.
        draws: How to draw, at each call.
        drawn: What was drawn for the trace.
        randomness: What nobody else may draw from.
    """

    tracer: Tracer
    waiting: list[Any]
    draws: list[Callable[[], Any]] = field(default_factory=list)
    drawn: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.randomness = Randomness(lambda: modes.tracer is self.tracer and self.tracer.is_here())

    def each_call(self, draw: Callable[[], Any]) -> Any:
        """Draw once now, and note that it is drawn at each call."""
        self.randomness.check()
        with paused():
            drawn = self.waiting.pop(0) if self.waiting else draw()
        self.randomness.settle()
        self.draws.append(draw)
        self.drawn.append(drawn)
        return self._symbols(drawn, len(self.draws) - 1, ())

    def _symbols(self, drawn: Any, draw: int, path: tuple[Any, ...]) -> Any:
        if isinstance(drawn, dict):
            return {key: self._symbols(part, draw, (*path, key)) for key, part in drawn.items()}
        if isinstance(drawn, (list, tuple)):
            return type(drawn)(self._symbols(part, draw, (*path, place)) for place, part in enumerate(drawn))
        if isinstance(drawn, (np.ndarray, np.generic)) or type(drawn) in PYTHON:
            leaf = self.tracer.program.leaf(Input("drawn", (draw, path)), drawn)  # type: ignore[arg-type]
            return Traced(leaf, self.tracer)
        return drawn
