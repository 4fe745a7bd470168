"""Models that are layers one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule.errors import LayerError
from chainrule.generator import generator
from chainrule.nn.layers import Linear
from chainrule.nn.module import Module
from chainrule.primitives.activations import relu

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from chainrule.generator import Seed
    from chainrule.nn.initializers import Initializer


class Sequential(Module):
    """Layers one after the other; any function of a Value is a layer.

    Parameters are named by the layer's index: `0.weight`.

    Examples:
        >>> import numpy as np
        >>> Sequential(Linear(1, 4), np.tanh, Linear(4, 1))
        Sequential(Linear(1, 4), tanh, Linear(4, 1))
    """

    def __init__(self, *layers: Callable[[Any], Any]) -> None:
        """Chain the layers.

        Raises:
            LayerError: One of them cannot be called.
        """
        for index, layer in enumerate(layers):
            if isinstance(layer, type) or not callable(layer):
                raise LayerError(
                    f"Layer {index} of Sequential is {layer!r}, which cannot be called on a batch. "
                    f"Give layers such as nn.Linear(1, 4), or functions such as relu and np.tanh."
                )
        self.layers = layers
        for name, parameter in self.named_parameters():
            parameter.label = name

    def __call__(self, x: Any) -> Any:
        """Return the last layer's output for a batch `x`."""
        for layer in self.layers:
            x = layer(x)
        return x

    def __getitem__(self, index: int) -> Callable[[Any], Any]:
        return self.layers[index]

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Callable[[Any], Any]]:
        return iter(self.layers)

    def parts(self) -> Iterator[tuple[str, Any]]:
        """Yield the layers, each named by its index."""
        return ((str(index), layer) for index, layer in enumerate(self.layers))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(layer_name, self.layers))})"


class MLP(Sequential):
    """Linear layers with an activation between them.

    Examples:
        >>> MLP(2, [64, 64, 3])
        MLP(Linear(2, 64), relu, Linear(64, 64), relu, Linear(64, 3))
    """

    def __init__(
        self,
        inputs: int,
        sizes: Sequence[int],
        *,
        activation: Callable[[Any], Any] = relu,
        output: Callable[[Any], Any] | None = None,
        init: Initializer | None = None,
        rng: Seed = None,
        dtype: Any = float,
    ) -> None:
        """Make a linear layer for each of `sizes`.

        Args:
            inputs: Length of the last axis that comes in.
            sizes: Outputs of each linear layer.
            activation: Between the layers.
            output: After the last one, if anything.
            init: How weights are sampled, if not as `Linear` does by default.
            rng: A Generator or a seed; else `chainrule.rng`.
            dtype: Of the parameters.
        """
        options: dict[str, Any] = {"rng": generator(rng), "dtype": dtype} | ({"init": init} if init else {})
        layers: list[Callable[[Any], Any]] = []
        for width_in, width_out in zip([inputs, *sizes], sizes, strict=False):
            layers += [Linear(width_in, width_out, **options), activation]
        super().__init__(*layers[:-1], *([output] if output else []))


def layer_name(layer: Callable[[Any], Any]) -> str:
    """Return how a layer is called in a listing: a function by its name, a module by its repr."""
    if isinstance(layer, Module):
        return repr(layer)
    return str(getattr(layer, "__name__", getattr(layer, "name", repr(layer))))
