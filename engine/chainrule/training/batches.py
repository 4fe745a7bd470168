"""Where the batches of a training come from: arrays, an iterable, or a function that samples them."""

from __future__ import annotations

from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Batch = tuple[Any, ...]
    Epochs = Iterator[Iterable[Batch]]


def epochs(data: Any, rng: np.random.Generator, iterations: int | None, batch_size: int | None) -> Epochs:
    """Yield, without end, the batches of one epoch after the other; arguments are as for `fit`."""
    for name, number in {"iterations": iterations, "batch_size": batch_size}.items():
        if number is not None and (not isinstance(number, (int, np.integer)) or number < 1):
            raise DataError(f"fit: {name} is {number!r}. It is a whole number, 1 or more, or left out.")
    passes = _passes(data, rng, iterations, batch_size)
    if iterations is None:
        return passes
    endless = chain.from_iterable(passes)
    return (islice(endless, iterations) for _ in repeat(None))


def _passes(data: Any, rng: np.random.Generator, iterations: int | None, batch_size: int | None) -> Epochs:
    """Return the passes over the data: without end, or one that has no end or cannot be made again."""
    if callable(data):
        if iterations is None:
            raise DataError(
                "Batches from a function of a Generator never end. Say how many make an epoch: "
                "iterations=100."
            )
        return iter([(data(rng) for _ in repeat(None))])
    if isinstance(data, tuple):
        whole = arrays(data)
        return (_sliced(whole, rng, batch_size) for _ in repeat(None))
    if batch_size is not None:
        raise DataError(
            "batch_size cuts arrays; an iterable has its batches already. Leave it out, or give (x, y)."
        )
    try:
        once = iter(data) is data
    except TypeError:
        raise DataError(
            f"fit cannot take batches from {type(data).__name__}. Give arrays (x, y), an iterable of "
            f"such batches, or a function of a Generator that returns one."
        ) from None
    if not once:
        return repeat(data)
    if iterations is None:
        raise DataError(
            "An iterator has no epochs of its own. Say how many batches make one: iterations=100."
        )
    return iter([data])


def _sliced(whole: Batch, rng: np.random.Generator, batch_size: int | None) -> Iterator[Batch]:
    """Yield the batches of one pass over arrays."""
    if batch_size is None:
        yield whole
        return
    order = rng.permutation(len(whole[0]))
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        yield tuple(array[rows] for array in whole)


def arrays(data: tuple[Any, ...]) -> Batch:
    """Return the data as arrays, if they are of one length."""
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
