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

KINDS = ("passed", "failed", "not offered", "shim's limit", "left out")
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
        left_out: What is not asked for, by file or by test, with the reason.
        apart: The file without which there is a sum besides.
    """

    commit: str
    shim: str
    files: tuple[str, ...]
    left_out: Mapping[str, str]
    apart: str = ""


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
        {
            "tests/test_complex.py": "complex numbers",
            "tests/test_fft.py": "complex numbers",
            "tests/test_direct.py::test_holomorphic_grad": "complex numbers",
            "tests/test_graphs.py::test_complex_mutating_outgrad_from_indexing": "complex numbers",
            "tests/test_linalg.py::test_eig_real": "complex eigenvalues",
            "tests/test_misc.py::test_flatten_complex": "complex numbers",
            "tests/test_vspaces.py::test_array_vspace_complex": "complex numbers",
            "tests/test_wrappers.py::test_dtypes": "complex numbers",
        },
        apart="tests/test_scipy.py",
    ),
    "micrograd": Suite("c911406", "benchmarks.shims.micrograd", ("test/test_engine.py",), {}),
    "tinygrad": Suite(
        "a9069c1",
        "benchmarks.shims.tinygrad",
        ("test/backend/test_ops.py",),
        {"tests of conv and pool": "made of windows here"},
    ),
    # the release 0.30.3, but for its number
    "lifelines": Suite("ad023a0", "benchmarks.shims.lifelines", ("test_fits.py",), {}),
}


def kind(outcome: str) -> str:
    """Return what an outcome counts as.

    Examples:
        >>> kind("passed"), kind("InternalError: autograd.core.vspace"), kind("AssertionError: 1 != 2")
        ('passed', "shim's limit", 'failed')
    """
    error = outcome.partition(":")[0]
    kinds = {"passed": "passed", "Skipped": "left out", "InternalError": "shim's limit"}
    not_offered = error in {"NotOfferedError", "UnsupportedError"} or "has no name" in outcome
    return kinds.get(error) or ("not offered" if not_offered else "failed")


def run(suite: Suite, checkout: Path, engine: Path) -> dict[str, str]:
    """Run a suite's tests on an engine, file by file, and return each test's outcome."""
    outcomes: dict[str, str] = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        unpack(checkout, suite.commit, folder)
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
    left_out = {test: f"Skipped: {reason}" for test, reason in suite.left_out.items() if test in outcomes}
    return outcomes | left_out


def unpack(checkout: Path, commit: str, folder: Path) -> None:
    """Put what a repository holds at a commit into a folder."""
    with TemporaryFile() as archive:
        subprocess.run(["git", "-C", str(checkout), "archive", commit], check=True, stdout=archive)
        archive.seek(0)
        with tarfile.open(fileobj=archive) as opened:
            opened.extractall(folder, filter="data")


def share(kinds: Mapping[str, int]) -> str:
    """Return how many of a hundred passed of what was asked: what no shim can stand for was not.

    Examples:
        >>> share({"passed": 9, "failed": 1, "shim's limit": 5}), share({"left out": 3})
        ('90', '')
    """
    asked = sum(kinds.get(each, 0) for each in ("passed", "failed", "not offered"))
    return f"{100 * kinds.get('passed', 0) / asked:.0f}" if asked else ""


def _table(title: str, suite: Suite, outcomes: Mapping[str, str]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("file", no_wrap=True)
    for counted in (*KINDS, "% of asked"):
        table.add_column(counted, justify="right")
    sums = {file: (file,) for file in suite.files} | {"all": suite.files}
    if suite.apart:
        sums[f"all but {suite.apart}"] = tuple(file for file in suite.files if file != suite.apart)
    for row, files in sums.items():
        kinds = Counter(kind(said) for test, said in outcomes.items() if test.startswith(files))
        table.add_row(row, *(str(kinds[each]) for each in KINDS), share(kinds))
    return table


def report(console: Console, name: str, checkout: Path, other: Path | None) -> None:
    """Print what came of a suite here and, if it is given, on the engine of another checkout of ours."""
    suite = SUITES[name]
    engines = {"here": ROOT / "engine", **({"other": other / "engine"} if other else {})}
    found = {where: run(suite, checkout, engine) for where, engine in engines.items()}
    for where, outcomes in found.items():
        title = f"{name} at {suite.commit}{f', {where}' * (len(found) > 1)}"
        console.print(_table(title, suite, outcomes))
    for file, reason in suite.left_out.items():
        if "::" not in file:
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
