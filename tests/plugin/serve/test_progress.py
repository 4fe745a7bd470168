"""While blocks run, a terminal shows a bar that names them, and a log names the slow ones."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from concurrent.futures import Future
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

import pytest

from mkdocs_chainrule.run.pool import RunningBlock
from mkdocs_chainrule.serve import progress
from mkdocs_chainrule.session.block import Place

if TYPE_CHECKING:
    from projects import Project

LOOP = '# Loop\n\n```autograd timeout="4"\nwhile True:\n    pass\n```\n'


@pytest.mark.slow
def test_a_bar_names_the_page_and_the_block_that_hangs(project: Project) -> None:
    project.page("index.md", LOOP)
    shown = on_a_terminal(project)
    assert "Running" in shown
    assert "0/1" in shown
    assert "docs/index.md:3 for 2 s" in shown
    assert shown.index("docs/index.md:3 for 2 s") < shown.index("ran longer than 4 s")


def on_a_terminal(project: Project) -> str:
    """Build in a pseudo-terminal, and return all that it showed."""
    controller, terminal = pty.openpty()
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "TERM": "xterm", "COLUMNS": "120"}
    script = Path(sys.executable).with_name("mkdocs")
    with subprocess.Popen(
        [script, "build"], cwd=project.root, env=environment, stdin=terminal, stdout=terminal, stderr=terminal
    ):
        os.close(terminal)
        shown = b""
        try:
            while part := os.read(controller, 65536):
                shown += part
        except OSError:  # Linux's word for the end of a terminal
            pass
        os.close(controller)
    return shown.decode()


@pytest.mark.slow
def test_a_log_names_each_slow_page_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_SLOW", 1.0)
    session: Future[None] = Future()
    Timer(2.0, session.set_result, [None]).start()
    running = RunningBlock("docs/a.md", Place("docs/a.md", 7), time.monotonic())
    said: list[str] = []
    progress.wait_for([session], lambda: [running], said.append, bar=False)
    assert said == ["docs/a.md:7: still running after 1 s"]
    assert session.done()


def test_work_that_is_soon_done_is_not_named() -> None:
    session: Future[None] = Future()
    session.set_result(None)
    progress.wait_for([session], lambda: pytest.fail("was asked"), pytest.fail)
