"""What all optimisers share: their parameters, their memory, clipping, and how a step is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass, field
from numbers import Real
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

from chainrule import trees
from chainrule.errors import UsageError
from chainrule.habits.told import ForeignNames, tells
from chainrule.modes import each_call
from chainrule.value import labels
from chainrule.value.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Rate = float | Callable[[int], float]
    State = dict[str, list[Any]]
    Slots = dict[str, Any]


class Moment(NamedTuple):
    """When a step is made: its learning rate, and how many were made before."""

    lr: float
    step: int


def clip_by_value(gradients: Any, limit: float) -> Any:
    """Return a tree of gradients with each element kept in [-limit, limit].

    Examples:
        >>> clip_by_value([np.array([3.0, -0.5])], 1.0)
        [array([ 1. , -0.5])]
    """
    return trees.map_leaves(lambda g: np.clip(g, -limit, limit), gradients)


def clip_by_norm(gradients: Any, limit: float) -> Any:
    """Return a tree of gradients scaled down, all by one factor, to a global norm of at most `limit`.

    Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2013;
    with PyTorch's 1e-6 in the denominator.

    Examples:
        >>> [float(round(g, 3)) for g in clip_by_norm([3.0, 4.0], 1.0)]
        [0.6, 0.8]
    """
    norm = np.sqrt(sum(np.sum(g * g) for g in trees.leaves(gradients)))
    scale = np.minimum(limit / (norm + 1e-6), 1.0)
    return trees.map_leaves(lambda g: g * scale, gradients)


_SHARES = frozenset(("betas", "alpha"))  # of what was before, in a running mean


@tells("Optimizer")
class _NamesElsewhere(ForeignNames):
    """Names of PyTorch's optimisers, and what is written here."""


