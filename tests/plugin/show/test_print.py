"""Pages on paper: every graph whole on one page at a size that is read, or told by its table."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

import pytest

from browsing import graphs
from building import serve, skip_or_fail
from shown import BOTH, CONFIG, SCHEMES, THEMES, build, figure, frame, ready, tool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Each graph's names begin alike, and are no other graph's: so its words are known on paper.
PAGE = """# On paper

Some text of the body, in Hamburgefonstiv.

```autograd caption="Small"
import numpy as np
from chainrule import Value, nn, relu

a, b = Value(2.0, label="small1"), Value(-3.0, label="small2")
(a * b).backward()
```

```autograd caption="Wide"
def chain(name, steps):
    v = Value(0.5, label=f"{name}0")
    for i in range(steps):
        v = v * Value(1.1, label=f"{name}w{i}")
        v.label = f"{name}v{i}"
    return v.backward()

chain("wide", 3)
```

Between them stands this, in Hamburgefonstiv.

```autograd caption="Tall"
chain("tall", 5)
```

```autograd caption="Large" direction="LR"
chain("large", 14)
```

```autograd caption="Drawn" graph="mermaid"
chain("drawn", 3)
```

The last of the text, in Hamburgefonstiv.
"""
OTHER = "# Other\n\nNo graph at all, in Hamburgefonstiv.\n"
TABLES = """# Tables

In a table Material gives every head a width of its own, in Hamburgefonstiv.

```autograd
import numpy as np
from chainrule import Value
from html import escape

class Table:
    def _repr_html_(self):
        rows = "".join(f"<tr>{'<td>5.048910055958089</td>' * 8}</tr>" for _ in range(3))
        return f"<table><thead><tr>{'<th>head</th>' * 8}</tr></thead><tbody>{rows}</tbody></table>"

Table()
```

```autograd
v = Value(np.linspace(-1.23456789, 9.87654321, 6).reshape(1, 2, 3), label="a_long_name_of_an_array")
(v * v * v * v).sum().backward()
```
"""
BODY = "Hamburgefonstiv."
POINTS = 72 / 96  # of a pixel
LEAST = 7  # points


@dataclass(frozen=True)
class Word:
    """A word on paper: on which page, how tall its line is, and whether it lies within the page's box."""

    text: str
    page: int
    height: float
    is_inside: bool


