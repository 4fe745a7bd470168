"""W3 with batches of 1,000 points: there the order of numbers in memory weighs, and the calls of NumPy do not."""

from __future__ import annotations

import numpy as np

from benchmarks.workloads import data_w3


def data_w3_wide():
    parameters, _, _, rate = data_w3()
    x = np.random.default_rng(31).normal(-5, 5, (10, 1000, 1))
    return parameters, x, np.tanh(x), rate
