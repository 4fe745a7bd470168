"""The Generator that initialisers and `fit` draw from unless they are given another."""

from __future__ import annotations

import numpy as np

rng = np.random.default_rng(0)


def seed(n: int) -> None:
    """Restart `chainrule.rng`, the same Generator object, from a seed.

    Example:
        >>> import chainrule
        >>> chainrule.seed(7)
        >>> first = chainrule.rng.normal()
        >>> chainrule.seed(7)
        >>> chainrule.rng.normal() == first
        True
    """
    rng.bit_generator.state = np.random.default_rng(n).bit_generator.state
