"""Steps while numbers are moved, steps that open at their first, and numbers beside values without a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from browsing import SHIFT
from shown import BOTH, TREE, figure, ready, served

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.browser, pytest.mark.slow]

UNNAMED = """
```autograd graph="steps" direction="{direction}"
first, second, third = Value(2.0), Value(-3.0), Value(4.0) * Value(5.0)
f = (first * second + first) * (first + second) * second + (first * second + first * third) * third
f.backward()
```
"""
PAGES = {
    "index.md": "# Rest\n" + TREE.replace("{options}", ' graph="steps"'),
    "start.md": "# Start\n" + TREE.replace("{options}", ' graph="steps" begin="start"'),
    "tags.md": "# Tags\n"
    + TREE.replace("{options}", "")
    + "".join(UNNAMED.replace("{direction}", direction) for direction in ("LR", "TB")),
}
# Of the seen pictures: each tag that touches a node or an edge, or leaves its picture.
TOUCHED = """svg => {
  const [whole, scale] = [svg.getBoundingClientRect(), svg.getScreenCTM().a];
  const boxes = [...svg.querySelectorAll("g[id] :is(rect, circle)")].map(box => box.getBoundingClientRect());
  const points = [...svg.querySelectorAll("g[marker-end] > path")].flatMap(path =>
    Array.from({ length: path.getTotalLength() / 3 }, (_, at) => {
      const { x, y } = path.getPointAtLength(3 * at).matrixTransform(path.getScreenCTM());
      return { left: x, right: x, top: y, bottom: y };
    }));
  return [...svg.querySelectorAll(".chainrule-tag")].filter(tag => {
    const { left, right, top, bottom } = tag.getBoundingClientRect();
    const [high, low] = [top + 2 * scale, bottom - 2 * scale];  // ink, and not the line
    const isCut = left < whole.left - 1 || top < whole.top - 1
      || right > whole.right + 1 || bottom > whole.bottom + 1;
    return isCut || [...boxes, ...points]
      .some(each => each.left < right && each.right > left && each.top < low && each.bottom > high);
  }).map(tag => tag.textContent);
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory, PAGES) as url:
        yield url


def sentence(graph):
    return graph.locator(".chainrule-sentence").text_content()


def steps_of(graph):
    return graph.locator(".chainrule-player").get_by_role("slider")


def number(graph, name):
    return graph.locator(f".chainrule-picture g[id]:visible:has(text:text-is('{name}'))")


@pytest.mark.parametrize("theme", BOTH)
def test_steps_rest_while_numbers_are_moved(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/"))
    graph = figure(shown)
    slider = steps_of(graph)
    slider.press("Home")
    for _ in range(7):
        slider.press("ArrowRight")
    before, step = sentence(graph), slider.get_attribute("aria-valuetext")
    grads = graph.locator("svg:visible .grad").all_text_contents()
    number(graph, "a").click()
    graph.get_by_role("button", name="Nudge it").click()
    moved = graph.locator(".chainrule-nudge").get_by_role("slider", name="a", exact=True)
    moved.wait_for()
    shown.wait_for_timeout(100)
    assert graph.locator("svg:visible .grad").all_text_contents() == grads  # an open panel moves nothing
    assert sentence(graph) == before
    moved.press("ArrowRight")
    assert sentence(graph).startswith("The steps rest while numbers are moved")
    assert slider.get_attribute("aria-valuetext").startswith("The steps rest")
    assert slider.is_disabled()
    assert graph.get_by_role("button", name="Forward").is_disabled()
    assert graph.locator("svg:visible .chainrule-now").count() == 0
    assert graph.locator("svg:visible .chainrule-later").count() == 0
    assert number(graph, "a").text_content() != "a2∂ 6"
    graph.get_by_role("button", name="Reset").click()
    shown.wait_for_timeout(100)
    assert not slider.is_disabled()
    assert (sentence(graph), slider.get_attribute("aria-valuetext")) == (before, step)
    assert graph.locator("svg:visible .grad").all_text_contents() == grads
    slider.press("End")
    assert graph.locator("svg:visible .grad").all_text_contents()[-1].startswith("∂")


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("theme", BOTH)
def test_steps_may_open_at_their_first(visit, address, theme, width):
    visitor = visit("about:blank", width=width)
    visitor.page.add_init_script(SHIFT)
    visitor.page.goto(f"{address}{theme}/start/")
    shown = ready(visitor)
    graph = figure(shown)
    slider = steps_of(graph)
    slider.wait_for()
    assert slider.input_value() == "0"
    assert sentence(graph) == "e = a · b = 2 · (−3) = −6."
    assert graph.locator("svg:visible g.chainrule-later").count() == 2
    shown.wait_for_timeout(300)
    assert (shown.evaluate("window.shift") or 0) <= 0.01


def test_without_a_script_it_is_the_finished_graph(visit, address):
    graph = figure(visit(f"{address}plain/start/", java_script_enabled=False).page)
    assert sentence(graph).endswith("= (−2) · 1 · (−3) = 6")
    assert graph.locator("text.grad:visible").count() == 7


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("theme", BOTH)
def test_room_is_kept_for_the_bar(visit, address, theme, width):
    page = visit("about:blank", width=width)
    page.page.add_init_script(SHIFT)
    page.page.goto(f"{address}{theme}/")
    shown = ready(page)
    steps_of(figure(shown)).wait_for()
    shown.wait_for_timeout(300)
    assert (shown.evaluate("window.shift") or 0) < 0.001


@pytest.mark.parametrize("number_", [1, 2])
def test_numbers_stand_where_nothing_else_is(visit, address, number_):
    for scripts in (True, False):
        visitor = visit(f"{address}plain/tags/", width=1440, java_script_enabled=scripts)
        graph = figure(ready(visitor) if scripts else visitor.page, number_)
        svg = graph.locator(".chainrule-frame svg[role=img]:visible")
        told = " ".join(graph.locator(".chainrule-steps li").all_text_contents())
        assert set(svg.locator(".chainrule-tag").all_text_contents()) == set(re.findall(r"#\d+", told))
        assert svg.evaluate(TOUCHED) == []


def test_a_table_has_the_names_that_steps_have(visit, address):
    shown = ready(visit(f"{address}plain/tags/"))
    graph = figure(shown, 1)
    rows = graph.locator(".chainrule-table th[scope=row]").all_text_contents()
    steps = " ".join(graph.locator(".chainrule-steps li").all_text_contents())
    assert {row for row in rows if re.fullmatch(r"#\d+", row)} == set(re.findall(r"#\d+", steps))
