"""A whole block: source, result, error, and nothing live from what a block says."""

from __future__ import annotations

import base64
import gzip
import re
from pathlib import Path

import pytest

import mkdocs_chainrule
from chainrule.graph import MIME, Edge, Graph, Node
from drawings import expression, loss
from mkdocs_chainrule.options import block_options
from mkdocs_chainrule.session.block import Block, Bundle, Failure, Frame, Output, Place, Stream
from mkdocs_chainrule.show import ShowSettings, layout, show

ASSETS = Path(mkdocs_chainrule.__file__).with_name("assets")
SOURCE = "a = 1\nb = 2\nprint(a)\nboom"
FENCE = '<div class="highlight"><pre><code>the fence</code></pre></div>'
GRAPH = Graph(
    (
        Node("v1", "input", "a", 2.0, -3.0),
        Node("v2", "input", "b", -3.0, 2.0),
        Node("v3", "operation", "*", primitive="multiply"),
        Node("v4", "output", "d", -6.0, 1.0),
    ),
    (Edge("v1", "v3"), Edge("v2", "v3"), Edge("v3", "v4")),
)
BUNDLE = Bundle({"application/vnd.chainrule.graph+json": GRAPH.to_data(), "text/plain": str(GRAPH)})
PNG = base64.b64encode(b"\x89PNG...").decode()
EVIL = '<img src=x onerror="alert(1)"><script>alert(2)</script>'


def block(kind="fence", **options) -> Block:
    lines = tuple(Place("docs/a.md", 11 + i) for i in range(4))
    return Block(SOURCE, kind, Place("docs/a.md", 10), lines, options)


def shown(*items, failure=None, settings=None, kind="fence", **options) -> str:
    return show(block(kind, **options), FENCE, Output(items, failure), settings or ShowSettings())


def failure(kind="exception", message="NameError: name 'boom' is not defined", frames=()) -> Failure:
    return Failure(kind, message, Place("docs/a.md", 14), frames)


PRINTED = Stream("stdout", "printed\n")


def test_the_source_stands_above_its_result():
    html = shown(PRINTED)
    assert html.index("the fence") < html.index("printed")


def test_the_source_stands_below_its_result():
    html = shown(PRINTED, source="below")
    assert html.index("printed") < html.index("the fence")


def test_the_source_is_left_out():
    assert "the fence" not in shown(PRINTED, source="none")
    assert shown(source="none") == ""


def test_the_source_is_folded():
    assert re.search(r"<details[^>]*><summary>Source</summary>.*the fence", shown(PRINTED, source="folded"))


def test_the_source_is_a_tab_beside_its_result():
    html = shown(PRINTED, settings=ShowSettings(prefix="p1"), source="tabbed")
    assert html.count('type="radio" name="p1-tab"') == 2
    assert set(re.findall(r'for="([^"]+)"', html)) == set(re.findall(r' id="([^"]+)"', html))


def test_the_fence_wins_over_the_site():
    options, _ = block_options({"source": "above"}, {"source": "folded"})
    assert "<details" not in shown(PRINTED, **options)


def test_a_block_that_shows_nothing_is_its_source():
    assert shown() == f'<div class="chainrule"><div class="chainrule-source">{FENCE}</div></div>'
    assert "printed" not in shown(PRINTED, output="none")


def test_a_set_up_shows_nothing_unless_it_fails():
    assert shown(PRINTED, setup=True) == ""
    assert "NameError" in shown(failure=failure(), setup=True)


def test_a_caption_is_text():
    html = shown(PRINTED, caption="<i>What</i>")
    assert "<figcaption>&lt;i&gt;What&lt;/i&gt;</figcaption>" in html


def test_items_keep_their_order():
    html = shown(PRINTED, BUNDLE, Stream("stdout", "later"))
    assert html.index("printed") < html.index('class="mermaid"') < html.index("later")


def test_the_richest_type_is_shown():
    data = {"text/plain": "plain", "text/html": "<b>html</b>", "image/png": PNG}
    assert "data:image/png" in shown(Bundle(data))
    assert "<b>html</b>" in shown(Bundle({**data, "image/png": "no base64"}))
    assert "plain" in shown(Bundle(data | {"image/png": "no"}), allow_html=False)


@pytest.mark.parametrize(
    "metadata", [{"chainrule": "text"}, {"chainrule": None}, {"chainrule": {"zooms": None}}]
)
def test_metadata_that_is_not_ours_is_passed_over(metadata):
    assert "mermaid" in shown(Bundle(BUNDLE.data, metadata))


@pytest.mark.parametrize("mime", ["text/html", "image/svg+xml", "text/markdown"])
def test_nothing_is_raw_where_html_is_not_allowed(mime):
    html = shown(Bundle({mime: EVIL, "text/plain": "plain"}), allow_html=False)
    assert "<img" not in html
    assert "<script" not in html


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "JAVA&#115;cript&colon;x", "data:text/html,x", "vbscript:x"]
)
def test_links_in_markdown_only_lead_somewhere(link):
    html = shown(Bundle({"text/markdown": f"[x]({link}) [y](https://y.org)"}), allow_html=False)
    assert re.findall('href="([^"]*)"', html) == ["https://y.org"]


