"""Random numbers drawn in a trace, which would be the same at each call: who draws them is asked.

A generator of NumPy's takes a lock before it draws. For the time of a trace those that the function can
reach, the engine's own and the one that NumPy keeps for all have a lock that looks at who comes: the thread
of the trace is refused at its line, before anything is drawn; any other passes. Those of Python have methods
in Python that ask two in C, which are covered in the same way; who holds those in C is seen by the state
afterwards, unless others drew. One that is made in the trace starts from a
seed, and then its numbers are the same at each call eagerly too; or it asks for entropy, which is watched.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import traceback
from contextlib import ExitStack, contextmanager, suppress
from inspect import isfunction
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import generator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Draw = Callable[[], None]
    """Called by whoever draws; raises where that is refused."""

_SHARED = np.random.mtrand._rand  # what NumPy's functions draw from
_PYTHONS = random._inst  # what Python's functions draw from

# What a generator without a seed starts from, NumPy's too; and Python's, whose own source is in C.
_ENTROPY: tuple[tuple[Any, str, Callable[..., bool]], ...] = (
    (random, "_urandom", lambda *_: True),
    (os, "urandom", lambda *_: True),
    (random.Random, "seed", lambda _, seed=None, *__: seed is None),
)

_DRAWING = ("random", "getrandbits", "seed", "setstate")
"""The methods of Python's generators that all others of theirs go by, and those that set their state."""

_METHODS = {each.__code__ for each in vars(random.Random).values() if isfunction(each)}
"""The code of those that are in Python."""


class _Lock:
    """The lock of a generator, with a look at who takes it."""

    def __init__(self, lock: Any, draw: Draw) -> None:
        self._lock, self._draw = lock, draw

    def __enter__(self) -> Any:
        self._draw()
        return self._lock.__enter__()

    def __exit__(self, *error: object) -> Any:
        return self._lock.__exit__(*error)

    def acquire(self, *args: Any, **options: Any) -> Any:
        self._draw()
        return self._lock.acquire(*args, **options)

    def release(self) -> None:
        self._lock.release()


class _Watched:
    """What stands for a bit generator of NumPy's: the same stream, under a lock that looks."""

    _ITS_OWN = frozenset(("spawn", "jumped", "random_raw", "_legacy_seeding"))

    def __init__(self, source: Any, draw: Draw) -> None:
        self._source, self._draw = source, draw
        self.lock, self.capsule = _Lock(source.lock, draw), source.capsule

    @property  # type: ignore[misc]  # object has it as an attribute
    def __class__(self) -> type:
        return type(self._source)

    @property
    def state(self) -> Any:
        return self._source.state

    @state.setter
    def state(self, state: Any) -> None:
        self._draw()
        self._source.state = state

    def __getattr__(self, name: str) -> Any:
        if name in self._ITS_OWN:
            self._draw()
        return getattr(self._source, name)


def generators(reached: Iterable[Any]) -> list[Any]:
    """Return the generators among what a function can reach, and those that are there for all."""
    kinds = (np.random.Generator, np.random.RandomState, random.Random)
    found = [generator.rng, _SHARED, _PYTHONS]
    found += [each for each in reached if issubclass(type(each), kinds)]
    return list({id(each): each for each in found}.values())


@contextmanager
def watching(found: Iterable[Any], draw: Draw) -> Iterator[None]:
    """Let `draw` be called by whoever draws from generators, sets them, or asks for entropy."""
    is_set_up = False

    def running() -> None:  # a generator takes its lock when it gets one, too
        if is_set_up:
            draw()

    with ExitStack() as stack:
        for each in found:
            is_pythons = isinstance(each, random.Random)
            stack.enter_context(_pythons(each, draw) if is_pythons else _numpys(each, running))
        for owner, name, is_fresh in _ENTROPY:
            stack.enter_context(_covered(owner, name, _noting(getattr(owner, name), draw, is_fresh)))
        is_set_up = True
        try:
            yield
        finally:
            is_set_up = False


@contextmanager
def _numpys(drawn: Any, draw: Draw) -> Iterator[None]:
    """Give a generator of NumPy's another lock: `__init__` takes any bit generator, and so this very one."""
    source = drawn._bit_generator if isinstance(drawn, np.random.RandomState) else drawn.bit_generator
    kept = _kept_normal(drawn)
    drawn.__init__(_Watched(source, draw))
    try:
        yield
    finally:
        drawn.__init__(source)
        if kept is not None:
            drawn.set_state(drawn.get_state(legacy=False) | {"has_gauss": 1, "gauss": kept})


def _kept_normal(drawn: Any) -> Any:
    """Return the second of two normal numbers, which NumPy's old generators keep for the next call."""
    if not isinstance(drawn, np.random.RandomState):
        return None
    state = drawn.get_state(legacy=False)
    return state["gauss"] if state.get("has_gauss") else None


@contextmanager
def _pythons(drawn: random.Random, draw: Draw) -> Iterator[None]:
    passed: list[Any] = []

    def noted() -> None:
        draw()
        passed.append(drawn)  # by another thread, or by `each_call`

    with ExitStack() as stack:
        for name in _DRAWING:
            noting = _noting(getattr(drawn, name), noted)
            with suppress(AttributeError):  # of a class that has no attributes of its own
                stack.enter_context(_covered(drawn, name, noting))
            if drawn is _PYTHONS:
                stack.enter_context(_covered(random, name, noting))
        passed += _begun_by_others()
        before = _state(drawn)
        yield
        if not passed and _state(drawn) != before:
            draw()


def _begun_by_others() -> Iterator[Any]:
    """Yield the calls of Python's generators that others have begun: they hold the methods in C already."""
    for thread, frame in sys._current_frames().items():
        if thread != threading.get_ident():
            yield from (each for each, _ in traceback.walk_stack(frame) if each.f_code in _METHODS)


def _state(drawn: random.Random) -> Any:
    with suppress(NotImplementedError):  # the system's, which has none
        return drawn.getstate()
    return None


@contextmanager
def _covered(owner: Any, name: str, other: Any) -> Iterator[None]:
    """Let an attribute be another for a while."""
    missing = object()
    before = vars(owner).get(name, missing)
    setattr(owner, name, other)
    try:
        yield
    finally:
        if before is missing:
            delattr(owner, name)
        else:
            setattr(owner, name, before)


def _noting(
    source: Callable[..., Any], draw: Draw, is_fresh: Callable[..., bool] = lambda *_: True
) -> Callable[..., Any]:
    def noted(*args: Any, **options: Any) -> Any:
        if is_fresh(*args, *options.values()):
            draw()
        return source(*args, **options)

    return noted
