"""CONTRIBUTING's own example, pasted into a scratch copy of the project: the engine's tests stay green."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from building import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

# Those that ask of every primitive, or of all names there are.
TESTS = ("primitives", "tape_graph", "value", "formula", "graph", "transforms", "compiler")


def scratch_copy(folder: Path) -> Path:
    ignored = shutil.ignore_patterns("__pycache__", "node_modules", "*.egg-info")
    for name in ("engine", "plugin", "tests", "benchmarks"):
        shutil.copytree(REPOSITORY / name, folder / name, ignore=ignored)
    shutil.copy(REPOSITORY / "pyproject.toml", folder)
    return folder


@pytest.mark.slow
def test_the_example_of_a_primitive_works_as_it_is_written(tmp_path):
    guide = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = guide.partition("## Adding a primitive")[2]
    entry, row = re.findall(r"```python\n(.*?)```", section, re.DOTALL)[:2]
    name = entry.partition(" = ")[0]
    copy = scratch_copy(tmp_path)
    table = copy / "engine" / "chainrule" / "primitives" / "elementwise.py"
    table.write_text(table.read_text(encoding="utf-8") + entry, encoding="utf-8")
    rows = copy / "tests" / "engine" / "primitives" / "test_primitives.py"
    before, start, after = rows.read_text(encoding="utf-8").partition("ROWS = [\n")
    rows.write_text(f"{before}{start}    {row.strip()},\n{after}", encoding="utf-8")

    paths = os.pathsep.join([str(copy / "engine"), str(copy / "plugin")])
    # Not as in CI: the copy has no Node packages, and what asks for them is to be skipped.
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", *(f"tests/engine/{name}" for name in TESTS)],
        cwd=copy,
        env={**environment, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert f"[{name}]" in done.stdout
