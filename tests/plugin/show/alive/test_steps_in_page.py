"""Steps as they are seen: what moves, what stays in view, a presenter's keys; and all without a script."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from browsing import SHIFT
from building import skip_or_fail
from shown import BOTH, THEIRS, figure, ready, served, tool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TWICE = """
```autograd graph="steps"
from chainrule import Value
x = Value(3.0)
y = x * x + x
y.backward()
```
"""
LOOP = """
```autograd graph="steps"
import numpy as np
v, w, b = Value(1.0), Value(0.5), Value(0.1)
for _ in range(40):
    v = np.tanh(v * w + b) * 1.5
v.backward()
```
"""
LAYERS = """
```autograd graph="steps"
from chainrule import nn, relu
model = nn.Sequential(nn.Linear(2, 3), relu, nn.Linear(3, 1), np.tanh)
model.graph(np.ones((4, 2)))
```
"""
PAGES = {
    "index.md": f"# First\n{TWICE}{LOOP}{LAYERS}\n[Second](second.md)\n",
    "second.md": f"# Second\n{TWICE}\n[First](index.md)\n",
}
PASSING = ".chainrule-passing"
# What stands in the page, at every frame of the screen for a second.
WATCHED = """async figure => {
  const seen = [];
  const end = performance.now() + 1000;
  while (performance.now() < end) {
    const boxes = [".chainrule-frame", "svg[role=img]", ".chainrule-player input", ".chainrule-views"]
      .map(name => figure.querySelector(name).getBoundingClientRect());
    seen.push(JSON.stringify(boxes.map(box => [box.top, box.height, box.width].map(Math.round))));
    await new Promise(requestAnimationFrame);
  }
  return [...new Set(seen)];
}"""
# What runs along edges as soon as the slider stands somewhere.
LEAP = """(range, at) => {
  range.value = at;
  range.dispatchEvent(new Event("input"));
  const passing = range.closest("chain-rule").querySelectorAll("text.chainrule-passing");
  return [...passing].map(each => each.textContent);
}"""
IN_VIEW = """graph => {
  const box = graph.querySelector(".chainrule-frame");
  const frame = box.getBoundingClientRect();
  const now = [...box.querySelectorAll("g.chainrule-now")].filter(g => g.getClientRects().length);
  const operations = now.filter(g => /-[of][0-9]+$/.test(g.id));
  return (operations.length ? operations : now).every(g => {
    const { left, right, top, bottom } = g.getBoundingClientRect();
    return left > frame.left && right < frame.right && top > frame.top && bottom < frame.bottom;
  });
}"""


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("steps")


@pytest.fixture(scope="module")
def stepped(tmp_path_factory: pytest.TempPathFactory, disk: Path) -> Iterator[str]:
    with served(tmp_path_factory, PAGES, site=disk) as url:
        yield url


def slider(graph):
    return graph.get_by_role("slider")


def told(graph):
    return slider(graph).get_attribute("aria-valuetext")


@pytest.mark.parametrize("theme", BOTH)
def test_numbers_run_along_edges_and_a_sum_grows(visit, stepped, theme):
    visitor = visit(f"{stepped}{theme}/")
    shown = ready(visitor)
    graph = figure(shown)
    slider(graph).press("Home")
    assert graph.locator(PASSING).count() == 0  # a leap is none of it
    assert set(slider(graph).evaluate(LEAP, 1)) == {"9", "3"}
    assert len(graph.evaluate(WATCHED)) == 1
    assert graph.locator(PASSING).count() == 0
    slider(graph).evaluate(LEAP, 5)
    bars = graph.locator(f"svg:visible path{PASSING}")
    assert bars.count() == 3  # what lay there, what came, and the line below
    assert set(slider(graph).evaluate(LEAP, 6)) == {"1", "3"}
    assert told(graph).endswith("∂y/∂x gets 1 · 3 = 3. With the 4 that lies there: 4 + 3 = 7.")
    grad = graph.locator("svg:visible g[id]:has(text:text-is('x')) .grad")
    assert len(graph.evaluate(WATCHED)) == 1
    assert grad.text_content() == "∂ 7"
    assert graph.locator("svg:visible path.chainrule-back").count() == 2
    assert shown.evaluate("document.getAnimations().length") == 0
    assert [text for text in visitor.console if text not in THEIRS] == []


def test_with_less_motion_states_switch(visit, stepped):
    shown = ready(visit(f"{stepped}material/", reduced_motion="reduce"))
    graph = figure(shown)
    slider(graph).press("Home")
    tool(graph, "Next").click()
    assert graph.locator(f"text{PASSING}").count() == 0
    assert shown.evaluate("document.getAnimations().length") == 0
    width = "path => getComputedStyle(path).strokeWidth"
    assert graph.locator("svg:visible path.chainrule-now").first.evaluate(width) == "3px"
    for _ in range(3):
        tool(graph, "Next").click()
    assert graph.locator("svg:visible g[id]:has(text:text-is('x')) .grad").text_content() == "∂ 1"
    tool(graph, "Next").click()
    assert graph.locator(f"svg:visible path{PASSING}").count() == 3


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("theme", BOTH)
def test_what_is_active_stays_in_view_and_the_page_where_it_is(visit, stepped, theme, width):
    visitor = visit("about:blank", width=width)
    visitor.page.add_init_script(SHIFT)
    visitor.page.goto(f"{stepped}{theme}/")
    shown = ready(visitor)
    graph = figure(shown, 1)
    graph.scroll_into_view_if_needed()
    slider(graph).press("Home")
    before = shown.evaluate("scrollY")
    for _ in range(19):
        assert graph.evaluate(IN_VIEW), told(graph)
        slider(graph).press("ArrowRight")
    assert shown.evaluate("scrollY") == before
    small = graph.locator(".chainrule-said svg")
    assert small.count() == 1
    assert small.locator("text").count() == 0
    box = small.bounding_box()
    assert box
    assert max(box["width"], box["height"]) <= 161
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    shown.wait_for_timeout(600)  # from here on no input is a reader's, and what shifts counts
    heights = set()
    for at in range(20):
        slider(graph).evaluate(LEAP, at)
        heights.add(graph.locator(".chainrule-sentence").evaluate("each => each.offsetHeight"))
    assert len(heights) == 1
    assert (shown.evaluate("window.shift") or 0) <= 0.01


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("theme", BOTH)
def test_a_presenter_steps_in_full_screen(visit, stepped, theme, size):
    shown = ready(visit(f"{stepped}{theme}/"))
    shown.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    graph = figure(shown)
    tool(graph, "Full screen").click()
    shown.wait_for_function("document.fullscreenElement")
    shown.keyboard.press("Home")
    assert told(graph).startswith("x · x = 3 · 3 = 9")
    shown.keyboard.press("PageDown")
    assert told(graph).startswith("y = x · x + x")
    shown.keyboard.press("PageUp")
    assert told(graph).startswith("x · x = 3 · 3 = 9")
    shown.mouse.click(size[0] - 20, size[1] // 3)  # beside everything
    shown.keyboard.press("PageDown")
    assert told(graph).startswith("y = x · x + x")
    slider(graph).press("End")
    assert "4 + 3 = 7" in told(graph)
    shown.keyboard.press("Space")  # from the end it begins again
    assert tool(graph, "Pause").count() == 1
    shown.keyboard.press("Space")
    graph.locator("svg:visible g[id]:has(text:text-is('x'))").click()
    graph.locator(".chainrule-seen p").first.wait_for()
    sizes = graph.evaluate(
        """graph => [...graph.querySelectorAll(".chainrule-sentence, .chainrule-seen :is(p, small, b, span)")]
          .filter(each => each.textContent.trim()).map(each => parseFloat(getComputedStyle(each).fontSize))"""
    )
    assert min(sizes) >= 24
    sentence = graph.locator(".chainrule-sentence")
    sentence.scroll_into_view_if_needed()
    assert sentence.bounding_box()["y"] + sentence.bounding_box()["height"] <= size[1]


def test_in_full_screen_picture_controls_and_sentence_are_seen_together(visit, stepped):
    shown = ready(visit(f"{stepped}plain/"))
    graph = figure(shown, 1)
    tool(graph, "Full screen").click()
    shown.wait_for_function("document.fullscreenElement")
    shown.wait_for_timeout(300)
    for name in (".chainrule-frame", ".chainrule-player input", ".chainrule-sentence", ".chainrule-views"):
        box = graph.locator(name).first.bounding_box()
        assert 0 <= box["y"] < box["y"] + box["height"] <= 900, name
    assert graph.locator(".chainrule-frame").bounding_box()["height"] >= 450


@pytest.mark.parametrize("theme", BOTH)
def test_enter_steps_into_a_layer(visit, stepped, theme):
    graph = figure(ready(visit(f"{stepped}{theme}/")), 2)
    seen = graph.locator("input[type=range]:visible")
    seen.press("Home")
    seen.press("ArrowRight")
    seen.press("ArrowRight")
    assert seen.get_attribute("aria-valuetext").startswith("Linear(3, 1): 4 parameters, as one step")
    seen.press("Enter")
    assert seen.get_attribute("aria-valuetext") == "#9 = ReLU(#7) @ 2.weight = (4, 3) @ (3, 1) = (4, 1)."
    assert graph.get_by_role("radio", name="Values").is_checked()
    seen.press("ArrowRight")
    assert "#9 + 2.bias" in seen.get_attribute("aria-valuetext")


def read_whole(text):
    """Whether a page's text has what steps say: the answer, and every step."""
    text = " ".join(text.split())
    assert "∂" in text
    for sentence in ("y = x · x + x = 9 + 3 = 12.", "Backward starts here: ∂y/∂y = 1.", "4 + 3 = 7."):
        assert sentence in text, sentence
    assert "38 more such steps, as one step: #199 ≈ 0.2568." in text


