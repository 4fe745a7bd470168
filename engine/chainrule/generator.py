"""The Generator that initialisers and `fit` sample from unless they are given another."""

from __future__ import annotations

import numpy as np

Seed = np.random.Generator | int | None

rng = np.random.default_rng(0)


def seed(n: int) -> None:
    """Restart `chainrule.rng`, the same Generator object, from a seed.

    Examples:
        >>> import chainrule
        >>> chainrule.seed(7)
        >>> first = chainrule.rng.normal()
        >>> chainrule.seed(7)
        >>> chainrule.rng.normal() == first
        True
    """
    rng.bit_generator.state = np.random.default_rng(n).bit_generator.state


def generator(seed: Seed = None) -> np.random.Generator:
    """Return the Generator that is meant: itself, a new one from a seed, or `chainrule.rng` for None.

    Examples:
        >>> generator(3).normal() == np.random.default_rng(3).normal()
        True
    """
    if seed is None:
        return rng
    return seed if isinstance(seed, np.random.Generator) else np.random.default_rng(seed)
