"""Every sentence of "Steps in words" is true in numbers, and the last state is what `backward` left."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from chainrule import Value, stop_gradient
from chainrule.graph import Graph
from mkdocs_chainrule.show.graphs.fold import fold
from mkdocs_chainrule.show.graphs.letters import Letters
from mkdocs_chainrule.show.graphs.steps import Steps
from reading_formulas import computation, is_shown, number

ARRIVES = re.compile(
    r"^(?P<slope>∂.+?) = (?P<formula>.+?)(?:, because (?P<because>.+?))?\. "
    r"(?P<own>∂.+?) gets (?P<numbers>.+?) (?P<sign>[=≈]) (?P<amount>\S+)\.(?P<sum> With .+)?$"
)
SUM = re.compile(r"^ With the (?P<lay>\S+) that lies there: (?P<parts>.+) (?P<sign>[=≈]) (?P<whole>\S+)\.$")


def named(graph, letters):
    return {letters.called[node.id]: node.data for node in graph if node.kind != "operation"}


@pytest.mark.parametrize("seed", range(100))
def test_every_sentence_is_true(seed):
    graph = computation(seed).graph()
    letters, steps = Letters(graph), Steps(graph)
    values = {**named(graph, letters)}
    nodes = [*graph]
    for sentence, [place] in steps.forward:
        result = graph[letters.results[nodes[place].id]]
        *formulas, last = sentence.removesuffix(".").split(" = ")
        assert is_shown(last, result.data)
        for formula in formulas:
            assert number(formula, values) == pytest.approx(result.data, rel=2e-3, abs=2e-3)
    last_seen = {}
    for sentence, [place] in steps.backward[1:]:
        edge = graph.edges[-2 - place]
        operation, source = graph[edge.target], graph[edge.source]
        result = graph[letters.results[operation.id]]
        found = ARRIVES.match(sentence)
        assert found, sentence
        which = -2 - place - next(at for at, each in enumerate(graph.edges) if each.target == operation.id)
        slope = number(found["formula"], values)
        assert math.isclose(slope, operation.factors[which], rel_tol=1e-4, abs_tol=1e-9), sentence
        for reason in (found["because"] or "").split(" and "):
            assert not re.search("[<>≥≤]", reason) or number(reason, values)
        amount = result.grad * operation.factors[which]
        assert is_shown(found["amount"], amount, found["sign"])
        assert is_shown(found["amount"], number(found["numbers"]), found["sign"])
        assert found["own"] == letters.partial(source.id)
        last_seen[source.id] = found["amount"]
        if found["sum"]:
            summed = SUM.match(found["sum"])
            assert summed, sentence
            assert is_shown(summed["whole"], number(summed["parts"]), summed["sign"])
            last_seen[source.id] = summed["whole"]
    for id_, text in last_seen.items():
        assert is_shown(text, graph[id_].grad)
    if steps.answer:
        *parts, last = re.split(" [=≈] ", steps.answer)
        assert parts[-1].startswith("∂") or is_shown(last, number(parts[-1]))


def test_the_bigger_tree_of_the_notebook():
    a, b, c, f = (Value(n, label=name) for n, name in ((2.0, "a"), (-3.0, "b"), (10.0, "c"), (-2.0, "f")))
    e = a * b
    d = e + c
    out = d * f
    e.label, d.label, out.label = "e", "d", "L"
    steps = Steps(out.backward().graph())
    assert steps.answer == "∂L/∂a = ∂L/∂d · ∂d/∂e · ∂e/∂a = (−2) · 1 · (−3) = 6"
    assert [step.sentence for step in steps][:4] == [
        "e = a · b = 2 · (−3) = −6.",
        "d = e + c = (−6) + 10 = 4.",
        "L = d · f = 4 · (−2) = −8.",
        "Backward starts here: ∂L/∂L = 1.",
    ]
    assert steps.backward[-2].sentence == "∂e/∂a = b, because e = a · b. ∂L/∂a gets (−2) · (−3) = 6."


def test_what_lay_there_before_is_said():
    a = Value(1.0, label="a")
    b = a + a
    b.label = "b"
    b.backward()
    b.backward()
    sentences = [step.sentence for step in Steps(b.graph()).backward]
    assert sentences[1].endswith("∂b/∂a gets 1 · 1 = 1. With the 2 that lies there: 2 + 1 = 3.")
    assert sentences[2].endswith("With the 3 that lies there: 3 + 1 = 4.")


def test_arrays_say_their_formula_and_shape():
    x, w = Value(np.ones((8, 4)), label="x"), Value(np.ones((4, 2)), label="w")
    y = (x @ w).sum()
    y.label = "y"
    told = [step.sentence for step in Steps(y.backward().graph())]
    assert "x @ w = (8, 4) @ (4, 2) = (8, 2)." in told
    assert "∂y/∂w = x.T @ ∂y/∂(x @ w), which is (4, 2)." in told


def test_without_backward_only_values_come_about():
    steps = Steps((Value(1.0, label="a") * 2.0).graph())
    assert (len(steps.forward), steps.backward, steps.answer) == (1, [], "")


@pytest.mark.parametrize("slope", ["{0.__class__}", "{9}", "{", "{x} {0!r:>99}", "{0:>999999999}"])
def test_a_strangers_slope_is_text(slope):
    data = (Value(2.0, label="a") * 3.0).backward().graph().to_data()
    data["formulas"][data["nodes"][2]["slopes"]] = [slope, slope]
    sentences = " ".join(step.sentence for step in Steps(Graph.from_data(data)))
    assert "<class" not in sentences
    assert len(sentences) < 500


def test_a_folded_graph_says_whose_its_gradients_are():
    a = Value(0.5, label="a")
    b = a
    for _ in range(40):
        b = np.tanh(b * a)
    graph = replace(b.graph(), gradients_of="L")
    assert fold(graph, 30).gradients_of == "L"


def test_signs_bind_as_they_compute():
    a = Value(-2.0, label="a")
    f = (-((-a) ** 2) * a) ** 2.0**1.0
    sentences = [sentence for sentence, _ in Steps(f.graph()).forward]
    assert sentences[:3] == ["−a = −(−2) = 2.", "(−a)² = 2² = 4.", "−(−a)² = −4."]


def test_a_power_of_a_power_is_in_brackets():
    a, b = Value(2.0, label="a"), Value(3.0, label="b")
    letters = Letters(((a**b) ** a).graph())
    assert "(a ^ b) ^ a" in letters.made.values()


def test_what_hands_nothing_on_is_not_said_to():
    a = Value(2.0, label="a")
    f = a * stop_gradient(a)
    f.backward()
    backward = [sentence for sentence, _ in Steps(f.graph()).backward]
    assert len([sentence for sentence in backward if "gets" in sentence]) == 2
    assert not any("without a formula" in sentence for sentence in backward)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.sqrt(x) - np.sqrt(x),
        lambda x: (x + 1) * 1e308 + (x + 1) * 1e308,
        lambda x: x / x,
        lambda x: np.log(x) * x,
        lambda x: x**x,
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_gradients_without_an_end_are_told(f):
    x = Value(0.0, label="x")
    y = f(x)
    y.backward()
    steps = Steps(y.graph())
    assert [*steps.forward, *steps.backward]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_an_infinite_sum_is_told():
    x = Value(0.0, label="x")
    f = np.sqrt(x) - np.sqrt(x)
    f.backward()
    assert any(
        "∞ + (−∞) = nan" in sentence or "−∞ + ∞ = nan" in sentence
        for sentence, _ in Steps(f.graph()).backward
    )
