"""Whether anybody drew random numbers: the states of all generators that there are."""

from __future__ import annotations

import gc
import random
from typing import Any

import numpy as np


def generators() -> list[np.random.Generator]:
    """Return all Generators."""
    return [each for each in gc.get_objects() if type(each) is np.random.Generator]


def states(generators: list[np.random.Generator]) -> list[Any]:
    """Return the states of Generators, and of the two that Python and NumPy keep for all."""
    shared = np.random.get_state(legacy=False)["state"]  # noqa: NPY002 -- watched, not used
    states = [repr(each.bit_generator.state) for each in generators]
    return [random.getstate(), shared["key"].tobytes(), shared["pos"], *states]
