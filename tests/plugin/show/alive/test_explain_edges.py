"""Explain where it is easily wrong: what stands for many, names that are formulas, hidden pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shown import figure, frame, ready, served

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = {
    "index.md": """# Edges

```autograd
from math import prod
from chainrule import Value

weights = [Value(1.0 + k / 100, label=f"w{k}") for k in range(70)]
many = prod(weights[1:], start=weights[0])
many.backward()
```

```autograd
a = Value(3.0)
a * 2 + 1
```

```autograd graph="steps"
first, second = Value(2.0), Value(-3.0)
f = (first * second + first) * (first + second) * second
f.backward()
```

```autograd
import numpy as np
rate, g = Value(0.9), Value(0.5)
for _ in range(60):
    g = np.tanh(g * rate)
g = g * rate
g.backward()
```

```autograd
from chainrule import relu
p, q = Value(3.0), Value(-1.0)
inner = p * q
outer = inner * 5 + p
outer.backward()
inner
```

```autograd
root = np.sqrt(relu(q))
q.grad = None
root.backward()
```

```autograd zoom="tensor"
v = Value(np.array([np.inf, np.nan]))
s = (v * v).sum()
s.backward()
```
"""
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory, PAGES) as url:
        yield url


def told(graph, node):
    """What is heard of a node of the picture that is chosen."""
    node.click()
    return graph.locator(".chainrule-strip .chainrule-heard").text_content()


@pytest.mark.parametrize("number", [0, 3])
def test_each_node_of_a_folded_graph_says_what_is_known(visit, address, number):
    shown = ready(visit(f"{address}plain/"))
    graph = figure(shown, number)
    nodes = frame(graph).locator("svg:visible g[id]")
    for node in range(nodes.count()):
        assert "lay there before" not in told(graph, nodes.nth(node))
    assert told(graph, frame(graph).locator("svg:visible g[id]", has_text="more such")) == ""
    assert "more such" in graph.locator(".chainrule-said").last.text_content()


def test_where_a_fold_hides_a_way_what_is_told_is_called_a_part(visit, address):
    shown = ready(visit(f"{address}plain/"))
    graph = figure(shown, 3)
    heard = told(graph, frame(graph).locator("svg:visible g[id]", has_text="rate").first)
    assert "How the gradient comes through here has no formula." in heard
    assert "Their sum" not in heard
    seen = graph.locator(".chainrule-seen .chainrule-line b").all_text_contents()
    assert "∂g/∂rate" not in seen[:1]


def test_what_is_called_by_how_it_was_made_is_not_said_to_be_so_twice(visit, address):
    shown = ready(visit(f"{address}plain/"))
    frame(figure(shown, 1)).locator("svg:visible g[id]", has_text="6").click()
    heard = figure(shown, 1).locator(".chainrule-strip .chainrule-heard").text_content()
    assert heard.startswith("a · 2 = 6. ")


def test_numbers_of_a_picture_that_was_hidden_stand_above_its_values(visit, address):
    visitor = visit(f"{address}plain/", width=1440)
    shown = ready(visitor)
    shown.wait_for_selector(".chainrule-player input")
    shown.set_viewport_size({"width": 360, "height": 900})
    shown.wait_for_timeout(300)
    below = (
        frame(figure(shown, 2))
        .locator("svg:visible")
        .evaluate("""svg => {
      const boxes = [...svg.querySelectorAll("g[id] rect")].map(each => each.getBoundingClientRect());
      return [...svg.querySelectorAll(".chainrule-tag")].map(each => each.getBoundingClientRect())
        .map(tag => boxes.some(box => tag.left < box.right && tag.right > box.left
          && tag.top < box.top && tag.bottom < box.top + 4));
    }""")
    )
    assert below
    assert all(below)


def test_what_came_from_beyond_a_graph_is_not_called_an_earlier_backward_alone(visit, address):
    shown = ready(visit(f"{address}plain/"))
    heard = told(figure(shown, 4), frame(figure(shown, 4)).locator("svg:visible g[id]", has_text="p").first)
    assert "1 from beyond this graph, or lay there before. Their sum is −4." in heard


def test_where_a_case_lets_nothing_pass_no_infinity_does(visit, address):
    shown = ready(visit(f"{address}plain/"))
    heard = told(figure(shown, 5), frame(figure(shown, 5)).locator("svg:visible g[id]", has_text="q").first)
    assert heard.startswith("q = −1, ∂root/∂q = 0. ")
    assert heard.endswith("together 0.")


def test_sums_of_infinities_are_exact(visit, address):
    shown = ready(visit(f"{address}plain/"))
    graph = figure(shown, 6)
    told(graph, frame(graph).locator("svg:visible g[id]", has_text="v").first)
    cells = graph.locator(".chainrule-cells [role=gridcell]")
    for cell, amount in enumerate(["∞", "nan"]):
        cells.nth(cell).click()
        assert (
            graph.locator(".chainrule-cells").get_by_text(f" = {amount} + {amount} = {amount}").count() == 1
        )
