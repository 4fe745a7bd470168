"""Whether operations are recorded, and whether they are watched for NaN."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

off = False
"""Whether results are constants."""

watched = False
"""Whether the first NaN is an error."""

traced = False
"""Whether a function is being traced, by `jit`."""

special = False
"""Whether any of these is so: the one flag that the quick path looks at."""


def _set(*, new_off: bool, new_watched: bool) -> None:
    global off, watched, special  # noqa: PLW0603 - the flags are what this module is
    off, watched = new_off, new_watched
    special = off or watched or traced


def set_traced(new: bool) -> None:
    """Say whether a function is being traced."""
    global traced, special  # noqa: PLW0603 - the flags are what this module is
    traced = new
    special = off or watched or traced


@contextmanager
def no_grad() -> Iterator[None]:
    """Compute without recording: results are constants, and have no gradient. Also a decorator.

    Examples:
        >>> from chainrule import Value, no_grad
        >>> w = Value(2.0)
        >>> with no_grad():
        ...     scaled = w * 10
        >>> (scaled * w).backward().data, w.grad
        (40.0, 20.0)
    """
    before = off
    _set(new_off=True, new_watched=watched)
    try:
        yield
    finally:
        _set(new_off=before, new_watched=watched)


@contextmanager
def detect_anomaly() -> Iterator[None]:
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
    before = watched
    _set(new_off=off, new_watched=True)
    try:
        yield
    finally:
        _set(new_off=off, new_watched=before)


@contextmanager
def recorded() -> Iterator[None]:
    """Record even where the caller does not: what a transform differentiates."""
    before = off
    _set(new_off=False, new_watched=watched)
    try:
        yield
    finally:
        _set(new_off=before, new_watched=watched)
