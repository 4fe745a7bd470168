"""The parameters of models that the program has names for are drawn as parameters."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from chainrule import Value, micrograd, mse, nn, optim

if TYPE_CHECKING:
    from chainrule.graph import Graph


class Scale(nn.Module):
    def __init__(self) -> None:
        self.factor = Value(2.0)

    def __call__(self, x):
        return x * self.factor


@pytest.fixture
def bind(monkeypatch):
    """Bind a name in the program."""

    def bind(name, thing):
        monkeypatch.setattr(sys.modules["__main__"], name, thing, raising=False)
        return thing

    return bind


def parameters(graph: Graph) -> list[str]:
    return [node.label for node in graph if node.kind == "parameter"]


def test_those_of_a_model_in_the_graph_of_its_loss(bind):
    model = bind("model", nn.Sequential(nn.Linear(2, 3), np.tanh, nn.Linear(3, 1)))
    loss = mse(model(np.ones((4, 2))), np.zeros((4, 1)))
    assert parameters(loss.graph()) == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert len(parameters(loss.graph("scalar"))) == 2 * 3 + 3 + 3 + 1


def test_by_their_names_in_a_model_of_ones_own(bind):
    assert parameters(bind("model", Scale())(3.0).graph()) == ["factor"]


def test_those_that_an_optimiser_updates(bind):
    w, b = bind("w", Value(1.0)), bind("b", Value(2.0))
    bind("optimizer", optim.SGD([w, b]))
    assert parameters((w * 3 + b).graph()) == ["w", "b"]


def test_those_of_micrograds_models(bind):
    neuron = bind("neuron", micrograd.Neuron(2))
    assert len(parameters(neuron([1.0, 2.0]).graph())) == 3


def test_a_model_without_a_name_holds_inputs():
    assert parameters(Scale()(3.0).graph()) == []


def test_a_label_wins_over_the_name_in_the_model(bind):
    model = bind("model", Scale())
    model.factor.label = "k"
    assert parameters(model(3.0).graph()) == ["k"]
