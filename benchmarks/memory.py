"""The memory of a training step at its peak, by engine: what it holds from step to step, and what it makes meanwhile."""

from __future__ import annotations

import gc
import tracemalloc
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.engines import prepare
from benchmarks.suite import WORKLOADS
from benchmarks.workloads import data_w4

if TYPE_CHECKING:
    from benchmarks.engines import Field
    from benchmarks.workloads import Engine

ENGINES = ("numpy", "numpy-out", "chainrule", "chainrule-jit")  # those whose buffers tracemalloc sees
_STEPS = 3


@dataclass(frozen=True)
class Peak:
    """One engine's peak, in bytes, beside that of plain NumPy."""

    engine: str
    bytes: int
    ratio: float


def peak(engine: Engine) -> int:
    """Return the most bytes that are in use during a step beside the data, the parameters and a copy of them."""
    [workload] = [each for each in WORKLOADS if each.key == "W4"]
    prepare(engine, workload).run(_STEPS)  # what is imported on the way is no part of a step
    gc.collect()
    tracemalloc.start()
    try:
        case = prepare(engine, workload)
        case.run(_STEPS)
        gc.collect()
        tracemalloc.reset_peak()
        case.run(_STEPS)
        return tracemalloc.get_traced_memory()[1] - _given()
    finally:
        tracemalloc.stop()


def peaks(field: Field) -> list[Peak]:
    """Measure the engines of the field that are seen."""
    measured = {
        name: peak(engine) for name in ENGINES if name in field.names and (engine := field.engine(name))
    }
    return [Peak(name, most, most / measured["numpy"]) for name, most in measured.items()]


def result(found: list[Peak]) -> list[dict[str, Any]]:
    """Return peaks as JSON data."""
    return [asdict(each) for each in found]


def _given() -> int:
    parameters, x, y, _ = data_w4()
    return x.nbytes + y.nbytes + 2 * sum(p.nbytes for p in parameters)
