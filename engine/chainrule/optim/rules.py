"""The rules of the optimisers: arithmetic and NumPy functions only, without a branch on a number."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from chainrule.errors import UsageError
from chainrule.optim.optimizer import Optimizer

if TYPE_CHECKING:
    from chainrule.optim.optimizer import Moment, Rate, Slots

__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "RMSprop"]


@dataclass(eq=False)
class SGD(Optimizer):
    """Stochastic gradient descent, with momentum if asked.

    Source: Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013, in
    PyTorch's form: the learning rate multiplies the velocity, and the first velocity is the first gradient.

    Examples:
        >>> params, state = SGD(lr=0.1).update([2.0], [4.0], {}, 0)
        >>> params
        [1.6]
    """

    _: KW_ONLY
    momentum: float = 0.0
    dampening: float = 0.0
    nesterov: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.nesterov and (not self.momentum or self.dampening):
            raise UsageError("SGD: nesterov looks ahead along an undampened momentum. Give momentum=0.9.")

    def _slots(self) -> dict[str, float]:
        share = {"share": 1.0} if self.dampening else {}  # of the gradient; the first one is not dampened
        return {"velocity": 0.0} | share if self.momentum else {}

    def _rule(self, p: Any, g: Any, slots: Slots, at: Moment) -> tuple[Any, Slots]:
        if not self.momentum:
            return p - at.lr * g, slots
        velocity = self.momentum * slots["velocity"] + slots.get("share", 1.0) * g
        kept = {"velocity": velocity}
        if self.dampening:
            kept["share"] = 0.0 * slots["share"] + (1.0 - self.dampening)
        return p - at.lr * (g + self.momentum * velocity if self.nesterov else velocity), kept


@dataclass(eq=False)
class Adam(Optimizer):
    """Adam: steps of about the learning rate, along a mean gradient over its root mean square.

    Source: Kingma and Ba, "Adam: a method for stochastic optimization", 2015; `amsgrad` from Reddi, Kale and
    Kumar, "On the convergence of Adam and beyond", 2018.
    """

    _: KW_ONLY
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    amsgrad: bool = False

    def _slots(self) -> dict[str, float]:
        return {"mean": 0.0, "square": 0.0} | ({"greatest": 0.0} if self.amsgrad else {})

    def _rule(self, p: Any, g: Any, slots: Slots, at: Moment) -> tuple[Any, Slots]:
        first, second = self.betas
        p = p - at.lr * self.weight_decay * p if self.decoupled and self.weight_decay else p
        mean = slots["mean"] + (1.0 - first) * (g - slots["mean"])
        square = second * slots["square"] + (1.0 - second) * (g * g)
        kept = {"mean": mean, "square": square}
        if self.amsgrad:
            kept["greatest"] = np.maximum(slots["greatest"], square)
        root = np.sqrt(kept.get("greatest", square)) / (1.0 - second ** (at.step + 1.0)) ** 0.5
        return p - at.lr / (1.0 - first ** (at.step + 1.0)) * (mean / (root + self.eps)), kept


@dataclass(eq=False)
class AdamW(Adam):
    """Adam with weight decay that acts on the parameter itself, by default 0.01.

    Source: Loshchilov and Hutter, "Decoupled weight decay regularization", 2019.
    """

    _: KW_ONLY
    weight_decay: float = 1e-2
    decoupled: ClassVar[bool] = True


@dataclass(eq=False)
class RMSprop(Optimizer):
    """The gradient over its running root mean square.

    Source: Tieleman and Hinton, "Neural networks for machine learning", lecture 6.5, 2012; `centered` from
    Graves, "Generating sequences with recurrent neural networks", 2013. As in PyTorch `eps` is outside the
    root.
    """

    lr: Rate = 1e-2
    _: KW_ONLY
    alpha: float = 0.99
    eps: float = 1e-8
    momentum: float = 0.0
    centered: bool = False

    def _slots(self) -> dict[str, float]:
        mean = {"mean": 0.0} if self.centered else {}
        return {"square": 0.0} | mean | ({"velocity": 0.0} if self.momentum else {})

    def _rule(self, p: Any, g: Any, slots: Slots, at: Moment) -> tuple[Any, Slots]:
        kept = {"square": self.alpha * slots["square"] + (1.0 - self.alpha) * (g * g)}
        variance = kept["square"]
        if self.centered:
            kept["mean"] = slots["mean"] + (1.0 - self.alpha) * (g - slots["mean"])
            variance = variance - kept["mean"] * kept["mean"]
        move = g / (np.sqrt(variance) + self.eps)
        if self.momentum:
            kept["velocity"] = move = self.momentum * slots["velocity"] + move
        return p - at.lr * move, kept


@dataclass(eq=False)
class Adagrad(Optimizer):
    """The gradient over the root of the sum of all its squares.

    Source: Duchi, Hazan and Singer, "Adaptive subgradient methods", 2011.
    """

    lr: Rate = 1e-2
    _: KW_ONLY
    lr_decay: float = 0.0
    initial_accumulator_value: float = 0.0
    eps: float = 1e-10

    def _slots(self) -> dict[str, float]:
        return {"sum": self.initial_accumulator_value}

    def _rule(self, p: Any, g: Any, slots: Slots, at: Moment) -> tuple[Any, Slots]:
        total = slots["sum"] + g * g
        return p - at.lr / (1.0 + at.step * self.lr_decay) * (g / (np.sqrt(total) + self.eps)), {"sum": total}
