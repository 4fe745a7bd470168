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


def test_a_stream_has_a_name_and_is_reached_by_keyboard():
    html = show_stream(Stream("stderr", "careful\n"))
    head = '<pre class="chainrule-text chainrule-stderr" tabindex="0" role="group" aria-label="Messages">'
    assert html == f"{head}careful</pre>"


def test_silence_shows_nothing():
    assert show_stream(Stream("stdout", "\n")) == ""
