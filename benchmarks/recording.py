"""What `fit` pays for the replay that it keeps: the recorder's share of a training, beside all the rest of it.

Both are measured in one run, by one clock, so that a machine that is busy slows them alike.
"""

from __future__ import annotations

from functools import partial
from statistics import median
from time import process_time
from typing import TYPE_CHECKING

import numpy as np

from chainrule import cross_entropy, fit, mse, nn, optim, relu
from chainrule.training.snapshots import Snapshots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIMIT = 0.03


def tanh(steps: int) -> None:
    """Train the notebook's network, the steps of which are as short as any."""

    def batch(rng):
        x = rng.normal(0, 5, (64, 1))
        return x, np.tanh(x)

    model = nn.Sequential(nn.Linear(1, 4, rng=0), relu, nn.Linear(4, 1, rng=1), np.tanh)
    fit(model, batch, loss=mse, optimizer=optim.SGD(lr=0.01), iterations=steps, seed=0)


def spirals(steps: int) -> None:
    """Train a classifier of points on three spirals."""
    turns, radius, rng = np.arange(3), np.linspace(0.05, 1, 200), np.random.default_rng(0)
    angle = turns[:, None] * 2 * np.pi / 3 + 4 * radius + rng.normal(0, 0.15, (3, 200))
    x = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=-1).reshape(-1, 2)
    y, model = np.repeat(turns, 200), nn.MLP(2, [64, 64, 3], rng=0)
    adam = optim.Adam(lr=0.01)
    fit(model, (x, y), loss=cross_entropy, optimizer=adam, iterations=steps, batch_size=64, seed=0)


TRAININGS = {"1-4-1 network": tanh, "2-64-64-3 network": spirals}


def share(train: Callable[[], None]) -> float:
    """Return the time that a training spends on its recorder, over all other time of it."""
    spent = [0.0]

    def timed(method):
        def run(*arguments):
            before, start = spent[0], process_time()
            try:
                return method(*arguments)
            finally:
                spent[0] = before + process_time() - start  # what it called is part of it

        return run

    own = {name: getattr(Snapshots, name) for name in ("__init__", "see", "take", "end")}
    try:
        for name, method in own.items():
            setattr(Snapshots, name, timed(method))
        start = process_time()
        train()
        whole = process_time() - start
    finally:
        for name, method in own.items():
            setattr(Snapshots, name, method)
    return spent[0] / (whole - spent[0])


def report(runs: int = 9) -> Iterator[str]:
    """Yield a line for each training and each of some lengths."""
    for name, train in TRAININGS.items():
        for steps in (300, 1000, 10_000):
            found = [share(partial(train, steps)) for _ in range(runs)]
            met = "within" if median(found) <= LIMIT else "above"
            yield f"{name}, {steps:,} steps: {median(found):.1%} ({min(found):.1%} to {max(found):.1%}), {met} {LIMIT:.0%}"


if __name__ == "__main__":
    for line in report():
        print(line)
