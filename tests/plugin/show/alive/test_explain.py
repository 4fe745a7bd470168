"""What a reader is told of a gradient, in the browser: by mouse, by keyboard, in letters and in words."""

from __future__ import annotations

import math
import re

import pytest

from reading_formulas import computation, is_shown, number
from shown import BOTH, THEIRS, figure, ready

pytestmark = pytest.mark.browser

# Of each figure, what is heard of each value when it is asked, by its id.
ASK_ALL = """() => Promise.all([...document.querySelectorAll("chain-rule")].map(async graph => {
  const heard = {};
  for (const node of graph.querySelectorAll(".chainrule-picture:not(.chainrule-tb) g[id]")) {
    const id = node.id.split("-").at(-1);
    if (id[0] === "o") continue;
    await graph.frames[0].ask(node);
    heard[id] = graph.querySelector(".chainrule-heard").textContent;
  }
  return heard;
}))"""


def heard(graph):
    return graph.locator(".chainrule-heard").first.text_content()


def node(graph, name):
    return graph.locator(f".chainrule-picture:not(.chainrule-tb) g[id]:has(text:text-is('{name}'))")


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 100, 20))
def test_every_way_is_true_in_numbers(visit, alive, first):
    told = ready(visit(f"{alive}material/random{first}/")).evaluate(ASK_ALL)
    asked = 0
    for seed, sentences in enumerate(told, first):
        graph = computation(seed).graph()
        values = {node.label: node.data for node in graph if node.label and node.kind != "operation"}
        values |= {f"#{node.id[1:]}": node.data for node in graph if node.kind != "operation"}
        for name, sentence in sentences.items():
            value = graph[name]
            assert sentence, (seed, name)
            if value.grad is None:
                continue
            before, _, why = sentence.partition(" Why: ")
            assert is_shown(re.search(r", ∂[^=]+ = (\S+?)\.(?: |$)", before)[1], value.grad), sentence
            amounts = re.findall(r"together (?:≈ )?(\S+)\.", why)
            amounts += re.findall(r"And (\S+) lay there before", why)
            for way in re.findall(
                r"(∂.+?); together (?:≈ )?(\S+)\.", re.sub(r"Their sum.*|And \S+ lay.*", "", why)
            ):
                factors = way[0].split("; times ")
                numbers = []
                for factor in factors:
                    told_of, _, _ = factor.partition(", because ")
                    formula, _, said = told_of.partition(" is ")[2].rpartition(", ")
                    numbers.append(number(said))
                    if formula and "∂" not in formula:
                        exact = number(formula, values)
                        assert math.isclose(exact, numbers[-1], rel_tol=2e-3, abs_tol=1e-3), factor
                assert is_shown(way[1], math.prod(numbers)), (seed, way)
            if amounts:
                asked += 1
                assert math.isclose(sum(map(number, amounts)), value.grad, rel_tol=5e-3, abs_tol=5e-3), (
                    sentence
                )
            if summed := re.search(r"Their sum is (?:≈ )?(\S+)\.", why):
                assert is_shown(summed[1], value.grad), sentence
    assert asked > 60


@pytest.mark.parametrize("theme", BOTH)
def test_the_bigger_tree_is_asked_by_mouse(visit, alive, theme):
    visitor = visit(f"{alive}{theme}/")
    graph = figure(ready(visitor), 0)
    node(graph, "a").click()
    seen = graph.locator(".chainrule-seen")
    assert seen.locator(".chainrule-head").first.text_content() == "a = 2, ∂L/∂a = 6"
    rows = [seen.locator(f".chainrule-line > span > :nth-child({row})").all_text_contents() for row in (1, 3)]
    assert "".join(rows[0]) == "∂L/∂a=∂L/∂d·∂d/∂e·∂e/∂a"
    assert "".join(rows[1]) == "6=−2·1·−3"
    assert graph.locator(".chainrule-picture:not(.chainrule-tb) path.chainrule-lit").count() == 6
    assert sorted(graph.locator(".chainrule-factor:visible").all_text_contents()) == ["1", "−2", "−3"]
    assert [error for error in visitor.console if error not in THEIRS] == []


