"""What objects of other libraries offer, by the types of the display protocol: boxes, images, scripts."""

from __future__ import annotations

import base64
import re

import pytest

from mkdocs_chainrule.session.block import Bundle
from mkdocs_chainrule.show.html import made_for_paper
from mkdocs_chainrule.show.rich import show_bundle
from mkdocs_chainrule.show.scripts import script_name
from mkdocs_chainrule.show.settings import ShowSettings

TEXT_ONLY = ShowSettings(options={**ShowSettings().options, "allow_html": False})
TABLE = '<table border="1" class="dataframe"><tr><td>1</td></tr></table>'
CDN = "https://cdn.example.org/lib-2.1.0.min.js"
PLOTLY = Bundle({"application/vnd.plotly.v1+json": {"data": ["</script>"], "version": "4.1.1"}})


def shown(settings=None, metadata=None, **data):
    types = {"html": "text/html", "text": "text/plain", "json": "application/json", "svg": "image/svg+xml"}
    bundle = Bundle({types.get(name, f"image/{name}"): each for name, each in data.items()}, metadata or {})
    return show_bundle(bundle, settings or ShowSettings())


def test_a_notebooks_table_looks_as_the_sites_own():
    assert '<table data-chainrule="frame"><tr>' in shown(html=TABLE)
    assert "<table><tr>" in shown(html=TABLE.replace("dataframe", "simpletable"))
    assert 'class="mine"' in shown(html=TABLE.replace("dataframe", "mine"))


@pytest.mark.parametrize(
    ("html", "is_paper"),
    [
        (TABLE, False),
        ('<b style="color: #abc">x</b>', True),
        ("<b style='background-color:yellow'>x</b>", True),
        ("<style>td { background: rgb(1, 2, 3) }</style>", True),
        ('<b style="color: inherit; background: none">x</b>', False),
        ('<b style="border-color: #ddd; color: currentcolor">x</b>', False),
        ("<style>b { color: navy } @media (prefers-color-scheme: dark) { b { color: aqua } }</style>", False),
        ("<script>let style = 'color: navy'</script>", False),
    ],
)
def test_what_names_colours_and_knows_no_dark_was_made_for_paper(html, is_paper):
    assert made_for_paper(html) is is_paper
    assert ('data-md-color-scheme="default" data-bs-theme="light"' in shown(html=html)) is is_paper


def test_a_style_sheet_holds_for_its_own_box():
    html = shown(html="<style>:root { --x: 1 } pre { margin: 0 }</style><pre>x</pre>")
    assert "<style>.chainrule-rich.chainrule-rich {& { --x: 1 } pre { margin: 0 }}</style>" in html
    apart = "<style>@import url(x.css); pre { margin: 0 }</style>"
    assert apart in shown(html=apart)


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("<div><b>x <table><tr><td>y", "<div><b>x <table><tr><td>y</table></b></div>"),
        ("<div><b>x</div>", "<div><b>x</b></div>"),
        ("</div></section><p>x</p></article>", "<p>x</p>"),
        ("<script>let x = '<div>'", "<script>let x = '<div>'</script>"),
        ("x<!-- y", "x<!-- y-->"),
        ("x<a title='y>z</a>", "x&lt;a title='y&gt;z&lt;/a&gt;"),
        *((same, same) for same in ("<ul><li>a<li>b</ul>", "<svg><path/></svg>", "<b><i>x</b></i>", "a < b")),
        *(
            (same, same)
            for same in ("<p>a<p>b", "<a title=it's>x</a>", "<img><br>", "<script>'</div>'</script>")
        ),
    ],
)
def test_what_a_result_does_not_end_ends_with_it_and_nothing_else_does(html, seen):
    assert shown(html=html).endswith(f'aria-label="Result">{seen}</div>')


def test_a_picture_and_markdown_end_what_they_begin_too():
    assert shown(svg="<svg><g>").endswith("<svg><g></g></svg></div>")
    markdown = Bundle({"text/markdown": "x <b>y"})
    assert show_bundle(markdown, ShowSettings()).endswith("<p>x <b>y</b></p></div>")


def test_a_picture_without_a_scheme_stands_on_paper_and_leaves_its_prolog():
    svg = '<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "a" "b">\n<svg><path d="M0 0"/></svg>'
    assert re.search(r'chainrule-paper"[^>]*>\s*<svg>', shown(svg=svg))
    assert "chainrule-paper" not in shown(svg='<svg stroke="currentColor"></svg>')