def test_an_unknown_graph_falls_back_to_its_text():
    data = {"application/vnd.chainrule.graph+json": {"version": 99}, "text/plain": "a graph"}
    assert "a graph" in shown(Bundle(data))


def test_a_graph_is_mermaid_with_its_values_as_a_table():
    html = shown(BUNDLE)
    assert re.search(r'<pre class="mermaid">.*graph LR', html, re.DOTALL)
    assert '<th scope="row">d</th><td>a * b</td><td>-6.0</td><td>1.0</td>' in html


def test_a_graph_at_several_zooms_can_be_switched():
    coarse = {**GRAPH.to_data(), "zoom": "layer"}
    bundle = Bundle(BUNDLE.data, {"chainrule": {"zooms": [coarse]}})
    html = shown(bundle, zoom="layer")
    assert re.findall(r"<input[^>]*checked><label[^>]*>(\w+)", html) == ["Layers"]
    assert re.findall(r"<label[^>]*>(\w+)", html) == ["Values", "Layers"]
    assert html.count('class="mermaid"') == 2


def test_the_zoom_that_the_code_asked_for_is_seen_first():
    finer = {**GRAPH.to_data(), "zoom": "scalar"}
    html = shown(Bundle(BUNDLE.data, {"chainrule": {"zooms": [finer]}}))
    assert re.findall(r"<input[^>]*checked><label[^>]*>(\w+)", html) == ["Values"]


def drawn(graph: Graph, form: str) -> str:
    return shown(Bundle({MIME: graph.to_data()}), graph=form)


def test_a_graph_of_more_than_sixty_nodes_is_drawn_at_build_time():
    assert 'class="mermaid"' in drawn(expression(50), "auto")
    assert "<svg role" in drawn(expression(70), "auto")


def test_every_form_is_folded_where_it_is_large():
    for form in ("mermaid", "svg", "dot"):
        assert "sum of 77" in drawn(loss(1000), form)


def test_mermaid_is_not_asked_for_what_takes_it_seconds():
    html = drawn(expression(220), "mermaid")
    assert "<svg role" in html
    assert "more than 200 nodes" in html


def test_without_an_engine_mermaid_draws_what_it_can_and_a_list_says_the_rest(monkeypatch):
    monkeypatch.setattr(layout, "engines", tuple)
    assert "since no layout engine answered" in drawn(expression(100), "svg")
    html = drawn(expression(220), "svg")
    assert "mermaid" not in html
    assert "which no layout engine placed in time" in html
    assert "x0" in html


def test_a_long_table_is_cut_and_says_so():
    leaves = Graph(tuple(Node(f"v{place}", "input", f"x{place}", 1.0) for place in range(1000)), ())
    html = drawn(leaves, "dot")
    assert html.count("<tr>") == 402
    assert "And 600 more" in html


def test_alternative_words_are_the_name_of_the_picture():
    assert 'role="img" aria-label="The slope"' in shown(BUNDLE, graph="svg", alt="The slope")


def test_a_graph_can_be_dot():
    html = shown(BUNDLE, graph="dot")
    assert "digraph" in html
    assert "mermaid" not in html


def test_an_error_marks_the_line_and_names_the_place():
    frames = (Frame("docs/a.md", 14, "<module>", "boom"), Frame("lib.py", 3, "f", "<g>()"))
    html = shown(PRINTED, failure=failure(frames=frames))
    assert "printed" in html
    assert 'aria-label="Error at docs/a.md:14"' in html
    assert re.search(r"<mark><span[^>]*>  14</span> boom</mark>", html)
    assert "lib.py:3 in f" in html
    assert "&lt;g&gt;()" in html


@pytest.mark.parametrize("kind", ["timeout", "memory", "crash", "skipped", "exception"])
def test_every_failure_says_what_and_where(kind):
    html = shown(failure=failure(kind, f"it was {EVIL}"))
    assert f"chainrule-{kind}" in html
    assert "docs/a.md:14" in html
    assert "&lt;script&gt;" in html
    assert "<script>" not in html


def test_an_error_that_must_come_is_an_example():
    assert "Expected error" in shown(failure=failure(), expect="NameError")


def test_inline_values_are_text():
    assert (
        shown(Bundle({"text/plain": "<1>"}), kind="inline")
        == '<span class="chainrule-inline">&lt;1&gt;</span>'
    )
    assert "docs/a.md:14: NameError" in shown(failure=failure(), kind="inline")


@pytest.mark.parametrize(("name", "limit"), [("chainrule.js", 4096), ("chainrule.css", 3072)])
def test_script_and_style_sheet_stay_small(name, limit):
    assert len(gzip.compress((ASSETS / name).read_bytes(), 9)) <= limit
