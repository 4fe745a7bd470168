"""All that is alive, by keyboard alone, and by what stands in the browser's accessibility tree alone."""

from __future__ import annotations

import math
import re

import pytest

from hearing import Reader
from reading_formulas import number
from shown import ready

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TREE = {"L": 1.0, "d": -2.0, "f": 4.0, "e": -2.0, "c": -2.0, "a": 6.0, "b": -4.0}
DIAMOND = {"f": 1.0, "a · b": -5.0, "a + b": -6.0, "a": 24.0, "b": -11.0}


@pytest.fixture
def reader(visit, alive):
    return Reader(ready(visit(f"{alive}material/heard/")))


def answers(reader: Reader) -> dict[str, str]:
    """Ask every value of the graph that has the focus, from its output on along the edges; by their names."""
    found: dict[str, str] = {}
    ways: list[tuple[str, ...]] = [("ArrowLeft",)]

    def ask(*way: str) -> bool:
        """Tell whether a way leads to a value that was not asked yet."""
        reader.press("End", *way, "Enter")
        told = reader.said()
        reader.press("Escape")
        name = told.partition(" = ")[0]
        return name not in found and bool(found.setdefault(name, told))

    ask()
    while ways:
        operation = ways.pop()  # what made a value; its operands are on the left, and below each other
        operands = [(*operation, "ArrowLeft"), (*operation, "ArrowLeft", "ArrowDown")]
        ways += [(*operand, "ArrowLeft") for operand in operands if ask(*operand)]
    return found


@pytest.mark.parametrize(("figure", "gradients"), [(1, TREE), (2, DIAMOND)])
def test_every_gradient_and_why(reader, figure, gradients):
    for _ in range(figure):
        reader.go("group", "Computation")
    told = answers(reader)
    assert set(told) == set(gradients)
    for name, gradient in gradients.items():
        said = re.search(r", ∂[^=]+ = (\S+?)\. ", told[name])
        assert number(said[1]) == gradient
        if "Backward starts here" in told[name]:
            assert name == next(iter(gradients))
            continue
        assert "Why: " in told[name]
        ways = re.split(r"; together \S+\.", told[name].partition("Why: ")[2])[:-1]
        sums = [
            math.prod(number(x) for x in re.findall(r"(?:is|, )([−\d.]+)(?:[,;]|$)", way)) for way in ways
        ]
        assert sum(sums) == gradient, told[name]


def ask(reader: Reader, *way: str) -> None:
    reader.go("group", "Computation")
    reader.press("End", *way, "Enter")


def test_a_leaf_and_an_inner_node_are_nudged(reader):
    ask(reader, *4 * ["ArrowLeft"])
    assert reader.said().startswith("e = −6")
    reader.press("ArrowLeft", "ArrowLeft", "Enter", "Tab")
    assert reader.here()[:2] == ("button", "Nudge it")
    reader.press("Enter")
    reader.page.wait_for_timeout(300)  # what moves numbers comes now
    assert reader.here()[:2] == ("slider", "a")
    reader.press(*5 * ["ArrowRight"])
    assert reader.here().value == "a, 2.4. L minus 5.6, up 2.4; the gradient promised 2.4"
    reader.press("Tab", "Control+a", "-")
    reader.press("1", "Tab")
    assert "L minus 26, down 18; the gradient promised minus 18" in reader.said()
    reader.go("group", "Computation", key="Shift+Tab")
    reader.press("End", "ArrowLeft", "ArrowLeft", "Enter", "Tab")
    assert reader.here()[:2] == ("slider", "d")
    reader.press("ArrowRight")
    assert re.match(r"d, 13\.\S+\. L minus \S+, down .*\. held$", reader.here().value)
    reader.go("slider", "a")
    assert reader.here().value.endswith("no effect: d is held")


@pytest.mark.parametrize(("rate", "outcome"), [("0.01", "went from minus 8 to minus"), ("1", "no end")])
def test_twenty_steps_down_are_taken_and_their_outcome_is_read(reader, rate, outcome):
    ask(reader)
    reader.press("Tab", "Enter")
    reader.page.wait_for_timeout(300)
    reader.go("spinbutton", "Rate")
    reader.press("Control+a", *rate)
    reader.go("button", "10 steps")
    reader.press("Enter", "Enter")
    assert outcome in reader.said()
    reader.go("button", "Reset", key="Shift+Tab")
    reader.press("Enter")
    assert reader.go("slider", "a").value.startswith("a, 2.")


def test_the_slope_for_each_h_is_read(reader):
    ask(reader, *6 * ["ArrowLeft"])
    reader.press("Tab", "Enter")
    reader.page.wait_for_timeout(300)
    reader.go("slider", "h")
    reader.press("End")
    assert reader.here().value.startswith("h = 1: (L(a + h) minus L(a)) / h = 6, the gradient is 6: off by 0")
    reader.press("Home")
    assert reader.here().value.startswith("h = 1 times 10 to the power minus 16: ")


def test_a_replay_is_scrubbed_and_its_outcome_is_read(reader):
    last = reader.go("slider", "Step of the training").value
    assert last.startswith("Step 30 of 30; loss 0.0")
    reader.press("Home")
    assert reader.here().value.startswith("Step 0 of 30; loss ")
    losses = []
    for _ in range(20):
        losses.append(float(re.search(r"loss (\S+);", reader.here().value)[1]))
        reader.press("ArrowRight")
    assert losses == sorted(losses, reverse=True)
    assert reader.here().value == last
