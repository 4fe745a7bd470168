"""Arrays taken apart: the scalar graph computes the same numbers and has the same gradients."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule import Value, nn, relu
from chainrule.errors import GraphTooLargeError, UsageError
from chainrule.graph import Graph
from chainrule.tape_graph.nodes import MAX_NODES
from chainrule.tape_graph.numbers import expand

RNG = np.random.default_rng(0)
A, B = RNG.normal(size=(2, 3)), RNG.normal(size=(3, 2))
COMPUTED = {
    "number": lambda a, b: a[0, 0] * b[0, 0],
    "elementwise": lambda a, b: np.tanh(a * b.T).sum(),
    "broadcast": lambda a, b: (a + b[:, 0] * 2.0).mean(),
    "matmul": lambda a, b: (a @ b).sum(axis=0).sum(),
    "vectors": lambda a, b: a[0] @ b[:, 1],
    "constants": lambda a, b: (a * A + np.exp(b.T) / 3).sum(),
    "moved": lambda a, b: (np.concatenate([a, b.reshape(2, 3)], axis=0)[[0, 0, 2]] ** 2).sum(),
    "whole": lambda a, b: (cr.softmax(a)[0, 1] + np.max(b, axis=0).sum()) * np.linalg.det(a[:, :2]),
    "logarithm": lambda a, b: cr.logsumexp(a * 2).sum() + np.std(b),
    "shared": lambda a, b: ((a * a).T * b).sum() / (1 + (a * a).sum()),
    "zero axes": lambda a, b: np.where(np.asarray(a.sum().data) > 0, a.sum(), b.sum()),
}


@pytest.mark.parametrize("name", COMPUTED)
def test_numbers_and_gradients_are_those_of_the_arrays(name):
    a, b = Value(A, label="a"), Value(B, label="b")
    out = COMPUTED[name](a, b).backward()
    (number,) = expand(out).roots
    graph = out.graph("scalar")
    assert number.data == pytest.approx(float(out.data), rel=1e-12)
    assert all(not isinstance(node.data, tuple) for node in graph)
    for node in graph:
        if node.kind == "input" and node.grad is not None:
            array = a if node.label.startswith("a") else b
            index = tuple(int(part) for part in node.label[2:-1].split(","))
            assert node.data == array.data[index]
            assert node.grad == array.grad[index]
    assert Graph.from_json(graph.to_json()) == graph


def test_what_lies_between_has_its_gradient_too():
    x, w = Value([2.0, 0.0], label="x"), Value([-3.0, 1.0], label="w")
    graph = ((x @ w) * 2).backward().graph("scalar")
    assert {str(node) for node in graph if node.kind == "interior"} == {
        "data -6 -> grad 2",
        "data 0 -> grad 2",
    }


def test_before_backward_there_are_no_gradients():
    assert all(node.grad is None for node in (Value([1.0, 2.0]) * 2).sum().graph("scalar"))


def test_an_array_has_an_output_for_each_element():
    graph = (Value([1.0, 2.0], label="x") * 2).graph("scalar")
    assert [node.data for node in graph if node.kind == "output"] == [2.0, 4.0]


def test_looking_leaves_the_values_as_they_were():
    x = Value([1.0, 2.0])
    out = (x * 2).sum().backward()
    before = x.grad.copy()
    out.graph("scalar")
    assert (x.grad == before).all()
    assert x.label == ""


def test_layers_are_boxes_around_numbers_too():
    model = nn.Sequential(nn.Linear(2, 3, rng=0), relu, nn.Linear(3, 1, rng=0))
    graph = model.graph(np.ones((1, 2)), "scalar")
    boxes = {node.group for node in graph if node.kind != "input"}
    assert boxes == {"0: Linear(2, 3)", "1: relu", "2: Linear(3, 1)"}
    assert sum(node.kind == "parameter" for node in graph) == 13


def test_too_many_numbers_are_refused_in_words():
    with pytest.raises(GraphTooLargeError, match=r"made of .* numbers.*zoom=\"tensor\""):
        (Value(np.ones((100, 100))) @ np.ones((100, 1))).sum().graph("scalar")


def test_a_graph_of_many_numbers_is_summarised():
    graph = np.tanh(np.tanh(Value(np.ones(1600)))).sum().graph("scalar")
    assert len(graph) < 50
    assert MAX_NODES > 1600 * 2


def test_a_value_knows_no_layers():
    with pytest.raises(UsageError, match="model"):
        Value(1.0).graph("layer")
