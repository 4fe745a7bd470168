"""Learning rates that change: each schedule is a function of the step, counted from 0.

An optimiser takes one wherever it takes a number: `optim.SGD(parameters, lr=schedules.cosine(0.1, 1000))`.
All but `warmup` equal the closed form of PyTorch's scheduler of that name.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Schedule = Callable[[int], float]


def constant(lr: float) -> Schedule:
    """Return the same rate at every step.

    Examples:
        >>> constant(0.1)(1000)
        0.1
    """
    return lambda step: lr  # noqa: ARG005 -- a schedule is a function of the step, even this one


def step_decay(lr: float, every: int, factor: float = 0.1) -> Schedule:
    """Return a rate that is multiplied by `factor` after each `every` steps.

    Examples:
        >>> [step_decay(1.0, 10, 0.5)(step) for step in (0, 9, 10, 25)]
        [1.0, 1.0, 0.5, 0.25]
    """
    return lambda step: lr * factor ** (step // every)


def exponential(lr: float, factor: float) -> Schedule:
    """Return a rate that is multiplied by `factor` after each step.

    Examples:
        >>> [exponential(1.0, 0.5)(step) for step in (0, 1, 2)]
        [1.0, 0.5, 0.25]
    """
    return lambda step: lr * factor**step


def cosine(lr: float, steps: int, end: float = 0.0) -> Schedule:
    """Return a rate that falls from `lr` to `end` over `steps`, along half a cosine, and stays there.

    Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017.

    Examples:
        >>> [round(cosine(1.0, 10)(step), 3) for step in (0, 5, 10, 20)]
        [1.0, 0.5, 0.0, 0.0]
    """
    return lambda step: end + (lr - end) * (1 + math.cos(math.pi * min(step / steps, 1.0))) / 2


def linear(lr: float, steps: int, end: float = 0.0) -> Schedule:
    """Return a rate that goes from `lr` to `end` over `steps` in a straight line, and stays there.

    Examples:
        >>> [linear(1.0, 10)(step) for step in (0, 5, 10, 20)]
        [1.0, 0.5, 0.0, 0.0]
    """
    return lambda step: lr + (end - lr) * min(step / steps, 1.0)


def warmup(schedule: float | Schedule, steps: int, start: float = 0.0) -> Schedule:
    """Return a schedule that first climbs from `start` times its first rate, over `steps`, and then begins.

    Examples:
        >>> [warmup(1.0, 4)(step) for step in (0, 1, 4, 100)]
        [0.0, 0.25, 1.0, 1.0]
    """
    after = schedule if callable(schedule) else constant(schedule)
    climb = linear(after(0) * start, steps, after(0))
    return lambda step: climb(step) if step < steps else after(step - steps)
