"""Whether a function is being traced, and what must be drawn anew at each call of what is made of it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from chainrule.jit.tracer import Tracer

    T = TypeVar("T")

tracer: Tracer | None = None
"""What records the operations of the function that is being traced."""

_again: list[Any] = []


def each_call(draw: Callable[[], T]) -> T:
    """Return `draw()`; in a function under `jit`, call it anew at each call of that function.

    What a jitted function computes without its arguments and without Values is a constant of its program.
    This is for what must not be: random numbers, a step count, a rate that follows a schedule.

    Args:
        draw: Returns a number or an array, always of one shape; or a list, tuple or dict of them.

    Examples:
        >>> import numpy as np
        >>> from chainrule import each_call, jit
        >>> rng = np.random.default_rng(0)
        >>> noisy = jit(lambda x: x + each_call(rng.normal))
        >>> noisy(1.0) == noisy(1.0)
        False
    """
    if tracer is not None and tracer.is_here():
        drawn: T = tracer.drawing.each_call(draw)
        return drawn
    if _again:
        before: T = _again.pop(0)
        return before
    return draw()


@contextmanager
def redrawn(drawn: Sequence[Any]) -> Iterator[None]:
    """Let `each_call` return what was drawn before."""
    _again[:] = drawn
    try:
        yield
    finally:
        _again.clear()


def traced(data: Any) -> Any:
    """Return a traced number or array as the data of a Value, in floats; None if it is not traced."""
    return None if tracer is None else tracer.entered(data)


def constant(number: Any) -> Any:
    """Return a number that a trace starts from as part of it, so that what is made of it is simplified."""
    return number if tracer is None or not tracer.is_here() else tracer.constant(number)


def as_one(function: Callable[..., Any], *args: Any) -> Any:
    """Call a function that looks at its numbers; in a trace, as one operation, which does so at each call."""
    if tracer is None or not tracer.sees(args, {}):
        return function(*args)
    return tracer.record(function.__name__.strip("_"), function, args)


def are_known(*operands: Any) -> bool:
    """Whether numbers are there to be looked at: in a trace those of Values are not."""
    return tracer is None or not any(hasattr(operand, "__apply_primitive__") for operand in operands)
