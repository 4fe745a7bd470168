"""What other libraries display is shown as a notebook shows it: asked of them, or as they once answered."""

from __future__ import annotations

import re

import pytest

from building import REPOSITORY
from libraries import CASES, described, results

PAGE = REPOSITORY / "docs" / "reference" / "libraries.md"
RECORDED = [case for case in CASES if case.recorded]
INSTALLED = [case for case in CASES if case.is_installed]


def named(cases):
    return pytest.mark.parametrize("case", cases, ids=[case.title for case in cases])


def test_there_are_many():
    assert len({case.package for case in CASES}) >= 30
    ours = {case.title for case in CASES if case.shown == "figure" or case.package == "tqdm"}
    assert {case.title for case in CASES if not case.recorded} == ours


@named(RECORDED)
def test_what_it_showed(recalled, case):
    shown = results(recalled["plain"].html())[case.title]
    assert described(shown) == (case.shown, case.needs, case.dark)
    assert described(results(recalled["text"].html())[case.title])[0] == case.text


@pytest.mark.slow
@named(INSTALLED)
def test_what_it_shows(asked, case):
    """A figure's warnings stand before it, and are another matter."""
    shown, text = (results(path.read_text("utf-8"))[case.title] for path in asked[case.package])
    assert described(shown) == (case.shown, case.needs, case.dark)
    assert described(text)[0] == case.text


def test_the_docs_say_the_same():
    rows = re.findall(
        r"^\| (.+?) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    expected = [(c.package, f"`{c.name}`", c.shown, c.needs, c.dark, c.text) for c in CASES]
    assert rows[2:] == expected, "\n".join(f"| {' | '.join(row)} |" for row in expected)


def test_the_log_says_where_scripts_come_from_once_a_page(recalled):
    said = (recalled["plain"].root / "said.txt").read_text("utf-8")
    for name, address in {
        "plotly": r"https://cdn\.plot\.ly/plotly-[\d.]+\.min\.js",
        "vega-embed": "https://cdn.jsdelivr.net/npm/vega-embed@7",
        "bokeh": r"https://cdn\.bokeh\.org/bokeh/release/bokeh-[\d.]+\.min\.js",
        "leaflet": r"https://cdn\.jsdelivr\.net/npm/leaflet@[\d.]+/dist/leaflet\.js",
    }.items():
        assert len(re.findall(rf"docs/index\.md: readers get {name} from {address};", said)) == 1