@pytest.mark.parametrize("theme", BOTH)
def test_every_gradient_of_two_ways_by_keyboard(visit, alive, theme):
    shown = ready(visit(f"{alive}{theme}/"))
    graph = figure(shown, 1)
    graph.locator(".chainrule-frame").focus()
    shown.keyboard.press("End")
    answers = []
    for key in ("", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft"):
        if key:
            shown.keyboard.press(key)
        shown.keyboard.press("Enter")
        answers.append(heard(graph))
    assert answers[0].startswith("f = 30, ∂f/∂f = 1. Backward starts here")
    assert "a = 1, ∂f/∂a = 24." in answers[-1]
    assert answers[-1].endswith(
        "∂f/∂(a + b) is a · b, −6, because f = a · b · (a + b); times ∂(a + b)/∂a is 1; together −6. "
        "Their sum is 24."
    )
    shown.keyboard.press("ArrowDown")
    shown.keyboard.press("Enter")
    assert "b = −6, ∂f/∂b = −11." in heard(graph)
    shown.keyboard.press("Escape")
    assert heard(graph) == ""
    assert graph.locator(".chainrule-why").count() == 0


@pytest.mark.slow
def test_arrays_tell_their_formula(visit, alive):
    graph = figure(ready(visit(f"{alive}material/")), 2)
    node(graph, "w").last.click()
    told = graph.locator(".chainrule-heard").last.text_content()
    assert "∂y/∂w gets x.T @ ∂y/∂(x @ w)" in told
    node(graph, "bias").last.click()
    assert "sum(" in graph.locator(".chainrule-heard").last.text_content()


@pytest.mark.slow
@pytest.mark.parametrize("theme", BOTH)
def test_steps_by_keyboard_and_by_link(visit, alive, theme):
    visitor = visit(f"{alive}{theme}/steps/")
    shown = ready(visitor)
    graph = figure(shown, 0)
    slider = graph.get_by_role("slider")
    assert slider.get_attribute("aria-valuetext").startswith("∂e/∂b = a")
    slider.focus()
    shown.keyboard.press("Home")
    assert slider.get_attribute("aria-valuetext") == "e = a · b = 2 · (minus 3) = minus 6."
    assert graph.locator("g.chainrule-later:visible").count() == 2
    shown.keyboard.press("PageDown")
    assert slider.get_attribute("aria-valuetext") == "Backward starts here: ∂L/∂L = 1."
    shown.keyboard.press("ArrowRight")
    assert graph.locator(".chainrule-picture:not(.chainrule-tb) path.chainrule-back").count() == 2
    graph.get_by_role("button", name="Put a link").click()
    address = shown.evaluate("location.href")
    assert address.endswith("/step=5")
    shown.goto("about:blank")
    shown.goto(address)
    again = figure(ready(visitor), 0).get_by_role("slider")
    assert again.get_attribute("aria-valuetext").startswith("∂L/∂d = f")
    assert figure(shown, 1).get_by_role("slider").get_attribute("aria-valuetext").startswith("∂e/∂b = a")


def test_without_a_script_the_answer_and_the_steps_stand_there(visit, alive):
    shown = visit(f"{alive}plain/steps/", java_script_enabled=False).page
    graph = figure(shown, 0)
    assert graph.locator(".chainrule-sentence").text_content().endswith("= (−2) · 1 · (−3) = 6")
    assert graph.locator(".chainrule-steps li").count() == 10


@pytest.mark.slow
@pytest.mark.parametrize("theme", BOTH)
def test_a_name_is_lit_wherever_it_stands(visit, alive, theme):
    shown = ready(visit(f"{alive}{theme}/"))
    graph = figure(shown, 0)
    lit = "() => [...document.querySelectorAll('.chainrule-named')].map(e => e.dataset.of ?? e.textContent)"
    shown.locator(".chainrule-inline").first.hover()
    found = shown.evaluate(lit)
    assert set(found) == {"e"}
    assert len(found) >= 5  # twice in the source, in both drawings, in the table, and here
    node(graph, "b").hover()
    assert set(shown.evaluate(lit)) == {"b"}
    shown.locator("h1").first.hover()
    assert shown.evaluate(lit) == []
    graph.locator(".chainrule-frame").focus()
    shown.keyboard.press("End")
    shown.keyboard.press("ArrowLeft")
    shown.keyboard.press("ArrowLeft")
    assert set(shown.evaluate(lit)) == {"d"}
