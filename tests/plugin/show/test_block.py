"""A whole block: source, result, error, and nothing live from what a block says."""

from __future__ import annotations

import base64
import gzip
import re
from dataclasses import replace
from html import unescape

import pytest

from chainrule.graph import MIME, Edge, Graph, Node
from drawings import expression, loss
from mkdocs_chainrule.assets import HERE, LATER, SCRIPT, STYLE
from mkdocs_chainrule.assets.joined import joined
from mkdocs_chainrule.options import block_options
from mkdocs_chainrule.session.block import Block, Bundle, Failure, Frame, Output, Place, Stream
from mkdocs_chainrule.show import ShowSettings, show
from mkdocs_chainrule.show.graphs import layout

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
    assert html.index("printed") < html.index("<chain-rule") < html.index("later")


def test_the_richest_type_is_shown():
    data = {"text/plain": "plain", "text/html": "<b>html</b>", "image/png": PNG}
    assert "data:image/png" in shown(Bundle(data))
    assert "<b>html</b>" in shown(Bundle({**data, "image/png": "no base64"}))
    assert "plain" in shown(Bundle(data | {"image/png": "no"}), allow_html=False)


@pytest.mark.parametrize(
    "metadata", [{"chainrule": "text"}, {"chainrule": None}, {"chainrule": {"zooms": None}}]
)
def test_metadata_that_is_not_ours_is_passed_over(metadata):
    assert "<chain-rule" in shown(Bundle(BUNDLE.data, metadata))


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


def test_a_graph_is_our_picture_with_its_other_forms_folded_below():
    html = shown(BUNDLE)
    assert html.index("<svg role") < html.index("<summary>Legend") < html.index("<summary>Mermaid")
    assert html.index("<summary>Mermaid") < html.index("<summary>DOT") < html.index("<summary>Table")
    mermaid, dot = re.findall(r'<pre class="chainrule-text">([^<]*)', html)
    assert mermaid.startswith("graph LR\n")
    assert unescape(mermaid) == GRAPH.to_mermaid()
    assert unescape(dot) == GRAPH.to_dot()
    assert "data-draw" not in html


def test_the_table_calls_values_as_the_picture_does_and_aligns_their_points():
    half = Graph(
        (*GRAPH.nodes, Node("v5", "operation", "sin"), Node("v6", "output", "", -1.25)),
        (*GRAPH.edges, Edge("v4", "v5"), Edge("v5", "v6")),
    )
    html = shown(Bundle({MIME: half.to_data()}))
    cells = re.findall(r"<tr><th[^>]*>(.*?)</th><td>(.*?)</td><td[^>]*>(.*?)</td>", html)
    pad = "\N{PUNCTUATION SPACE}" + 2 * "\N{FIGURE SPACE}"
    assert cells[-2:] == [("d", "a · b", f"−6{pad}"), ("sin(d)", "sin(d)", "−1.25")]


def test_mermaid_draws_unasked_where_an_author_wants_it():
    html = shown(BUNDLE, graph="mermaid")
    assert " data-draw" in html
    assert "<svg role" in html


@pytest.mark.parametrize(("direction", "first"), [("auto", "LR"), ("LR", "LR"), ("TB", "TB")])
def test_the_direction_is_mermaids_too(direction, first):
    assert f">graph {first}\n" in shown(BUNDLE, direction=direction)


def test_the_caption_stands_between_the_picture_and_its_other_forms():
    html = shown(PRINTED, BUNDLE, caption="What <i>it</i> is")
    caption = html.index('<p class="chainrule-caption">What &lt;i&gt;it&lt;/i&gt; is</p>')
    assert html.index("</svg>") < caption < html.index("<summary>Legend")
    assert html.count("<figcaption>") == 1


def test_the_legend_says_whose_gradients_they_are():
    assert "∂ of d" in shown(BUNDLE)
    later = Bundle({MIME: GRAPH.to_data() | {"gradients_of": "L"}})
    assert "∂ of L" in shown(later)


