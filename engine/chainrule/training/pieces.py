"""What the neurons of a hidden layer add to a curve, each by itself: as numbers, for a page to compute it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.charts.replay import Piece
from chainrule.nn.layers import Linear
from chainrule.nn.module import Module
from chainrule.nn.sequential import Sequential
from chainrule.primitives.activations import relu, sigmoid
from chainrule.value.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

_KNOWN = {relu: "relu", np.tanh: "tanh", sigmoid: "sigmoid"}
_MOST = 8  # neurons whose lines can be told apart


class Pieces:
    """The hidden layer of a model of one input.

    Attributes:
        activation: What each neuron is: "relu", "tanh" or "sigmoid".
        count: How many there are.
    """

    def __init__(self, first: Linear, activation: str, second: Linear) -> None:
        self.activation = activation
        self.count = first.outputs
        bias = Value(np.zeros(self.count)) if first.bias is None else first.bias
        self._parts = [first.weight, bias, second.weight]

    def now(self) -> list[NDArray[np.float64]]:
        """Return a copy of what the layer is now: weights, biases, and the weights by which they add up."""
        return [np.array(part.data, float).ravel() for part in self._parts]

    def neuron(self, number: int, moments: Iterable[Sequence[NDArray[np.float64]]]) -> Piece:
        """Return what a neuron adds, at moments of the layer."""
        return Piece(self.activation, [[float(part[number]) for part in parts] for parts in moments])


def pieces(model: Any) -> Pieces | None:
    """Return the hidden layer of a model: linear, an activation, linear to one number, and any functions.

    Examples:
        >>> pieces(Sequential(Linear(1, 4), np.tanh, Linear(4, 1))).activation
        'tanh'
        >>> pieces(Linear(1, 1)) is None
        True
    """
    if not isinstance(model, Sequential) or len(model) < 3:
        return None
    first, activation, second = list(model)[:3]
    if not (isinstance(first, Linear) and isinstance(second, Linear)):
        return None
    if any(isinstance(layer, Module) for layer in list(model)[3:]):
        return None
    if (first.inputs, second.outputs) != (1, 1) or first.outputs > _MOST or activation not in _KNOWN:
        return None
    return Pieces(first, _KNOWN[activation], second)
