"""This checkout beside another, in turn: what a change costs, on the workloads, at import and in whole builds.

Each checkout is a process of its own that waits to be told to run a chunk; a chunk of one and a chunk of the
other run one after the other, and what counts is the median of the ratios of such pairs, in CPU time.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rich.table import Table

from benchmarks.costs import IMPORT
from benchmarks.measure import summary
from benchmarks.sites import processes
from benchmarks.sites.builds import Site
from benchmarks.sites.scenarios import SCENARIOS
from benchmarks.suite import WORKLOADS
from benchmarks.tables import multiple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from benchmarks.measure import Timing
    from benchmarks.sites.scenarios import Scenario

HERE = Path(__file__).parents[1]
ENGINES = ("chainrule", "chainrule-jit")
SITES = {scenario.key: scenario for scenario in SCENARIOS}
CHUNK = 0.06  # CPU seconds
USUAL = (*(workload.key for workload in WORKLOADS), "import", "docs-cold", "docs-warm", "memory")
PARTS = (*USUAL, *SITES)

# What a side runs: it reads "prepare WORKLOAD ENGINE" and "run COUNT", and answers in CPU seconds.
RUNNER = """
import gc, json, sys, time
from benchmarks.threads import one_thread
one_thread()
from benchmarks import peers
from benchmarks.engines import prepare
from benchmarks.measure import Subject, _clock
from benchmarks.suite import WORKLOADS
for line in sys.stdin:
    word, *rest = line.split()
    try:
        if word == "prepare":
            workload = next(each for each in WORKLOADS if each.key == rest[0])
            case = prepare(peers.load(rest[1]), workload)
            subject = Subject(case.run, getattr(case, "unit", 1))
            subject.run(1)
            gc.enable() if workload.collector else gc.disable()
            answer = [_clock(subject, 1)]
        else:
            answer = [_clock(subject, int(rest[0]))]
    except Exception as error:
        answer = [None, repr(error)]
    print(json.dumps(answer), flush=True)
