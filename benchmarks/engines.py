"""Engines beside plain NumPy, on the workloads of the suite."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import peers
from benchmarks.measure import Subject, Timing, paired
from benchmarks.suite import GOALS, Goal, Workload
from benchmarks.tables import NO_ADAPTER
from benchmarks.workloads import Case, Engine, Skip, loop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

CHAIN = 100_000


class WrongGradient(Exception):
    """An engine's first gradients are not the hand-written ones, so its time means nothing."""


@dataclass(frozen=True)
class Row:
    """One engine on one workload: its timing, or why it has none."""

    engine: str
    timing: Timing | None = None
    nodes: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Verdict:
    """A goal, and the figure that was measured; None where one of the two engines is missing."""

    goal: Goal
    measured: float | None

    @property
    def met(self) -> bool | None:
        """Whether the figure is within the limit."""
        return None if self.measured is None else self.measured <= self.goal.limit


class Field:
    """The engines that take part, each imported when it is first needed."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = list(dict.fromkeys(["numpy", *names]))
        self.missing: list[str] = []
        self._loaded: dict[str, Engine] = {}

    def engine(self, name: str) -> Engine | None:
        """Return an engine, or None where its library is not installed."""
        if name not in self._loaded and name not in self.missing:
            try:
                self._loaded[name] = peers.load(name)
            except ImportError:
                self.missing.append(name)
        return self._loaded.get(name)

    def versions(self) -> dict[str, str]:
        """Return the versions of the libraries that took part."""
        distributions = {engine.dist for engine in self._loaded.values()}
        return {name: metadata.version(name) for name in sorted(distributions)}


def prepare(engine: Engine, workload: Workload) -> Case:
    """Return the engine's case.

    Raises:
        Skip: The engine does not do this workload.
    """
    method: Any = getattr(engine, workload.method, None)
    if method is None:
        raise Skip(NO_ADAPTER)
    made: Any = method()
    if workload.part is not None:
        made = made[workload.part]
    if isinstance(made, Case):
        return made
    return Case(loop(made, [()]), lambda: [np.asarray(made())], CHAIN if workload.method == "w1b" else None)


def check(case: Case, expected: list[np.ndarray], tolerance: float) -> None:
    """Compare a case's first gradients with the hand-written ones.

    Raises:
        WrongGradient: They differ by more than the tolerance, relative to the largest.
    """
    ours, theirs = (np.concatenate([np.ravel(g) for g in each]) for each in (case.grads(), expected))
    error = np.abs(ours - theirs).max() / np.abs(theirs).max()
    if not error <= tolerance:
        raise WrongGradient(f"gradient off by {error:.1e}")


def race(
    field: Field, workload: Workload, *, pairs: int, chunk: float, tell: Callable[[str], object] = print
) -> tuple[list[Row], list[Verdict]]:
    """Measure every engine of the field on one workload, then what its goals need."""
    cases: dict[str, Case] = {}
    expected: list[np.ndarray] = []

    def against(name: str, versus: str) -> Timing:
        return paired(
            _subject(cases[name]),
            _subject(cases[versus]),
            pairs=pairs,
            chunk=chunk,
            collector=workload.collector,
        )

    def row(name: str, engine: Engine) -> Row:
        tell(f"{workload.key} {name}")
        try:
            case = prepare(engine, workload)
            expected[:] = expected or case.grads()
            check(case, expected, workload.tolerance)
            cases[name] = case
            return Row(name, against(name, "numpy"), case.scale)
        except Skip as reason:
            return Row(name, reason=str(reason))
        except Exception as error:  # noqa: BLE001 - a peer that fails is a result
            return Row(name, reason=str(error) if isinstance(error, WrongGradient) else type(error).__name__)

    rows = [row(name, engine) for name in field.names if (engine := field.engine(name))]
    timed = {row.engine: row for row in rows if row.timing}

    def figure(goal: Goal) -> float | None:
        if goal.engine not in timed or (goal.figure == "ratio" and goal.versus not in timed):
            return None
        ours = timed[goal.engine]
        if goal.figure == "step":
            return ours.timing.seconds
        if goal.figure == "node":
            return ours.timing.seconds / ours.nodes
        return ours.timing.ratio if goal.versus == "numpy" else against(goal.engine, goal.versus).ratio

    return rows, [Verdict(goal, figure(goal)) for goal in GOALS if goal.workload == workload.key]


def _subject(case: Case) -> Subject:
    return Subject(case.run, getattr(case, "unit", 1))
