"""What a block printed, as a terminal would show it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_chainrule.session.block import Stream
from mkdocs_chainrule.show.text import show_stream, terminal


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("one\r\ntwo", "one\ntwo"),
        ("  1%\r 50%\r100%", "100%"),
        ("longer line\rshort", "short" + "r line"),
        ("longer line\r\x1b[Kshort", "short"),
        ("abc\x08\x08X", "aXc"),
        ("\x1b[31mred\x1b[0m plain", '<span class="chainrule-ink-red">red</span> plain'),
        ("\x1b[1;32m<ok>\x1b[m", '<span class="chainrule-bold chainrule-ink-green">&lt;ok&gt;</span>'),
        ("\x1b[91;44mx", '<span class="chainrule-ink-bright-red chainrule-ground-blue">x</span>'),
        ("\x1b[38;5;196mx", '<span class="chainrule-ink-bright-red">x</span>'),
        ("\x1b[38;5;244mx", '<span class="chainrule-ink-bright-black">x</span>'),
        ("\x1b[38;2;0;200;10mx", '<span class="chainrule-ink-green">x</span>'),
        (
            "\x1b[31ma\nb",
            '<span class="chainrule-ink-red">a</span>\n<span class="chainrule-ink-red">b</span>',
        ),
        ("\x1b]8;;javascript:alert(1)\x07link\x1b]8;;\x07", "link"),
        ("\x1b[2J\x1b[Htext", "text"),
        ("\x1b[38;5mx", "x"),
        ("\x00\ud800", "\ufffd\ufffd"),
        ("\x1b", ""),
    ],
)
def test_terminal(written, shown):
    assert terminal(written) == shown


@given(st.text(alphabet=st.sampled_from("ab<>&\"' \n\r\x08\x1b[]0123458;mK\x07")))
def test_nothing_printed_is_ever_markup(written):
    tags = re.findall("<[^>]*>", terminal(written))
    assert all(re.fullmatch(r'<span class="[a-z -]+">|</span>', tag) for tag in tags)


def test_a_stream_has_a_name_in_the_style_sheet_and_no_focus_where_nothing_scrolls():
    assert show_stream(Stream("stderr", "careful\n")) == (
        '<pre class="chainrule-text chainrule-stderr">careful</pre>'
    )


def test_silence_shows_nothing():
    assert show_stream(Stream("stdout", "\n")) == ""


def looks(text: str) -> set[str]:
    """What is said of a box that may scroll: `wide`, `long`; nothing of one that cannot."""
    box = show_stream(Stream("stdout", text))
    found = set(re.findall(r"chainrule-(wide|long)", box))
    assert ('tabindex="0" role="group"' in box) is bool(found)
    return found


TABLE = "name      value\nalpha      1.25"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("short", set()),
        ("x" * 79, set()),
        ("a line  of its own  may break where it likes", set()),
        ("\n".join(["a line of prose that is wider than a telephone"] * 30), set()),
        (TABLE, set()),  # as narrow as any telephone
        (TABLE.replace("      ", " " * 30), {"wide"}),
        ("[[1. 2. 3. 4. 5. 6. 7. 8. 9.]\n [1. 2. 3. 4. 5. 6. 7. 8. 9.]]", set()),
        ("[[1.25 2.25 3.25 4.25 5.25 6.25 7.25]\n [1.25 2.25 3.25 4.25 5.25 6.25 7.25]]", {"wide"}),
        (
            "\N{CJK UNIFIED IDEOGRAPH-4E2D}  \N{CJK UNIFIED IDEOGRAPH-6587}\n" * 2
            + "\N{CJK UNIFIED IDEOGRAPH-4E2D}" * 17,
            {"wide"},
        ),
        ("\n".join("x" for _ in range(31)), {"long"}),
        ("x" * 2401, {"long"}),
        (f"{TABLE}\n" * 20 + "x" * 40, {"wide", "long"}),
    ],
)
def test_only_what_may_scroll_takes_focus(text, expected):
    assert looks(text) == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [("x\n" * 412, "Output, 412 lines"), ("x" * 5000, "Output, 5,000 characters")],
)
def test_a_long_text_says_how_long(text, name):
    assert f'aria-label="{name}"' in show_stream(Stream("stdout", text))
