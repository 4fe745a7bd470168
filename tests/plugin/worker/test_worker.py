"""The parts of a worker and of its supervisor, each by itself."""

from __future__ import annotations

import linecache
from typing import TYPE_CHECKING

import pytest

from mkdocs_chainrule.run.events import Show, read
from mkdocs_chainrule.run.last_words import has_timed_out, last_place
from mkdocs_chainrule.run.transcript import Transcript
from mkdocs_chainrule.session import failures
from mkdocs_chainrule.session.block import (
    GRAPH,
    Block,
    Bundle,
    Failure,
    Limits,
    Missing,
    Place,
    Stream,
    limits,
)
from mkdocs_chainrule.session.channel import to_line
from mkdocs_chainrule.session.data import to_data
from mkdocs_chainrule.session.terminal import settle
from mkdocs_chainrule.worker.inline import compile_inline
from mkdocs_chainrule.worker.source import compile_fence
from sessions import PAGE, fence, inline, run

if TYPE_CHECKING:
    from pathlib import Path


def test_statements_carry_the_lines_of_the_page() -> None:
    statements, _ = compile_fence(fence("a = 1\n\n@print\ndef f():\n    return a\nf", 10))
    assert [(str(s.place), s.code.co_filename, s.shown) for s in statements] == [
        (f"{PAGE}:11", PAGE, False),
        (f"{PAGE}:13", PAGE, False),
        (f"{PAGE}:16", PAGE, True),
    ]
    assert linecache.getline(PAGE, 15) == "    return a\n"


def test_features_of_the_future_last_for_the_session() -> None:
    _, flags = compile_fence(fence("from __future__ import annotations"))
    names: dict[str, object] = {}
    for statement in compile_fence(fence("def f(x: Unknown): ..."), flags)[0]:
        exec(statement.code, names)
    assert names["f"].__annotations__ == {"x": "Unknown"}  # type: ignore[attr-defined]  # it is the function


@pytest.mark.parametrize("source", ["x = 1\ndel", "x = 1\nreturn", "x = 1\n(", "x = 1\n\tpass", "x = 1\nx +"])
def test_syntax_errors_carry_the_line_of_the_page(source: str) -> None:
    with pytest.raises(SyntaxError) as error:
        compile_fence(fence(source, 10))
    assert (error.value.filename, error.value.lineno) == (PAGE, 12)


def test_unknown_lines_are_where_the_fence_is() -> None:
    block = Block("a\nb\nc", "fence", Place(PAGE, 5), (Place(PAGE, 6),))
    assert block.places == (Place(PAGE, 6), Place(PAGE, 5), Place(PAGE, 5))


def test_inline_code_carries_its_line() -> None:
    code = compile_inline(inline("1 / x:.3f", 7))
    assert code.co_filename == PAGE
    assert {line for *_, line in code.co_lines() if line} == {7}


TRACE = """@7 docs/page.md
#1
@4 docs/page.md
@5 docs/page.md
Timeout (0:00:01)!
Thread 0x0001 (most recent call first):
  File "/usr/lib/python3.11/threading.py", line 5 in wait

Thread 0x0002 (most recent call first):
  File "/usr/lib/python3.11/socket.py", line 4 in f
  File "docs/page.md", line 6 in f
  File "docs/page.md", line 5 in <module>
"""


@pytest.mark.parametrize(
    ("notes", "line"),
    [
        ("", None),
        ("#1\n@4 docs/page.md\n", 4),
        ("#1\n@4 docs/page.md\n@5 docs/page.md\n", 5),
        (TRACE, 6),
        (TRACE + "@7 docs/page.md\n", 7),
        (TRACE + "@99 docs/page.md\n@99 docs/other.md\n", 6),
        (TRACE + '  File "docs/page.md", li', 6),
        (TRACE + "#2\n@8 docs/page.md\n", 6),
        (TRACE.replace("#1", "#0"), None),
    ],
)
def test_the_last_place_of_a_worker(tmp_path: Path, notes: str, line: int | None) -> None:
    (tmp_path / "last_words").write_text(notes)
    own = {Place("docs/page.md", n) for n in range(4, 9)}
    place = last_place(tmp_path / "last_words", own, 1)
    assert (place and place.line) == line
    assert has_timed_out(tmp_path / "last_words", 1) == ("#1" in notes and "Timeout" in notes)


def test_the_last_place_in_a_file_of_any_name(tmp_path: Path) -> None:
    (tmp_path / "last_words").write_bytes(b'#0\n  File "docs/caf\\xe9 \\U0001f600.md", line 6 in f\n')
    place = Place("docs/café \U0001f600.md", 6)
    assert last_place(tmp_path / "last_words", {place}, 0) == place


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("a\rb", "b"),
        ("abc\rx", "xbc"),
        ("abc\r\n", "abc\n"),
        ("a\r\rb\n", "b\n"),
        ("\x1b[31mab\rc\x1b[0m", "\x1b[31mcb\x1b[0m"),
        ("ab\r\x1b[32mc\x1b[0m", "\x1b[32mc\x1b[0mb"),
        ("outer 1\ninner\x1b[A\router 2\n", "outer 2\ninner"),
        ("outer 1\ninner\r     \r\x1b[A\router 2\n", "outer 2\n"),
        ("one\ntwo\x1b[1F\x1b[Jthree", "three\n"),
        ("one\x1b[1Kx", "   x"),
        ("one\x1b[2D\x1b[K\x1b[5Gx", "o   x"),
        ("\x1b[99999999Bone\x1b[99999999Cx", "one" + " " * 77 + "x"),
        ("ab\x08\x08cd", "cd"),
        ("\x08a", "a"),
        ("abc\x08\x08X", "aXc"),
        ("a\nb\x08c", "a\nc"),
        ("100%|\r     \r", ""),
        ("\0", "\ufffd"),
        ("", ""),
    ],
)
def test_text_is_as_a_terminal_would_leave_it(written: str, left: str) -> None:
    assert settle(written) == left


