"""PyTorch's names for activations, losses and lists of layers: each a line, and a function that is here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import losses
from chainrule.errors import UsageError
from chainrule.primitives import activations as a
from chainrule.value.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Layer = Callable[[Any], Any]
    Loss = Callable[[Any, Any], Any]

__all__ = [
    "ELU",
    "GELU",
    "BCELoss",
    "BCEWithLogitsLoss",
    "CrossEntropyLoss",
    "Flatten",
    "HuberLoss",
    "Identity",
    "KLDivLoss",
    "L1Loss",
    "LeakyReLU",
    "LogSoftmax",
    "MSELoss",
    "ModuleDict",
    "ModuleList",
    "Parameter",
    "ReLU",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Tanh",
]


def _with(function: Any, **options: Any) -> Layer:
    def layer(x: Any) -> Any:
        return function(x, **options)

    said = ", ".join(f"{name}={given!r}" for name, given in options.items())
    layer.__name__ = f"{function.name}({said})"
    return layer


def ReLU() -> Layer:
    """Return `chainrule.relu`."""
    return a.relu


def LeakyReLU(negative_slope: float = 0.01) -> Layer:
    """Return `chainrule.leaky_relu` of this slope."""
    return _with(a.leaky_relu, slope=negative_slope)


def ELU(alpha: float = 1.0) -> Layer:
    """Return `chainrule.elu`."""
    return _with(a.elu, alpha=alpha)


def Tanh() -> Layer:
    """Return `numpy.tanh`."""
    return np.tanh


def Sigmoid() -> Layer:
    """Return `chainrule.sigmoid`."""
    return a.sigmoid


def SiLU() -> Layer:
    """Return `chainrule.silu`."""
    return a.silu


def Softplus() -> Layer:
    """Return `chainrule.softplus`."""
    return a.softplus


def GELU(approximate: str = "none") -> Layer:
    """Return `chainrule.gelu`, which is the tanh form.

    Raises:
        UsageError: `approximate` is another one.
    """
    if approximate != "tanh":
        raise UsageError("GELU is here in its tanh form, a little off the exact one; write nn.GELU('tanh')")
    return a.gelu


def Softmax(dim: int = -1) -> Layer:
    """Return `chainrule.softmax` along an axis."""
    return _with(a.softmax, axis=dim)


def LogSoftmax(dim: int = -1) -> Layer:
    """Return `chainrule.log_softmax` along an axis."""
    return _with(a.log_softmax, axis=dim)


def Identity() -> Layer:
    """Return the function that returns what it is given."""

    def identity(x: Any) -> Any:
        return x

    return identity


def Flatten() -> Layer:
    """Return the function that makes a row of each sample."""

    def flatten(x: Any) -> Any:
        return x.reshape(len(x), -1)

    return flatten


def MSELoss(reduction: str = "mean") -> Loss:
    """Return `chainrule.mse`."""
    return partial(losses.mse, reduction=reduction)


def L1Loss(reduction: str = "mean") -> Loss:
    """Return `chainrule.mae`."""
    return partial(losses.mae, reduction=reduction)


def HuberLoss(reduction: str = "mean", delta: float = 1.0) -> Loss:
    """Return `chainrule.huber`."""
    return partial(losses.huber, reduction=reduction, delta=delta)


def BCELoss(reduction: str = "mean") -> Loss:
    """Return `chainrule.binary_cross_entropy` of probabilities."""
    return partial(losses.binary_cross_entropy, reduction=reduction)


def BCEWithLogitsLoss(reduction: str = "mean") -> Loss:
    """Return `chainrule.binary_cross_entropy` of logits."""
    return partial(losses.binary_cross_entropy, reduction=reduction, logits=True)


def CrossEntropyLoss(reduction: str = "mean") -> Loss:
    """Return `chainrule.cross_entropy`, whose classes are along the last axis."""

    def cross_entropy(logits: Any, classes: Any) -> Any:
        if np.ndim(logits) > 2:
            raise UsageError(
                f"nn.CrossEntropyLoss of shape {np.shape(logits)}: in PyTorch the classes are along axis 1, "
                f"here along the last; write chainrule.cross_entropy(np.moveaxis(logits, 1, -1), classes)"
            )
        return losses.cross_entropy(logits, classes, reduction)

    return cross_entropy


def KLDivLoss(reduction: str = "mean") -> Loss:
    """Return `chainrule.kl_divergence`."""
    return partial(losses.kl_divergence, reduction=reduction)


def Parameter(data: Any) -> Value:
    """Return a Value: as an attribute of a Module it is a parameter."""
    return Value(data)


def ModuleList(modules: Iterable[Any] = ()) -> list[Any]:
    """Return a list: layers in a list, tuple or dict are found."""
    return list(modules)


def ModuleDict(modules: Mapping[str, Any]) -> dict[str, Any]:
    """Return a dict: layers in a list, tuple or dict are found."""
    return dict(modules)
