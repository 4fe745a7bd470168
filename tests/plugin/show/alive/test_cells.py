"""The numbers of arrays: a tile of data, one of gradients, and how each number of these adds up."""

from __future__ import annotations

import gzip
import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

import chainrule
from browsing import SHIFT, violations
from building import REPOSITORY
from chainrule.graph import Summary
from mkdocs_chainrule.show.graphs.data import data
from reading_formulas import is_shown, number, of_arrays
from shown import BOTH, SCHEMES, THEIRS, figure, frame, ready, served

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONFIG = """
site_name: Test
plugins: [search, chainrule]
markdown_extensions: [pymdownx.highlight]
"""
LAYER = """
```autograd zoom="tensor"{options}
import numpy as np
from chainrule import Value
X = Value(np.arange(8.0).reshape(4, 2) / 8)
W, bias = Value(np.array([[1.0, 0, -1], [0.5, 2, 0]])), Value(np.zeros(3))
s = Value(2.0)
y = ((X @ W + bias) * s).sum()
y.backward()
```
"""
LARGE = """
```autograd zoom="tensor"
import numpy as np
from chainrule import Value
x, b = Value(np.linspace(-1, 1, 2000).reshape(200, 10)), Value(np.ones(10))
y = np.tanh(x + b).sum()
y.backward()
```
"""
RANDOM = """
```autograd source="none" zoom="tensor"
from reading_formulas import of_arrays
of_arrays({seed})
```
"""
GRAPHS, A_PAGE = 60, 20
PAGES = {
    "index.md": f"# Arrays\n{LAYER.replace('{options}', '')}{LARGE}[Steps](steps.md)\n",
    "steps.md": "# Steps\n" + LAYER.replace("{options}", ' graph="steps"') + LARGE + "[Arrays](index.md)\n",
} | {
    f"random{first}.md": "# Random\n"
    + "".join(RANDOM.replace("{seed}", str(seed)) for seed in range(first, first + A_PAGE))
    for first in range(0, GRAPHS, A_PAGE)
}
# Of each figure, by the id of each value: for some of its numbers what is told.
TELL_ALL = """() => Promise.all([...document.querySelectorAll("chain-rule")].map(async graph => {
  const [frame, told] = [graph.frames.at(-1), {}];
  for (const node of frame.data.values) {
    const group = frame.nodes.find(each => each.id.endsWith(`-${node.id}`));
    await frame.ask(group);
    await frame.strip.opened;
    const sums = frame.strip.tiles?.sums;
    if (sums?.node !== node || !sums.values) continue;
    told[node.id] = sums.values.map((_, at) => at).filter(at => at % 3 < 2).map(at => [at, sums.tell(at)]);
  }
  return told;
}))"""
CLOSED = re.compile(r"(?:(?P<own>∂[^=]+) = )?(?P<terms>.+?)(?: (?P<sign>[=≈]) (?P<whole>\S+?))?(?:; .+)?$")


