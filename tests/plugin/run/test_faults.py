"""What a block can do to its process: each costs only itself, and is named at its true line."""

from __future__ import annotations

import functools
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from building import first_now
from faulty import ENDURED, FAULTS, SILENT, processes
from mkdocs_chainrule.run.pool import Pool
from mkdocs_chainrule.session.block import Place, Stream
from mkdocs_chainrule.session.failures import is_expected
from sessions import fence, inline, missing, pool, run, session, shown, text

if TYPE_CHECKING:
    from concurrent.futures import Future

    from mkdocs_chainrule.session.block import Output

pytestmark = pytest.mark.parametrize("start", first_now("forkserver", "spawn"))


@functools.cache
def outcomes(start: str) -> dict[str, Future[tuple[Output, ...]]]:
    """All faults at once, as on a site; most of the time they only wait for their limits."""
    return {
        name: pool(start).submit(session(fault.source, "print('after')", timeout=fault.timeout, memory=128))
        for name, fault in FAULTS.items()
    }


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_at_its_line(name: str, start: str) -> None:
    fault = FAULTS[name]
    failed, after = outcomes(start)[name].result(timeout=120)
    assert failed.failure is not None
    assert failed.failure.kind == fault.kind, failed
    assert re.search(fault.message, failed.failure.message), failed.failure
    assert failed.failure.place == Place("docs/page.md", 3 + fault.line), failed.failure
    assert text(failed) == ("" if name in SILENT else "a\n")
    assert after.failure is not None
    assert after.failure.kind == "skipped"
    assert str(failed.failure.place) in after.failure.message


@pytest.mark.parametrize("name", ENDURED)
def test_what_a_block_leaves_does_no_harm(name: str, start: str) -> None:
    first, second = run(
        ENDURED[name], "import sys\nsys.__stdout__.write('fine\\n');", start=start, timeout=10.0
    )
    assert first.failure is None, first
    if name != "no modules":
        assert second.failure is None, second
        assert "fine" in text(second)
    (other,) = run("print('fine')\nimport numpy as np\nnp.sum([1])", start=start)
    assert text(other) == "fine\n"
    assert shown(other) == ["np.int64(1)"]


def test_a_block_that_is_no_text(start: str) -> None:
    (output,) = run("'\0'", start=start)
    assert output.failure is not None
    assert re.match("SyntaxError: source code", output.failure.message)
    assert output.failure.place == Place("docs/page.md", 4)


def test_much_output_is_cut_and_said(start: str) -> None:
    (output,) = run("for n in range(200):\n    print('x' * 999_999)", start=start, max_output=1 << 20)
    assert output.failure is None
    assert len(text(output, "stdout")) == 1 << 20
    assert missing(output) == ["cut after 1 MiB"]


@pytest.mark.slow
def test_much_output_from_elsewhere_does_not_fill_the_disk(start: str) -> None:
    output, _ = run(
        "import subprocess\nsubprocess.run(['yes'])", "1", start=start, timeout=2.5, max_output=1000
    )
    assert output.failure is not None
    assert output.failure.kind == "timeout"
    assert text(output, "stdout") == "y\n" * 500
    assert missing(output) == ["cut after 1000 bytes"]


def test_output_up_to_the_limit_is_whole(start: str) -> None:
    (output,) = run("print('x' * 999)", start=start, max_output=1000)
    assert output.items == (Stream("stdout", "x" * 999 + "\n"),)


def test_a_long_value_is_cut(start: str) -> None:
    (output,) = run("'x' * 5000", start=start, max_output=1000)
    assert len(shown(output)[0]) == 1000
    assert missing(output) == ["cut after 1000 bytes"]


def test_what_was_shown_before_a_death_is_kept(start: str) -> None:
    source = """
import os, sys
display('shown')
print('said', end='')
print('err', file=sys.stderr)
os._exit(1)
"""
    first, dead = run("'before'", source, start=start)
    assert shown(first) == ["'before'"]
    assert shown(dead) == ["'shown'"]
    assert (text(dead, "stdout"), text(dead, "stderr")) == ("said", "err\n")


def test_after_an_exception_blocks_may_go_on(start: str) -> None:
    outputs = run(
        "x = 1\n1 / 0", "print(x)", "import os; os._exit(1)", "print(x)", start=start, on_error="continue"
    )
    kinds = [output.failure and output.failure.kind for output in outputs]
    assert kinds == ["exception", None, "crash", "skipped"]
    assert text(outputs[1]) == "1\n"


def test_an_expected_exception_is_no_problem(start: str) -> None:
    blocks = (
        fence("1 / 0", 3, expect="ZeroDivisionError"),
        fence("print('on')", 7),
        fence("2", 11, expect="KeyError"),
        fence("print('off')", 15),
    )
    failed, after, missing, last = run(*blocks, start=start)
    assert is_expected(blocks[0], failed.failure)
    assert text(after) == "on\n"
    assert missing.failure is not None
    assert missing.failure.message == "expected KeyError, but the block ended without an exception"
    assert not is_expected(blocks[2], missing.failure)
    assert last.failure is not None


