"""micrograd's surface, and its demo network's own numbers (record_micrograd.py)."""

import json
import random
from pathlib import Path

import numpy as np
import pytest

from chainrule import Value
from chainrule.micrograd import MLP, Layer, Module, Neuron

RECORD = json.loads(Path(__file__).with_name("recorded_micrograd.json").read_text())


def test_the_readmes_example():
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()

    assert f"{g.data:.4f}, {a.grad:.4f}, {b.grad:.4f}" == "24.7041, 138.8338, 645.5773"


def test_reprs():
    assert repr(Neuron(2)) == "ReLUNeuron(2)"
    assert repr(Neuron(16, nonlin=False)) == "LinearNeuron(16)"
    assert repr(MLP(1, [2, 1])) == (
        "MLP of [Layer of [ReLUNeuron(1), ReLUNeuron(1)], Layer of [LinearNeuron(2)]]"
    )


def test_a_layer_of_one_neuron_answers_bare():
    assert isinstance(Layer(2, 1)([1.0, 2.0]), Value)
    assert len(Layer(2, 3)([1.0, 2.0])) == 3
    assert isinstance(MLP(2, [3, 1]), Module)


def test_the_demo_network_trains_on_the_same_numbers():
    random.seed(1337)
    model = MLP(2, [16, 16, 1])
    assert len(model.parameters()) == 337
    assert [p.data for p in model.parameters()] == RECORD["parameters"]
    xs, ys = RECORD["x"], RECORD["y"]

    losses, accuracies = [], []
    for step in range(len(RECORD["losses"])):
        loss, accuracy = svm_loss(model, xs, ys)
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= (1.0 - 0.9 * step / 100) * p.grad
        losses.append(loss.data)
        accuracies.append(accuracy)

    np.testing.assert_allclose(losses, RECORD["losses"], rtol=1e-12)
    assert accuracies == RECORD["accuracies"]
    np.testing.assert_allclose([p.data for p in model.parameters()], RECORD["trained"], rtol=1e-9)


def svm_loss(model, xs, ys):
    """micrograd's demo: a max-margin loss with an L2 penalty."""
    scores = [model(list(map(Value, map(np.float64, x)))) for x in xs]
    losses = [(1 + -np.int64(y) * score).relu() for y, score in zip(ys, scores, strict=True)]
    penalty = 1e-4 * sum(p * p for p in model.parameters())
    total = sum(losses) * (1.0 / len(losses)) + penalty
    return total, sum((y > 0) == (score.data > 0) for y, score in zip(ys, scores, strict=True)) / len(ys)


def test_its_trace_of_a_graph_works():
    nodes, edges = set(), set()

    def build(v):
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)

    x = Value(1.0)
    build((x * 2 + 1).relu().backward())

    assert (len(nodes), len(edges)) == (6, 5)
    assert max(f"{v.data:.4f} {v.grad:.4f} {v._op}" for v in nodes) == "3.0000 1.0000 ReLU"


@pytest.mark.parametrize("operation", ["__add__", "__mul__", "__sub__", "__truediv__"])
def test_numpy_scalars_on_either_side(operation):
    v = getattr(Value(4.0), operation)(np.float64(2.0))
    assert type(v.data) is float
    assert isinstance(-np.int64(1) * Value(2.0), Value)
