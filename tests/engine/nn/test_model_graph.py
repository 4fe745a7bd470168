"""The graph of a model: a node per layer, or the operations in a box per layer."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule import Value, nn, relu
from chainrule.errors import UsageError
from chainrule.graph import MIME, Graph, Summary

X = np.linspace(-1, 1, 5).reshape(5, 1)


def network() -> nn.Sequential:
    return nn.Sequential(nn.Linear(1, 4, rng=0), relu, nn.Sequential(nn.Linear(4, 1, rng=0), np.tanh))


class Skip(nn.Module):
    """A model with its own call, layers as attributes, one of them used twice."""

    def __init__(self) -> None:
        self.inner = nn.Linear(2, 2, rng=0)

    def __call__(self, x):
        return relu(self.inner(self.inner(x))) + x


def test_a_layer_is_a_node_with_the_shape_of_its_output():
    graph = network().graph(X)
    assert [(node.label, node.kind) for node in graph] == [
        ("x", "input"),
        ("Linear(1, 4): 8 parameters", "layer"),
        ("relu", "layer"),
        ("Linear(4, 1): 5 parameters", "layer"),
        ("tanh", "layer"),
    ]
    assert [node.data.shape for node in graph] == [(5, 1), (5, 4), (5, 4), (5, 1), (5, 1)]
    assert [graph.sources[node.id] for node in graph][1:] == [(node.id,) for node in graph][:-1]


def test_operations_stand_in_a_box_for_each_layer():
    graph = network().graph(X, "tensor")
    boxes = {}
    for node in graph:
        boxes.setdefault(node.group, []).append(node.label)
    assert boxes.pop("") == ["x"]
    assert list(boxes) == ["0: Linear(1, 4)", "2: Linear(4, 1)", "1: relu", "3: tanh"]
    assert {node.label for node in graph if node.kind == "parameter"} == {
        "0.weight",
        "0.bias",
        "2.0.weight",
        "2.0.bias",
    }


def test_a_model_shows_itself_at_every_zoom():
    graph = network().graph(X[:1])
    assert [other.zoom for other in graph.zooms] == ["scalar", "tensor"]
    data, metadata = graph._repr_mimebundle_()
    assert Graph.from_data(data[MIME]) == graph
    assert [Graph.from_data(other).zoom for other in metadata["chainrule"]["zooms"]] == ["scalar", "tensor"]


def test_a_zoom_of_many_nodes_is_not_offered():
    assert [other.zoom for other in network().graph(np.ones((64, 1))).zooms] == ["tensor"]


def test_a_model_with_its_own_call_shows_its_layers_and_what_it_does_between():
    graph = Skip().graph(np.ones((3, 2)))
    layers = [node for node in graph if node.kind == "layer"]
    assert [node.label for node in layers] == ["Linear(2, 2): 6 parameters"] * 2
    assert [node.label for node in graph if node.kind == "operation"] == ["ReLU", "+"]
    assert graph.sources[layers[1].id] == (layers[0].id,)
    assert graph.nodes[-1].kind == "output"
    assert Graph.from_json(graph.to_json()) == graph


def test_looking_leaves_the_model_as_it_was():
    model = nn.Sequential(nn.Linear(1, 4), nn.Dropout(0.5))
    before = nn.Linear.__call__, nn.Dropout.__call__, nn.Sequential.__call__
    model.graph(X)
    assert (nn.Linear.__call__, nn.Dropout.__call__, nn.Sequential.__call__) == before
    assert model.training
    assert not any(parameter.has_grad for parameter in model.parameters())


def test_what_fails_leaves_the_model_as_it_was_too():
    model = network()
    before = nn.Linear.__call__
    with pytest.raises(ValueError, match="matmul"):
        model.graph(np.ones((3, 7)))
    assert nn.Linear.__call__ is before
    assert model.training


def test_a_layer_that_does_nothing_is_not_drawn():
    graph = nn.Sequential(nn.Linear(1, 4), nn.Dropout(0.5)).graph(X)
    assert [node.label for node in graph] == ["x", "Linear(1, 4): 8 parameters"]


def test_a_value_may_be_the_example():
    graph = network().graph(Value(X, label="batch"))
    assert graph.nodes[0].label == "batch"
    assert graph.nodes[0].data == Summary((5, 1), -1.0, 0.0, 1.0, tuple(X.ravel()))


def test_indices_are_an_example_too():
    graph = nn.Sequential(nn.Embedding(10, 3), np.tanh).graph(np.array([[1, 2], [9, 0]]))
    assert [node.data.shape for node in graph if node.kind == "layer"] == [(2, 2, 3)] * 2


def test_a_model_that_returns_no_value_is_told_so():
    class Plain(nn.Module):
        def __call__(self, _):
            return 1.0

    with pytest.raises(UsageError, match="return a Value"):
        Plain().graph(X)
