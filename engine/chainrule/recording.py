"""Whether operations are recorded and watched, and what is being differentiated: each thread has its own."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import _GeneratorContextManager

    Switch = _GeneratorContextManager[None]

special = False
"""Whether anything is out of the ordinary, in any thread: the one flag that the quick path looks at."""

traced = False
"""Whether a function is being traced, by `jit`."""

_off = ContextVar("_off", default=False)
_watched = ContextVar("_watched", default=False)
_inputs: ContextVar[tuple[Any, ...]] = ContextVar("_inputs", default=())
_lock = threading.Lock()
_switched = 0  # how many blocks there are, over all threads, in which a flag is not as around them


def is_off() -> bool:
    """Return whether results are constants."""
    return _off.get()


def is_watched() -> bool:
    """Return whether the first NaN is an error."""
    return _watched.get()


def inputs() -> tuple[Any, ...]:
    """Return the inputs of all transforms that are running: what a result may depend on."""
    return _inputs.get()


def set_traced(new: bool) -> None:
    """Say whether a function is being traced."""
    global traced  # noqa: PLW0603 - the flags are what this module is
    traced = new
    _count(0)


def _count(more: int) -> None:
    global _switched, special  # noqa: PLW0603 - as above
    with _lock:
        _switched += more
        special = traced or _switched > 0


@contextmanager
def _switch(flag: ContextVar[bool], new: bool) -> Iterator[None]:
    if flag.get() is new:
        yield
        return
    flag.set(new)
    _count(1)
    try:
        yield
    finally:
        flag.set(not new)
        _count(-1)


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
    return _switch(_off, True)


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
    return _switch(_watched, True)


def recorded() -> Switch:
    """Record even where the caller does not: what a transform differentiates."""
    return _switch(_off, False)


@contextmanager
def following(values: Sequence[Any]) -> Iterator[None]:
    """Differentiate by these inputs: a result that depends on them is not to become a plain number unseen."""
    before = _inputs.get()
    _inputs.set((*before, *values))
    try:
        yield
    finally:
        _inputs.set(before)
