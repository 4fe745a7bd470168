"""What of a page is in the index of its site's search: all words, a long text once, no source of a graph."""

from __future__ import annotations

import json

import pytest

from building import first_now
from mkdocs_chainrule.site.late import Late
from projects import Project

THEMES = {"mkdocs": "{name: mkdocs, highlightjs: false}", "material": "{name: material, font: false}"}
PAGE = """# Home

The prose.

## Printed

```autograd
for n in range(100_000):
    print("line", n, "of output")
```

Prose after it.

```autograd
for n in range(40):
    print("row", n, "of few")
```

```autograd
class Table:
    def _repr_html_(self):
        rows = "".join(f"<tr><td>cell{n}</td><td>{'x' * 40}</td></tr>" for n in range(200))
        return "<style>.un" + f"spoken{{}}</style><table>{rows}</table>"

Table()
```

```autograd
class Styled:
    def _repr_html_(self):
        return f"<style>.un{'styled'}{{}}</style><b>spoken{'word'}</b><script>let un{'scripted'}</script>"

Styled()
```

```autograd
class Plotted:
    def _repr_mimebundle_(self, **_):
        data = {"data": [{"x": [1, 2], "name": "un" + "plotted"}], "layout": {}}
        return {"application/vnd.plotly.v1+json": data, "text/plain": "a plot"}

Plotted()
```

## Drawn

```autograd caption="The caption"
from chainrule import Value

apple, pear = Value(2.0), Value(3.0)
print("sa" + "id")
apple * pear
```

```autograd
import matplotlib.pyplot as plt

plt.plot([1, 2, 4], label="pixel" + "name")
plt.legend();
```

## Failed

```autograd expect="ValueError"
raise ValueError("word " * 1200 + "last" + "word")
```

The end.
"""


@pytest.fixture(params=first_now(*THEMES), scope="module")
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """The entries of a search index, by MkDocs' own plugin and by Material's."""
    project = Project(tmp_path_factory.mktemp("search"))
    project.configure(f"site_name: T\ntheme: {THEMES[request.param]}\nplugins: [search, chainrule]\n")
    project.page("index.md", PAGE)
    run = project.build("--strict")
    assert run.returncode == 0, run.stderr
    for text in ("line 30000 of output", "cell150", "The caption", "said", "lastword", "This page as .py"):
        assert text in project.html()
    assert "chainrule-words" not in project.html()
    assert "data-chainrule-late" not in project.html()
    assert "<h6" not in project.html()
    search = json.loads((project.root / "site/search/search_index.json").read_text("utf-8"))
    entries: list[dict[str, str]] = search["docs"]
    return entries


def where(index: list[dict[str, str]], text: str) -> list[str]:
    """The places of all entries that hold a text, as often as they do."""
    return [entry["location"] for entry in index for _ in range(entry["text"].count(text))]


@pytest.mark.slow
def test_a_long_result_is_in_the_index_once(index: list[dict[str, str]]) -> None:
    for text in (
        "line 7 of output",
        "line 30000 of output",
        "row 39 of few",
        "cell150",
        "lastword",
        "said",
        "spokenword",
    ):
        assert len(where(index, text)) == 1, text


@pytest.mark.slow
def test_the_words_around_it_are_where_they_were(index: list[dict[str, str]]) -> None:
    for text, place in {"Prose after it": "#printed", "The end": "#failed"}.items():
        assert place in where(index, text)
    assert "#failed" in [entry["location"] for entry in index]
    assert len({entry["location"] for entry in index}) == len(index)


@pytest.mark.slow
def test_sources_and_names_of_pictures_are_in_no_index(index: list[dict[str, str]]) -> None:
    for text in (
        "graph LR",
        "digraph",
        "apple ->",
        "unspoken",
        "unstyled",
        "unscripted",
        "unplotted",
        "pixelname",
        "This page as .py",
        "chainrule-",
    ):
        assert where(index, text) == [], text


@pytest.mark.parametrize(
    "piece", ["<!-- <svg -->", "<b title='<svg'>", "<b title='<pre data-search-exclude'>"]
)
def test_what_only_looks_like_a_picture_is_passed_once(piece: str) -> None:
    late = Late("7d")
    mark = late.set_aside(piece * 40_000 + "said")  # for each, to the end and back, would be hours
    assert late.with_words(mark).endswith("<p>said</p><!--/chainrule-words 7d-->")
