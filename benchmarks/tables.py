"""Results as tables on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from benchmarks.costs import Cost
    from benchmarks.engines import Row, Verdict
    from benchmarks.memory import Peak
    from benchmarks.suite import Goal, Workload

NO_ADAPTER = "no adapter"  # the engine cannot express it
OUTCOME = {True: "met", False: "missed", None: "not measured"}
AIM = {True: "reached", False: "an aim", None: "not measured"}
REPORTED = {True: "met", False: "missed", None: ""}
UNITS = ((1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


def duration(seconds: float) -> str:
    """Return a time in three digits and a unit that fits.

    Example:
        >>> duration(0.0142), duration(1.2e-8)
        ('14.2 ms', '12 ns')
    """
    size, unit = next((each for each in UNITS if abs(seconds) >= each[0]), UNITS[-1])
    return f"{seconds / size:.3g} {unit}"


def multiple(ratio: float) -> str:
    """Return a ratio in three digits.

    Example:
        >>> multiple(0.5512), multiple(24811.0)
        ('0.551×', '24,800×')
    """
    return f"{float(f'{ratio:.3g}'):,g}×"


def mebibytes(size: int) -> str:
    """Return a size in three digits, without its unit.

    Example:
        >>> mebibytes(3_456_789)
        '3.3'
    """
    return f"{size / 2**20:.3g}"


def race_table(workload: Workload, rows: list[Row]) -> Table:
    """Return the engines on one workload."""
    nodes = any(row.nodes for row in rows)
    table = Table(title=f"{workload.key}: {workload.title}", title_justify="left")
    table.add_column("engine")
    for head in ("CPU per step", "× plain NumPy", "quartiles", *(["per node"] if nodes else [])):
        table.add_column(head, justify="right")
    for row in rows:
        if row.reason == NO_ADAPTER:
            continue
        table.add_row(*race_cells(row, nodes=nodes))
    return table


def race_cells(row: Row, *, nodes: bool) -> list[str]:
    """Return one engine's row, as texts."""
    if row.timing is None:
        return [row.engine, "-", row.reason]
    t = row.timing
    cells = [row.engine, duration(t.seconds), multiple(t.ratio), f"{t.low:.3g}-{t.high:.3g}"]
    return [*cells, duration(t.seconds / row.nodes) if row.nodes else ""] if nodes else cells


def memory_table(peaks: list[Peak]) -> Table:
    """Return the peaks of memory, by engine."""
    table = Table(title="Memory of a W4 step at its peak", title_justify="left")
    for head in ("engine", "MiB", "× plain NumPy"):
        table.add_column(head, justify="left" if head == "engine" else "right")
    for each in peaks:
        table.add_row(each.engine, mebibytes(each.bytes), multiple(each.ratio))
    return table


def cost_table(costs: list[Cost]) -> Table:
    """Return what importing and fitting cost."""
    table = Table(title="CPU time in a fresh process", title_justify="left")
    for head in ("what", "measured", "goal", "", "note"):
        table.add_column(head)
    for cost in costs:
        goal = "" if cost.limit is None else f"≤ {duration(cost.limit)}"
        table.add_row(cost.title, duration(cost.seconds), goal, REPORTED[cost.met], cost.note)
    return table


def goal_table(verdicts: list[Verdict]) -> Table:
    """Return goals beside what was measured."""
    table = Table(title="goals", title_justify="left")
    for head in ("workload", "goal", "measured", ""):
        table.add_column(head)
    for verdict in verdicts:
        table.add_row(*goal_cells(verdict))
    return table


def goal_cells(verdict: Verdict) -> list[str]:
    """Return one goal's row, as texts."""
    goal = verdict.goal
    measured = "-" if verdict.measured is None else _figure(goal, verdict.measured)
    outcome = (AIM if goal.aim else OUTCOME)[verdict.met]
    return [goal.workload, f"{goal.engine} ≤ {limit(goal)}", measured, outcome]


def limit(goal: Goal) -> str:
    """Return a goal's limit in words."""
    named = _figure(goal, goal.limit)
    return named + {"ratio": f" {goal.versus}", "node": " a node", "step": " a step"}[goal.figure]


def _figure(goal: Goal, value: float) -> str:
    return multiple(value) if goal.figure == "ratio" else duration(value)