@pytest.mark.parametrize(
    ("source", "is_gradient"),
    [
        ("a.grad", True),
        ("a.grad:.3f", True),
        ("(a*b).grad!r:>9", True),
        ("a.grad.shape", False),
        ("a", False),
    ],
)
def test_an_inline_gradient_has_the_colour_of_gradients(source, is_gradient):
    inline = Block(source, "inline", Place("docs/a.md", 10), (), {})
    html = show(inline, "", Output((Bundle({"text/plain": "6"}),)), ShowSettings())
    assert ("chainrule-grad" in html) == is_gradient


def test_a_graph_at_several_zooms_can_be_switched():
    coarse = {**GRAPH.to_data(), "zoom": "layer"}
    bundle = Bundle(BUNDLE.data, {"chainrule": {"zooms": [coarse]}})
    html = shown(bundle, zoom="layer")
    assert re.findall(r"<input[^>]*checked><span>(\w+)", html) == ["Layers"]
    assert re.findall(r"<input[^>]*><span>(\w+)", html) == ["Values", "Layers"]
    assert html.count("<summary>Mermaid") == 2


def test_the_zoom_that_the_code_asked_for_is_seen_first():
    finer = {**GRAPH.to_data(), "zoom": "scalar"}
    html = shown(Bundle(BUNDLE.data, {"chainrule": {"zooms": [finer]}}))
    assert re.findall(r"<input[^>]*checked><span>(\w+)", html) == ["Values"]


def drawn(graph: Graph, form: str) -> str:
    return shown(Bundle({MIME: graph.to_data()}), graph=form)


def test_every_form_is_folded_where_it_is_large():
    for form in ("mermaid", "svg", "dot"):
        assert "sum of 77" in drawn(loss(1000), form)


def test_mermaid_is_not_asked_for_what_takes_it_seconds():
    remarks: list[str] = []
    data = {MIME: expression(220).to_data()}
    html = shown(Bundle(data), settings=ShowSettings(remark=remarks.append), graph="mermaid")
    assert "<svg role" in html
    assert "<summary>Mermaid" not in html
    assert "data-draw" not in html
    assert "past 200 it takes a reader seconds" in remarks[0]


def test_without_an_engine_mermaid_draws_what_it_can_and_a_list_says_the_rest(monkeypatch):
    monkeypatch.setattr(layout, "engines", tuple)
    assert " data-draw" in drawn(expression(100), "svg")
    remarks: list[str] = []
    data = {MIME: expression(220).to_data()}
    html = shown(Bundle(data), settings=ShowSettings(remark=remarks.append), graph="svg")
    assert " data-draw" not in html
    assert "x0" in html
    assert "no layout engine placed this graph" in remarks[0]


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
    assert "<svg role" not in html
    assert " data-draw" not in html


ABOVE = Failure("exception", "NameError: name 'boom' is not defined", Place("docs/a.md", 14))


def lines_of(html: str) -> list[str]:
    """The lines of an error as they are read."""
    box = html[html.index("chainrule-error") :]
    return [re.sub("<[^>]*>", "", line) for line in re.findall(r"<p\b.*?</p>", box)]


def test_an_error_says_what_and_where_and_what_to_do():
    hinted = replace(ABOVE, message=f"{ABOVE.message}. Did you mean: 'b'?")
    assert lines_of(shown(failure=hinted)) == [
        "Error NameError: name &#x27;boom&#x27; is not defined",
        "docs/a.md:14, line 4 above",
        "Did you mean: &#x27;b&#x27;?",
    ]


ENGINE = ("chainrule.errors.ShapeError", "chainrule.errors.ChainruleError")