@dataclass(eq=False)
class Optimizer(_NamesElsewhere):
    """What all optimisers share.

    Attributes:
        parameters: The Values to train, or a single one; leave it out to use the functions, or to let `fit`
            take the model's.
        lr: Learning rate: a number, or a function of the step (`chainrule.schedules`).
        weight_decay: Pull towards zero: this times the parameter is added to its gradient.
        clip_value: Keeps each element of each gradient in [-clip_value, clip_value], before anything else.
        clip_norm: Scales all gradients together to this norm at most, after `clip_value`.
        steps: How many steps have been taken.
        state: What the rule remembers of each parameter, by name; Values, so that `jit` updates them.

    Raises:
        UsageError: One of the parameters is not a Value, was computed from others, or comes twice; or the
            learning rate is neither a number nor a function; or a number is out of its range.
    """

    parameters: Iterable[Value] = field(default=(), repr=False)
    lr: Rate = 1e-3
    _: KW_ONLY
    weight_decay: float = 0.0
    clip_value: float | None = None
    clip_norm: float | None = None
    steps: int = field(default=0, init=False)
    state: dict[str, list[Value]] = field(default_factory=dict, init=False, repr=False)
    decoupled: ClassVar[bool] = False  # weight decay acts on the parameter, not through the gradient

    def __post_init__(self) -> None:
        if not callable(self.lr) and not isinstance(self.lr, Real):
            raise UsageError(
                f"{type(self).__name__} got lr={self.lr!r}. Give a number, or a function of the step such as "
                f"schedules.cosine(0.1, 1000)."
            )
        self._check_ranges()
        self.train(self.parameters)

    def _check_ranges(self) -> None:
        for name, given in vars(self).items():
            for number in given if name == "betas" else [given]:
                is_share = name in _SHARES
                if isinstance(number, (int, float)) and not (0 <= number < 1 if is_share else number >= 0):
                    wanted = "from 0 to below 1" if is_share else "of 0 or more"
                    raise UsageError(f"{type(self).__name__} got {name}={given!r}. Give a number {wanted}.")

    def train(self, parameters: Iterable[Value]) -> None:
        """Train these parameters from now on; raises as the class does."""
        self.parameters = _trainable(parameters, type(self).__name__)
        start = self.init([parameter.data for parameter in self.parameters])
        self.state = {name: [Value(number) for number in numbers] for name, numbers in start.items()}

    def rate(self, step: int) -> float:
        """Return the learning rate of a step, counted from 0."""
        return float(self.lr(step) if callable(self.lr) else self.lr)

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to zero."""
        for parameter in self.parameters:
            parameter.grad = None

    def step(self) -> None:
        """Move every parameter by its gradient: arrays in place, numbers by assignment."""
        self.apply([parameter.grad for parameter in self.parameters])

    def apply(self, gradients: Sequence[Any]) -> None:
        """Move every parameter by the gradient given for it."""
        numbers = [parameter.data for parameter in self.parameters]
        state = {name: [slot.data for slot in slots] for name, slots in self.state.items()}
        with np.errstate(all="ignore"):  # what overflows is infinite, as in the engine's own operations
            moved, state = self._advance(numbers, gradients, state, Moment(*each_call(self._tick)))
        assign(self.parameters, moved)
        for name, slots in self.state.items():
            assign(slots, state[name])

    def _tick(self) -> tuple[float, int]:
        """Count a step, and return when it is made."""
        rate, step = self.rate(self.steps), self.steps
        self.steps += 1
        return rate, step

    def init(self, params: Any) -> State:
        """Return the state before the first step, for a tree of parameters."""
        return {
            name: [np.full_like(p, value) if np.ndim(p) else value for p in trees.leaves(params)]
            for name, value in self._slots().items()
        }

    def update(
        self, params: Any, grads: Any, state: State, step: int, rate: float | None = None
    ) -> tuple[Any, State]:
        """Return the parameters and the state after one step; nothing is changed in place.

        Args:
            params: A tree of numbers and arrays.
            grads: Their gradients, a tree of the same form.
            state: What `init` or the last `update` returned.
            step: Number of steps taken before this one.
            rate: The learning rate, if not this optimiser's own at that step.
        """
        at = Moment(self.rate(step) if rate is None else rate, step)
        moved, kept = self._advance(trees.leaves(params), trees.leaves(grads), state, at)
        return trees.replace(params, moved), kept

    def _advance(
        self, params: Sequence[Any], grads: Sequence[Any], state: State, at: Moment
    ) -> tuple[list[Any], State]:
        """Do what `update` does for parameters in a row."""
        rows = zip(params, self._prepared(params, grads), *state.values(), strict=True)
        moved = [self._rule(p, g, dict(zip(state, slots, strict=True)), at) for p, g, *slots in rows]
        kept = {name: [slots[name] for _, slots in moved] for name in state}
        return [p for p, _ in moved], kept

    def _prepared(self, params: Sequence[Any], grads: Sequence[Any]) -> Sequence[Any]:
        """Return the gradients, clipped and with their weight decay."""
        if self.clip_value is not None:
            grads = clip_by_value(list(grads), self.clip_value)
        if self.clip_norm is not None:
            grads = clip_by_norm(list(grads), self.clip_norm)
        if self.weight_decay and not self.decoupled:
            grads = [g + self.weight_decay * p for p, g in zip(params, grads, strict=True)]
        return grads

    def _slots(self) -> dict[str, float]:
        """Return what the rule remembers for each parameter: names, and what they start from."""
        return {}

    def _rule(self, p: Any, g: Any, slots: Slots, at: Moment) -> tuple[Any, Slots]:
        """Return one parameter and its slots after a step."""
        raise NotImplementedError


labels.register_holder(Optimizer, lambda optimizer: (("", each) for each in optimizer.parameters))


def _trainable(parameters: Any, name: str) -> list[Value]:
    single = isinstance(parameters, Value) or not isinstance(parameters, Iterable)
    found: dict[Value, None] = {}
    for parameter in [parameters] if single else parameters:
        if not isinstance(parameter, Value):
            raise UsageError(
                f"{name} got {parameter!r:.80} as a parameter. It trains Values: give it "
                f"model.parameters(), or a list of the Values that you made."
            )
        if parameter.primitive is not None or not parameter.differentiable:
            raise UsageError(
                f"{name} got {parameter!r:.80} as a parameter, which was computed from others. Give it the "
                f"Values that you made, or make one of this number: Value(v.data)."
            )
        if parameter in found:
            raise UsageError(f"{name} got {parameter!r:.80} as a parameter twice. Give each Value once.")
        found[parameter] = None
    return list(found)


def copied(values: Iterable[Value]) -> list[Any]:
    """Return the numbers of Values as they are now, for `assign` to bring back."""
    return [value.data.copy() if type(value.data) is np.ndarray else value.data for value in values]


def assign(values: Iterable[Value], numbers: Iterable[Any]) -> None:
    """Give Values new numbers: an array into its own array, so that whoever holds it sees them."""
    for value, number in zip(values, numbers, strict=True):
        array = value.data
        if isinstance(array, np.ndarray):
            array[...] = number
        value.data = array if isinstance(array, np.ndarray) else number
