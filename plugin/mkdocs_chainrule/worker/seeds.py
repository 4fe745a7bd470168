"""Random numbers that repeat from build to build."""

from __future__ import annotations

import random
import sys


class Seed:
    """The seed of a session, for what is loaded now and for what comes later."""

    def __init__(self) -> None:
        self._number = 0

    def sow(self, number: int) -> None:
        """Start `random`, `numpy.random` and the engine's Generator from `number`."""
        self._number = number
        random.seed(number)
        for package, sow in (("numpy", self.sow_numpy), ("chainrule", self.sow_engine)):
            if package in sys.modules:
                sow()

    def sow_numpy(self) -> None:
        """Start NumPy's legacy functions, which authors use."""
        import numpy as np  # noqa: PLC0415 - it is loaded

        np.random.seed(self._number % 2**32)  # noqa: NPY002 - see above

    def sow_engine(self) -> None:
        """Start the engine's Generator."""
        import chainrule  # noqa: PLC0415 - it is loaded

        chainrule.seed(self._number)