@pytest.mark.parametrize(("kind", "start"), [("gif", b"GIF89a"), ("webp", b"RIFF"), ("png", b"\x89PNG")])
def test_an_image_has_the_size_that_its_object_wants(kind, start):
    data = base64.b64encode(start).decode()
    html = shown(**{kind: data}, metadata={f"image/{kind}": {"width": 20.4, "height": "x"}})
    assert html.startswith(f'<img src="data:image/{kind};base64,{data}" alt="" width="20" class=')
    assert shown(**{kind: "AAAA"}, text="said").endswith(">said</pre>")


def test_data_is_shown_as_text():
    assert "&quot;a&quot;: &quot;&lt;b&gt;&quot;" in shown(json={"a": "<b>"}, text="<JSON object>")


@pytest.mark.parametrize(
    ("html", "text", "read"),
    [
        ("<b>1</b> &lt; 2<style>b {}</style>", "<a.B object>", "1 &lt; 2"),
        ("<b>1</b>", "one", "one"),
        ("&lt;b&gt; <img src=x onerror=a()", "<a.B object>", "&lt;b&gt; &lt;img src=x onerror=a()"),
        ("<iframe>old browser</iframe>", "<a.Map object>", "Map: its HTML is not shown on this site."),
    ],
)
def test_without_html_its_words_are_shown_or_what_is_missing(html, text, read):
    assert re.sub("<[^>]*>", "", shown(TEXT_ONLY, html=html, text=text)) == read


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (CDN, "lib"),
        ("https://cdn.jsdelivr.net/npm/vega-embed@7?noext", "vega-embed"),
        ("https://cdn.jsdelivr.net/npm/@scope/lib@1/dist/x.js", "@scope/lib"),
        ("https://www.unpkg.com/lib@1/x.js", "lib"),
        ("//x.org/leaflet.awesome-markers.js", "leaflet.awesome-markers"),
        ("https://x.org/es5/tex-mml-chtml.js", "tex-mml-chtml"),
    ],
)
def test_a_script_has_a_name(address, name):
    assert script_name(address) == name


@pytest.mark.parametrize(
    ("html", "own"),
    [
        (f'<script src="{CDN}" integrity="sha256-x" crossorigin="a">', '<script src="../js/lib.js">'),
        (f"&lt;script src=&quot;{CDN}&quot;&gt;", "&lt;script src=&quot;../js/lib.js&quot;&gt;"),
        (
            f"<script type='module'>import x from '{CDN}'",
            "<script type='module'>import x from '../js/lib.js'",
        ),
    ],
)
def test_a_script_comes_from_the_site_where_it_is_named(html, own):
    remarks = []
    settings = ShowSettings(remark=lambda remark, once: remarks.append((remark, once)))
    assert html in shown(settings, html=html)
    (told,) = remarks
    assert told[0].startswith(f"readers get lib from {CDN}; with a copy in docs")
    assert told[0].endswith("by scripts: {lib: js/lib.js} in mkdocs.yml")
    assert told[1]
    assert own in shown(ShowSettings(scripts={"lib": "../js/lib.js"}), html=html)
    module = ShowSettings(scripts={"lib": "js/lib.js"})
    assert "from './js/lib.js'" in shown(module, html=f"<script>import x from '{CDN}'</script>")


def test_a_plot_holds_its_data_and_ends_nothing():
    html = show_bundle(PLOTLY, ShowSettings(scripts={"plotly": "js/p.js"}))
    assert 'data-kind="plotly" data-scripts="js/p.js"' in html
    assert '["&lt;/script&gt;"]' in html
    assert html.count("</script>") == 1  # of what draws
    assert show_bundle(PLOTLY, TEXT_ONLY) == ""
    odd = {
        "application/vnd.plotly.v1+json": [1],
        "application/vnd.chainrule.bokeh+json": {},
        "text/plain": "x",
    }
    assert show_bundle(Bundle(odd), ShowSettings()).endswith(">x</pre>")


@pytest.mark.parametrize(
    ("mime", "scripts"),
    [
        ("application/vnd.vegalite.v5+json", ["vega@5", "vega-lite@5", "vega-embed@6"]),
        ("application/vnd.vegalite.v6.json", ["vega@6", "vega-lite@6", "vega-embed@7"]),
        ("application/vnd.vega.v5+json", ["vega@5", "vega-embed@6"]),
    ],
)
def test_a_chart_has_the_scripts_of_its_version(mime, scripts):
    html = show_bundle(Bundle({mime: {}}), ShowSettings())
    assert re.findall(r"npm/([\w@-]+)", html) == scripts


def test_a_widget_says_what_is_missing():
    widget = {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "IntSlider(value=0)"}
    html = show_bundle(Bundle(widget), ShowSettings())
    assert "IntSlider(value=0)" in html
    assert "needs the kernel of a notebook" in html