"""


@dataclass(frozen=True)
class Checkout:
    """A state of the project."""

    root: Path

    @property
    def environment(self) -> dict[str, str]:
        """What lets Python find this state, also before one that is installed."""
        path = os.pathsep.join(str(self.root / folder) for folder in ("engine", "plugin"))
        return {**processes.environment(), "PYTHONPATH": path}

    @contextmanager
    def runner(self) -> Iterator[Callable[[str], float]]:
        """Start a process that has this state loaded; yields what asks it."""
        with subprocess.Popen(
            [sys.executable, "-c", RUNNER],
            cwd=HERE,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:

            def ask(line: str) -> float:
                process.stdin.write(f"{line}\n")
                process.stdin.flush()
                seconds, *reason = json.loads(process.stdout.readline())
                if reason:
                    raise RuntimeError(reason[0])
                return seconds

            yield ask
            process.stdin.close()


def workload(ours: Checkout, theirs: Checkout, key: str, engine: str, pairs: int) -> Timing:
    """Run a workload in both, in turn."""
    with ExitStack() as stack:
        sides = [stack.enter_context(side.runner()) for side in (theirs, ours)]
        counts = [max(1, round(CHUNK / ask(f"prepare {key} {engine}"))) for ask in sides]
        for ask, count in zip(sides, counts, strict=True):
            ask(f"run {count}")
        times = [[ask(f"run {n}") for ask, n in zip(sides, counts, strict=True)] for _ in range(pairs)]
    return _paired(times)


def importing(ours: Checkout, theirs: Checkout, pairs: int) -> Timing:
    """Import Value and grad in fresh processes, NumPy being there."""

    def once(side: Checkout) -> float:
        command = [sys.executable, "-c", IMPORT.format(names="Value, grad")]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=side.environment)
        return json.loads(done.stdout)[0]

    return _paired([[once(theirs), once(ours)] for _ in range(pairs * 3)])


def docs(ours: Checkout, theirs: Checkout, pairs: int, *, warm: bool, stubs: tuple[str, ...]) -> Timing:
    """Build the other's documentation by both; pages that look inside the other's package are stubs."""
    with TemporaryDirectory() as folder:
        sites = [
            (side, _copy(theirs.root, Path(folder, name), stubs))
            for side, name in ((theirs, "theirs"), (ours, "ours"))
        ]
        for side, site in sites:
            _build(side, site)
        return _paired([[_build(side, site, cold=not warm) for side, site in sites] for _ in range(pairs)])


def memory(ours: Checkout, theirs: Checkout, pairs: int) -> Timing:
    """Build 1,000 pages that are stored, and compare what the build process held at most."""
    with TemporaryDirectory() as folder:
        site = Site(Path(folder), "chainrule", SITES["scale-1000"], "material", Path(sys.executable))

        def peak(side: Checkout) -> float:
            processes.run(
                site.command, site.folder, side.environment
            )  # fills the store: a state has its own keys
            return processes.run(site.command, site.folder, side.environment).memory

        return _paired([[peak(theirs), peak(ours)] for _ in range(max(1, pairs // 3))])


def generated(ours: Checkout, theirs: Checkout, scenario: Scenario, pairs: int) -> Timing:
    """Build a generated site by both, each with a store of its own."""
    with TemporaryDirectory() as folder:
        sites = [
            (side, Site(Path(folder, name), "chainrule", scenario, "material", Path(sys.executable)).folder)
            for side, name in ((theirs, "theirs"), (ours, "ours"))
        ]
        for side, site in sites:
            _build(side, site)
        return _paired(
            [[_build(side, site, cold=not scenario.warm) for side, site in sites] for _ in range(pairs)]
        )


def _copy(root: Path, folder: Path, stubs: tuple[str, ...]) -> Path:
    for name in ("docs", "engine", "plugin"):
        shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "mkdocs.yml", folder)
    for stub in stubs:
        (folder / "docs" / stub).write_text("# Left out\n", encoding="utf-8")
    return folder


def _build(side: Checkout, folder: Path, *, cold: bool = False) -> float:
    if cold:
        shutil.rmtree(folder / ".cache", ignore_errors=True)
    command = [str(Path(sys.executable).with_name("mkdocs")), "build", "--quiet"]
    return processes.run(command, folder, side.environment).cpu


def _paired(times: list[list[float]]) -> Timing:
    return summary([ours for _, ours in times], [ours / theirs for theirs, ours in times])


def against(
    console: Console, other: Path, only: list[str] | None, *, pairs: int, stubs: tuple[str, ...]
) -> None:
    """Print how this checkout compares with another."""
    ours, theirs = Checkout(HERE), Checkout(other.resolve())
    table = Table(title="this checkout over the other", title_justify="left")
    for head in ("what", "ratio", "quartiles"):
        table.add_column(head)
    with console.status("") as status:
        for part in USUAL if only is None else only:
            for name, timing in _measured(part, ours, theirs, pairs, stubs):
                status.update(name)
                table.add_row(name, multiple(timing.ratio), f"{timing.low:.3g}-{timing.high:.3g}")
    console.print(table)


def _measured(
    part: str, ours: Checkout, theirs: Checkout, pairs: int, stubs: tuple[str, ...]
) -> Iterator[tuple[str, Timing]]:
    if part == "import":
        yield part, importing(ours, theirs, pairs)
    elif part == "memory":
        yield part, memory(ours, theirs, pairs)
    elif part.startswith("docs"):
        yield part, docs(ours, theirs, pairs, warm=part == "docs-warm", stubs=stubs)
    elif part in SITES:
        yield part, generated(ours, theirs, SITES[part], pairs)
    else:
        for engine in ENGINES:
            try:
                yield f"{part} {engine}", workload(ours, theirs, part, engine, pairs)
            except RuntimeError:
                continue  # it does not do this workload