@pytest.mark.parametrize(
    ("kind", "message", "types", "what", "remedy"),
    [
        ("exception", "E: as it is; no hint. Nor this", (), "E: as it is; no hint. Nor this", None),
        (
            "exception",
            "NameError: np; import numpy as np",
            (),
            "NameError: np",
            "Write import numpy as np first.",
        ),
        (
            "exception",
            "SyntaxError: invalid syntax; %time is a command of notebooks: leave it out",
            (),
            "SyntaxError: invalid syntax",
            "%time is a command of notebooks: leave it out",
        ),
        ("exception", "E: bad: H. Did you mean h?", (), "E: bad: H", "Did you mean h?"),
        ("exception", "E: within (H. Did you mean h?)", (), "E: within (H. Did you mean h?)", None),
        (
            "exception",
            "S: do not fit; its axes must: .T; or pad",
            ENGINE,
            "S: do not fit",
            "Its axes must: .T; or pad",
        ),
        ("exception", "S: (1.); is it. Make one: a[1. 2.]", ENGINE, "S: (1.); is it", "Make one: a[1. 2.]"),
        ("exception", "S: (a at b:1; c. At d); e", ENGINE, "S: (a at b:1; c. At d)", "E"),
        ("skipped", "did not run, because a; b", (), "because a", "B"),
        ("exception", "S: no form; np.stack them", ENGINE, "S: no form", "np.stack them"),
        ("exception", "S: nothing to do", ENGINE, "S: nothing to do", None),
        ("timeout", "ran longer than 2 s; give it more", (), "ran longer than 2 s", "Give it more"),
    ],
)
def test_what_to_do_is_a_line_of_its_own(kind, message, types, what, remedy):
    first, _, *last = lines_of(shown(failure=Failure(kind, message, Place("docs/a.md", 14), (), (), types)))
    assert first.split(" ", 1)[1].removeprefix("of time ").removeprefix("run ") == what
    assert last == ([] if remedy is None else [remedy])


def test_a_line_above_is_counted_as_it_is_shown():
    hidden = replace(block(linenums="7"), source="import x  # hide\nb = 2\nprint(a)\nboom")
    html = show(hidden, FENCE, Output((), ABOVE), ShowSettings())
    assert lines_of(html)[1] == "docs/a.md:14, line 9 above"


@pytest.mark.parametrize("source", ["below", "tabbed", "folded", "none"])
def test_the_code_is_repeated_where_it_does_not_stand_above(source):
    html = shown(failure=ABOVE, source=source)
    assert re.search(r"<mark><span[^>]*>  14</span> boom</mark>", html)
    assert "  13</span> print(a)" in html
    assert "above" not in html
    assert "<mark>" not in shown(failure=ABOVE)


def test_the_code_is_repeated_where_its_line_is_hidden_or_elsewhere():
    hidden = replace(block(), source=f"{SOURCE}  # hide")
    assert "boom  # hide</mark>" in show(hidden, FENCE, Output((), ABOVE), ShowSettings())
    elsewhere = Place("docs/a.md", 5)
    frames = (Frame("docs/a.md", 14, "<module>", "boom"), Frame(*elsewhere, "f", "return <g>"))
    html = shown(failure=Failure("exception", "E", elsewhere, frames))
    assert re.search(r"<mark><span[^>]*>   5</span> return &lt;g&gt;</mark>", html)


def test_an_error_has_its_frames_in_a_fold():
    frames = (Frame("docs/a.md", 14, "<module>", "boom"), Frame("lib.py", 3, "f", "<g>()"))
    html = shown(PRINTED, failure=failure(frames=frames))
    assert "printed" in html
    assert 'role="group" aria-label="Error at docs/a.md:14"' in html
    assert re.search(r"<summary>Traceback</summary>.*lib\.py:3 in f.*&lt;g&gt;\(\)", html)


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
        == '<span class="chainrule-inline mathjax_ignore" data-of="a">&lt;1&gt;</span>'
    )
    assert "docs/a.md:14: NameError" in shown(failure=failure(), kind="inline")


@pytest.mark.parametrize("name", [SCRIPT, STYLE, *LATER])
def test_what_is_served_is_made_of_its_parts(golden, name):
    golden(joined()[name], HERE / name)


def test_script_and_style_sheet_stay_small():
    first, style, *later = (
        len(gzip.compress((HERE / name).read_bytes(), 9)) for name in (SCRIPT, STYLE, *LATER)
    )
    assert first + max(later) <= 14 * 1024
    assert style <= 6 * 1024