@pytest.fixture(scope="module")
def arrays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the sites are served."""
    helper = (REPOSITORY / "tests/reading_formulas.py").read_text(encoding="utf-8")
    with served(tmp_path_factory, PAGES, CONFIG, reading_formulas=helper) as url:
        yield url


def node(graph, name):
    return graph.locator(f".chainrule-picture g[id]:visible:has(text:text-is('{name}'))")


def ask(graph, name):
    frame(graph).hover()
    graph.page.wait_for_load_state("networkidle")  # what answers comes when somebody looks
    node(graph, name).last.click()
    graph.locator(".chainrule-cells").wait_for()


def numbers_of(quantity):
    return quantity.numbers if isinstance(quantity, Summary) else (quantity,)


def parts_of(terms):
    return [number(part) for part in re.sub(r" from \d+ more", "", terms).split(" + ")]


def amount_of(line):
    """What a line says a use brings, its terms having been computed again."""
    found = CLOSED.match(line)
    assert found, line
    parts = parts_of(found["terms"])
    if found["whole"] is None:
        return math.fsum(parts), math.fsum(map(abs, parts))
    whole = number(found["whole"])
    assert found["whole"] != found["terms"], line
    if found["sign"] == "=":
        assert math.isclose(math.fsum(parts), whole, rel_tol=1e-9, abs_tol=1e-12), line
    assert abs(math.fsum(parts) - whole) <= 6e-3 * abs(whole) + 1e-12, line
    return whole, math.fsum(map(abs, parts))


def check(cell, value, at):
    """Check what is told of a number; return whether its gradient was told as a sum; None without one."""
    head = re.match(r".+? = (\S+?)(?:, ∂.+ = (\S+))?$", cell["head"])
    assert head, cell
    assert is_shown(head[1], numbers_of(value.data)[at]), cell
    if value.grad is None or not cell["lines"]:
        return None
    grad = numbers_of(value.grad)[at]
    assert is_shown(head[2], grad), cell
    lines = [(line, *why, "")[:2] for line, *why in cell["lines"]]
    if any("not told number by number" in why for _, why in lines):
        return False
    found = [
        (number(line.partition(" ")[0]), 0.0) if "before" in line else amount_of(line) for line, _ in lines
    ]
    if found[1:]:  # the last line is their sum
        whole, size = found.pop()
        assert abs(math.fsum(amount for amount, _ in found) - whole) <= 6e-3 * abs(whole) + 2e-3 * size, cell
    size = sum(size for _, size in found)
    assert abs(math.fsum(amount for amount, _ in found) - grad) <= 2e-3 * size + 1e-3 * abs(grad), cell
    return True


def check_letters(line, why, labelled):
    """Check that the first term's numbers are those that its letters name; return how many terms that are."""
    named = re.search(r": ([a-z]\w*)(\[[\d, ]+\])? · ∂out/∂([a-z]\w*)(\[[\d, ]+\])?(?: \+|$)", why)
    if not named:
        return 0
    term = CLOSED.match(line)["terms"].split(" + ")[0].split(" · ")
    of = (labelled[named[1]].data, named[2]), (labelled[named[3]].grad, named[4])
    for text, (quantity, index) in zip(term, of, strict=True):
        flat = 0
        for place, length in zip(
            re.findall(r"\d+", index or ""), getattr(quantity, "shape", ()), strict=True
        ):
            flat = flat * length + int(place)
        assert is_shown(text, numbers_of(quantity)[flat]), (line, why)
    return 1


@pytest.mark.parametrize("first", range(0, GRAPHS, A_PAGE))
def test_every_sum_of_terms_is_true_in_numbers(visit, arrays, first):
    told = ready(visit(f"{arrays}material/random{first}/")).evaluate(TELL_ALL)
    answers, letters = [], 0
    for seed, values in enumerate(told, first):
        graph = of_arrays(seed).graph("tensor")
        labelled = {each.label: each for each in graph if each.label and each.kind != "operation"}
        for name, cells in values.items():
            for at, cell in cells:
                answers.append(check(cell, graph[name], at))
                letters += sum(
                    check_letters(*line, labelled) for line in cell["lines"] if len(line) > 1 and line[0]
                )
    assert answers.count(True) > 250
    assert not answers.count(False)
    assert letters > 4


@pytest.mark.parametrize("theme", BOTH)
def test_by_mouse_and_by_keyboard(visit, arrays, theme):
    visitor = visit(f"{arrays}{theme}/")
    shown = ready(visitor)
    graph = figure(shown, 0)
    ask(graph, "W")
    told = graph.locator(".chainrule-cells")
    assert told.locator("svg[role=img]").get_attribute("aria-label") == "∂y/∂W (2, 3) 3 … 4"
    grid = graph.get_by_role("grid")
    assert grid.get_attribute("aria-label") == "W (2, 3) −1 … 2"
    assert grid.get_by_role("row").count() == 2
    cell = grid.get_by_role("gridcell", name="W[1, 1] = 2, ∂y/∂W[1, 1] = 4", exact=True)
    cell.hover()
    sentence = "∂y/∂W[1, 1] = 0.125 · 2 + 0.375 · 2 + 0.625 · 2 + 0.875 · 2 = 4"
    assert told.locator(".chainrule-brief").text_content() == sentence
    assert "X[0, 1] · ∂y/∂(X @ W)[0, 1] + … + X[3, 1]" in told.text_content()
    assert graph.locator("[role=gridcell][tabindex='0']").count() == 1
    frame(graph).focus()
    shown.keyboard.press("Tab")
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft"):
        shown.keyboard.press(key)
    assert cell.evaluate("cell => document.activeElement === cell")
    assert graph.locator("[role=gridcell][tabindex='0']").count() == 1
    heard = graph.locator(".chainrule-heard").text_content()
    assert "W[1, 1] is used 4 times by X @ W" in heard
    assert heard.endswith("0.125 times 2 + 0.375 times 2 + 0.625 times 2 + 0.875 times 2 = 4.")
    shown.keyboard.press("Escape")
    assert frame(graph).evaluate("frame => document.activeElement === frame")
    shown.keyboard.press("Escape")
    assert told.count() == 0
    assert [error for error in visitor.console if error not in THEIRS] == []


