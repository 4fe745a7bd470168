"""Time two things in turn, and compare them pair by pair.

Machines are noisy and shared, so nothing here is a single number: a chunk of the baseline and a chunk of
the engine run one after the other, and what counts is the median of the ratios of such pairs, in CPU time.
"""

from __future__ import annotations

import gc
import statistics
from contextlib import contextmanager
from dataclasses import dataclass
from time import process_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SLOW = 1.0  # seconds a step


@dataclass(frozen=True)
class Subject:
    """What is timed: `run(n)` does n times `unit` steps, and waits for the results."""

    run: Callable[[int], object]
    unit: int = 1


@dataclass(frozen=True)
class Timing:
    """One engine beside a baseline.

    Attributes:
        seconds: CPU time of one step, the median over chunks.
        ratio: Engine over baseline, the median over pairs; `low` and `high` are the quartiles.
    """

    seconds: float
    ratio: float
    low: float
    high: float


def paired(
    subject: Subject, baseline: Subject, *, pairs: int, chunk: float, collector: bool = True
) -> Timing:
    """Run both in turn, `pairs` times, in chunks of about `chunk` seconds of CPU time.

    What takes more than a second a step is run three times: it is far from any limit.
    """
    both = (baseline, subject)
    with _collector(collector):
        counts = [_count(chunk, each) for each in both]
        pairs = min(pairs, 3) if counts[1] == 1 and _clock(subject, 1) > SLOW else pairs
        times = [[_clock(each, n) for each, n in zip(both, counts, strict=True)] for _ in range(pairs)]
    return summary([seconds for _, seconds in times], [seconds / base for base, seconds in times])


def summary(seconds: list[float], ratios: list[float]) -> Timing:
    """Return medians and quartiles."""
    low, _, high = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
    return Timing(statistics.median(seconds), statistics.median(ratios), low, high)


@contextmanager
def _collector(on: bool) -> Iterator[None]:
    """Turn the collector on or off; libraries that are only loaded are not its business."""
    gc.collect()
    gc.freeze()
    if not on:
        gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def _clock(subject: Subject, count: int) -> float:
    gc.collect()  # what the other one left behind is not ours to pay for
    start = process_time()
    subject.run(count)
    return (process_time() - start) / (count * subject.unit)


def _count(chunk: float, subject: Subject) -> int:
    subject.run(1)  # compilation and first touches are not timed
    count = 1
    while (spent := count * subject.unit * _clock(subject, count)) < chunk / 4:
        count *= 4
    return max(1, round(count * chunk / spent))
