"""One step of a training: a batch in, the loss out, the parameters moved."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.optim import Optimizer

    Step = Callable[..., float]


def eager_step(model: Callable[[Any], Any], loss: Callable[..., Any], optimizer: Optimizer) -> Step:
    """Return a function of inputs and targets that makes one step and returns the loss before it.

    A loss that is not finite moves nothing.
    """

    def step(x: Any, *targets: Any) -> float:
        value = loss(model(x), *targets)
        number = float(value)
        if math.isfinite(number):
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
        return number

    return step
