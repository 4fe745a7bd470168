"""No edge of our pictures runs through a node that is not its own."""

from __future__ import annotations

import random
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from benchmarks.crossings import crossings
from benchmarks.crossings import pictures as drawings

from chainrule.graph import Edge, Graph, Node
from drawings import expression, loss
from mkdocs_chainrule.show.graphs.fold import fold
from mkdocs_chainrule.show.graphs.graph import SMALL
from mkdocs_chainrule.show.graphs.pictures import Request, pictures, svg

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Of the random graphs: what is known to cross, each named.
KNOWN: set[str] = set()


def through(graph: Graph, direction: str) -> list[str]:
    return crossings(svg(graph, "p", direction=direction))


def crossing(numbers: range) -> dict[str, list[str]]:
    """Draw random graphs of all sizes, both ways, and return what crosses by the number and the way."""
    requests = {
        f"{number} {direction}": Request(expression(4 + number % 57, seed=number), "p", "", (direction,))
        for number in numbers
        for direction in ("LR", "TB")
    }
    found = {}
    for some in batched(requests, 20):
        for name, picture in zip(some, pictures([requests[name] for name in some]), strict=True):
            (drawing,) = drawings(picture.html)
            if crossed := crossings(drawing):
                found[name] = crossed
    return found


def batched(names: Iterable[str], size: int) -> Iterator[list[str]]:
    names = iter(names)
    while some := list(islice(names, size)):
        yield some


@pytest.mark.parametrize("direction", ["LR", "TB"])
@pytest.mark.parametrize("size", [40, 400])
def test_no_edge_crosses_a_node_of_a_batch(size, direction):
    assert through(fold(loss(size), SMALL), direction) == []


def test_no_edge_crosses_a_node_of_random_graphs():
    assert crossing(range(12)) == {}


@pytest.mark.slow
def test_no_edge_crosses_a_node_of_three_hundred():
    found = crossing(range(300))
    assert set(found) == KNOWN, found
    assert len({name.split()[0] for name in KNOWN}) <= 3


def test_an_edge_beside_its_operand_stays_outside():
    """What Mermaid draws through a node: a reaches the sum past the product (a * b + a)."""
    nodes = (
        Node("v1", "input", "a", 2.0, 4.0),
        Node("v2", "input", "b", 3.0, 2.0),
        Node("o3", "operation", "*", primitive="multiply"),
        Node("v3", "interior", "", 6.0, 1.0),
        Node("o4", "operation", "+", primitive="add"),
        Node("v4", "output", "", 8.0, 1.0),
    )
    pairs = ("v1 o3", "v2 o3", "o3 v3", "v3 o4", "v1 o4", "o4 v4")
    graph = Graph(nodes, tuple(Edge(*pair.split()) for pair in pairs))
    assert [through(graph, direction) for direction in ("LR", "TB")] == [[], []]


def test_an_edge_through_a_node_would_be_told():
    picture = svg(expression(20), "p")
    edge, *_ = picture.partition('marker-end="url(#p-arrow)">')[2].partition("</g>")[0].split("/>")
    box = random.Random(0).choice(picture.split('<g id="p-')[3:])
    x, y = box.partition("translate(")[2].partition(")")[0].split()
    straight = f'<path d="M{int(x) - 300} {y}l600 0"'
    told = crossings(picture.replace(edge, straight, 1))
    assert any(line.endswith(f"crosses {box.partition(chr(34))[0]}") for line in told), told
