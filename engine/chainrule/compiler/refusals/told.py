"""What a function tells NumPy and Python to do about numbers that are no good: raise, call, keep the warning.

The numbers of a program are others than those of its trace, and it has neither the `with` nor the `except`
around them: it ignores what NumPy would warn of. So what is told within the function is refused.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.compiler.places import place

if TYPE_CHECKING:
    from collections.abc import Callable


class Told:
    """What was to be done about errors and warnings when a trace began."""

    def __init__(self) -> None:
        self._before = _now()

    def check(self, noted: Callable[[str], Exception]) -> None:
        """Refuse an operation that is done under other rules.

        Raises:
            TraceError: The function would hear of numbers, and its program would not.
        """
        before, now = self._before, _now()
        if now[0] <= before[0] and now[1] is before[1]:
            return
        what = "raise an error for some numbers" if now[1] is before[1] else "keep its warnings"
        raise noted(
            f"jit: NumPy was told to {what}{place()}, of which the program knows nothing. Choose by "
            f"np.where(condition, a, b), or look at what the jitted function returns."
        )


def _now() -> tuple[set[Any], Any]:
    raising = {kind for kind, mode in np.geterr().items() if mode in ("raise", "call", "log")}
    actions = (each[0] for each in warnings.filters if issubclass(RuntimeWarning, each[2]))
    if next(actions, "default") == "error":
        raising.add("warnings")
    return raising, getattr(warnings, "_showwarnmsg_impl", None)
