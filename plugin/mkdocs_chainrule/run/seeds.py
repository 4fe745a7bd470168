"""Random numbers that repeat from build to build."""

from __future__ import annotations

import random
import sys


def seed(number: int) -> None:
    """Start `random`, `numpy.random` and the engine's Generator from `number`."""
    random.seed(number)
    if "numpy" in sys.modules:
        import numpy as np  # noqa: PLC0415 - loaded already

        np.random.seed(number % 2**32)  # noqa: NPY002 - authors use the legacy functions
    if "chainrule" in sys.modules:
        import chainrule  # noqa: PLC0415 - loaded already

        chainrule.seed(number)
