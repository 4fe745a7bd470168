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
from chainrule.training.step import first_non_finite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chainrule.training.batches import Batch, Epochs
    from chainrule.training.history import History
    from chainrule.training.progress import Progress
    from chainrule.training.step import Step


@dataclass(eq=False)
class Training:
    """A training under way; the arguments of `fit` say what its attributes are, `whole` is arrays of data."""

    step: Step
    metrics: Mapping[str, Callable[..., Any]]
    whole: Batch | None
    validation: Batch | None
    early_stopping: int | None
    restore_best: bool
    callbacks: tuple[Callable[[History], Any], ...]
    progress: Progress
    history: History
    lowest: float = math.inf
    latest: Batch | None = None
    waited: int = 0  # epochs since the lowest loss
    best: list[Any] = field(default_factory=list)  # the parameters' numbers then, if they are to be restored

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
        if self.best:
            assign(self.step.optimizer.parameters, self.best)
        if self.latest is not None:
            self.history.snapshots.see(self.whole or self.latest)
        self.history.snapshots.end(self.history.steps)

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
            if batch is not None:
                self._end_epoch(self.history.losses[first:], batch)
            elif self.history.steps:
                self.history.stopped = "the data ended"
            else:
                raise DataError("The data gave no batch. Give an iterable that holds at least one, (x, y).")
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
        self.latest = batch

    def _snapshot(self, batch: Batch) -> None:
        if not isinstance(batch, (tuple, list)) or len(batch) < 2:
            raise DataError(
                f"A batch is inputs and targets, (x, y); this one is {type(batch).__name__}. "
                f"Return both from the function, or yield both from the iterable, that fit is given."
            )
        if not self.history.losses:
            self.history.snapshots.see(self.whole or batch)
        self.history.snapshots.take(self.history.steps)

    def _end_epoch(self, losses: list[float], batch: Batch) -> None:
        history = self.history
        history.epochs += 1
        if self.step.uncompiled and not history.uncompiled:
            history.uncompiled = self.step.uncompiled
            self.progress.note(f"fit: steps are not compiled, and slower for it. {history.uncompiled}")
        meaning = "the mean over the epoch's steps, each on its own batch"
        history.record(meaning, "loss", float(np.mean(losses)))
        if self.metrics:
            where = "all of the data, after the epoch" if self.whole else "the epoch's last batch"
            self._measure(self.whole or batch, where)
        if self.validation is not None:
            self._measure(self.validation, "the validation data, after the epoch", "validation_")
        latest = history.latest()
        self._compare(latest.get("validation_loss", latest["loss"]))
        self.progress.epoch(history.epochs, latest)
        if any([callback(history) is True for callback in self.callbacks]):  # noqa: C419 -- each is called
            history.stopped = f"a callback ended it after epoch {history.epochs}"
        if self.early_stopping is not None and self.waited >= self.early_stopping:
            history.stopped = f"no lower loss in {self.waited} epochs"

    def _compare(self, loss: float) -> None:
        self.waited += 1
        if loss < self.lowest:
            self.lowest, self.waited = loss, 0
            self.best = copied(self.step.optimizer.parameters) if self.restore_best else []

    def _measure(self, data: Batch, where: str, prefix: str = "") -> None:
        """Record the metrics of some data; under a prefix, where no step has it, the loss too."""
        x, *targets = data
        with no_grad():
            prediction = np.asarray(self.step.model(x))
        if prefix:
            loss = float(self.step.loss(prediction, *targets))
            self.history.record(f"the loss of {where}", f"{prefix}loss", loss)
        for name, metric in self.metrics.items():
            self.history.record(f"{name} on {where}", prefix + name, float(metric(prediction, *targets)))

    def _train(self, mode: bool) -> None:
        if isinstance(self.step.model, Module):
            self.step.model.train(mode)

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
