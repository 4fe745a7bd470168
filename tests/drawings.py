"""Graphs to draw, made without the engine: random ones, expressions, batch losses."""

from __future__ import annotations

import math
import random
from dataclasses import replace

from hypothesis import strategies as st

from chainrule.graph import Edge, Graph, Kind, Node, Summary

numbers = st.floats() | st.sampled_from([math.nan, math.inf, -math.inf, -0.0, 5e-324])
summaries = st.builds(
    Summary,
    st.lists(st.integers(0, 9), min_size=1, max_size=3).map(tuple),
    *[numbers] * 3,
)
quantities = st.none() | numbers | summaries
labels = st.text(max_size=12)
leaf_kinds: tuple[Kind, ...] = ("input", "parameter", "constant")


@st.composite
def graphs(draw: st.DrawFn, most: int = 12) -> Graph:
    """A graph of leaves and operations in any order, operands repeated or not."""
    nodes: list[Node] = []
    edges: list[Edge] = []
    values: list[str] = []
    for number in range(1, draw(st.integers(1, most)) + 1):
        value = f"v{number}"
        operands = draw(st.lists(st.sampled_from(values), max_size=4)) if values else []
        if operands:
            rows = tuple(draw(labels) for _ in operands)
            nodes.append(Node(f"o{number}", "operation", draw(labels), primitive="add", formulas=rows))
            edges += [Edge(operand, f"o{number}") for operand in operands] + [Edge(f"o{number}", value)]
        kind: Kind = "interior" if operands else draw(st.sampled_from(leaf_kinds))
        nodes.append(Node(value, kind, draw(labels), draw(quantities), draw(quantities), group=draw(labels)))
        values.append(value)
    return Graph(tuple(nodes), tuple(edges))


class Sketch:
    """Builds a graph operation by operation."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.values = 0

    def leaf(self, label: str = "", data: float = 1.0, kind: Kind = "input") -> str:
        self.values += 1
        self.nodes.append(Node(f"v{self.values}", kind, label, data, None if kind == "constant" else 0.5))
        return f"v{self.values}"

    def apply(self, symbol: str, *operands: str) -> str:
        self.values += 1
        operation, value = f"o{self.values}", f"v{self.values}"
        self.nodes.append(Node(operation, "operation", symbol, primitive="add" if symbol == "+" else symbol))
        self.nodes.append(Node(value, "interior", "", self.values * 1.618, -0.577215))
        self.edges += [Edge(operand, operation) for operand in operands] + [Edge(operation, value)]
        return value

    def name(self, label: str) -> None:
        """Give the last value a name."""
        self.nodes[-1] = replace(self.nodes[-1], label=label)

    def graph(self) -> Graph:
        return Graph(tuple(self.nodes), tuple(self.edges))


def expression(size: int, seed: int = 0) -> Graph:
    """A random expression graph of about `size` nodes."""
    choose = random.Random(seed)
    sketch = Sketch()
    values = [sketch.leaf(f"x{place}") for place in range(max(2, size // 8))]
    while len(sketch.nodes) < size:
        recent = values[-6:] if choose.random() < 0.8 else values
        if choose.random() < 0.2:
            values.append(sketch.apply("tanh", choose.choice(recent)))
        else:
            other = choose.choice(values[-20:])
            values.append(sketch.apply(choose.choice("+*-"), choose.choice(recent), other))
    return sketch.graph()


def loss(size: int) -> Graph:
    """What `sum((w * x + b - y)**2)` draws: a graph of about `size` nodes with two shared weights."""
    sketch = Sketch()
    w, b = sketch.leaf("w", kind="parameter"), sketch.leaf("b", kind="parameter")
    total = None
    while len(sketch.nodes) < size:
        x, y, two = (sketch.leaf(data=value, kind="constant") for value in (0.5, 0.25, 2.0))
        error = sketch.apply("-", sketch.apply("+", sketch.apply("*", w, x), b), y)
        square = sketch.apply("**", error, two)
        total = square if total is None else sketch.apply("+", total, square)
    return sketch.graph()


def chain(steps: int) -> Graph:
    """What `for _ in range(steps): v = tanh(v * w + b) * 1.5` draws: weights that every step shares."""
    sketch = Sketch()
    w, b, value = sketch.leaf("w"), sketch.leaf("b"), sketch.leaf("x")
    for _ in range(steps):
        rate = sketch.leaf(data=1.5, kind="constant")
        activation = sketch.apply("tanh", sketch.apply("+", sketch.apply("*", value, w), b))
        value = sketch.apply("*", activation, rate)
    return sketch.graph()
