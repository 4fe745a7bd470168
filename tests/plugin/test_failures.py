"""What a failure says: the line, what it came from, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sessions import PAGE, fence, inline, run

if TYPE_CHECKING:
    from mkdocs_chainrule.block import Failure


def failure(*blocks: object, **options: object) -> Failure:
    """The first failure of a session."""
    outputs = run(*blocks, **options)  # type: ignore[arg-type]  # blocks, or their sources
    return next(output.failure for output in outputs if output.failure)


def test_a_limit_that_strikes_at_once_is_at_its_own_block() -> None:
    failed = failure(fence("x = 1", 3, timeout=1e-6), fence("y = 1", 7), fence("z = 1", 11))
    assert (failed.kind, str(failed.place)) == ("timeout", f"{PAGE}:4")


def test_a_limit_names_the_line_of_an_earlier_block_that_took_the_time() -> None:
    slow = "import time\ndef slow():\n    time.sleep(9)"
    failed = failure(fence(slow, 3), fence("slow()", 9, timeout=0.3))
    assert (failed.kind, str(failed.place)) == ("timeout", f"{PAGE}:6")


def test_limits_say_how_to_raise_them() -> None:
    assert failure("import time\ntime.sleep(9)", timeout=0.2).message == (
        'ran longer than 0.2 s and was stopped; give it more with timeout="…"'
    )
    assert failure("x = bytearray(300 << 20)", memory=64).message == (
        'needed more than 64 MiB of memory and was stopped; give it more with memory="…"'
    )
    assert failure(inline("__import__('time').sleep(9)", timeout=0.2)).message == (
        "ran longer than 0.2 s and was stopped; give it more with timeout: … in mkdocs.yml"
    )


@pytest.mark.parametrize(
    ("source", "message", "line"),
    [
        ("x = 1\ny = 'abc", "SyntaxError: unterminated string literal", 5),
        (
            "x = 1\ny = '''abc\n1",
            "SyntaxError: unterminated triple-quoted string literal (detected at line 6)",
            5,
        ),
        (
            "x = 1\nif x:\npass",
            "IndentationError: expected an indented block after 'if' statement on line 5",
            6,
        ),
        (
            "x = (1,\n2]",
            "SyntaxError: closing parenthesis ']' does not match opening parenthesis '(' on line 4",
            5,
        ),
    ],
)
def test_numbers_in_a_syntax_error_are_those_of_the_page(source: str, message: str, line: int) -> None:
    failed = failure(source)
    assert (failed.message, failed.place.line) == (message, line)
