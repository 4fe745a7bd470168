"""Layers with parameters, and Dropout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import modes
from chainrule.errors import UsageError
from chainrule.generator import generator
from chainrule.nn.initializers import glorot_uniform, standard_normal
from chainrule.nn.module import Module
from chainrule.primitives.linalg import matmul
from chainrule.value.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chainrule.generator import Seed
    from chainrule.nn.initializers import Initializer


class Linear(Module):
    """`x @ weight + bias`.

    Attributes:
        weight: Shape (inputs, outputs).
        bias: Shape (outputs,), or None.

    Examples:
        >>> Linear(3, 2)(np.ones((5, 3))).shape
        (5, 2)
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        bias: bool = True,
        init: Initializer = glorot_uniform,
        rng: Seed = None,
        dtype: Any = np.float64,
    ) -> None:
        """Sample the weight.

        Args:
            inputs: Length of the last axis that comes in.
            outputs: Length of the last axis that goes out.
            bias: Whether to add a bias, which starts at zero.
            init: How the weight is sampled.
            rng: A Generator or a seed; else `chainrule.rng`.
            dtype: Of weight and bias.
        """
        self.inputs, self.outputs = inputs, outputs
        self.weight = Value(init((inputs, outputs), generator(rng)).astype(dtype), label="weight")
        self.bias = Value(np.zeros(outputs, dtype), label="bias") if bias else None

    def __call__(self, x: Any) -> Value:
        """Return the layer's output, shape (..., outputs), for `x` of shape (..., inputs)."""
        y: Value = matmul(x, self.weight)
        return y if self.bias is None else y + self.bias

    def __repr__(self) -> str:
        return f"Linear({self.inputs}, {self.outputs}{'' if self.bias is not None else ', bias=False'})"


class Embedding(Module):
    """A row of `weight` for each index.

    Attributes:
        weight: Shape (count, size).

    Examples:
        >>> Embedding(10, 3)(np.array([[1, 2], [9, 0]])).shape
        (2, 2, 3)
    """

    def __init__(
        self,
        count: int,
        size: int,
        *,
        init: Initializer = standard_normal,
        rng: Seed = None,
        dtype: Any = np.float64,
    ) -> None:
        """Sample `count` rows of `size` numbers; arguments are as for `Linear`."""
        self.count, self.size = count, size
        self.weight = Value(init((count, size), generator(rng)).astype(dtype), label="weight")

    def __call__(self, indices: Any) -> Value:
        """Return the rows, shape (..., size), for integer `indices` of shape (...)."""
        rows: Value = self.weight[np.asarray(indices)]
        return rows

    def __repr__(self) -> str:
        return f"Embedding({self.count}, {self.size})"


class LayerNorm(Module):
    """Each sample brought to mean 0 and variance 1 over its last axis, times `weight`, plus `bias`.

    Source: Ba, Kiros and Hinton, "Layer normalization", 2016; the variance is the biased one, as in PyTorch.

    Attributes:
        weight: Shape (size,); starts at one.
        bias: Shape (size,); starts at zero.

    Examples:
        >>> LayerNorm(2)(np.array([[1.0, 3.0]])).data.round(3)
        array([[-1.,  1.]])
    """

    def __init__(self, size: int, *, eps: float = 1e-5, dtype: Any = np.float64) -> None:
        self.size, self.eps = size, eps
        self.weight = Value(np.ones(size, dtype), label="weight")
        self.bias = Value(np.zeros(size, dtype), label="bias")

    def __call__(self, x: Any) -> Value:
        """Return the normalised batch, of the shape of `x`."""
        centered = x - np.mean(x, axis=-1, keepdims=True)
        variance = np.mean(centered * centered, axis=-1, keepdims=True)
        normal_form: Value = centered / np.sqrt(variance + self.eps) * self.weight + self.bias
        return normal_form

    def __repr__(self) -> str:
        return f"LayerNorm({self.size})"


class Dropout(Module):
    """In training each element is dropped with this probability, and the others grow so that the mean stays.

    Source: Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014.

    Raises:
        UsageError: The probability is not between 0 and 1.

    Examples:
        >>> Dropout(0.5).eval()(np.ones(3))
        array([1., 1., 1.])
    """

    def __init__(self, probability: float = 0.5, *, rng: Seed = None) -> None:
        if not 0 <= probability <= 1:
            raise UsageError(f"Dropout got the probability {probability!r}; give one between 0 and 1.")
        self.probability = probability
        self.rng = generator(rng)

    def __call__(self, x: Any) -> Any:
        """Return `x` with elements dropped while training, else `x` itself."""
        if not self.training and modes.tracer is None:
            return x
        return x * modes.each_call(lambda: self.mask(x.shape, x.dtype))

    def mask(self, shape: tuple[int, ...], dtype: Any) -> np.ndarray:
        """Sample what to multiply by: 0 for what is dropped, 1 / (1 - probability) for what stays."""
        if not self.training:
            return np.ones(shape, dtype)
        kept = self.rng.random(shape) >= self.probability
        return np.where(kept, 1.0 / (1.0 - self.probability) if self.probability < 1 else 0.0, 0.0).astype(
            dtype
        )

    def __repr__(self) -> str:
        return f"Dropout({self.probability})"


def generators(model: Any) -> Iterator[tuple[str, np.random.Generator]]:
    """Yield the Generators that the Dropout layers of a model sample from, each by the layer's name."""
    if isinstance(model, Module):
        yield from ((name, part.rng) for name, part in model.named_modules() if isinstance(part, Dropout))