def test_broadcasting_in_words_and_a_number_used_by_all(visit, arrays):
    graph = figure(ready(visit(f"{arrays}material/")), 0)
    ask(graph, "bias")
    repeated = "bias (3,) is used by each of 4 rows: the 4 gradients add up"
    assert f"{repeated}." in graph.locator(".chainrule-heard").text_content()
    assert repeated in graph.locator(".chainrule-seen").first.text_content()
    assert (
        graph.locator(".chainrule-cells .chainrule-brief").text_content() == "∂y/∂bias[0] = 2 + 2 + 2 + 2 = 8"
    )
    ask(graph, "s")
    assert "s is used 12 times: the 12 gradients add up" in graph.locator(".chainrule-heard").text_content()
    assert graph.get_by_role("grid").count() == 0
    assert re.search(r"∂y/∂s = .+ times 1 ≈ 5\.$", graph.locator(".chainrule-heard").text_content())


def test_large_arrays_show_averages_and_no_cells(visit, arrays):
    graph = figure(ready(visit(f"{arrays}material/")), 1)
    ask(graph, "x")
    assert graph.locator(".chainrule-cells svg[role=img] rect").count() == 2 * (24 * 10 + 1)
    assert (
        "These are averages, 24 × 10, of parts of 2000 numbers"
        in graph.locator(".chainrule-cells").text_content()
    )
    assert graph.locator("[role=gridcell]").count() == 0
    ask(graph, "b")
    assert "b (10,) is used by each of 200 rows" in graph.locator(".chainrule-heard").text_content()
    assert "not told number by number" in graph.locator(".chainrule-cells").text_content()


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("theme", BOTH)
def test_every_state_is_sound(visit, arrays, theme, width):
    visitor = visit("about:blank", width=width, reduced_motion="reduce")
    visitor.page.add_init_script(SHIFT)
    visitor.page.goto(f"{arrays}{theme}/")
    shown = ready(visitor)
    for number_, name in [(0, "W"), (1, "x")]:
        ask(figure(shown, number_), name)
    shown.wait_for_timeout(600)
    for cell in figure(shown, 0).get_by_role("gridcell").all():
        cell.hover()
    assert figure(shown, 0).get_by_role("gridcell").first.bounding_box()["width"] >= 24
    assert (shown.evaluate("window.shift") or 0) <= 0.01
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    for scheme in ("light", "dark"):
        shown.evaluate(SCHEMES[theme], scheme)
        shown.wait_for_timeout(300)
        assert violations(shown) == []
    assert [error for error in visitor.console if error not in THEIRS] == []
    assert visitor.external == []


def test_steps_say_what_broadcasting_does(visit, arrays):
    shown = visit(f"{arrays}plain/steps/", java_script_enabled=False).page
    steps = figure(shown, 0).locator(".chainrule-steps li").all_text_contents()
    assert "X @ W = (4, 2) @ (2, 3) = (4, 3)." in steps
    assert any("bias (3,) is used by each of 4 rows: the 4 gradients add up." in step for step in steps)


def test_what_the_page_holds_of_arrays_is_small():
    graph = layers().graph("tensor")
    bare = replace(
        graph,
        nodes=tuple(
            replace(each, data=without_numbers(each.data), grad=without_numbers(each.grad)) for each in graph
        ),
    )
    numbers = sum(
        len(each.numbers) for node in graph for each in (node.data, node.grad) if isinstance(each, Summary)
    )
    whole, alone = (len(gzip.compress(data(each).encode(), 9)) for each in (graph, bare))
    assert alone <= 45 * len(graph)
    assert whole - alone <= 3.5 * numbers


def layers():
    rng = np.random.default_rng(0)
    x, first, second = (chainrule.Value(rng.normal(size=shape)) for shape in ((8, 4), (4, 6), (6, 2)))
    b, c = chainrule.Value(rng.normal(size=6)), chainrule.Value(rng.normal(size=2))
    return chainrule.mse(np.tanh(x @ first + b) @ second + c, np.zeros((8, 2))).backward()


def without_numbers(quantity):
    return replace(quantity, numbers=()) if isinstance(quantity, Summary) else quantity
