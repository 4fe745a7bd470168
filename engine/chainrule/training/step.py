"""One step of a training: a batch in, the loss out, the parameters moved."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.compiler import jit
from chainrule.errors import DataError, TraceError, UsageError
from chainrule.nn.layers import generators
from chainrule.optim.optimizer import assign, copied
from chainrule.value.tape import tape
from chainrule.value.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.compiler import Jitted
    from chainrule.optim.optimizer import Optimizer

_MOST_VALUES = (
    1000  # of a step for which a program is worth its making: it takes about a millisecond for each
)
_MOST_TRACES = 12  # shapes of batches, likewise


class Step:
    """A step, compiled by `jit` from the second on, if it can be. A loss that is not finite moves nothing."""

    def __init__(self, model: Callable[[Any], Any], loss: Callable[..., Any], optimizer: Optimizer) -> None:
        self.model, self.loss, self.optimizer = model, loss, optimizer
        self.uncompiled = ""  # why not, if it isn't
        self._jitted: Jitted = jit(self._traced)
        self._run = self._first

    def __call__(self, x: Any, *targets: Any) -> float:
        """Make a step, and return the loss before it."""
        return float(self._run(x, *targets))

    def loss_of(self, x: Any, *targets: Any) -> Value:
        """Return the loss of a batch, which must be a Value that holds a single number."""
        loss = self.loss(self.model(x), *targets)
        if not isinstance(loss, Value) or loss.shape:
            shape = getattr(loss, "shape", ())
            kind = f"an array of shape {shape}" if shape else f"of type {type(loss).__name__}"
            raise UsageError(
                f"fit: the loss is {kind}. It must be a Value that holds a single number: make "
                f"it of the model's output by operators and NumPy functions, and end with .mean() or .sum()."
            )
        return loss

    def _first(self, x: Any, *targets: Any) -> Any:
        """Make the first step as it is, and see whether it is worth to be compiled."""
        loss = self.loss_of(x, *targets)
        values = tape(loss)
        if set(values).isdisjoint(self.optimizer.parameters):
            raise DataError(
                "fit: the loss depends on none of the optimiser's parameters, so that nothing would "
                "be learned. Give it those of this model: optim.SGD(model.parameters(), lr=0.1)."
            )
        count = len(values)
        self._run = self._second
        if count > _MOST_VALUES:
            self._give_up(
                f"a step makes {count:,} Values; with arrays it would make fewer, and a short program."
            )
        return self._moved(loss)

    def _second(self, x: Any, *targets: Any) -> Any:
        """Try to compile; without success leave no trace of the trial."""
        steps = self.optimizer.steps
        states = [(source, source.bit_generator.state) for _, source in generators(self.model)]
        self._run = self._compiled
        try:
            return self._compiled(x, *targets)
        except TraceError as error:
            self._give_up(str(error))
        self.optimizer.steps = steps
        for source, state in states:
            source.bit_generator.state = state
        return self._eager(x, *targets)

    def _compiled(self, x: Any, *targets: Any) -> Any:
        parameters = self.optimizer.parameters
        before = copied(parameters)
        with np.errstate(all="ignore"):  # as in the engine's own operations
            loss = self._jitted(x, *targets)
        if not math.isfinite(loss):
            assign(parameters, before)
        elif self._jitted.traces > _MOST_TRACES:
            self._give_up(f"batches of more than {_MOST_TRACES} shapes would each need a program.")
        return loss

    def _eager(self, x: Any, *targets: Any) -> Any:
        return self._moved(self.loss_of(x, *targets))

    def _traced(self, x: Any, *targets: Any) -> Any:
        return self._moved(self.loss_of(x, *targets), seen=False)

    def _moved(self, loss: Value, *, seen: bool = True) -> Any:
        """Move the parameters, unless the loss is seen not to be finite: in a trace it is not seen."""
        if not seen or math.isfinite(loss):
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
        return loss.data

    def _give_up(self, why: str) -> None:
        self.uncompiled, self._run = why, self._eager


def first_non_finite(value: Any, batch: tuple[Any, ...]) -> str:
    """Return in a sentence which batch, parameter or operation first held a number that is not finite."""
    for index, part in enumerate(batch):
        if not _finite(part):
            return f"The batch itself holds numbers that are not finite, in its part {index}."
    for node in tape(value):
        if _finite(node.data):
            continue
        if node.primitive is None:
            return f"Parameter {node.label or '(unnamed)'} is no longer finite: the update before made it so."
        operands = " and ".join(_range(parent.data) for parent in node.parents)
        made = "NaN" if np.isnan(node.data).any() else "infinity"
        return f"It began at {node.primitive.name}, which made {made} of {operands}."
    return "Its operations were not recorded."


def _finite(data: Any) -> bool:
    array = np.asarray(data)
    return array.dtype.kind != "f" or bool(np.isfinite(array).all())


def _range(data: Any) -> str:
    array = np.asarray(data)
    if array.ndim == 0:
        return f"{array:.4g}"
    return f"numbers in [{array.min():.4g}, {array.max():.4g}]"
