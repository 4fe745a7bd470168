"""Let a tracer see what happens while a function runs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from chainrule import modes
from chainrule.value.tape import Recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chainrule.compiler.tracer import Tracer


@contextmanager
def watching(tracer: Tracer) -> Iterator[None]:
    """Let a tracer see every operation, and every read and write of a Value's data and gradient.

    Value keeps both in slots, which cost nothing to read. For the time of a trace the slots are covered by
    properties that ask the tracer.
    """
    data, grad = Recorded.__dict__["_data"], Recorded.__dict__["_grad"]
    _cover(
        _covered(tracer, data, tracer.cells.read_data, tracer.cells.write_data),
        _covered(tracer, grad, tracer.cells.read_grad, tracer.cells.write_grad),
    )
    modes.set_tracer(tracer)
    try:
        with tracer.drawing.randomness.watching():
            yield
        tracer.drawing.randomness.check()
        tracer.check_swallowed()
    finally:
        modes.set_tracer(None)
        _cover(data, grad)
        tracer.finished = True
        for cell in tracer.cells.known.values():
            cell.example = cell.value._data


def _cover(data: Any, grad: Any) -> None:
    setattr(Recorded, "_data", data)  # noqa: B010 -- mypy would not have it otherwise
    setattr(Recorded, "_grad", grad)  # noqa: B010 -- as above


def _covered(tracer: Tracer, slot: Any, read: Callable[..., Any], write: Callable[..., bool]) -> property:
    def get(value: Any) -> Any:
        held = slot.__get__(value)
        return read(value, held) if _is_mine(tracer) else held

    def put(value: Any, new: Any) -> None:
        if not (_is_mine(tracer) and write(value, new)):
            slot.__set__(value, new)

    return property(get, put)


def _is_mine(tracer: Tracer) -> bool:
    return modes.tracer is tracer and tracer.is_here()


@contextmanager
def paused() -> Iterator[None]:
    """Run what is not part of the trace."""
    before = modes.tracer
    modes.set_tracer(None)
    try:
        yield
    finally:
        modes.set_tracer(before)
