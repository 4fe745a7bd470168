"""`fit`: train a model in one call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chainrule.errors import DataError, UsageError
from chainrule.generator import generator
from chainrule.nn.module import Module
from chainrule.optim.optimizer import Optimizer
from chainrule.training import batches
from chainrule.training.history import History
from chainrule.training.loop import Training
from chainrule.training.progress import Progress
from chainrule.training.snapshots import Snapshots
from chainrule.training.step import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chainrule.generator import Seed
    from chainrule.value.value import Value

    Function = Callable[[Any], Any]
    Score = Callable[..., Any]


def fit(
    model: Function,
    data: Any,
    *,
    loss: Score,
    optimizer: Optimizer,
    epochs: int = 1,
    iterations: int | None = None,
    batch_size: int | None = None,
    metrics: Mapping[str, Score] | Iterable[Score] = (),
    validation: tuple[Any, Any] | None = None,
    early_stopping: int | None = None,
    restore_best: bool = False,
    callbacks: Iterable[Callable[[History], Any]] = (),
    seed: Seed = None,
    progress: bool | None = None,
) -> History:
    """Train a model, and return what happened.

    Args:
        model: A function of a batch of inputs, such as `nn.Sequential`.
        data: A tuple of arrays, inputs and targets; or an iterable of such batches; or a function of a
            Generator that returns a batch.
        loss: A function of prediction and target that returns a single number.
        optimizer: It trains its parameters; if it has none, the model's.
        epochs: How often metrics are taken, and callbacks called.
        iterations: Steps an epoch; needed unless the data has an end.
        batch_size: Rows a step, of arrays, shuffled anew for each pass; unless given, all rows.
        metrics: Functions of prediction and target, by name or called by their own: taken after each epoch
            on all of the data if it is arrays, else on the last batch.
        validation: Arrays to take the loss and the metrics on after each epoch.
        early_stopping: Stop when this many epochs in a row have not lowered the loss: the validation's if
            there is one, else the epoch's mean.
        restore_best: End with the parameters of the epoch with the lowest such loss.
        callbacks: Called with the History after each epoch; one that returns True ends the training.
        seed: A Generator or a seed for shuffling and sampling; else `chainrule.rng`.
        progress: True: say on stderr how it goes; False: don't; None: do on a terminal.

    A model of one input, or of two that tells classes apart, is called on a grid at the end, and with earlier
    parameters when its picture is asked for: so that its curve or its boundary can be seen as it grew.

    Ctrl-C ends the training after the step it is at, with the History so far; a second Ctrl-C at once. A
    Module is in training mode during steps, and left in answering mode.

    Raises:
        NonFiniteLossError: The loss is NaN or infinite; it names step and operation, and has the `history`.
        DataError: The data is none of the above, or does not go with the other arguments; or there is nothing
            to train.
        UsageError: The model or the loss is not a function, or the optimiser not an optimiser.

    Examples:
        >>> import numpy as np
        >>> from chainrule import fit, mse, nn, optim
        >>> x = np.linspace(-1, 1, 20).reshape(-1, 1)
        >>> model = nn.Sequential(nn.Linear(1, 1))
        >>> history = fit(model, (x, 2 * x), loss=mse, optimizer=optim.SGD(lr=0.5), epochs=100)
        >>> round(model(np.array([[1.0]])).item(), 3)
        2.0
    """
    _check(model, loss, optimizer)
    if not optimizer.parameters and isinstance(model, Module):
        optimizer.train(model.parameters())
    if not optimizer.parameters:
        raise DataError(
            "fit: there is nothing to train. Give the optimiser its parameters: optim.SGD([w, b])."
        )
    rng = generator(seed)
    training = Training(
        Step(model, loss, optimizer),
        metrics if isinstance(metrics, Mapping) else {metric.__name__: metric for metric in metrics},
        whole=batches.arrays(data) if isinstance(data, tuple) else None,
        validation=validation and batches.arrays(validation),
        early_stopping=early_stopping,
        restore_best=restore_best,
        callbacks=tuple(callbacks),
        progress=Progress(epochs, progress),
        history=History(rng=rng, snapshots=Snapshots(model, _parameters(model, optimizer), loss)),
    )
    training.run(batches.epochs(data, rng, iterations, batch_size), epochs)
    return training.history


def _check(model: Any, loss: Any, optimizer: Any) -> None:
    for name, given, example in [("model", model, "nn.Sequential(...)"), ("loss", loss, "mse")]:
        if not callable(given):
            raise UsageError(
                f"fit: {name} is {given!r:.60}. Give the function itself, such as {name}={example}."
            )
    if not isinstance(optimizer, Optimizer):
        raise UsageError(
            f"fit: optimizer is {optimizer!r:.60}. Give an optimiser that is made, such as "
            f"optimizer=optim.SGD(lr=0.1)."
        )


def _parameters(model: Function, optimizer: Optimizer) -> dict[str, Value]:
    """Return the parameters by the names that a reader knows them by."""
    if isinstance(model, Module):
        return dict(model.named_parameters())
    return {value.label or f"p{index}": value for index, value in enumerate(optimizer.parameters)}
