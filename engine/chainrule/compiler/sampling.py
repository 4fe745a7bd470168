"""What must be new at each call is sampled by `each_call`; random numbers drawn otherwise are refused.

A generator that the function can reach is found before the trace, with the two that Python and NumPy keep for
all and the engine's own, and must be in the same state after it. One that is made in the trace starts from a
seed, and then its numbers are the same at each call eagerly too; or it asks for entropy, which is watched.
"""

from __future__ import annotations

import os
import random
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import generator, trees
from chainrule.errors import TraceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_KINDS = (np.random.Generator, np.random.RandomState, random.Random)

# What a generator without a seed starts from, NumPy's too; and Python's, whose own source is in C.
_ENTROPY: tuple[tuple[Any, str, Callable[..., bool]], ...] = (
    (random, "_urandom", lambda *_: True),
    (os, "urandom", lambda *_: True),
    (random.Random, "seed", lambda _, seed=None, *__: seed is None),
)


@dataclass(eq=False)
class Samples:
    """What a program samples at each call, always of the form that it had in the trace, at first.

    What is unused was sampled for a call, and waits for who answers it: the first run takes what the trace
    sampled; what is of another form, the next trace.
    """

    draws: list[Callable[[], Any]] = field(default_factory=list)
    first: list[Any] = field(default_factory=list)
    unused: list[Any] = field(default_factory=list)

    def __call__(self) -> list[Any] | None:
        """Sample; None if the program is not right for it."""
        if self.unused:
            return self.taken()
        samples = [draw() for draw in self.draws]
        if all(map(_alike, samples, self.first)):
            return samples
        self.unused = samples
        return None

    def taken(self) -> list[Any]:
        """Return what waits to be used, which then waits no longer."""
        samples, self.unused = self.unused, []
        return samples


class Randomness:
    """The randomness of a trace, where nothing may be drawn but by `each_call`."""

    def __init__(self, reached: Iterable[Any], is_watched: Callable[[], bool]) -> None:
        """Watch the generators among what the function can reach; and entropy, while the function runs."""
        self._is_watched = is_watched
        self._generators = [generator.rng, *(each for each in reached if issubclass(type(each), _KINDS))]
        self._fresh = False
        self.settle()

    def settle(self) -> None:
        """Take all states as they are now."""
        self._states = _states(self._generators)

    def check(self) -> None:
        """Refuse numbers that were drawn at random where `each_call` does not see it.

        Raises:
            TraceError: They would be the same at each call.
        """
        if self._fresh or _states(self._generators) != self._states:
            raise TraceError(
                "jit: random numbers were drawn while the function was traced, and would be the same at each "
                "call. Draw them by each_call(lambda: rng.normal(size=3)), or pass them as arguments."
            )

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note who asks for fresh entropy, as generators do that are made without a seed."""
        before = [getattr(owner, name) for owner, name, _ in _ENTROPY]
        for (owner, name, is_fresh), source in zip(_ENTROPY, before, strict=True):
            setattr(owner, name, self._noting(source, is_fresh))
        try:
            yield
        finally:
            for (owner, name, _), source in zip(_ENTROPY, before, strict=True):
                setattr(owner, name, source)

    def _noting(self, source: Callable[..., Any], is_fresh: Callable[..., bool]) -> Callable[..., Any]:
        def noted(*args: Any, **options: Any) -> Any:
            if self._is_watched() and is_fresh(*args, *options.values()):
                self._fresh = True
            return source(*args, **options)

        return noted


def _alike(a: Any, b: Any) -> bool:
    """Whether two samples are of the same form, types, shapes and dtypes; asked at each call."""
    if type(a) is not type(b):
        return False
    if isinstance(a, (float, int, np.ndarray, np.generic)):
        return not isinstance(a, np.ndarray) or (a.shape, a.dtype) == (b.shape, b.dtype)
    ours, theirs = dict(trees.children(a) or ()), dict(trees.children(b) or ())
    return list(ours) == list(theirs) and all(map(_alike, ours.values(), theirs.values()))


def _states(generators: list[Any]) -> list[Any]:
    """Return the states of generators, and of the two that Python and NumPy keep for all."""
    shared = np.random.get_state(legacy=False)["state"]  # noqa: NPY002 -- watched, not used
    return [random.getstate(), shared["key"].tobytes(), shared["pos"], *map(_state, generators)]


def _state(generator: Any) -> Any:
    if isinstance(generator, np.random.Generator):
        return repr(generator.bit_generator.state)
    if isinstance(generator, np.random.RandomState):
        return repr(generator.get_state(legacy=False))
    try:
        return generator.getstate()
    except NotImplementedError:  # the system's, which has none
        return None
