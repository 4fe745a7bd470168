"""A Graph from a tape: every Value and every operation as a node, in the order they were made."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import labels
from chainrule.graph import Edge, Graph, Node, Summary
from chainrule.tape import tape

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from chainrule.graph import Kind, Zoom
    from chainrule.value import Value

MAX_NODES = 5_000
"""A graph of more nodes is summarised."""

_SHOWN_LEAVES = 12
_SHOWN_SYMBOLS = 6


def trace(root: Value, zoom: Zoom = "tensor", parameters: Collection[Value] = ()) -> Graph:
    """Return the graph of a Value: what it depends on, itself included.

    Args:
        root: The output.
        zoom: What a node stands for, as the Graph says it.
        parameters: The leaves to draw as parameters.
    """
    values = tape(root)
    draw = _Drawing(values, set(parameters))
    if len(values) + sum(value.primitive is not None for value in values) > MAX_NODES:
        return draw.summary(zoom)
    return draw.graph(zoom)


class _Drawing:
    """What the nodes of one tape have in common: their places, their names."""

    def __init__(self, values: list[Value], parameters: set[Value]) -> None:
        self.values = values
        self.parameters = parameters
        self.places = {value: place for place, value in enumerate(values, 1)}
        self.names = _names(values)

    def graph(self, zoom: Zoom) -> Graph:
        nodes: list[Node] = []
        edges: list[Edge] = []
        for value in self.values:
            nodes += self._nodes(value)
            edges += self._edges(value)
        return Graph(tuple(nodes), tuple(edges), zoom)

    def summary(self, zoom: Zoom) -> Graph:
        """Draw the leaves that have names first, the output, and what lies between as one node."""
        leaves = [value for value in self.values if value.primitive is None and value.differentiable]
        shown = sorted(leaves, key=lambda leaf: not self.names[leaf])[:_SHOWN_LEAVES]
        root = self.values[-1]
        between = len(self.values) - len(shown) - 1
        fold = Node(f"f{len(self.values)}", "fold", self._census(), count=between)
        nodes = (*map(self._value, shown), fold, self._value(root))
        edges = (*(Edge(self._id(leaf), fold.id) for leaf in shown), Edge(fold.id, self._id(root)))
        return Graph(nodes, edges, zoom)

    def _census(self) -> str:
        made = Counter(value.primitive.symbol for value in self.values if value.primitive is not None)
        kinds = [f"{count:,} {symbol}" for symbol, count in made.most_common(_SHOWN_SYMBOLS)]
        rest = made.total() - sum(count for _, count in made.most_common(_SHOWN_SYMBOLS))
        return f"{len(self.values):,} values: {', '.join([*kinds, f'{rest:,} others'] if rest else kinds)}"

    def _nodes(self, value: Value) -> Iterator[Node]:
        if value.primitive is not None:
            name = value.primitive.name
            yield Node(f"o{self.places[value]}", "operation", operation_label(value), primitive=name)
        yield self._value(value)

    def _edges(self, value: Value) -> Iterator[Edge]:
        if value.primitive is None:
            return
        operation = f"o{self.places[value]}"
        yield from (Edge(self._id(parent), operation) for parent in value.parents)
        yield Edge(operation, self._id(value))

    def _value(self, value: Value) -> Node:
        grad = quantity(value.grad) if value.has_grad else None
        return Node(self._id(value), self._kind(value), self.names[value], quantity(value.data), grad)

    def _kind(self, value: Value) -> Kind:
        if not value.differentiable:
            return "constant"
        if value.primitive is None:
            return "parameter" if value in self.parameters else "input"
        return "output" if value is self.values[-1] else "interior"

    def _id(self, value: Value) -> str:
        return f"{'v' if value.differentiable else 'c'}{self.places[value]}"


def _names(values: list[Value]) -> dict[Value, str]:
    bound: dict[int, str] = {}
    for name, thing in labels.main_names():
        bound.setdefault(id(thing), name)
    # `label` would look through __main__ for each Value.
    return {value: value._label or bound.get(id(value), "") for value in values}  # noqa: SLF001 - see above


def operation_label(value: Value) -> str:
    """Return what an operation's node says: its symbol, and the parameters that were given."""
    assert value.primitive is not None
    given = [f"{name}={_brief(param)}" for name, param in value.params.items() if _is_given(param)]
    return f"{value.primitive.symbol}({', '.join(given)})" if given else value.primitive.symbol


def quantity(data: Any) -> float | Summary | None:
    """Return a number as it is, an array as its summary, and nothing of what is neither."""
    array = np.asarray(data)
    if array.dtype.kind not in "biuf":
        return None
    if array.ndim == 0:
        return float(array)
    if not array.size:
        return Summary(array.shape, np.nan, np.nan, np.nan)
    with np.errstate(all="ignore"):
        spread = (array.min(), array.mean(dtype=np.float64), array.max())
    return Summary(array.shape, *map(float, spread))


def _is_given(param: Any) -> bool:
    return param is not None and param is not False


def _brief(param: Any) -> str:
    text = f"array{param.shape}" if isinstance(param, np.ndarray) else repr(param)
    return text if len(text) <= 24 else f"{text[:21]}..."
