"""A fork server that a block stops, kills or holds costs that page at most; nobody waits without a limit."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from mkdocs_chainrule.run.events import Lost
from mkdocs_chainrule.run.forked import ForkServer, condition
from mkdocs_chainrule.run.pool import Pool
from mkdocs_chainrule.session.block import Place
from sessions import session, shown, text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="who is stopped is told by /proc")

STOP = "import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\n"
KILL = "import os, signal, time\ntime.sleep({})\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(60)"
WAIT = 60  # seconds after which a test has failed


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Pool]:
    pool = Pool(tmp_path, workers=2, start="forkserver")
    yield pool
    pool.shutdown()


def test_a_stopped_server_is_replaced(own: Pool) -> None:
    (stopping,) = own.submit(session(f"{STOP}print('on')")).result(WAIT)
    assert stopping.failure is None
    assert text(stopping) == "on\n"
    for _ in range(2):
        (other,) = own.submit(session("print('other')", timeout=2.0)).result(WAIT)
        assert text(other) == "other\n"


@pytest.mark.slow
def test_who_waits_for_a_stopped_server_runs_elsewhere(own: Pool) -> None:
    first = own.submit(session(f"{STOP}import time\ntime.sleep(3)"))
    others = [own.submit(session(f"print({n})", timeout=2.0)) for n in range(4)]
    assert [text(other.result(WAIT)[0]) for other in others] == [f"{n}\n" for n in range(4)]
    assert first.result(WAIT)[0].failure is None


@pytest.mark.slow
def test_a_worker_of_a_stopped_server_that_runs_too_long_is_ended(own: Pool) -> None:
    name = f"96{os.getpid()}"
    source = f"{STOP}import subprocess\nsubprocess.run(['sleep', '{name}'])"
    (output,) = own.submit(session(source, timeout=1.0)).result(WAIT)
    assert output.failure is not None
    assert output.failure.kind == "timeout"
    assert not _running("sleep", name)


@pytest.mark.slow
def test_those_who_die_with_their_server_run_once_more(own: Pool) -> None:
    innocent = own.submit(session("import time\ntime.sleep(1.5)\nprint('innocent')"))
    guilty = own.submit(session(KILL.format(0.7), timeout=20.0))
    assert text(innocent.result(WAIT)[0]) == "innocent\n"
    (output,) = guilty.result(WAIT)
    assert output.failure is not None
    assert output.failure.kind == "crash"
    assert output.failure.place in {Place("docs/page.md", 6), Place("docs/page.md", 7)}  # while it is dying
    assert shown(own.submit(session("1")).result(WAIT)[0]) == ["1"]


def test_a_server_that_dies_with_a_request_unread_is_noticed(tmp_path: Path) -> None:
    starter = ForkServer(tmp_path, str(tmp_path / "own"))
    starter.prepare()
    server = starter._server
    assert server is not None
    first = starter.start(0, 1 << 20)
    while first.receive(WAIT) is None:  # it has started
        pass
    os.kill(server._process.pid, signal.SIGSTOP)
    while condition(server._process.pid) != "T":
        time.sleep(0.01)
    ends = server.fork(0)
    server.workers += 1
    from mkdocs_chainrule.run.forked import _Forked

    worker = _Forked(*ends, server, lambda: None, 1 << 20)
    worker.send({"a": "request"})
    os.kill(server._process.pid, signal.SIGKILL)
    assert worker.receive(WAIT) == Lost()
    worker.kill()
    worker.close()
    first.kill()
    first.close()
    starter.close()


@pytest.mark.slow
def test_a_request_that_nobody_reads_holds_up_nobody(own: Pool) -> None:
    own.submit(session("1")).result(WAIT)
    stopping = own.submit(session(f"{STOP}import time\ntime.sleep(2)"))
    (output,) = own.submit(session("print('long')", "#" * 3_000_000, timeout=3.0)).result(WAIT)[:1]
    assert text(output) == "long\n"
    assert stopping.result(WAIT)[0].failure is None


@pytest.mark.slow
def test_a_server_that_is_traced_is_replaced(own: Pool) -> None:
    if ctypes.CDLL(None).ptrace(16, 0, 0, 0) == 0 or os.geteuid() != 0:
        pytest.skip("a process may not trace its parent here")
    trace = "import ctypes, os, time\nprint(ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0))\ntime.sleep(3)"
    tracing = own.submit(session(trace))
    time.sleep(1)
    assert text(own.submit(session("print('other')", timeout=2.0)).result(WAIT)[0]) == "other\n"
    assert tracing.result(WAIT)[0].failure is None


@pytest.mark.slow
def test_what_ends_the_server_each_time_is_told(own: Pool) -> None:
    outputs = [own.submit(session(KILL.format(0), timeout=20.0)) for _ in range(2)]
    for future in outputs:
        (output,) = future.result(WAIT)
        assert output.failure is not None
        assert output.failure.message == "its process was killed by SIGKILL before the block ended"


SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from mkdocs_chainrule.run.pool import Pool
from sessions import session
pool = Pool(Path.cwd(), workers=1, start="forkserver")
pool.submit(session({stop!r})).result()
"""


@pytest.mark.slow
def test_a_build_ends_whose_server_is_stopped(tmp_path: Path) -> None:
    from pathlib import Path

    script = SCRIPT.format(tests=str(Path(__file__).parents[2]), stop=STOP)
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True, timeout=WAIT)


def _running(*words: str) -> list[str]:
    from faulty import processes

    deadline = time.monotonic() + 5
    while (found := processes(*words)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


@pytest.mark.slow
def test_a_server_that_answers_nobody_is_replaced_where_nobody_tells_why(
    own: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mkdocs_chainrule.run.forked.condition", lambda _: "R")  # as without /proc
    own.submit(session(STOP)).result(WAIT)
    monkeypatch.setattr("mkdocs_chainrule.run.supervise._STARTING", 4.0)
    for _ in range(2):
        assert text(own.submit(session("print('other')")).result(WAIT)[0]) == "other\n"