def test_a_transcript_is_in_order(tmp_path: Path) -> None:
    (tmp_path / "stdout").write_bytes(b"before" + b"one" + b"three" + "café".encode() + b"\xff")
    (tmp_path / "stderr").write_bytes(b"two")
    transcript = Transcript(tmp_path, tmp_path)
    transcript.begin((6, 0), 100)
    for at in ([9, 0], [9, 3], [14, 3], [18, 3]):
        transcript.text(at)
    transcript.take(Show(Bundle({"text/plain": "x"}), transcript._read))
    transcript.text()
    assert transcript.items() == (
        Stream("stdout", "one"),
        Stream("stderr", "two"),
        Stream("stdout", "threecaf\ufffd"),
        Bundle({"text/plain": "x"}),
        Stream("stdout", "\ufffd\ufffd"),
    )


def test_markup_that_is_too_long_is_left_out(tmp_path: Path) -> None:
    transcript = Transcript(tmp_path, tmp_path)
    transcript.begin((0, 0), 10)
    data = {"text/html": "x" * 11, "text/plain": "y" * 11, "image/png": "z" * 11}
    transcript.take(Show(Bundle(data), (0, 0)))
    bundle, html, cut = transcript.items()
    assert bundle == Bundle({"text/plain": "y" * 10, "image/png": "z" * 11})
    assert html == Missing(
        "left out: its text/html of 11 bytes",
        "its text/html of 11 bytes is left out, as a block may show 10 bytes of it: less, "
        "or raise max_output in mkdocs.yml",
    )
    assert isinstance(cut, Missing)
    assert (cut.note, cut.is_result) == ("cut after 10 bytes", False)


def test_all_that_a_block_shows_counts_of_any_type(tmp_path: Path) -> None:
    transcript = Transcript(tmp_path, tmp_path)
    for name in ("stdout", "stderr"):
        (tmp_path / name).write_text("text")
    transcript.begin((0, 0), 10)
    transcript.take(Show(Bundle({"text/plain": "x" * 4}), (4, 0)))
    transcript.take(Show(Bundle({"text/plain": "y" * 4}), (4, 4)))
    for size in (300, 300):
        transcript.take(Show(Bundle({"image/png": "z" * size}, {"a": "b"}), (4, 4)))
    transcript.take(Show(Bundle({"a+json": [1] * 99}), (4, 4)))
    *items, cut, image, data = transcript.items()
    assert items == [
        Stream("stdout", "text"),
        Bundle({"text/plain": "x" * 4}),
        Stream("stderr", "te"),
        Bundle({"image/png": "z" * 300}, {"a": "b"}),
    ]
    assert [each.note for each in (cut, image, data) if isinstance(each, Missing)] == [
        "cut after 10 bytes",
        "left out: its image/png of 300 bytes",
        "left out: its a+json of 297 bytes",
    ]


def test_a_block_of_many_parts_is_cut(tmp_path: Path) -> None:
    transcript = Transcript(tmp_path, tmp_path)
    transcript.begin((0, 0), 1 << 20)
    for _ in range(10_001):
        transcript.take(Show(Bundle({"text/plain": ""}), (0, 0)))
    *_, cut = items = transcript.items()
    assert len(items) == 10_001
    assert isinstance(cut, Missing)
    assert cut.note == "cut after 10,000 parts"


def test_events_survive_the_line() -> None:
    bundle = Bundle({"text/plain": 'a "b"\nc é'})
    assert read(to_line({"show": to_data(bundle), "at": [0, 0]})) == Show(bundle, (0, 0))
    assert to_line({"x": "\ud800"}) == b'{"x":"?"}\n'


def test_options_that_are_missing_have_their_defaults() -> None:
    assert limits(fence("1")) == Limits(30.0, 2048, 1 << 20, "stop", None, run=True, expect=None)
    assert limits(fence("1", timeout=2.0, caption="no matter")).timeout == 2.0


@pytest.mark.parametrize(
    ("expect", "kind", "message", "expected"),
    [
        ("ValueError", "exception", "ValueError: x", True),
        ("ValueError", "exception", "ValueError", True),
        ("KeyError", "exception", "ValueError: KeyError: x", False),
        ("AxisError", "exception", "numpy.exceptions.AxisError: x", True),
        ("ValueError", "timeout", "ValueError: x", False),
        (None, "exception", "ValueError: x", False),
    ],
)
def test_expected_exceptions(expect: str | None, kind: str, message: str, *, expected: bool) -> None:
    failure = Failure(kind, message, Place(PAGE))  # type: ignore[arg-type]  # it is one of the kinds
    assert failures.is_expected(fence("1", expect=expect), failure) is expected
    assert not failures.is_expected(fence("1", expect=expect), None)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (0, "its process exited with code 0 before the block ended"),
        (-9, "its process was killed by SIGKILL before the block ended"),
        (-99, "its process was killed by signal 99 before the block ended"),
    ],
)
def test_deaths_in_words(code: int, message: str) -> None:
    assert failures.of_death(code, Place(PAGE)).message == message


def test_a_loop_variable_names_no_value() -> None:
    leaves = "from chainrule import Value\nx, w = Value(3.0), Value(0.5)\n"
    loop = f"{leaves}for value in [x, x * w]:\n    display(value)"
    outputs = run(loop, "display(value)\nvalue = value + 1\nvalue")
    shown = [item.data[GRAPH]["nodes"] for output in outputs for item in output.items]
    assert [nodes[-1].get("label") for nodes in shown] == ["x", None, None, "value"]
