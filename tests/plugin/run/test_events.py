"""What comes from a worker is read into our own types; all else is refused by name, and costs nobody else."""

from __future__ import annotations

import pytest

from mkdocs_chainrule.run.events import Begin, Exit, Mark, Refused, Show, is_deeper, read
from mkdocs_chainrule.session.block import Bundle, Missing
from sessions import run, text

DEEP = 100_000
REFUSED = {
    b"{": "no JSON",
    b"[]": "of no kind",
    b"7": "of no kind",
    b'"begin"': "of no kind",
    b'{"began": 1}': "of no kind",
    b"\xff\xfe{}": "no JSON",
    b'{"begin": "0", "at": [0, 0]}': "begin: '0' is no whole number",
    b'{"begin": 0}': "begin: at is missing",
    b'{"begin": 0, "at": [0]}': "begin: .* is no list",
    b'{"begin": 0, "at": [0, 1e5]}': "begin: 100000.0 is no whole number",
    b'{"begin": 1' + b"0" * 9000 + b', "at": [0, 0]}': "no JSON",
    b'{"next": 7, "at": [0, 0]}': "next: 7 is none of",
    b'{"show": {"data": {"text/plain": 7}}, "at": [0, 0]}': "show: 7 is no text",
    b'{"show": {"data": []}, "at": [0, 0]}': "show: .* is no dict",
    b'{"end": 0, "at": [0, 0], "output": {"items": [7]}}': "end: 7 is no Stream or Bundle or Missing",
    b'{"over": false, "reads": null}': "over: False is none of",
    b'{"over": true, "reads": {"files": {"a": [1]}}}': "over: ",
    b'{"remark": "x"}': "remark: ",
    b'{"exit": null}': "exit: ",
    b"[" * DEEP + b"]" * DEEP: "nested deeper than 100",
    b'{"show": {"data": {"a+json": '
    + b"[" * 200
    + b"]" * 200
    + b'}}, "at": [0, 0]}': "nested deeper than 100",
    b'{"show": {"data": {}, "metadata": {"a": '
    + b"[" * 200
    + b"]" * 200
    + b'}}, "at": [0, 0]}': "nested deeper",
}


@pytest.mark.parametrize("line", REFUSED, ids=[f"{n}" for n in range(len(REFUSED))])
def test_what_is_no_event_is_refused_by_name(line: bytes) -> None:
    event = read(line + b"\n")
    assert isinstance(event, Refused)
    import re

    assert re.search(REFUSED[line], event.reason), event


def test_events_are_read() -> None:
    assert read(b"\n") is None
    assert read(b'{"begin": 2, "at": [3, 4]}\n') == Begin(2, (3, 4))
    assert read(b'{"at": [3, 4], "next": 1}\n') == Mark((3, 4), 1)
    assert read(b'{"exit": -9}\n') == Exit(-9)
    shown = read(b'{"show": {"data": {"text/plain": "x"}}, "at": [0, 0]}\n')
    assert shown == Show(Bundle({"text/plain": "x"}), (0, 0))
    assert not is_deeper([[]], 1)


CHANNEL = """
import os, stat
channels = [fd for fd in range(3, 64) if os.path.exists(f"/proc/self/fd/{fd}")]
channels = [fd for fd in channels if stat.S_ISSOCK(os.fstat(fd).st_mode)]
def tell(line):
    for fd in channels:
        rest = line
        while rest:
            rest = rest[os.write(fd, rest):]
"""
RUBBISH = {
    "rubbish": "tell(b'rubbish\\n')",
    "another type": """tell(b'{"begin": "x", "at": 7}\\n')""",
    "a block that is not there": """tell(b'{"begin": 99, "at": [0, 0]}\\n')""",
    "the end of another block": """tell(b'{"end": 1, "at": [0, 0], "output": {}}\\n')""",
    "depth": "tell(b'[' * 100_000 + b'\\n')",
    "a long line": "for n in range(50): tell(b'x' * 1_000_000)\ntell(b'\\n')",
    "no JSON data": """tell(b'{"show": {"data": {"text/plain": [7]}}, "at": [0, 0]}\\n')""",
}


@pytest.mark.parametrize("name", RUBBISH)
def test_what_a_block_sends_by_itself_is_told_at_its_line(name: str) -> None:
    first, second = run(f"{CHANNEL}print('a')\n{RUBBISH[name]}\nprint('b')", "print('c')", timeout=9.0)
    assert first.failure is None
    assert text(first) == "a\nb\n"
    (missing,) = [item for item in first.items if isinstance(item, Missing)]
    assert "is none that a page holds" in missing.why
    assert text(second) == "c\n"


def test_numbers_far_beyond_the_files_are_nothing_to_wait_for() -> None:
    (output,) = run(
        CHANNEL + """tell(b'{"at": [99999999999999, 5], "next": 0}\\n')\nprint('x')""", timeout=9.0
    )
    assert output.failure is None
