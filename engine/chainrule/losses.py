"""Losses, by PyTorch's formulas; each takes a prediction, a target and a `reduction`.

`reduction` is "mean" (over all elements), "sum", or "none" for a loss of each element.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import ShapeError, UsageError
from chainrule.primitives.activations import logsumexp, relu, softplus
from chainrule.primitives.reductions import mean, sum_

if TYPE_CHECKING:
    from collections.abc import Callable

_LISTS = (list, tuple)
_REDUCTIONS: dict[str, Callable[[Any], Any]] = {"mean": mean, "sum": sum_, "none": lambda losses: losses}


def mse(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """Return the mean squared error.

    Raises:
        ShapeError: Two arrays of different shapes.

    Examples:
        >>> float(mse(np.array([1.0, 2.0]), np.array([1.0, 4.0])))
        2.0
    """
    prediction, target = _alike("mse", prediction, target)
    difference = prediction - target
    return _reduce(difference * difference, reduction)


def mae(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """Return the mean absolute error; raises as `mse`.

    Examples:
        >>> float(mae(np.array([1.0, 2.0]), np.array([1.0, 4.0])))
        1.0
    """
    prediction, target = _alike("mae", prediction, target)
    return _reduce(np.abs(prediction - target), reduction)


def huber(prediction: Any, target: Any, reduction: str = "mean", *, delta: float = 1.0) -> Any:
    """Return the Huber loss: half an error's square up to `delta`, then a straight line; raises as `mse`.

    Source: Huber, "Robust estimation of a location parameter", 1964.

    Examples:
        >>> huber(np.array([0.5, 3.0]), np.zeros(2), "none")
        array([0.125, 2.5  ])
    """
    prediction, target = _alike("huber", prediction, target)
    error = prediction - target
    near = np.clip(error, -delta, delta)  # error²/2 up to delta, delta * (|error| - delta/2) beyond
    return _reduce(near * (error - 0.5 * near), reduction)


def binary_cross_entropy(
    prediction: Any, target: Any, reduction: str = "mean", *, logits: bool = False
) -> Any:
    """Return the cross-entropy between probabilities and targets in [0, 1]; raises as `mse`.

    Args:
        prediction: Probabilities, or logits (any numbers) if `logits`, which is more exact.
        target: What they should be.
        reduction: How losses are put together.
        logits: Whether the prediction still has to go through a sigmoid.

    As in PyTorch a logarithm is no less than -100, so that the loss of a certain error is finite.

    Examples:
        >>> round(float(binary_cross_entropy(np.array([0.8]), np.array([1.0]))), 6)
        0.223144
    """
    prediction, target = _alike("binary_cross_entropy", prediction, target)
    if logits:
        return _reduce(softplus(prediction) - target * prediction, reduction)
    yes, no = _log(prediction), _log(1.0 - prediction)
    return _reduce(-(target * yes + (1.0 - target) * no), reduction)


def cross_entropy(logits: Any, classes: Any, reduction: str = "mean") -> Any:
    """Return the cross-entropy between logits and the right classes.

    Args:
        logits: Any numbers, shape (..., number of classes).
        classes: Index of the right class, integers of shape (...).
        reduction: How losses are put together.

    Raises:
        UsageError: `classes` are not integers, or none of the classes that there are.
        ShapeError: They are not one for each row of logits.

    Examples:
        >>> round(float(cross_entropy(np.array([[2.0, 0.0]]), np.array([0]))), 6)
        0.126928
    """
    logits, classes = _array(logits), classes if hasattr(classes, "dtype") else np.asarray(classes)
    if classes.dtype.kind not in "iu":
        raise UsageError(
            f"cross_entropy got classes of type {classes.dtype}. It takes the index of the right class, an "
            f"integer for each row of logits: y.astype(int), or np.argmax(y, axis=-1) if y is one-hot."
        )
    if classes.shape != logits.shape[:-1]:
        raise ShapeError(
            f"cross_entropy got logits of shape {logits.shape} and classes of shape {classes.shape}. "
            f"It takes one class index for each row of logits: shape {logits.shape[:-1]}."
        )
    count = logits.shape[-1]
    if type(classes) is np.ndarray and classes.size and (classes.min() < 0 or classes.max() >= count):
        strange = classes[(classes < 0) | (classes >= count)][0]
        raise UsageError(
            f"cross_entropy got class {strange}, and {count} logits for each row: classes count from 0 to "
            f"{count - 1}. Leave out the rows that have none: logits[known], classes[known]."
        )
    rows = (np.arange(len(classes)),) if classes.ndim == 1 else np.indices(classes.shape, sparse=True)
    return _reduce(logsumexp(logits, axis=-1) - logits[(*rows, classes)], reduction)


def hinge(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """Return the hinge loss max(0, 1 - target * prediction), for targets -1 and 1; raises as `mse`.

    Source: Cortes and Vapnik, "Support-vector networks", 1995.

    Examples:
        >>> hinge(np.array([0.5, -3.0]), np.array([1.0, -1.0]), "none")
        array([0.5, 0. ])
    """
    prediction, target = _alike("hinge", prediction, target)
    return _reduce(relu(1.0 - target * prediction), reduction)


def kl_divergence(log_prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """Return the Kullback-Leibler divergence, target * (log target - log prediction); raises as `mse`.

    Args:
        log_prediction: Logarithms of probabilities, from `log_softmax`.
        target: Probabilities.
        reduction: As everywhere, and "batchmean": the sum over the length of the first axis, which is the
            divergence as it is defined.

    Examples:
        >>> p = np.array([[0.5, 0.5]])
        >>> round(float(kl_divergence(np.log([[0.25, 0.75]]), p, "batchmean")), 6)
        0.143841
    """
    log_prediction, target = _alike("kl_divergence", log_prediction, target)
    entropy = target * np.log(np.where(target > 0, target, 1.0))  # 0 log 0 is 0
    losses = entropy - target * log_prediction
    if reduction == "batchmean":
        return np.sum(losses) / len(target)
    return _reduce(losses, reduction)


def accuracy(prediction: Any, target: Any) -> float:
    """Return the share of samples whose class is right: a metric, without a gradient.

    Args:
        prediction: Logits or probabilities, shape (..., number of classes); or one number for each sample,
            which means yes above 0.5.
        target: Class indices, shape (...); or yes and no, of the prediction's shape.

    Examples:
        >>> accuracy(np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([1, 1]))
        0.5
    """
    numbers, target = np.asarray(prediction), np.asarray(target)
    classes = numbers > 0.5 if numbers.shape == target.shape else np.argmax(numbers, axis=-1)
    return float(np.mean(classes == (target > 0.5 if classes.dtype == bool else target)))


def _log(probability: Any) -> Any:
    """Return the logarithm, no less than -100, and without NaN in its gradient where that cuts it off."""
    least = np.exp(-100.0)
    return np.log(np.maximum(probability, least))


def _array(data: Any) -> Any:
    """Return a list as the array that it stands for, of Values too, and all else as it is."""
    if not isinstance(data, _LISTS):
        return data
    items = [_array(item) for item in data]
    return np.stack(items) if any(hasattr(item, "__apply_primitive__") for item in items) else np.array(items)


def _alike(name: str, prediction: Any, target: Any) -> tuple[Any, Any]:
    """Return both, and refuse what NumPy would broadcast: (64, 1) and (64,) make (64, 64) errors."""
    if isinstance(prediction, _LISTS) or isinstance(target, _LISTS):
        prediction, target = _array(prediction), _array(target)
    shape, other = getattr(prediction, "shape", ()), getattr(target, "shape", ())
    if shape != other and shape and other:
        raise ShapeError(
            f"{name} got a prediction of shape {shape} and a target of shape {other}, which NumPy would "
            f"broadcast against each other. Give them one shape, for instance target.reshape({shape})."
        )
    return prediction, target


def _reduce(losses: Any, reduction: str) -> Any:
    if reduction not in _REDUCTIONS:
        raise UsageError(f"No loss knows the reduction {reduction!r}: it is one of {', '.join(_REDUCTIONS)}.")
    return _REDUCTIONS[reduction](losses)
