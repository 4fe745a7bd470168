"""Where the nodes of a graph stand: asked of Graphviz, whose sizes we fix and whose process can be stopped.

The engine is the `graphviz-pure` command that pip brings, or else `dot` on the path. Both read the same text.
Sizes are ours, so no engine measures text, and a page looks the same wherever it was built.
"""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from typing import TYPE_CHECKING, NamedTuple

from mkdocs_chainrule.errors import LayoutError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from chainrule.graph import Edge, Graph
    from chainrule.graph.mermaid import Direction

    Point = tuple[float, float]
    Size = tuple[float, float]

TIME_LIMIT = 10.0  # seconds
_POINTS = 72
_MOST_WINDING = 300_000  # takes some 2 s
# Without nslimit every Graphviz takes minutes for a sum over a batch, where weights are shared by all terms.
_HEAD = (
    "nslimit=1;nslimit1=1;nodesep=.18;ranksep=.32;"
    'node[shape=box,fixedsize=true,label=""];edge[arrowhead=none];'
)
_ROUND = ",shape=circle"  # edges end at its outline, and not at a corner of its box


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions in pixels from the upper left corner: the middle of each node, a cubic spline for each edge.

    The edges are in the graph's order. A spline is a start, and then two controls and an end for each piece.
    """

    width: float
    height: float
    nodes: Mapping[str, Point]
    edges: tuple[tuple[Point, ...], ...]


class Asked(NamedTuple):
    """A graph to be placed: the size of each node, in pixels, and where the layers follow each other."""

    graph: Graph
    sizes: Mapping[str, Size]
    direction: Direction = "LR"


def layouts(asked: Sequence[Asked], time_limit: float = TIME_LIMIT) -> list[Layout]:
    """Place graphs, all by one process, in layers; with straight edges where curves would take too long.

    After the time limit the engine is stopped for good; half of it is for curves.

    Raises:
        LayoutError: if there is no engine, or none answered in time.
    """
    text = "\n".join(map(_text, asked))
    curved = all(_may_curve(each.graph) for each in asked)
    failures = []
    for command in engines():
        try:
            plain = _routed(command, text, time_limit, curved=curved).split("\nstop\n")
            return [_read(each.graph.edges, lines) for each, lines in zip(asked, plain, strict=False)]
        except subprocess.TimeoutExpired:
            raise LayoutError(
                f"the layout of {sum(len(each.graph) for each in asked)} nodes took longer than "
                f"{time_limit:g} s and was stopped; show the graph at a coarser zoom, or a part of it",
            ) from None
        except (OSError, subprocess.CalledProcessError, ValueError, IndexError) as error:
            failures.append(f"{command}: {error}")
    missing = "neither graphviz-pure is installed nor is dot on the path; pip install graphviz-pure"
    raise LayoutError("; ".join(failures) or f"there is no layout engine: {missing}")


@cache
def engines() -> tuple[str, ...]:
    """Return the commands that can place a graph, the one to try first in front."""
    return tuple(found for found in (_installed(), shutil.which("dot")) if found)


def _installed() -> str | None:
    try:
        files = distribution("graphviz-pure").files or ()
    except PackageNotFoundError:
        return None
    return next(
        (str(file.locate()) for file in files if file.stem == "graphviz-pure" and not file.suffix[4:]), None
    )


def _text(asked: Asked) -> str:
    operations = {node.id for node in asked.graph if node.kind == "operation"}
    circles = {id_ for id_, (width, height) in asked.sizes.items() if width == height} & operations
    nodes = (
        f"{id_}[width={width / _POINTS:.3f},height={height / _POINTS:.3f}{_ROUND * (id_ in circles)}];"
        for id_, (width, height) in asked.sizes.items()
    )
    edges = (f"{edge.source}->{edge.target};" for edge in asked.graph.edges)
    head = f"rankdir={asked.direction};{_HEAD}"
    return f"digraph{{{head}{''.join(nodes)}{''.join(edges)}{''.join(_boxes(asked.graph))}}}"


def _boxes(graph: Graph) -> Iterator[str]:
    for number, layer in enumerate(dict.fromkeys(node.group for node in graph.nodes if node.group)):
        members = ";".join(node.id for node in graph.nodes if node.group == layer)
        yield f'subgraph cluster_{number}{{margin=10;fontsize=10;label=" ";{members}}}'


def _may_curve(graph: Graph) -> bool:
    """Tell whether curves are found in time: not where a weight is used along a long chain.

    A curve winds past all that its edge passes, at a cost that grows with the square of the edge's length.
    """
    columns: dict[str, int] = {}
    for node in graph.nodes:
        columns[node.id] = max((columns[source] + 1 for source in graph.sources[node.id]), default=0)
    for edge in reversed(graph.edges):
        if not graph.sources[edge.source]:  # a leaf stands before its first use
            columns[edge.source] = columns[edge.target] - 1
    lengths = (columns[edge.target] - columns[edge.source] - 1 for edge in graph.edges)
    return sum(length**2 for length in lengths) <= _MOST_WINDING


def _routed(command: str, text: str, time_limit: float, *, curved: bool) -> str:
    if curved:
        with suppress(subprocess.TimeoutExpired):
            return _run(command, "spline", text, time_limit / 2)
    return _run(command, "line", text, time_limit / 2)


def _run(command: str, edges: str, text: str, time_limit: float) -> str:
    done = subprocess.run(  # noqa: S603 - the command is Graphviz, and ids in the text are checked
        [command, "-Tplain", f"-Gsplines={edges}"],
        input=text.encode(),
        capture_output=True,
        check=True,
        timeout=time_limit,
    )
    return done.stdout.decode()


def _read(edges: Iterable[Edge], plain: str) -> Layout:
    lines = [line.split() for line in plain.splitlines()]
    width, height = (float(length) * _POINTS for length in lines[0][2:4])
    nodes = {line[1]: _point(line[2], line[3], height) for line in lines if line[0] == "node"}
    splines: dict[tuple[str, str], list[tuple[Point, ...]]] = {}
    for line in lines:
        if line[0] == "edge":
            splines.setdefault((line[1], line[2]), []).append(_spline(line, height))
    return Layout(width, height, nodes, tuple(splines[edge.source, edge.target].pop(0) for edge in edges))


def _spline(line: list[str], height: float) -> tuple[Point, ...]:
    numbers = line[4 : 4 + 2 * int(line[3])]
    return tuple(_point(x, y, height) for x, y in zip(numbers[::2], numbers[1::2], strict=True))


def _point(x: str, y: str, height: float) -> Point:
    return float(x) * _POINTS, height - float(y) * _POINTS
