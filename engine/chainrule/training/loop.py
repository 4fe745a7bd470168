"""The loop that `fit` runs: steps, the ends of epochs, and every way a training can end."""

from __future__ import annotations

import math
import signal
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import DataError, NonFiniteLossError
from chainrule.modes import no_grad
from chainrule.nn.module import Module
from chainrule.optim.optimizer import assign, copied
from chainrule.training.step import Step, first_non_finite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chainrule.optim.optimizer import Optimizer
    from chainrule.training.batches import Batch, Epochs
    from chainrule.training.history import History
    from chainrule.training.progress import Progress


@dataclass(eq=False)
class Best:
    """The lowest loss so far, and the parameters that had it.

    Attributes:
        patience: How many epochs without a lower one are too many; None if any number is right.
        kept: Whether to keep the parameters.
        loss: The lowest loss.
        waited: Epochs since.
        numbers: A copy of the parameters then.
    """

    patience: int | None
    kept: bool
    loss: float = math.inf
    waited: int = 0
    numbers: list[Any] = field(default_factory=list)

    def see(self, loss: float, optimizer: Optimizer) -> None:
        """Take note of an epoch's loss."""
        self.waited += 1
        if loss < self.loss:
            self.loss, self.waited = loss, 0
        if self.kept and not self.waited:
            self.numbers = copied(optimizer.parameters)

    @property
    def exhausted(self) -> bool:
        """Whether the patience is at its end."""
        return self.patience is not None and self.waited >= self.patience

    def restore(self, optimizer: Optimizer) -> None:
        """Give the parameters the numbers that had the lowest loss."""
        if self.numbers:
            assign(optimizer.parameters, self.numbers)


@dataclass(eq=False)
class Training:
    """A training under way; the arguments of `fit` say what its attributes are.

    Attributes:
        whole: All of the data, if it is arrays.
    """

    model: Callable[[Any], Any]
    loss: Callable[..., Any]
    optimizer: Optimizer
    metrics: Mapping[str, Callable[..., Any]]
    whole: Batch | None
    validation: Batch | None
    best: Best
    callbacks: tuple[Callable[[History], Any], ...]
    progress: Progress
    history: History

    def __post_init__(self) -> None:
        self.step = Step(self.model, self.loss, self.optimizer)

    def run(self, source: Epochs, epochs: int) -> None:
        """Train for a number of epochs, or until something ends it."""
        started = time.perf_counter()
        try:
            with interruptible() as interrupted:
                self._run(source, epochs, interrupted)
        except KeyboardInterrupt:
            self.history.stopped = f"interrupted in step {self.history.steps + 1:,}"
        finally:
            self.history.seconds = time.perf_counter() - started
            self.progress.end()
            self._train(False)
        if self.best.kept:
            self.best.restore(self.optimizer)
        self.history.snapshots.take(self.history.steps)

    def _run(self, source: Epochs, epochs: int, interrupted: Callable[[], bool]) -> None:
        for batches in islice(source, epochs):
            first, batch = self.history.steps, None
            self._train(True)
            for batch in batches:
                self._step(batch)
                if interrupted():
                    self.history.stopped = f"interrupted after step {self.history.steps:,}"
                    return
            self._train(False)
            if batch is None and not self.history.steps:
                raise DataError("The data gave no batch. Give an iterable that holds at least one, (x, y).")
            if batch is None:
                self.history.stopped = "the data ended"
            else:
                self._end_epoch(self.history.losses[first:], batch)
            if self.history.stopped:
                return

    def _step(self, batch: Batch) -> None:
        history = self.history
        if len(history.losses) >= history.snapshots.due:
            self._snapshot(batch)
        loss = self.step(*batch)
        if not math.isfinite(loss):
            raise self._non_finite(loss, batch)
        history.losses.append(loss)

    def _snapshot(self, batch: Batch) -> None:
        if not isinstance(batch, (tuple, list)) or len(batch) < 2:
            raise DataError(
                f"A batch is inputs and targets, (x, y); this one is {type(batch).__name__}. "
                f"Return both from the function, or yield both from the iterable, that fit is given."
            )
        self._train(False)
        self.history.snapshots.see(batch if self.whole is None else self.whole)
        self.history.snapshots.take(self.history.steps)
        self._train(True)

    def _end_epoch(self, losses: list[float], batch: Batch) -> None:
        history = self.history
        history.epochs += 1
        self._say_if_uncompiled()
        history.record(
            "the mean over the epoch's steps, each on its own batch", "loss", float(np.mean(losses))
        )
        if self.metrics:
            where = "the epoch's last batch" if self.whole is None else "all of the data, after the epoch"
            self._record(where, "", self._predict(batch if self.whole is None else self.whole))
        if self.validation is not None:
            self._validate(self.validation)
        self.best.see(history.latest().get("validation_loss", history.metrics["loss"][-1]), self.optimizer)
        self.progress.epoch(history.epochs, history.latest())
        if any([callback(history) is True for callback in self.callbacks]):  # noqa: C419 -- each is called
            history.stopped = f"a callback ended it after epoch {history.epochs}"
        if self.best.exhausted:
            history.stopped = f"no lower loss in {self.best.waited} epochs"

    def _say_if_uncompiled(self) -> None:
        if self.step.uncompiled and not self.history.uncompiled:
            self.history.uncompiled = self.step.uncompiled
            self.progress.note(f"fit: steps are not compiled, and slower for it. {self.step.uncompiled}")

    def _validate(self, data: Batch) -> None:
        predicted = self._predict(data)
        prediction, *targets = predicted
        self.history.record(
            "the loss of the validation data, after the epoch",
            "validation_loss",
            float(self.loss(prediction, *targets)),
        )
        self._record("the validation data, after the epoch", "validation_", predicted)

    def _record(self, where: str, prefix: str, predicted: Batch) -> None:
        for name, metric in self.metrics.items():
            self.history.record(f"{name} on {where}", prefix + name, float(metric(*predicted)))

    def _predict(self, batch: Batch) -> Batch:
        x, *targets = batch
        with no_grad():
            return np.asarray(self.model(x)), *targets

    def _train(self, mode: bool) -> None:
        if isinstance(self.model, Module):
            self.model.train(mode)

    def _non_finite(self, loss: float, batch: Batch) -> NonFiniteLossError:
        cause = first_non_finite(self.step.loss_of(*batch), batch)
        error = NonFiniteLossError(
            f"fit: the loss of step {self.history.steps + 1:,} (epoch {self.history.epochs + 1}) is {loss}. "
            f"{cause} Lower the learning rate, or keep gradients small with the optimiser's clip_norm=1.0."
        )
        error.history = self.history
        return error


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C wait for the end of a step, so that what is saved then is whole; a second one does not."""
    default = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not default or threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    pressed = threading.Event()

    def wait(signum: int, frame: Any) -> None:  # noqa: ARG001 -- the signature of signal handlers
        pressed.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signal.signal(signal.SIGINT, wait)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
