"""What is around a block is the same in each build: seeds of what it imports, the size of its terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from building import mkdocs
from mkdocs_chainrule.run.pool import Pool
from projects import Project
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


@pytest.mark.parametrize("start", ["forkserver", "spawn"])
def test_the_projects_own_file_of_parameters_wins(tmp_path: Path, start: str) -> None:
    source = """
import matplotlib as mpl
names = ("lines.linewidth", "axes.facecolor", "font.size", "text.color")
print([mpl.rcParams[name] for name in names], mpl.rcParams["backend"].rpartition(".")[2])
mpl.rcdefaults()
print([mpl.rcParams[name] for name in names])
mpl.rc_file_defaults()
print([mpl.rcParams[name] for name in names])
"""
    theme, own = "[1.8, '#fdfeff', 10.0, '#0b0b0e']", "[{}.0, 'wheat', 8.0, '#0b0b0e']"
    file = "lines.linewidth: {}\naxes.facecolor: wheat\nfont.size: 8\nbackend: svg\n"
    pool = Pool(tmp_path, workers=1, start=start)
    for size in (None, 7, 8):
        if size:
            (tmp_path / "matplotlibrc").write_text(file.format(size), "utf-8")
        (output,) = pool.submit(session(source)).result(timeout=60)
        said = own.format(size) if size else theme
        assert text(output).splitlines() == [f"{said} backend", theme, said]
    pool.shutdown()


@pytest.mark.slow
@pytest.mark.parametrize("start", ["forkserver", "spawn"])
@pytest.mark.parametrize("variable", ["HOME", "MPLCONFIGDIR"])
def test_what_matplotlib_says_of_the_machine_is_in_the_log(tmp_path: Path, start: str, variable: str) -> None:
    project = Project(tmp_path)
    project.configure()
    page = "# P\n\n```autograd\n{}\nplt.plot([1, 2])\nimport logging\nlogging.warning('mine')\n```\n"
    project.page("index.md", page.format("import matplotlib.pyplot as plt"))
    project.page(
        "late.md", page.format("plt = __import__('importlib').import_module('matplot' + 'lib.pyplot')")
    )
    run = mkdocs("build", cwd=tmp_path, CHAINRULE_START=start, **{variable: "/dev/null/nowhere"})
    assert run.returncode == 0, run.stderr
    for name in ("index.html", "late/index.html"):
        html = project.html(name)
        assert "nowhere" not in html
        assert "temporary cache" not in html
        assert "WARNING:root:mine" in html
    said = [line for line in run.stderr.splitlines() if "Matplotlib" in line]
    assert said
    assert all(line.startswith("INFO    -  mkdocs_chainrule: Matplotlib: ") for line in said)
    assert len([line for line in said if "temporary cache" in line]) == 1