@pytest.mark.parametrize("theme", BOTH)
def test_on_paper_every_step_is_read(visit, stepped, theme, tmp_path):
    if shutil.which("pdftotext") is None:
        skip_or_fail("there is no pdftotext on the path (Debian: poppler-utils)")
    for options in ({}, {"java_script_enabled": False}):
        visitor = visit(f"{stepped}{theme}/", **options)
        shown = visitor.page if options else ready(visitor)
        shown.pdf(path=tmp_path / "page.pdf", format="A4")
        arguments = ["pdftotext", "-layout", str(tmp_path / "page.pdf"), "-"]
        text = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
        read_whole(text)
        assert re.search(r"∂ 7\b", text)  # the picture, at its end
        assert "Play" not in text


@pytest.mark.usefixtures("stepped")
@pytest.mark.parametrize("theme", BOTH)
def test_from_a_disk_it_steps(chromium, disk, theme):
    page = chromium.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"file://{disk}/{theme}/index.html")
    page.wait_for_function("document.querySelector('chain-rule').player")
    graph = figure(page)
    slider(graph).press("Home")
    assert told(graph) == "x · x = 3 · 3 = 9."
    read_whole(" ".join(page.locator(".chainrule-steps").all_text_contents()))
    assert [text for text in faults if "chainrule" in text] == []
    page.close()


