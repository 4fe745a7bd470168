"""Where weights start: each initialiser is a function of a shape and a Generator.

`fan_in` is how many inputs feed an output, `fan_out` how many outputs an input feeds. For a weight (inputs,
outputs) they are its two axes.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    Shape = tuple[int, ...]
    Initializer = Callable[[Shape, np.random.Generator], np.ndarray]

__all__ = [
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
    "normal",
    "standard_normal",
    "zeros",
]


def zeros(shape: Shape, rng: np.random.Generator) -> np.ndarray:  # noqa: ARG001 -- the signature of all initialisers
    """Return zeros: the default of biases."""
    return np.zeros(shape)


def glorot_uniform(shape: Shape, rng: np.random.Generator) -> np.ndarray:
    """Sample from U(-l, l) with l = sqrt(6 / (fan_in + fan_out)): the default of weights.

    Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks",
    2010.

    Examples:
        >>> bool(abs(glorot_uniform((2, 4), np.random.default_rng(0))).max() <= 1)
        True
    """
    return _uniform(shape, rng, 2 / sum(_fans(shape)))


def glorot_normal(shape: Shape, rng: np.random.Generator) -> np.ndarray:
    """Sample from N(0, s) with s = sqrt(2 / (fan_in + fan_out)); source as for `glorot_uniform`."""
    return _normal(shape, rng, 2 / sum(_fans(shape)))


def he_uniform(shape: Shape, rng: np.random.Generator) -> np.ndarray:
    """Sample from U(-l, l) with l = sqrt(6 / fan_in): for layers before a relu.

    Source: He et al., "Delving deep into rectifiers", 2015.
    """
    return _uniform(shape, rng, 2 / _fans(shape)[0])


def he_normal(shape: Shape, rng: np.random.Generator) -> np.ndarray:
    """Sample from N(0, s) with s = sqrt(2 / fan_in); source as for `he_uniform`."""
    return _normal(shape, rng, 2 / _fans(shape)[0])


def lecun_uniform(shape: Shape, rng: np.random.Generator) -> np.ndarray:
    """Sample from U(-l, l) with l = sqrt(3 / fan_in).

    Source: LeCun, Bottou, Orr and Müller, "Efficient backprop", 1998.
    """
    return _uniform(shape, rng, 1 / _fans(shape)[0])


def lecun_normal(shape: Shape, rng: np.random.Generator) -> np.ndarray:
    """Sample from N(0, s) with s = sqrt(1 / fan_in); source as for `lecun_uniform`."""
    return _normal(shape, rng, 1 / _fans(shape)[0])


def standard_normal(shape: Shape, rng: np.random.Generator) -> np.ndarray:
    """Sample from N(0, 1): the default of embeddings."""
    return rng.normal(0.0, 1.0, shape)


def normal(deviation: float = 0.01, mean: float = 0.0) -> Initializer:
    """Return an initialiser that samples from N(mean, deviation).

    Examples:
        >>> normal(0.1)((2, 3), np.random.default_rng(0)).shape
        (2, 3)
    """
    return lambda shape, rng: rng.normal(mean, deviation, shape)


def _fans(shape: Shape) -> tuple[int, int]:
    """Return fan_in and fan_out; more than two axes are a kernel's positions, then inputs and outputs."""
    if len(shape) < 2:
        return shape[0], shape[0]
    positions = math.prod(shape[:-2])
    return shape[-2] * positions, shape[-1] * positions


def _uniform(shape: Shape, rng: np.random.Generator, variance: float) -> np.ndarray:
    limit = math.sqrt(3 * variance)
    return rng.uniform(-limit, limit, shape)


def _normal(shape: Shape, rng: np.random.Generator, variance: float) -> np.ndarray:
    return rng.normal(0.0, math.sqrt(variance), shape)
