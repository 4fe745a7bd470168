"""Run parts of the suite, print their tables, keep their results."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from benchmarks import memory, record
from benchmarks.costs import COSTS
from benchmarks.engines import Field, race
from benchmarks.peers import PEERS
from benchmarks.suite import WORKLOADS
from benchmarks.tables import cost_table, goal_table, memory_table, race_table

if TYPE_CHECKING:
    from rich.console import Console

    from benchmarks.costs import Cost
    from benchmarks.engines import Row, Verdict

PARTS = (*(workload.key for workload in WORKLOADS), *COSTS, "memory")
OURS = ("numpy", "numpy-out", "chainrule", "chainrule-jit")


def engines(
    console: Console,
    only: list[str] | None,
    peers: list[str] | None,
    *,
    pairs: int,
    chunk: float,
    save: bool,
) -> None:
    """Print the engine tables, and the goals beside what was measured."""
    field = Field(PEERS if peers is None else [*OURS, *peers])
    verdicts: list[Verdict] = []
    kept: list[dict[str, Any]] = []
    with console.status("") as status:
        for workload in WORKLOADS:
            if only is not None and workload.key not in only:
                continue
            rows, reached = race(field, workload, pairs=pairs, chunk=chunk, tell=status.update)
            verdicts += reached
            kept.append(workload_result(workload.key, workload.title, rows))
            console.print(race_table(workload, rows))
    peaks = memory.peaks(field) if only is None or "memory" in only else []
    if peaks:
        console.print(memory_table(peaks))
    costs = measure_costs(only, pairs)
    if costs:
        console.print(cost_table(costs))
    if verdicts:
        console.print(goal_table(verdicts))
    if field.missing:
        console.print(f"not installed, left out: {', '.join(field.missing)} (the extra 'bench' brings them)")
    if save:
        result = {
            "pairs": pairs,
            "workloads": kept,
            "goals": [verdict_result(v) for v in verdicts],
            "memory": memory.result(peaks),
            "costs": [{**asdict(cost), "met": cost.met} for cost in costs],
        }
        record.save("engines", result, field.versions())


def measure_costs(only: list[str] | None, runs: int) -> list[Cost]:
    """Measure what importing and fitting cost, those that are asked for."""
    return [cost(runs) for key, cost in COSTS.items() if only is None or key in only]


def workload_result(key: str, title: str, rows: list[Row]) -> dict[str, Any]:
    """Return one workload's rows as JSON data."""
    return {"key": key, "title": title, "rows": [asdict(row) for row in rows]}


def verdict_result(verdict: Verdict) -> dict[str, Any]:
    """Return a goal and its figure as JSON data."""
    return {**asdict(verdict.goal), "measured": verdict.measured, "met": verdict.met}
