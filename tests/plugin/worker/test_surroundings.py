"""What is around a block is the same in each build: seeds of what it imports, the size of its terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mkdocs_chainrule.run.pool import Pool
from sessions import fence, session, text

if TYPE_CHECKING:
    from pathlib import Path

FAKE_TORCH = """
state = []


def manual_seed(number):
    state.append(number)
"""


@pytest.mark.parametrize("start", ["forkserver", "spawn"])
def test_torch_is_seeded_where_it_is_imported(tmp_path: Path, start: str) -> None:
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch/__init__.py").write_text(FAKE_TORCH)
    pool = Pool(tmp_path, workers=1, start=start)
    blocks = session(
        "import sys; print('torch' in sys.modules)",
        fence("from torch import state; print(state)", 9),
        fence("print(state)", 14, seed=2**64 + 5),
        fence("print(state)", 20),
    )
    outputs = pool.submit(blocks).result(timeout=60)
    pool.shutdown()
    assert "".join(map(text, outputs)) == "False\n[0]\n[0, 5]\n[0, 5]\n"


def test_a_module_that_is_called_torch_and_is_another_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text("lit = True\n")
    pool = Pool(tmp_path, workers=1)
    (output,) = pool.submit(session("import torch\nprint(torch.lit)")).result(timeout=60)
    pool.shutdown()
    assert text(output) == "True\n"


@pytest.mark.parametrize("start", ["forkserver", "spawn"])
def test_what_is_printed_does_not_depend_on_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: str
) -> None:
    source = """
import argparse, os, shutil, subprocess, sys
from rich.console import Console
print(shutil.get_terminal_size(), os.environ["COLUMNS"])
Console().print("word " * 30)
parser = argparse.ArgumentParser("program")
parser.add_argument("--option", help="help " * 20)
parser.print_help()
size = "import shutil; print(shutil.get_terminal_size())"
print(subprocess.run([sys.executable, "-c", size], capture_output=True, text=True).stdout)
"""
    printed = []
    for size in ({"COLUMNS": "200", "LINES": "9"}, {"COLUMNS": "40"}, {}):
        for name in ("COLUMNS", "LINES"):
            monkeypatch.delenv(name, raising=False)
        for name, value in size.items():
            monkeypatch.setenv(name, value)
        pool = Pool(tmp_path, workers=1, start=start)
        (output,) = pool.submit(session(source)).result(timeout=60)
        pool.shutdown()
        assert output.failure is None
        printed.append(text(output))
    assert len(set(printed)) == 1
    assert "columns=80, lines=24" in printed[0]