def test_the_deepest_own_line_is_named_and_own_frames_only(start: str) -> None:
    _, output = run(
        "import json\ndef f(x):\n    return json.loads(x)", "def g():\n    return f('{')\ng()", start=start
    )
    assert output.failure is not None
    assert output.failure.place == Place("docs/page.md", 6)
    assert [(str(f.place), f.function, f.code) for f in output.failure.frames] == [
        ("docs/page.md:12", "<module>", "g()"),
        ("docs/page.md:11", "g", "return f('{')"),
        ("docs/page.md:6", "f", "return json.loads(x)"),
    ]


def test_an_error_in_inline_code_is_at_its_line(start: str) -> None:
    (output,) = run(inline("1 / 0", 9), start=start)
    assert output.failure is not None
    assert str(output.failure.place) == "docs/page.md:9"
    assert output.failure.message == "ZeroDivisionError: division by zero"
    assert output.failure.frames[0].code == "1 / 0"


def test_lines_that_are_not_known(start: str) -> None:
    from mkdocs_chainrule.session.block import Block

    (output,) = run(Block("x = 1\n1 / 0", "fence", Place("docs/page.md")), start=start)
    assert output.failure is not None
    assert str(output.failure.place) == "docs/page.md"
    assert output.failure.message == "ZeroDivisionError: division by zero"


def test_lines_of_an_included_file_carry_its_name(start: str) -> None:
    from mkdocs_chainrule.session.block import Block

    page, included = "docs/page.md", "inc/code.py"

    def place_of(source: str) -> str:
        count = source.count("\n") + 1
        lines = (Place(page, 4), *(Place(included, n) for n in range(1, count - 1)), Place(page, 6))
        (output,) = run(Block(source, "fence", Place(page, 3), lines), start=start)
        assert output.failure is not None, output
        return str(output.failure.place)

    assert place_of("a = 1\nb = 2\n1 / 0\nd = 3") == "inc/code.py:2"
    assert place_of("a = 1\nb = 2\nc = 3\n1 / 0") == "docs/page.md:6"
    assert place_of("1 / 0\nb = 2\nc = 3\nd = 4") == "docs/page.md:4"
    assert place_of("a = 1\nb = 2\nx = (\nd = 4") == "inc/code.py:2"
    assert place_of("def f():\n    b = 2\n    1 / 0\nf()") == "inc/code.py:2"
    assert place_of("if True:\n    b = 2\n    1 / 0\nd = 4") == "inc/code.py:2"


def wait_until_gone(*words: str) -> None:
    deadline = time.monotonic() + 5
    while found := processes(*words):
        assert time.monotonic() < deadline, found
        time.sleep(0.02)


def test_no_process_is_left(start: str, tmp_path: Path) -> None:
    own = Pool(tmp_path, workers=2, start=start)
    # A spawned worker that dies by itself has no server that adopts its daemons: there they stay.
    leave = "import subprocess\nfor new in {}: subprocess.Popen(['sleep', '{}'], start_new_session=new)\n{}"
    deaths = ["", "1 / 0", "while True: pass", "import os; os._exit(1)"]
    daemons = [(False, True)] * 3 + [(False,) if start == "spawn" else (False, True)]
    name = f"98{os.getpid()}"
    sources = [leave.format(new, name, death) for new, death in zip(daemons, deaths, strict=True)]
    sessions = [session(source, timeout=1.0) for source in sources]
    for future in [own.submit(each) for each in sessions]:
        future.result()
    own.shutdown()
    wait_until_gone("sleep", name)


SCRIPT = """
import sys, time
from pathlib import Path
sys.path.insert(0, {tests!r})
from mkdocs_chainrule.run.pool import Pool
from sessions import session
pool = Pool(Path.cwd(), workers=2, start={start!r})
futures = [pool.submit(session("import subprocess; subprocess.run(['sleep', '{name}'])")) for _ in range(3)]
print("ready", flush=True)
futures[0].result()
"""


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_build_that_is_ended_leaves_nothing(ending: signal.Signals, start: str, tmp_path: Path) -> None:
    name = f"97{os.getpid()}"
    script = SCRIPT.format(tests=str(Path(__file__).parents[2]), start=start, name=name)
    build = subprocess.Popen([sys.executable, "-c", script], cwd=tmp_path, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 20
    while len(processes("sleep", name)) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    build.send_signal(ending)
    _, errors = build.communicate(timeout=10)
    assert errors.count(b"Traceback") <= 1
    wait_until_gone("sleep", name)


def test_the_server_is_replaced_if_it_dies(start: str, tmp_path: Path) -> None:
    own = Pool(tmp_path, workers=1, start=start)
    (output,) = (
        own.submit(
            session(
                "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nimport time; time.sleep(60)",
                timeout=5.0,
            )
        ).result()
        if start == "forkserver"
        else run("1")
    )
    assert start == "spawn" or (output.failure is not None and output.failure.kind == "crash")
    (output,) = own.submit(session("1")).result()
    assert shown(output) == ["1"]
    own.shutdown()


def test_a_process_that_dies_after_its_last_block_harms_nothing(start: str) -> None:
    dying = "import os, threading\nthreading.Timer(0.3, lambda: os.kill(os.getpid(), 9)).start()"
    done, waiting, after = run(dying, "print('a')\nimport time\ntime.sleep(5)", "1", start=start)
    assert done == done.__class__(seconds=done.seconds)
    assert waiting.failure is not None
    assert (waiting.failure.kind, text(waiting)) == ("crash", "a\n")
    assert after.failure is not None
    assert after.failure.kind == "skipped"
