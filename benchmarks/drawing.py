"""What a drawn graph costs a build: folding, layout and writing, and its bytes."""

from __future__ import annotations

import gzip
import inspect
import random
import resource
import statistics
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.table import Table

from benchmarks import record
from benchmarks.reading import read
from benchmarks.tables import duration
from chainrule import Value
from mkdocs_chainrule.show.graphs.fold import fold
from mkdocs_chainrule.show.graphs.graph import SMALL
from mkdocs_chainrule.show.graphs.pictures import svg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rich.console import Console

    from chainrule.graph import Graph

GOALS = {20: 0.010, 200: 0.100, 1000: 2.0}  # seconds
PREFIX = "c1a2b3c4d-1-1"


@dataclass(frozen=True)
class Drawing:
    """One graph.

    Attributes:
        nodes: Of the graph, and of what is drawn of it.
        seconds: Medians of folding, layout and writing: on the clock, and of the processor.
        goal: What it may take on the clock.
        bytes: A node drawn; gzipped too.
    """

    family: str
    nodes: tuple[int, int]
    seconds: tuple[float, float]
    goal: float
    bytes: tuple[float, float]


def expression(size: int, seed: int = 0) -> Graph:
    """Return the graph of a random expression of about `size` nodes."""
    choose = random.Random(seed)
    values = [Value(choose.uniform(-1, 1), label=f"x{place}") for place in range(max(2, size // 8))]
    unused = list(values)
    nodes = len(values)
    while nodes < size - 2 * len(unused):
        one = unused.pop(choose.randrange(len(unused))) if len(unused) > 1 else choose.choice(values[-6:])
        made = np.tanh(one) if choose.random() < 0.2 else one * choose.choice(values[-20:])
        values.append(made)
        unused.append(made)
        nodes += 2
    total = unused[0]
    for place, value in enumerate(unused[1:]):
        total = total + value if place % 2 else total * value
    return total.backward().graph()


def loss(size: int) -> Graph:
    """Return the graph of a batch's squared errors of a line, of about `size` nodes."""
    w, b, total = Value(0.5, label="w"), Value(0.1, label="b"), Value(0.0)
    for place in range(size // 13):
        total = total + (w * (place / 7) + b - place) ** 2
    return total.backward().graph()


FAMILIES: dict[str, Callable[[int], Graph]] = {"expression": expression, "batch loss": loss}


def layout(console: Console, *, rounds: int, browser: Path | None, save: bool) -> None:
    """Print what drawing costs, and with a browser what a reader waits."""
    drawings = list(draw(rounds))
    console.print(table(drawings))
    result: dict[str, Any] = {"rounds": rounds, "drawings": [asdict(drawing) for drawing in drawings]}
    if browser:
        wait = read(browser, inspect.getsource(expression), rounds)
        console.print(str(wait))
        result["reading"] = asdict(wait)
    if save:
        versions = {name: record.version(name) or "" for name in ("graphviz-pure", "mkdocs-material")}
        record.save("drawing", result, versions)


def table(drawings: list[Drawing]) -> Table:
    """Return the drawings, a row each."""
    drawn = Table(title="Folding, layout and writing", title_justify="left")
    for name in ("graph", "nodes", "drawn", "on the clock", "goal", "processor", "bytes a node", "gzipped"):
        drawn.add_column(name, justify="left" if name == "graph" else "right")
    for each in drawings:
        clock, processor = map(duration, each.seconds)
        goal = f"≤ {duration(each.goal)}, {'met' if each.seconds[0] <= each.goal else 'missed'}"
        sizes = [f"{size:.0f}" for size in each.bytes]
        drawn.add_row(each.family, *map(str, each.nodes), clock, goal, processor, *sizes)
    return drawn


def draw(rounds: int) -> Iterator[Drawing]:
    """Yield each graph with the time that it takes."""
    for family, make in FAMILIES.items():
        for size, goal in GOALS.items():
            graph = make(size)
            times = []
            for _ in range(rounds):
                begin = time.perf_counter(), _processor()
                drawn = fold(graph, SMALL)
                picture = svg(drawn, PREFIX).encode()
                times.append((time.perf_counter() - begin[0], _processor() - begin[1]))
            each = (len(picture) / len(drawn), len(gzip.compress(picture, 9)) / len(drawn))
            clock, processor = map(statistics.median, zip(*times, strict=True))
            yield Drawing(family, (len(graph), len(drawn)), (clock, processor), goal, each)


def _processor() -> float:
    """Return the seconds that we and the layout engines that we ran have had of the processor."""
    engines = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + engines.ru_utime + engines.ru_stime
