"""Sessions go in, Outputs come out: in parallel, apart from each other, and with nothing left behind."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mkdocs_chainrule.run import forked
from mkdocs_chainrule.run.pool import Pool
from projects import Project
from sessions import fence, pool, run, run_one, session, shown, text

STARTS = ["forkserver", "spawn"]


def test_one_output_a_block_in_one_namespace() -> None:
    first, second = run("x = 20\nprint(x)", "x * 2 + 2")
    assert text(first) == "20\n"
    assert shown(second) == ["42"]


@pytest.mark.parametrize("start", STARTS)
def test_sessions_do_not_see_each_other(start: str) -> None:
    changes = """
import builtins, json, os, random, sys
import matplotlib as mpl, numpy as np
leaked = True
os.environ["LEAKED"] = "yes"
os.chdir("/")
sys.path.insert(0, "/leaked")
mpl.rcParams["lines.linewidth"] = 99
json.dumps = None
builtins.leaked = True
random.seed(99)
np.random.seed(99)
"""
    probe = """
import json, os, random, sys
import matplotlib as mpl, numpy as np
print("leaked" in globals(), "LEAKED" in os.environ, os.getcwd() == "/", "/leaked" in sys.path)
print(mpl.rcParams["lines.linewidth"] == 99, json.dumps is None, hasattr(__builtins__, "leaked"))
print(random.random(), np.random.random())
"""
    (before,) = run(probe, start=start)
    (changed,) = run(changes, start=start)
    (after,) = run(probe, start=start)
    assert changed.failure is None
    assert text(before) == text(after)
    assert "True" not in text(after)


def test_sessions_run_at_once() -> None:
    futures = [pool().submit(session("import time\ntime.sleep(0.4)")) for _ in range(2)]
    deadline = time.monotonic() + 20
    while len(pool().running()) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    running = pool().running()
    assert {str(each.place) for each in running} == {"docs/page.md:3"}
    assert all(each.since <= time.monotonic() for each in running)
    for future in futures:
        assert future.result()[0].failure is None
    assert pool().running() == ()


def test_a_block_that_must_not_run_does_not() -> None:
    output, after = run(fence("raise SystemExit", run=False), fence("print(1)", 9))
    assert output.items == ()
    assert output.failure is None
    assert text(after) == "1\n"


def test_results_repeat() -> None:
    source = "import random, numpy as np\nprint(random.random(), np.random.rand(), hash('a'))"
    assert text(run_one(source)) == text(run_one(source))
    assert text(run_one(source, seed=1)) != text(run_one(source))


def test_blocks_run_in_the_folder_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("answer = 42\n")
    own = Pool(tmp_path, workers=1)
    (output,) = own.submit(session("import mine, os\nprint(mine.answer, os.getcwd())")).result()
    own.shutdown()
    assert text(output) == f"42 {tmp_path}\n"


@pytest.mark.parametrize("start", STARTS)
def test_shutdown_ends_what_runs(tmp_path: Path, start: str) -> None:
    own = Pool(tmp_path, workers=1, start=start)
    hanging = own.submit(session("import time\ntime.sleep(60)"))
    waiting = own.submit(session("1"))
    while not own.running():
        time.sleep(0.01)
    own.shutdown()
    assert waiting.cancelled()
    assert hanging.result()[0].failure is not None
    with pytest.raises(RuntimeError, match="shut down"):
        own.submit(session("1"))


def test_a_server_with_an_old_engine_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "value.py"
    source.write_text("old")
    monkeypatch.setattr(forked, "working_copy", lambda: [source])
    own = Pool(tmp_path, workers=1, start="forkserver")

    def server() -> str:
        (output,) = own.submit(session("import os\nprint(os.getppid())")).result()
        return text(output)

    first = server()
    assert server() == first
    source.write_text("edited")
    assert server() != first
    own.shutdown()


def test_a_system_without_proc(tmp_path: Path) -> None:
    """As in some sandboxes: nobody knows there what memory a process has."""
    unmounted = [
        "unshare",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        'mount -t tmpfs none /proc && exec "$@"',
        "sh",
    ]
    if not shutil.which("unshare") or subprocess.run([*unmounted, "true"], check=False).returncode:
        pytest.skip("this system gives nobody a mount of their own")
    project = Project(tmp_path)
    project.configure()
    project.page("index.md", "# Page\n\n```autograd\nprint(6 * 7)\n```\n")
    command = [*unmounted, Path(sys.executable).with_name("mkdocs"), "build", "--strict"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "42" in project.html()
