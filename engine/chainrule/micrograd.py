"""micrograd's scalar network, on Chainrule's Value: a drop-in for `micrograd.nn`.

Weights are sampled one by one with `random.uniform(-1, 1)`, so that `random.seed(1337)` gives micrograd's own
network. Source: Andrej Karpathy, micrograd, 2020.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from chainrule.value import labels
from chainrule.value.value import Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.graph import Graph

__all__ = ["MLP", "Layer", "Module", "Neuron", "Value", "draw_dot"]


class Module:
    """Anything with parameters."""

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to zero."""
        for parameter in self.parameters():
            parameter.grad = 0.0

    def parameters(self) -> list[Value]:
        """Return all parameters, layer by layer, neuron by neuron, weights before the bias."""
        return []


class Neuron(Module):
    """A weighted sum of its inputs plus a bias, through a relu unless `nonlin` is False.

    Examples:
        >>> Neuron(2)
        ReLUNeuron(2)
    """

    def __init__(self, nin: int, nonlin: bool = True) -> None:
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]  # noqa: S311 -- micrograd's numbers
        self.b = Value(0)
        self.nonlin = nonlin

    def __call__(self, x: Sequence[Any]) -> Value:
        """Return the neuron's output for one sample."""
        total: Value = sum((w * number for w, number in zip(self.w, x, strict=False)), self.b)
        return total.relu() if self.nonlin else total

    def parameters(self) -> list[Value]:
        """Return the weights and then the bias."""
        return [*self.w, self.b]

    def __repr__(self) -> str:
        return f"{'ReLU' if self.nonlin else 'Linear'}Neuron({len(self.w)})"


class Layer(Module):
    """Neurons side by side; a layer of one neuron answers with its output alone.

    Examples:
        >>> Layer(2, 2, nonlin=False)
        Layer of [LinearNeuron(2), LinearNeuron(2)]
    """

    def __init__(self, nin: int, nout: int, **kwargs: Any) -> None:
        self.neurons = [Neuron(nin, **kwargs) for _ in range(nout)]

    def __call__(self, x: Sequence[Any]) -> Any:
        """Return the outputs of all neurons for one sample."""
        outputs = [neuron(x) for neuron in self.neurons]
        return outputs[0] if len(outputs) == 1 else outputs

    def parameters(self) -> list[Value]:
        """Return the parameters of each neuron in turn."""
        return [parameter for neuron in self.neurons for parameter in neuron.parameters()]

    def __repr__(self) -> str:
        return f"Layer of [{', '.join(map(str, self.neurons))}]"


class MLP(Module):
    """Layers one after the other, the last of them linear.

    Examples:
        >>> len(MLP(2, [16, 16, 1]).parameters())
        337
    """

    def __init__(self, nin: int, nouts: list[int]) -> None:
        sizes = [nin, *nouts]
        last = len(nouts) - 1
        self.layers = [Layer(sizes[i], sizes[i + 1], nonlin=i != last) for i in range(len(nouts))]

    def __call__(self, x: Sequence[Any]) -> Any:
        """Return the network's output for one sample."""
        for layer in self.layers:
            x = layer(x)
        return x

    def parameters(self) -> list[Value]:
        """Return the parameters of each layer in turn."""
        return [parameter for layer in self.layers for parameter in layer.parameters()]

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(map(str, self.layers))}]"


def draw_dot(root: Value, format: str = "svg", rankdir: str = "LR") -> Graph:  # noqa: A002, ARG001 - the lecture's
    """Return the graph of all that a Value depends on, as `root.graph()`: the lecture's name for it.

    Args:
        root: The Value.
        format: The lecture's; a page shows every form, and `to_dot()` and `to_mermaid()` are texts.
        rankdir: The lecture's; a fence has `direction="TB"`.

    Examples:
        >>> a = Value(2.0, label="a")
        >>> print(draw_dot(a * a))
        a        input    data 2
        value 2  = a * a  data 4
    """
    return root.graph()


labels.register_holder(Module, lambda module: (("", parameter) for parameter in module.parameters()))
