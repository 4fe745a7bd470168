"""What is being done now: whether operations are recorded and watched, differentiated, or traced.

Recording and watching are each thread's own. `special`, `depth` and `tracer` are of all threads, and cost
the quick paths that look at them an attribute.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

from chainrule.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import _GeneratorContextManager

    from chainrule.compiler.tracer import Tracer

    T = TypeVar("T")
    Switch = _GeneratorContextManager[None]

special = False  # whether anything is out of the ordinary, in any thread: the flag of the quick paths
depth = 0  # how many transforms are running, in all threads
tracer: Tracer | None = None  # what records the function that is being traced, in whichever thread

_off = ContextVar("_off", default=False)
_watched = ContextVar("_watched", default=False)
_nested = ContextVar("_nested", default=False)
_inputs: ContextVar[tuple[Any, ...]] = ContextVar("_inputs", default=())
_lock = threading.Lock()
_marked = 0  # how many blocks of `no_grad` and `detect_anomaly` there are, over all threads
_again: list[Any] = []


is_off = _off.get  # whether results are constants
is_watched = _watched.get  # whether the first NaN is an error
is_nested = _nested.get  # whether a transform is running in this thread
inputs = _inputs.get  # the inputs of all transforms that are running: what a result may depend on


@contextmanager
def tracing(new: Tracer | None) -> Iterator[None]:
    """Let a tracer record operations; or, with None, nobody."""
    global tracer  # noqa: PLW0603 - the flags are what this module is
    before, tracer = tracer, new
    _count()
    try:
        yield
    finally:
        tracer = before
        _count()


def _count(*, marked: int = 0, running: int = 0) -> None:
    global _marked, depth, special  # noqa: PLW0603 - as above
    with _lock:
        _marked += marked
        depth += running
        special = tracer is not None or _marked > 0


@contextmanager
def _set(new: dict[ContextVar[Any], Any], *, marked: int = 0, running: int = 0) -> Iterator[None]:
    before = [(state, state.get()) for state in new]
    for state, setting in new.items():
        state.set(setting)
    _count(marked=marked, running=running)
    try:
        yield
    finally:
        for state, setting in before:
            state.set(setting)
        _count(marked=-marked, running=-running)


def no_grad() -> Switch:
    """Compute without recording: results are constants, and have no gradient. Also a decorator.

    Examples:
        >>> from chainrule import Value, no_grad
        >>> w = Value(2.0)
        >>> with no_grad():
        ...     scaled = w * 10
        >>> (scaled * w).backward().data, w.grad
        (40.0, 20.0)
    """
    return _set({_off: True}, marked=1)


def detect_anomaly() -> Switch:
    """Raise at the first operation, forward or backward, that turns numbers into NaN. Also a decorator.

    Raises:
        AnomalyError: naming the operation and its inputs.

    Examples:
        >>> from chainrule import Value, detect_anomaly
        >>> infinity = Value(float("inf"))
        >>> with detect_anomaly():
        ...     infinity - infinity
        Traceback (most recent call last):
        ...
        chainrule.errors.AnomalyError: subtract made NaN of inf and inf; ...
    """
    return _set({_watched: True}, marked=1)


def recorded() -> Switch:
    """Record even where the caller does not: what a transform differentiates."""
    return _set({_off: False})


@contextmanager
def following(values: Sequence[Any]) -> Iterator[None]:
    """Differentiate by these inputs: a result that depends on them is not to become a plain number unseen.

    NumPy puts an error of its own in front of the refusal where a Value is written into one element.
    """
    try:
        with _set({_inputs: (*inputs(), *values)}):
            yield
    except ValueError as error:
        if isinstance(cause := error.__cause__, UsageError):
            raise cause.with_traceback(error.__traceback__) from None
        raise


def differentiating() -> Switch:
    """Count a transform that runs, and record even where the caller does not."""
    return _set({_nested: True, _off: False}, running=1)


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
        sample: T = tracer.each_call(draw)
        return sample
    if _again:
        before: T = _again.pop(0)
        return before
    return draw()


@contextmanager
def resampled(samples: Sequence[Any]) -> Iterator[None]:
    """Let `each_call` return what was sampled before."""
    _again[:] = samples
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
    if tracer is None or not tracer.sees(args, {}) or any(map(_is_value, args)):
        return function(*args)
    return tracer.record(function.__name__.strip("_"), function, args)


def are_known(*operands: Any) -> bool:
    """Whether numbers are there to be looked at: in a trace those of Values are not, nor what is traced."""
    return tracer is None or not (any(map(_is_value, operands)) or tracer.sees(operands, {}))


def _is_value(operand: Any) -> bool:
    return hasattr(operand, "__apply_primitive__")
