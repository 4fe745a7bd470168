"""Mermaid, when a reader or a fence asks for it: in a view and over a picture; an author's own stay."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from browsing import DRAWN, graphs
from building import serve
from shown import (
    BOTH,
    CONFIG,
    GRAPH,
    HEIGHT,
    IS_WHOLE,
    SCHEMES,
    SHOWS_RESULT,
    THEIRS,
    THEMES,
    UPGRADED,
    build,
    figure,
    frame,
    ready,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TREE = ["a -> data 2 -> grad -3", "b -> data -3 -> grad 2", "c -> data 10 -> grad 1", "+", "*"]
ONE_OF_EACH = """[...document.querySelectorAll("chain-rule")].every(graph =>
  graph.querySelectorAll(".chainrule-tools").length === 1
  && graph.querySelectorAll(".chainrule-said").length === 1
  && [...graph.querySelectorAll("details")].every(
    fold => fold.querySelectorAll(".chainrule-drawn").length < 2))"""
SHIFTED = """() => new Promise(done => {
  let shifted = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => { shifted += entry.value; }))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(shifted), 300);
})"""


def asked(visitor) -> list[str]:
    return [url for url in visitor.asked if "mermaid" in url.rsplit("/", 1)[-1]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", BOTH)
def test_a_view_asks_for_mermaid_when_it_is_opened_and_draws_once(visit, address, theme, scheme):
    visitor = visit(f"{address}{theme}/second/", color_scheme=scheme)
    shown = ready(visitor)
    assert asked(visitor) == []
    (drawn,) = graphs(shown, figure(shown))
    assert set(TREE) <= set(drawn)
    assert len(asked(visitor)) == 1
    fold = figure(shown).locator(".chainrule-view-mermaid")
    for _ in range(2):
        fold.locator("summary").click()
    assert len(graphs(shown)) == 2  # of both figures, the second after the first
    assert shown.locator(".chainrule-drawn").count() == 2
    assert len(asked(visitor)) == 1
    assert shown.evaluate(ONE_OF_EACH)
    assert visitor.external == []
    assert [text for text in visitor.console if text not in THEIRS] == []


FILLS = """() => [...document.querySelectorAll(".chainrule-drawn")].flatMap(host =>
  [...host.shadowRoot.querySelectorAll(".node rect, .nodeLabel, .flowchart-link")]).map(element => {
    const {fill, stroke, color} = getComputedStyle(element);
    return [element.localName, fill, stroke, color].join(" ");
  })"""


@pytest.mark.parametrize("theme", BOTH)
def test_what_mermaid_drew_follows_the_scheme(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/second/"))
    graphs(shown)
    light = shown.evaluate(FILLS)
    shown.evaluate(SCHEMES[theme], "dark")
    dark = shown.evaluate(FILLS)
    assert light
    assert all(a != b for a, b in zip(light, dark, strict=True))
    fresh = ready(visit(f"{address}{theme}/second/", color_scheme="dark"))
    graphs(fresh)
    assert fresh.evaluate(FILLS) == dark


@pytest.mark.parametrize("theme", BOTH)
def test_two_views_opened_at_once_are_both_drawn(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/graphs/"))
    first, *others = graphs(shown)  # opens all of them in one go
    assert len(others) == shown.locator(".chainrule-view-mermaid:visible").count() - 1
    assert all([first, *others])
    ids = shown.evaluate(
        """[...document.querySelectorAll(".chainrule-drawn")].map(
          host => host.shadowRoot.querySelector("svg").id)"""
    )
    assert len(ids) == len(set(ids))


def test_instant_navigation_leaves_one_of_each_and_views_that_draw(visit, address):
    visitor = visit(f"{address}material/")
    shown = ready(visitor)
    shown.evaluate("window.same = true")
    for link in ("Second", "First", "Second", "First"):
        shown.locator("article").get_by_role("link", name=link, exact=True).click()
        shown.wait_for_function(
            "link => document.querySelector('h1')?.textContent.startsWith(link)", arg=link
        )
        ready(visitor)
        assert all(set(TREE) <= set(drawn) for drawn in graphs(shown, figure(shown)))
        assert shown.evaluate("window.same")
        assert shown.evaluate(ONE_OF_EACH)
    shown.go_back()
    shown.wait_for_function("document.querySelector('h1')?.textContent.startsWith('Second')")
    assert len(graphs(shown)) == 2
    assert visitor.external == []


@pytest.mark.parametrize("theme", BOTH)
def test_mermaid_draws_unasked_where_the_fence_says_so(visit, address, theme):
    visitor = visit(f"{address}{theme}/")
    shown = ready(visitor)
    box = frame(figure(shown, 1))
    assert not box.evaluate(IS_WHOLE)
    assert box.evaluate(SHOWS_RESULT)
    assert shown.evaluate(SHIFTED) <= 0.01
    shown.emulate_media(media="print")
    assert not box.locator(".chainrule-drawn").is_visible()
    assert box.locator(".chainrule-picture:visible svg[role=img]").count() == 1
    assert len(asked(visitor)) == 1


@pytest.mark.parametrize("theme", BOTH)
def test_its_frame_is_as_tall_as_our_picture(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/"))
    without = visit(f"{address}{theme}/", java_script_enabled=False).page
    assert frame(figure(shown, 1)).evaluate(HEIGHT) == frame(figure(without, 1)).evaluate(HEIGHT)


@pytest.mark.parametrize("theme", BOTH)
@pytest.mark.parametrize("page", ["", "second/", "graphs/"])
def test_nothing_shifts(visit, address, theme, page):
    for width in (360, 1440):
        shown = ready(visit(f"{address}{theme}/{page}", width=width))
        assert shown.evaluate(SHIFTED) <= 0.01


@pytest.mark.parametrize("theme", BOTH)
def test_without_mermaid_picture_and_text_stay(visit, site, address, tmp_path, theme):  # noqa: ARG001 - built
    shutil.copytree(site / theme, tmp_path / theme, ignore=shutil.ignore_patterns("mermaid*"))
    errors = []
    with serve(tmp_path) as url:
        visitor = visit("about:blank")
        shown = visitor.page
        shown.on("pageerror", lambda error: errors.append(str(error)))
        shown.goto(f"{url}{theme}/")
        shown.wait_for_function(UPGRADED)
        for number in (0, 1):
            graph = figure(shown, number)
            frame(graph).locator("svg[role=img]:visible").wait_for()  # the only one
            assert graph.get_by_role("status").inner_text() == ""
            graph.locator(".chainrule-view-mermaid > summary").click()
            assert "graph LR" in graph.locator(".chainrule-view-mermaid pre").inner_text()
            shown.wait_for_function(
                "n => /^Mermaid did not/.test(document.querySelectorAll('.chainrule-said')[n].textContent)",
                arg=number,
            )
    assert [text for text in errors if text not in THEIRS] == []
    assert shown.locator(".chainrule-drawn").count() == 0


OWN = """
```mermaid
graph TD
    A[An author's own] --> B((fence)) -->|with an edge| C{that is theirs}
```
"""
OWN_PAGES = {
    "index.md": f"# First\n{OWN}{GRAPH}\n[Second](second.md) [Third](third.md)\n",
    "second.md": f"# Second\n{OWN}\n[First](index.md)\n",
    "third.md": f"# Third\n{GRAPH}\n[Second](second.md)\n",
}
OWN_CONFIG = """
markdown_extensions:
  - pymdownx.highlight
  - pymdownx.superfences:
      custom_fences:
        - name: mermaid
          class: mermaid
          format: !!python/name:pymdownx.superfences.fence_code_format