def printed(shown, path: Path) -> list[Word]:
    """Print a page on A4 and read its words back, with their places."""
    shown.pdf(path=path, format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "1.5cm"))
    html = subprocess.run(
        ["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True, text=True
    ).stdout
    words = []
    for number, page in enumerate(re.split(r"(?=<page )", html)[1:]):
        width, height = map(float, re.search(r'width="([\d.]+)" height="([\d.]+)"', page).groups())
        for *box, text in re.findall(
            r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', page
        ):
            left, top, right, bottom = map(float, box)
            is_inside = 0 <= left < right <= width and 0 <= top < bottom <= height
            words.append(Word(unescape(text), number, bottom - top, is_inside))
    return words


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The pages above with each theme, served."""
    if shutil.which("pdftotext") is None:
        skip_or_fail("there is no pdftotext on the path (Debian: poppler-utils)")
    folder, root = tmp_path_factory.mktemp("paper"), tmp_path_factory.mktemp("papers")
    with serve(folder) as url:
        configs = {theme: CONFIG + config for theme, config in THEMES.items()}
        build(root, folder, url, {"index.md": PAGE, "other.md": OTHER, "tables.md": TABLES}, configs)
        yield url


# Of each graph, what of its pictures is printed: the words, and the size of the body's text, in pixels.
EXPECTED = """() => [
  [...document.querySelectorAll("chain-rule")].map(graph =>
    [...graph.querySelectorAll(".chainrule-frame svg[role=img]")]
    .filter(svg => svg.getClientRects().length)
    .map(svg => [...svg.querySelectorAll("text")].flatMap(text => text.textContent.trim().split(/\\s+/)))),
  parseFloat(getComputedStyle(document.querySelector("p")).fontSize),
]"""

# How light the text of the body is, and that of a graph, of 255 each.
INKS = """() => ["article p, .col-md-9 p", ".chainrule-picture text"].map(path => {
  const {color, fill} = getComputedStyle(document.querySelector(path));
  const [red, green, blue] = (path.startsWith(".") ? fill : color).match(/[\\d.]+/g).map(Number);
  return (red + green + blue) / 3;
})"""


@pytest.mark.parametrize("theme", BOTH)
def test_each_graph_is_whole_on_one_page_and_readable_or_told_by_its_table(visit, paper, tmp_path, theme):
    shown = ready(visit(f"{paper}{theme}/", color_scheme="dark"))
    tool(figure(shown, 1), "Zoom in").click()
    graphs(shown, figure(shown))
    words = printed(shown, tmp_path / "page.pdf")
    shown.emulate_media(media="print")
    expected, size = shown.evaluate(EXPECTED)
    assert len(expected) == 5

    assert [word for word in words if not word.is_inside] == []
    body = [word.height for word in words if word.text == BODY]
    assert len(body) == 3
    point = body[0] / (size * POINTS)  # the height of a line for a point of its letters
    for pictures, name in zip(expected, ("small", "wide", "tall", "large", "drawn"), strict=True):
        assert len(pictures) == 1, name  # no second direction
        names = {text for text in pictures[0] if text.startswith(name)}
        assert names, pictures
        found = {text: [word for word in words if word.text == text] for text in names}
        assert all(found.values()), name
        is_told = any(len(each) > 1 for each in found.values())
        first = [each[0] for each in found.values()]
        assert len({word.page for word in first}) == 1, name
        if not is_told:
            assert min(word.height for word in first) / point >= LEAST - 0.1, name
            assert all(len(each) == 1 for each in found.values()), name
        else:
            assert name == "large"
            assert all(each[-1].height / point >= LEAST for each in found.values())


@pytest.mark.parametrize("theme", BOTH)
def test_no_tools_no_mermaid_and_captions_are_printed(visit, paper, tmp_path, theme):
    shown = ready(visit(f"{paper}{theme}/"))
    graphs(shown)
    said = [word.text for word in printed(shown, tmp_path / "page.pdf")]
    assert {"Fit", "1:1", "Full", "Save", "Legend", "Mermaid", "DOT", "digraph", "->"}.isdisjoint(said)
    assert {"Small", "Wide", "Tall", "Large", "Drawn"} <= set(said)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", BOTH)
def test_ink_on_paper_is_as_dark_as_the_theme_s_own_text(visit, paper, theme, scheme):
    shown = ready(visit(f"{paper}{theme}/", color_scheme=scheme))
    shown.evaluate(SCHEMES[theme], scheme)
    shown.emulate_media(media="print")
    text, ink = shown.evaluate(INKS)
    assert abs(text - ink) < 100


@pytest.mark.parametrize("theme", BOTH)
def test_the_text_of_all_pages_has_one_size(visit, paper, tmp_path, theme):
    sizes = set()
    for page in ("", "other/", "tables/"):
        shown = ready(visit(f"{paper}{theme}/{page}"))
        words = printed(shown, tmp_path / "page.pdf")
        sizes |= {round(word.height, 1) for word in words if word.text == BODY}
    assert len(sizes) == 1


@pytest.mark.parametrize("theme", BOTH)
def test_what_was_zoomed_is_printed_as_it_was(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/second/"))
    graph = figure(shown, -1)
    tool(graph, "Zoom in").click()
    shown.emulate_media(media="print")
    box = graph.locator(".chainrule-frame")
    assert box.evaluate("box => getComputedStyle(box).overflow") == "visible"
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    assert not graph.locator(".chainrule-tools").is_visible()
    assert frame(graph).locator("svg[role=img]:visible").count() == 1