@pytest.mark.parametrize("theme", BOTH)
def test_without_a_script_all_of_it_is_read(visit, stepped, theme):
    shown = visit(f"{stepped}{theme}/", java_script_enabled=False).page
    shown.locator(".chainrule-steps").evaluate_all("all => all.forEach(each => { each.open = true; })")
    read_whole(shown.locator("body").inner_text())
    assert figure(shown).locator(".chainrule-sentence").inner_text().startswith("∂")
    assert figure(shown).locator("button, input[type=range]").count() == 0


def test_left_while_it_plays_nothing_goes_on(visit, stepped):
    shown = ready(visit(f"{stepped}material/"))
    graph = figure(shown)
    slider(graph).press("Home")
    tool(graph, "Play").click()
    shown.evaluate("window.left = document.querySelector('chain-rule')")
    shown.get_by_role("link", name="Second").last.click()
    shown.wait_for_function("document.querySelector('h1').textContent.startsWith('Second')")
    before = shown.evaluate("[left.isConnected, left.player.timer, left.player.at]")
    assert before[:2] == [False, 0]
    shown.wait_for_timeout(2000)
    assert shown.evaluate("[left.player.at, left.querySelectorAll('text.chainrule-passing').length]") == [
        before[2],
        0,
    ]
    assert shown.locator("chain-rule").count() == slider(shown).count() == 1
    shown.go_back()
    shown.wait_for_function("document.querySelector('h1').textContent.startsWith('First')")
    shown.wait_for_function("[...document.querySelectorAll('chain-rule')].every(each => each.player)")
    assert shown.locator("chain-rule").count() == 3
    assert shown.locator("input[type=range]").count() == 5  # that of layers has three zooms
    assert shown.locator(".chainrule-heard[role=status]").count() == 5
