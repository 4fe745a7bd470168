"""Steps of what is drawn: a fold is one step, a repetition too, and a chapter has no more than forty."""

from __future__ import annotations

import gzip
import json
import random
import re
from itertools import pairwise

import numpy as np
import pytest

from chainrule import Value, nn, relu
from chainrule.micrograd import MLP
from mkdocs_chainrule.show.graphs.data import as_data
from mkdocs_chainrule.show.graphs.fold import fold
from mkdocs_chainrule.show.graphs.graph import SMALL
from mkdocs_chainrule.show.graphs.stages import MOST
from mkdocs_chainrule.show.graphs.steps import Steps
from reading_formulas import is_shown, number

NUMBER = re.compile(r"(?P<name>\S.*?) [=≈] (?P<number>−?[\d.]+(?:×10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)?)(?:, |[.]$|$)")


def mixed(operations):
    """A computation without any form that repeats."""
    chance = random.Random(operations)
    values = [Value(chance.uniform(-1, 1), label=f"x{at}") for at in range(12)]
    while len(values) < operations + 12:
        a, b = chance.choice(values[-6:]), chance.choice(values[-20:])
        values.append(chance.choice([np.tanh(a), a * b, a + b * 0.5, a - b]))
        values[-1].label = f"n{len(values)}"
    return (values[-1] * values[-2] + values[-3]).backward().graph()


def loop():
    v, w, b = Value(1.0, label="x"), Value(0.5, label="w"), Value(0.1, label="b")
    for _ in range(40):
        v = np.tanh(v * w + b) * 1.5
    v.label = "v"
    return fold(v.backward().graph(), SMALL)


def batch():
    w, b = Value(0.5, label="w"), Value(0.1, label="b")
    loss = sum(((w * x + b - 2 * x) ** 2 for x in range(40)), Value(0.0))
    loss.label = "loss"
    return fold(loss.backward().graph(), SMALL)


def network():
    random.seed(1)
    model = MLP(3, [4, 4, 1])
    rows = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
    loss = sum(((model(x) - y) ** 2 for x, y in zip(rows, [1.0, -1.0, -1.0, 1.0], strict=True)), Value(0.0))
    return fold(loss.backward().graph(), SMALL)


def sentences(graph):
    return [step.sentence for step in Steps(graph)]


@pytest.mark.parametrize("operations", [25, 40, 80, 300, 600])
def test_a_chapter_has_no_more_than_forty_steps(operations):
    graph = mixed(operations)
    steps = Steps(graph)
    assert len(steps.forward) <= MOST
    assert len(steps.backward) <= MOST
    taken = [place for step in steps for place in step.places]
    nodes = [*graph]
    assert [place for place in taken if place >= 0] == [
        at for at, node in enumerate(nodes) if node.kind == "operation"
    ]
    into = {node.id for node in graph if node.kind == "operation"}
    grads = {node.id for node in graph if node.grad is not None}
    edges = [at for at, edge in enumerate(graph.edges) if edge.target in into and edge.source in grads]
    assert sorted(-2 - place for place in taken if place < -1) == edges


def test_the_numbers_of_many_at_once_are_true():
    graph = mixed(300)
    steps = Steps(graph)
    values = {steps.letters.called[node.id]: node for node in graph if node.kind != "operation"}
    partials = {steps.letters.partial(node.id): node for node in values.values()}
    found = 0
    for step in steps.forward:
        _, _, told = step.sentence.partition(": ")
        for match in NUMBER.finditer(told):
            assert is_shown(match["number"], values[match["name"]].data)
            found += 1
    for step in steps.backward[1:]:
        if step.sentence.startswith("Back through"):
            _, _, told = step.sentence.partition(": ")
            for match in NUMBER.finditer(told):
                assert is_shown(match["number"], partials[match["name"]].grad)
                found += 1
    assert found > 200
    ranges = [re.search(r"(\d+) to (\d+) of (\d+)", step.sentence) for step in steps.forward]
    assert all(int(a[2]) + 1 == int(b[1]) for a, b in pairwise(ranges[:-1]))


def test_a_loops_steps_are_one_step_and_its_rest_arrives():
    graph = loop()
    told = sentences(graph)
    assert "38 more such steps, as one step: #199 ≈ 0.2568." in told
    [back] = [sentence for sentence in told if sentence.startswith("Back through 38 more such steps")]
    gets = re.search(r"∂v/∂b gets ≈ (\S+) \((\S+) \+ (\S+) ≈ (\S+)\)", back)
    assert is_shown(gets[4], number(f"{gets[2]} + {gets[3]}"))
    b = next(node for node in graph if node.label == "b")
    assert is_shown(gets[4], b.grad)
    assert not any("lies there" in sentence and "∂b." in sentence for sentence in told[: told.index(back)])
    assert all("  " not in sentence and not sentence.startswith(",") for sentence in told)


def test_repetitions_are_named_and_counted():
    told = sentences(batch())
    assert "w · #4 = 0.5 · (40,) = (40,), 40 at once." in told
    assert "Back through w · #4, 40 at once: ∂loss/∂w gets −61464." in told
    assert not any("×40" in sentence for sentence in told)


def test_a_network_whose_leaves_fold_says_no_step_of_them():
    graph = network()
    folds = [node.label for node in graph if node.kind == "fold"]
    assert "40 more such values" in folds
    told = sentences(graph)
    assert not any("more such values" in sentence for sentence in told)
    assert not any(re.search(r"= *[·=.,)]|\( *,", sentence) for sentence in told), told


def test_layers_are_steps():
    model = nn.Sequential(nn.Linear(2, 3), relu, nn.Linear(3, 1), np.tanh)
    assert sentences(model.graph(np.ones((4, 2)))) == [
        "Linear(2, 3): 9 parameters, as one step: (4, 3).",
        "relu, as one step: (4, 3).",
        "Linear(3, 1): 4 parameters, as one step: (4, 1).",
        "tanh, as one step: (4, 1).",
    ]


def test_fifty_nodes_take_few_bytes():
    p = Value(1.1, label="p")
    v = p
    for step in range(16):
        v = np.tanh(v * Value(1.0 + step / 10, label=f"k{step}"))
    graph = v.backward().graph()
    assert 45 <= len(graph) <= 85
    steps = Steps(graph)
    words = "".join(f"<li>{step.sentence}</li>" for step in steps)
    places = json.dumps([*(step.places for step in steps), as_data(graph)], separators=(",", ":"))
    assert len(gzip.compress((words + places).encode(), 9)) * 50 / len(graph) <= 3_072
