"""What a page pays that imports the engine, and that trains: in fresh processes, the collector as it comes."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from statistics import median

IMPORT = """
import json, sys, time
import numpy
start = time.process_time()
from chainrule import {names}
print(json.dumps([time.process_time() - start, "matplotlib" in sys.modules]))
"""

TANH = """
import json, time
import numpy as np
from chainrule import fit, mse, nn, optim, relu

def batch(rng):
    x = rng.normal(0, 5, (64, 1))
    return x, np.tanh(x)

model = nn.Sequential(nn.Linear(1, 4), relu, nn.Linear(4, 1), np.tanh)
start, cpu = time.perf_counter(), time.process_time()
history = fit(model, batch, loss=mse, optimizer=optim.SGD(lr=0.01), epochs=100, iterations=100, seed=0)
wall, cpu = time.perf_counter() - start, time.process_time() - cpu
print(json.dumps([wall, cpu, float(np.mean(history.losses[-100:])), len(history.losses)]))
"""

SPIRALS = """
import json, time
import numpy as np
from chainrule import accuracy, cross_entropy, fit, nn, optim, relu

turns, radius, rng = np.arange(3), np.linspace(0.05, 1, 200), np.random.default_rng(0)
angle = turns[:, None] * 2 * np.pi / 3 + 4 * radius + rng.normal(0, 0.15, (3, 200))
x = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=-1).reshape(-1, 2)
y = np.repeat(turns, 200)

model = nn.Sequential(nn.Linear(2, 64, rng=0), relu, nn.Linear(64, 64, rng=1), relu, nn.Linear(64, 3, rng=2))
reached = lambda history: history.metrics["accuracy"][-1] >= 0.98
start, cpu = time.perf_counter(), time.process_time()
history = fit(model, (x, y), loss=cross_entropy, optimizer=optim.Adam(lr=0.01), epochs=1000, batch_size=64,
              metrics=[accuracy], callbacks=[reached], seed=0)
wall, cpu = time.perf_counter() - start, time.process_time() - cpu
print(json.dumps([wall, cpu, float(history.metrics["accuracy"][-1]), len(history.losses)]))
"""


@dataclass(frozen=True)
class Cost:
    """One figure in seconds, beside its goal if it has one, and what it led to."""

    key: str
    title: str
    seconds: float
    limit: float | None
    note: str

    @property
    def met(self) -> bool | None:
        """Whether it is within the goal; None where there is none."""
        return None if self.limit is None else self.seconds <= self.limit


def imports(runs: int) -> Cost:
    """Measure what a page pays for the Value and its gradients, over NumPy's own import."""
    return _imports("import", "import of Value and grad, over NumPy's own", "Value, grad", 0.04, runs)


def all_imports(runs: int) -> Cost:
    """Measure what it costs to import every public name: layers, `fit` and `jit` too."""
    return _imports("import-all", "import of every public name, over NumPy's own", "*", None, runs)


def _imports(key: str, title: str, names: str, limit: float | None, runs: int) -> Cost:
    found = [_python(IMPORT.format(names=names)) for _ in range(runs)]
    loaded = any(matplotlib for _, matplotlib in found)
    note = "Matplotlib is imported" if loaded else "Matplotlib is not imported"
    return Cost(key, title, median(seconds for seconds, _ in found), limit, note)


def tanh_network(runs: int) -> Cost:
    """Measure the notebook's tanh network by `fit`: 10,000 steps."""
    found = [_python(TANH) for _ in range(runs)]
    _, _, loss, steps = found[0]
    seconds = median(cpu for _, cpu, *_ in found)
    return Cost("fit", "tanh network 1-4-1, by fit", seconds, 0.5, f"{steps:,} steps, loss {loss:.2g}")


def spirals(runs: int) -> Cost:
    """Measure three spirals until 98 % of the points are right."""
    found = [_python(SPIRALS) for _ in range(runs)]
    _, _, accuracy, steps = found[0]
    seconds = median(cpu for _, cpu, *_ in found)
    note = f"{steps:,} steps, {accuracy:.1%} right"
    if accuracy < 0.98:
        return Cost("spirals", "three spirals, 2-64-64-3", float("inf"), 5.0, note)
    return Cost("spirals", "three spirals, 2-64-64-3", seconds, 5.0, note)


COSTS = {"import": imports, "import-all": all_imports, "fit": tanh_network, "spirals": spirals}


def _python(code: str) -> list:
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)
