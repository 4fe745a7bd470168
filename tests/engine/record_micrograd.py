"""Record how micrograd trains its demo network, for test_micrograd.py.

    python tests/engine/record_micrograd.py > tests/engine/recorded_micrograd.json

It wants micrograd==0.1.0 and NumPy in the Python that runs it; the test wants only its output.
"""

from __future__ import annotations

import json
import math
import random
import sys

import numpy as np

POINTS, STEPS = 30, 10


def moons():
    """Return two half circles of points, and -1 or 1 for each."""
    rng = np.random.default_rng(1337)
    angles = rng.uniform(0, math.pi, POINTS // 2)
    upper = np.c_[np.cos(angles), np.sin(angles)]
    lower = np.c_[1 - np.cos(angles), 0.5 - np.sin(angles)]
    return np.concatenate([upper, lower]) + rng.normal(0, 0.1, (POINTS, 2)), np.repeat([-1, 1], POINTS // 2)


def loss_of(model, x, y):
    """Return micrograd's max-margin loss with its L2 penalty, and the share of points that are right."""
    from micrograd.engine import Value

    scores = [model(list(map(Value, row))) for row in x]
    losses = [(1 + -yi * score).relu() for yi, score in zip(y, scores, strict=True)]
    total = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())
    return total, sum(bool((yi > 0) == (s.data > 0)) for yi, s in zip(y, scores, strict=True)) / len(y)


def main():
    """Write data, parameters and losses as JSON."""
    from micrograd.nn import MLP

    random.seed(1337)
    model = MLP(2, [16, 16, 1])
    x, y = moons()
    record = {"x": x.tolist(), "y": y.tolist(), "parameters": [p.data for p in model.parameters()]}
    record |= {"losses": [], "accuracies": []}
    for step in range(STEPS):
        loss, accuracy = loss_of(model, x, y)
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= (1.0 - 0.9 * step / 100) * p.grad
        record["losses"].append(float(loss.data))
        record["accuracies"].append(accuracy)
    record["trained"] = [float(p.data) for p in model.parameters()]
    json.dump(record, sys.stdout, separators=(",", ":"))


if __name__ == "__main__":
    main()
