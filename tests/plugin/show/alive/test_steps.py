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
    r"^(?P<slope>∂.+?) [=≈] (?P<formula>.+?)(?:, because (?P<because>.+?))?\. "
    r"(?P<own>∂.+?) gets (?P<numbers>.+?) (?P<sign>[=≈]) (?P<amount>\S+)\.(?P<sum> With .+)?$"
)
SUM = re.compile(
    r"^ With the (?P<lay>\S+) that (?:lies there|lay there before): "
    r"(?P<parts>.+) (?P<sign>[=≈]) (?P<whole>\S+)\.$"
)


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
        told, sign, last = re.fullmatch(r"(.+) ([=≈]) (.+)\.", sentence).groups()
        assert is_shown(last, result.data, sign)
        *formulas, shown = re.split(" [=≈] ", told)
        assert is_shown(last, number(shown, values), sign)
        formulas.append(shown)
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
        sources = graph.sources[operation.id]
        use = "₁₂₃"[which] if sources.count(source.id) > 1 else ""
        assert found["slope"] == letters.partial(source.id, letters.called[result.id]) + use
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
    assert sentences[1].endswith("∂b/∂a gets 1 · 1 = 1. With the 2 that lay there before: 2 + 1 = 3.")
    assert sentences[2].endswith("With the 3 that lies there: 3 + 1 = 4.")


def test_arrays_say_their_formula_and_shape():
    x, w = Value(np.ones((8, 4)), label="x"), Value(np.ones((4, 2)), label="w")
    y = (x @ w).sum()
    y.label = "y"
    told = [step.sentence for step in Steps(y.backward().graph())]
    assert "x @ w = (8, 4) @ (4, 2) = (8, 2)." in told
    assert "∂y/∂w gets x.T @ ∂y/∂(x @ w), which is (4, 2)." in told


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


def told(value):
    return [sentence for sentence, _ in Steps(value.graph())]


def test_uses_by_one_operation_are_numbered():
    x = Value(3.0, label="x")
    y = x * x * x
    y.label = "y"
    backward = told(y.backward())[-2:]
    assert backward[0].startswith("∂(x · x)/∂x₁ = x, because x₁ is operand 1 of x · x. ∂y/∂x gets 3 · 3 = 9.")
    assert backward[1].startswith("∂(x · x)/∂x₂ = x, because x₂ is operand 2 of x · x. ∂y/∂x gets 3 · 3 = 9.")


def test_no_two_values_have_one_name():
    a, w = Value(2.0, label="a"), Value(3.0, label="w")
    p = (a + w) * (a + w)
    p.label = "p"
    assert told(p)[1:] == ["#4 = a + w = 2 + 3 = 5.", "p = (a + w) · #4 = 5 · 5 = 25."]
    twins = Value(2.0, label="x") * Value(5.0, label="x")
    twins.label = "y"
    assert told(twins) == ["y = x#1 · x#2 = 2 · 5 = 10."]


def test_a_leaf_without_a_name_is_called_by_its_place_and_a_constant_by_its_number():
    y = Value(2.0) * Value(2.0) * 2.0
    y.label = "y"
    assert told(y.backward())[-1].startswith("∂(#1 · #2)/∂#2 = #1. ∂y/∂#2 gets 2 · 2 = 4.")


def test_what_was_set_by_hand_is_counted():
    w = Value(2.0, label="w")
    w.grad = 12.0
    loss = w * 3.0
    loss.label = "loss"
    assert told(loss.backward())[-1].endswith("With the 12 that lay there before: 12 + 3 = 15.")


def test_what_lay_there_does_not_come_through_what_hands_nothing_on():
    a = Value(2.0, label="a")
    a.grad = 12.0
    f = a * 3.0 + stop_gradient(a)
    assert told(f.backward())[-1].endswith("With the 12 that lay there before: 12 + 3 = 15.")


def test_a_leaf_that_is_the_output_was_not_given_its_sum():
    x = Value(3.0, label="x")
    x.backward()
    x.backward(5.0)
    assert told(x) == ["6 lies in this leaf: what each backward gave adds up, or it was set by hand."]


def test_rounded_numbers_are_said_to_be():
    a = Value(1.0, label="a") * (1 / 3)
    a.label = "third"
    assert told(a.backward()) == [
        "third = a · 0.3333 ≈ 1 · 0.3333 ≈ 0.3333.",
        "Backward starts here: ∂third/∂third = 1.",
        "∂third/∂a ≈ 0.3333, because third = a · 0.3333. ∂third/∂a gets 1 · 0.3333 ≈ 0.3333.",
    ]
    near = Value(1.0000001, label="x") - Value(1.0, label="y")
    near.label = "near"
    assert told(near) == ["near = x − y = 1.0000001 − 1 ≈ 1×10⁻⁷."]


def test_parts_of_an_array_gradient_are_not_said_to_be_all_of_it():
    x = Value(np.ones((2, 2)), label="x")
    y = (x @ x).sum()
    y.label = "y"
    assert [sentence for sentence in told(y.backward()) if sentence.startswith("∂y/∂x ")] == [
        "∂y/∂x gets ∂y/∂(x @ x) @ x.T, which is (2, 2), because x₁ is operand 1 of x @ x.",
        "∂y/∂x gets x.T @ ∂y/∂(x @ x), which is (2, 2), because x₂ is operand 2 of x @ x.",
    ]


def test_what_an_operation_takes_besides_operands_is_told_as_it_is_written():
    a = Value(np.arange(6.0).reshape(2, 3), label="a")
    picked = a[0] + a.sum(axis=-2) + a[1, :2].sum()
    sentences = told(picked)
    assert "a[0] = (2, 3)[0] = (3,)." in sentences
    assert any("sum(a, axis=−2)" in sentence for sentence in sentences)
    x = Value(2.0, label="x")
    root = (x + 1.0) ** 0.5
    root.label = "root"
    assert told(root)[-1] == "root = (x + 1) ^ 0.5 = 3 ^ 0.5 ≈ 1.732."


def test_a_condition_that_is_a_number_is_no_reason():
    x = Value(2.0, label="x")
    y = np.where(x > 1, x, x)
    y.label = "y"
    assert told(y.backward())[-1].startswith(
        "∂y/∂x₃ = 0, because y = where(1, x, x) and x₃ is operand 3 of where(1, x, x). ∂y/∂x gets 1 · 0 = 0."
    )


def test_numbers_agree_with_few_digits():
    a, b = Value(-1.0071133744906675, label="a"), Value(0.10101787042252375, label="b")
    c = a + b
    c.label = "c"
    assert told(c) == ["c = a + b ≈ (−1.0071) + 0.10102 ≈ −0.9061."]


def test_an_answer_is_no_longer_than_a_few_factors():
    x = Value(0.5, label="x")
    y = x
    for _ in range(9):
        y = np.tanh(y)
    y.label = "y"
    assert Steps(y.backward().graph()).answer == ""
