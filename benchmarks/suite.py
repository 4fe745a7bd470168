"""What is measured: the workloads, and the goals that we set ourselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Workload:
    """A row of the suite.

    Attributes:
        key: What `--only` takes.
        method: The engine's method that sets it up.
        part: Where the method gives several cases: which.
        collector: Whether Python's garbage collector runs.
        tolerance: How far a gradient may be from the hand-written one, relative to the largest.
    """

    key: str
    title: str
    method: str
    part: str | None = None
    collector: bool = True
    tolerance: float = 1e-9


WORKLOADS = (
    Workload("W1", "micrograd's network 2-16-16-1, 100 points, a Value per number", "w1"),
    Workload("W1-gc-off", "the same, Python's garbage collector off", "w1", collector=False),
    Workload("W1b", "a chain of 100,000 numbers, forward and backward", "w1b"),
    Workload("W2", "fitting a line, 65 points", "w2"),
    Workload("W3", "network 1-4-1 learning tanh, batch 64", "w3"),
    Workload("W3-wide", "the network 1-4-1, batch 1,000", "w3_wide"),
    Workload("W4", "network 784-256-256-10, batch 128, float32", "w4", tolerance=1e-3),
    Workload("W5-tanh", "second derivative of tanh", "w5", part="tanh''"),
    Workload("W5-hvp", "Hessian-vector product in 50 dimensions", "w5", part="hvp"),
)


@dataclass(frozen=True)
class Goal:
    """A limit on one figure of an engine.

    Attributes:
        figure: "ratio" to the engine named by `versus`, "node" (CPU seconds a node) or "step" (CPU seconds).
        aim: Whether it is a wish, and no promise.
    """

    workload: str
    engine: str
    figure: Literal["ratio", "node", "step"]
    limit: float
    versus: str = "numpy"
    aim: bool = False


GOALS = (
    Goal("W1", "chainrule", "node", 1.5e-6),
    Goal("W1", "chainrule-jit", "node", 60e-9),
    Goal("W1-gc-off", "chainrule", "ratio", 1 / 1.5, "micrograd"),
    Goal("W1b", "chainrule", "step", 0.3),
    *(
        Goal(workload, "chainrule-jit", "ratio", limit, versus)
        for workload in ("W2", "W3")
        for limit, versus in ((0.6, "numpy"), (1.1, "numpy-out"), (1.0, "jax"), (0.2, "torch"))
    ),
    Goal("W3", "chainrule-jit", "ratio", 0.35, aim=True),
    Goal("W3", "chainrule", "ratio", 2.2),
    Goal("W4", "chainrule", "ratio", 1.1),
    Goal("W4", "chainrule-jit", "ratio", 1.0),
    Goal("W4", "chainrule-jit", "ratio", 1.1, "jax"),
    Goal("W4", "chainrule-jit", "ratio", 1.1, "torch"),
)
