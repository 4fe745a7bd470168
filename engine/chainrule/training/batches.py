"""Where the batches of a training come from: arrays, an iterable, or a function that samples them."""

from __future__ import annotations

from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Batch = tuple[Any, ...]
    Epochs = Iterator[Iterable[Batch]]


def epochs(data: Any, rng: np.random.Generator, iterations: int | None, batch_size: int | None) -> Epochs:
    """Yield, without end, the batches of one epoch after the other.

    Args:
        data: A tuple of arrays of one length: inputs, then targets; or an iterable of such batches; or a
            function that takes a Generator and returns a batch.
        rng: The Generator that shuffles, and that the function samples from.
        iterations: Batches an epoch; unless given, one pass over the data.
        batch_size: For arrays, rows a batch, shuffled anew for each pass; unless given, all rows as they are.

    Raises:
        DataError: The data is none of these, or does not go with the other arguments.
    """
    for name, number in {"iterations": iterations, "batch_size": batch_size}.items():
        if number is not None and (not isinstance(number, (int, np.integer)) or number < 1):
            raise DataError(f"fit: {name} is {number!r}. It is a whole number, 1 or more, or left out.")
    if callable(data):
        if iterations is None:
            raise DataError(
                "Batches from a function of a Generator never end. Say how many make an epoch: "
                "iterations=100."
            )
        return _sampled(data, rng, iterations)
    if isinstance(data, tuple):
        return _sliced(arrays(data), rng, iterations, batch_size)
    if batch_size is not None:
        raise DataError(
            "batch_size cuts arrays; an iterable has its batches already. Leave it out, or give (x, y)."
        )
    return _iterated(data, iterations)


def arrays(data: tuple[Any, ...]) -> Batch:
    """Return a tuple of arrays of one length.

    Raises:
        DataError: They are of different lengths, or one is a single number.
    """
    whole = tuple(map(np.asarray, data))
    shapes = [array.shape for array in whole]
    if not all(shapes) or len({shape[0] for shape in shapes}) != 1:
        raise DataError(
            f"A tuple of arrays has a row for each sample; these have shapes {', '.join(map(str, shapes))}. "
            f"Give arrays of one length, or batches as an iterable or a function."
        )
    if not shapes[0][0]:
        raise DataError(
            f"These arrays have no rows: {', '.join(map(str, shapes))}. Give at least one sample."
        )
    return whole


def _sampled(
    sample: Callable[[np.random.Generator], Batch], rng: np.random.Generator, iterations: int
) -> Epochs:
    while True:
        yield (sample(rng) for _ in range(iterations))


def _sliced(whole: Batch, rng: np.random.Generator, iterations: int | None, batch_size: int | None) -> Epochs:
    def one_pass() -> Iterator[Batch]:
        if batch_size is None:
            yield whole
            return
        order = rng.permutation(len(whole[0]))
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            yield tuple(array[rows] for array in whole)

    if iterations is None:
        while True:
            yield one_pass()
    endless = chain.from_iterable(one_pass() for _ in repeat(None))
    while True:
        yield islice(endless, iterations)


def _iterated(data: Iterable[Batch], iterations: int | None) -> Epochs:
    try:
        batches = iter(data)
    except TypeError:
        raise DataError(
            f"fit cannot take batches from {type(data).__name__}. Give arrays (x, y), an iterable of "
            f"such batches, or a function of a Generator that returns one."
        ) from None
    once = batches is data
    if iterations is not None:
        endless = batches if once else chain.from_iterable(repeat(data))
        while True:
            yield islice(endless, iterations)
    if once:
        raise DataError(
            "An iterator has no epochs of its own. Say how many batches make one: iterations=100."
        )
    while True:
        yield data
