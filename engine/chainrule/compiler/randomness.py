"""Whether anybody drew random numbers: the states of all generators, and who asked for fresh entropy."""

from __future__ import annotations

import gc
import os
import random
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import TraceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_KINDS = (np.random.Generator, np.random.RandomState, random.Random)

# What a generator without a seed starts from, NumPy's too; and Python's, whose own source is in C.
_ENTROPY: tuple[tuple[Any, str, Callable[..., bool]], ...] = (
    (random, "_urandom", lambda *_: True),
    (os, "urandom", lambda *_: True),
    (random.Random, "seed", lambda _, seed=None, *__: seed is None),
)


@dataclass(eq=False)
class Randomness:
    """The randomness of a trace, where nothing may be drawn but by `each_call`.

    Attributes:
        is_watched: Whether the function that is traced is running now.
    """

    is_watched: Callable[[], bool]
    _generators: list[Any] = field(default_factory=list)
    _states: list[Any] = field(default_factory=list)
    _fresh: bool = False

    def __post_init__(self) -> None:
        self._generators = [each for each in gc.get_objects() if issubclass(type(each), _KINDS)]
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
            if self.is_watched() and is_fresh(*args, *options.values()):
                self._fresh = True
            return source(*args, **options)

        return noted


def _states(generators: list[Any]) -> list[Any]:
    """Return the states of generators, and of the two that Python and NumPy keep for all."""
    shared = np.random.get_state(legacy=False)["state"]  # noqa: NPY002 -- watched, not used
    states = [_state(each) for each in generators]
    return [random.getstate(), shared["key"].tobytes(), shared["pos"], *states]


def _state(generator: Any) -> Any:
    if isinstance(generator, np.random.Generator):
        return repr(generator.bit_generator.state)
    if isinstance(generator, np.random.RandomState):
        return repr(generator.get_state(legacy=False))
    try:
        return generator.getstate()
    except NotImplementedError:  # the system's, which has none
        return None
