"""What workers do with objects of others: names that repeat, frames that are whole, hooks that wait."""

from __future__ import annotations

import re

import pytest

from mkdocs_chainrule.worker.libraries.frames import embedded
from mkdocs_chainrule.worker.libraries.ids import Names
from sessions import run_one

RANDOM = """
import uuid

class Table:
    def __init__(self):
        self.id = f"T_{uuid.uuid4().hex[:5]}"
    def _repr_html_(self):
        long, address = uuid.uuid4(), f"table{id(self)}"
        return (
            f'<style>#{self.id} {{}}</style><table id="{self.id}"></table><input id="data-{long}">'
            f'<label for="data-{long}">{self.id[2:]}</label><table id=\\'{address}\\'></table>'
            f'<script>var map_{long.hex} = 1; use(map_{long.hex})</script><p>{uuid.UUID(int=7)}</p>'
        )

display(Table(), Table())
"""


def test_random_names_are_the_same_at_every_build_and_differ_on_a_page():
    first, again = ([item.data["text/html"] for item in run_one(RANDOM).items] for _ in range(2))
    assert [re.sub(r"<label.*?</label>", "", html) for html in first] == [
        re.sub(r"<label.*?</label>", "", html) for html in again
    ]
    names = [set(re.findall(r"id=.([\w-]+)|var (\w+)", html)) for html in first]
    assert names[0].isdisjoint(names[1])
    for html in first:
        (style,), (table, data, _) = re.findall(r"#(\w+)", html), re.findall(r"""id=["']([^"']+)""", html)
        assert style == table
        assert f'for="{data}"' in html
        assert len(set(re.findall(r"map_\w+", html))) == 1
        assert "<p>00000000-0000-0000-0000-000000000007</p>" in html


def test_pages_have_names_of_their_own():
    html = '<b id="T_0a1b2"></b>'
    assert Names("a.md").settled(html) != Names("b.md").settled(html)
    assert Names("a.md").settled('<b id="T_total"></b>') == '<b id="T_total"></b>'


SVG = """
class Picture:
    def _repr_svg_(self):
        return '''<svg><style>p { fill: #abc }</style><g id="a"/><use xlink:href="#a"/><p id='b' title="#a"/>
            <p fill="url(#a)"/><a href="x#a">id="a"</a></svg>'''

for _ in range(3):
    display(Picture())
"""


def test_pictures_on_a_page_share_no_name():
    pictures = [item.data["image/svg+xml"] for item in run_one(SVG).items]
    for picture, end in zip(pictures, ("", "-2", "-3"), strict=True):
        assert re.findall(r"<\w+ id=[\"'](.*?)[\"']", picture) == [f"a{end}", f"b{end}"]
        assert f'<use xlink:href="#a{end}"/>' in picture
        assert f'<p fill="url(#a{end})"/>' in picture
        assert 'title="#a"' in picture
        assert '<a href="x#a">id="a"</a>' in picture


@pytest.mark.parametrize("inside", ["<script>a.x</script>", "<style>#a { fill: red }</style>"])
def test_a_picture_that_speaks_of_its_names_keeps_them(inside):
    names, svg = Names("a.md"), f'<svg>{inside}<g id="a"/></svg>'
    assert [names.apart(svg) for _ in range(2)] == [svg, svg]


def test_a_frame_holds_the_page_that_was_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.html").write_text('<b title="x">net</b>', encoding="utf-8")
    held = '<iframe width="9" srcdoc="&lt;b title=&quot;x&quot;&gt;net&lt;/b&gt;"></iframe>'
    assert embedded('<iframe width="9" src="net.html"></iframe>') == held
    for src in ("gone.html", "https://x.org/net.html", str(tmp_path / "net.html")):
        assert embedded(f'<iframe src="{src}"></iframe>') == f'<iframe src="{src}"></iframe>'


@pytest.mark.parametrize("asked", ["importlib.util.find_spec('graphviz_like')", "None"])
def test_who_only_asks_for_a_package_does_not_use_up_its_hook(tmp_path, monkeypatch, asked):
    import importlib.util
    import sys

    from mkdocs_chainrule.worker.on_import import AfterImport

    (tmp_path / "graphviz_like.py").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    called = []
    monkeypatch.setattr(
        sys, "meta_path", [AfterImport({"graphviz_like": lambda: called.append(1)}), *sys.meta_path]
    )
    eval(asked, {"importlib": importlib})
    importlib.import_module("graphviz_like")
    sys.modules.pop("graphviz_like")
    assert called == [1]


SEVERAL = """
class Grid:
    def __init__(self):
        import matplotlib.pyplot as plt
        self._figure, axes = plt.subplots()
        axes.plot([1, 2])
"""


def test_an_object_that_says_nothing_is_its_figure_once():
    items = run_one(f"{SEVERAL.strip()}\ngrid = Grid()\ndisplay(grid)\ngrid").items
    assert [item.metadata.get("chainrule", {}).get("kind", "text") for item in items] == ["figure", "text"]


def test_figures_stand_in_the_order_in_which_they_were_made_whoever_holds_the_last():
    source = f"""{SEVERAL.strip()}
plt = __import__("matplotlib.pyplot").pyplot
plt.plot([1, 2], [5, 6])
plt.title("first")
Grid()"""
    items = run_one(source).items
    assert [item.metadata["chainrule"]["kind"] for item in items] == ["figure", "figure"]
    assert "first" in items[0].data["image/svg+xml"]
    assert "first" not in items[1].data["image/svg+xml"]