"""
# All that an author's diagrams look like.
THEIR_LOOKS = """() => [...document.querySelectorAll(".mermaid")].map(host => {
  const svg = (host.shadowRoot ?? host).querySelector("svg");
  if (!svg) return host.localName === "pre" ? host.outerHTML : "";
  return [svg, ...svg.querySelectorAll("*")].map(element => {
    const style = getComputedStyle(element);
    const names = ["fill", "stroke", "strokeWidth", "color", "fontFamily", "fontSize", "backgroundColor"];
    return [element.localName, ...names.map(name => style[name])].join("|");
  }).join("\\n");
})"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Pages with fences of the author's own, in each theme; `without` are those of Material without us."""
    folder, root = tmp_path_factory.mktemp("own"), tmp_path_factory.mktemp("owned")
    head, _, _ = CONFIG.partition("markdown_extensions")
    configs = {theme: head + OWN_CONFIG + config for theme, config in THEMES.items()}
    configs |= {
        f"{name}-without": config.replace(", {chainrule: {mermaid_js: js/mermaid.min.js}}", "")
        for name, config in configs.items()
    }
    with serve(folder) as url:
        build(root, folder, url, OWN_PAGES, configs)
        yield url


def their_looks(shown) -> list[str]:
    """What the author's diagrams look like, once Material drew them."""
    shown.wait_for_load_state("networkidle")
    shown.wait_for_function(f"(({THEIR_LOOKS})()).every(look => look)")
    return shown.evaluate(THEIR_LOOKS)


def test_an_authors_own_diagrams_look_as_without_us(visit, own):
    without = their_looks(visit(f"{own}material-without/second/").page)
    assert without
    assert their_looks(visit(f"{own}material/second/").page) == without
    shown = visit(f"{own}material/").page
    before = their_looks(shown)
    assert before == without
    graphs(shown)
    assert their_looks(shown) == before
    for link in ("Second", "First", "Third", "Second"):
        shown.locator("article").get_by_role("link", name=link, exact=True).click()
        shown.wait_for_function(
            "link => document.querySelector('h1')?.textContent.startsWith(link)", arg=link
        )
        if link != "Third":
            assert their_looks(shown) == without
        graphs(shown)


def test_they_do_when_ours_came_first(visit, own):
    without = their_looks(visit(f"{own}material-without/second/").page)
    shown = visit(f"{own}material/third/").page
    graphs(shown)
    shown.locator("article").get_by_role("link", name="Second", exact=True).click()
    shown.wait_for_function("document.querySelector('h1')?.textContent.startsWith('Second')")
    assert their_looks(shown) == without


def test_where_a_theme_draws_none_they_stay_as_they_were(visit, own):
    without = visit(f"{own}plain-without/").page.evaluate(THEIR_LOOKS)
    shown = visit(f"{own}plain/").page
    graphs(shown)
    shown.wait_for_timeout(300)
    assert shown.evaluate(THEIR_LOOKS) == without
    assert "An author's own" in without[0]


def test_they_do_not_keep_views_waiting(visit, own):
    shown = visit(f"{own}material/").page
    assert set(TREE) <= set(graphs(shown)[0])
    assert shown.evaluate(DRAWN) == graphs(shown)
