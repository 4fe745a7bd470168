"""Run other libraries' own tests on Chainrule, by a shim that only renames, and say what came of each.

Their sources are read from a checkout that the user made, at a pinned commit; nothing of them is copied.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

KINDS = ("passed", "failed", "not offered", "shim's limit", "skipped")
ROOT = Path(__file__).resolve().parents[1]
TIME_LIMIT = 900  # seconds for a file of tests
RUN = """
import json, pytest, sys
from benchmarks.shims import Record
record = Record()
pytest.main(["-q", "-c", "own.ini", "-p", sys.argv[1], "-p", "no:cacheprovider", *sys.argv[3:]], plugins=[record])
open(sys.argv[2], "w").write(json.dumps(record.outcomes))
"""


@dataclass(frozen=True)
class Suite:
    """A library's tests.

    Attributes:
        commit: Of the library's repository.
        shim: The plugin of pytest that renames.
        files: The files of tests that are run.
        left_out: What is not asked for, by file, with the reason.
    """

    commit: str
    shim: str
    files: tuple[str, ...]
    left_out: Mapping[str, str]


SUITES = {
    "hips": Suite(
        "bff107b",
        "benchmarks.shims.hips",
        tuple(
            f"tests/test_{name}.py"
            for name in (
                *("binary_ops", "builtins", "core", "dict", "direct", "graphs", "jacobian", "linalg", "list"),
                *("logic", "misc", "numpy", "scalar_ops", "scipy", "systematic", "tests", "truediv", "tuple"),
                *("ufunc_dispatch", "vspaces", "wrappers"),
            )
        ),
        {"tests/test_complex.py": "complex numbers", "tests/test_fft.py": "complex numbers"},
    ),
}


def kind(outcome: str) -> str:
    """Return what an outcome counts as.

    Examples:
        >>> kind("passed"), kind("InternalError: autograd.core.vspace"), kind("AssertionError: 1 != 2")
        ('passed', "shim's limit", 'failed')
    """
    error = outcome.partition(":")[0]
    kinds = {"passed": "passed", "Skipped": "skipped", "InternalError": "shim's limit"}
    not_offered = error in {"NotOfferedError", "UnsupportedError"} or "has no name" in outcome
    return kinds.get(error) or ("not offered" if not_offered else "failed")


def run(suite: Suite, checkout: Path, engine: Path) -> dict[str, str]:
    """Run a suite's tests on an engine, file by file, and return each test's outcome."""
    outcomes: dict[str, str] = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        _unpack(checkout, suite.commit, folder)
        (folder / "own.ini").write_text("[pytest]\n", "utf-8")  # theirs may ask for plugins
        path = os.pathsep.join(map(str, (ROOT, engine, folder / "tests")))
        surroundings = {**os.environ, "PYTHONPATH": path, "PYTHONSAFEPATH": "1", "SHIM_CHECKOUT": str(folder)}
        for file in suite.files:
            report = folder / "report.json"
            report.unlink(missing_ok=True)
            command = [sys.executable, "-c", RUN, suite.shim, str(report), file]
            try:
                subprocess.run(
                    command,
                    cwd=folder,
                    env=surroundings,
                    capture_output=True,
                    check=False,
                    timeout=TIME_LIMIT,
                )
            except subprocess.TimeoutExpired:
                outcomes[file] = f"TimeoutError: over {TIME_LIMIT} s"
            outcomes |= (
                json.loads(report.read_text("utf-8")) if report.exists() else {file: "collection: no report"}
            )
    return outcomes


def _unpack(checkout: Path, commit: str, folder: Path) -> None:
    with TemporaryFile() as archive:
        subprocess.run(["git", "-C", str(checkout), "archive", commit], check=True, stdout=archive)
        archive.seek(0)
        with tarfile.open(fileobj=archive) as opened:
            opened.extractall(folder, filter="data")


def report(console: Console, name: str, checkout: Path, other: Path | None) -> None:
    """Print what came of a suite here and, if it is given, on the engine of another checkout of ours."""
    suite = SUITES[name]
    engines = {"here": ROOT / "engine", **({"other": other / "engine"} if other else {})}
    found = {where: run(suite, checkout, engine) for where, engine in engines.items()}
    table = Table(title=f"{name} at {suite.commit}", title_justify="left")
    table.add_column("file")
    for where in found:
        for counted in KINDS:
            table.add_column(counted if where == "here" else f"{counted}, {where}", justify="right")
    for file in (*suite.files, "all"):
        cells = []
        for outcomes in found.values():
            kinds = Counter(
                kind(said) for test, said in outcomes.items() if file == "all" or test.startswith(file)
            )
            cells += [str(kinds[each]) for each in KINDS]
        table.add_row(file, *cells)
    console.print(table)
    for file, reason in suite.left_out.items():
        console.print(f"{file} is left out: {reason}", highlight=False)
    reasons: dict[str, list[str]] = {}
    for test, said in found["here"].items():
        if said != "passed":
            reasons.setdefault(said, []).append(test)
    for said, tests in sorted(reasons.items(), key=lambda item: -len(item[1])):
        console.print(f"{len(tests)} {said[:200]}", markup=False, highlight=False, soft_wrap=True)
        console.print(
            f"    {', '.join(test.rpartition('::')[2] for test in tests)}", markup=False, soft_wrap=True
        )
