"""A Graph from a tape: every Value and every operation as a node, in the order they were made."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import GraphTooLargeError, UsageError
from chainrule.formula.slopes import slopes, ways
from chainrule.formula.text import formulas
from chainrule.graph import Edge, Graph, Node, Summary, mimebundle
from chainrule.primitives.table import given
from chainrule.tape_graph.gradients import own_gradients
from chainrule.tape_graph.numbers import MAX_NUMBERS, expand
from chainrule.tape_graph.program import program
from chainrule.tape_graph.quantities import quantity, side_for
from chainrule.tape_graph.terms import terms
from chainrule.value import labels
from chainrule.value.backward import slope
from chainrule.value.tape import is_stale, tape

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from chainrule.graph import Kind, Zoom
    from chainrule.primitives.table import Primitive
    from chainrule.tape_graph.gradients import OwnGradients
    from chainrule.tape_graph.numbers import Numbers
    from chainrule.value.value import Value

MAX_NODES = 5_000  # of a graph that is not summarised
MAX_ZOOMED = 200  # of another zoom that is offered

_SHOWN_LEAVES = 12
_SHOWN_SYMBOLS = 6


def graph_of(
    root: Value,
    zoom: Zoom = "tensor",
    parameters: Collection[Value] = (),
    groups: Mapping[Value, str] | None = None,
    most: int = MAX_NUMBERS,
) -> Graph:
    """Return the graph of a Value: what it depends on, itself included.

    Args:
        root: The output.
        zoom: "tensor" for a node per Value, "scalar" for a node per element.
        parameters: The leaves to draw as parameters; if there are none, those of the models and optimisers
            that the program has names for.
        groups: The names of the boxes that Values belong to.
        most: How many numbers arrays may be taken apart into.

    Raises:
        GraphTooLargeError: if `zoom` is "scalar" and too many numbers are involved.
        UsageError: if `zoom` is another.
    """
    if zoom not in ("scalar", "tensor"):
        raise UsageError(
            f"the graph of a Value has no zoom {zoom!r}; take 'tensor', 'scalar', or a model's graph"
        )
    own = own_gradients(root, tape(root))
    numbers = expand(root, most, own.by_value) if zoom == "scalar" else None
    drawn = _Tape(root, numbers, set(parameters), groups or {}, own)
    return drawn.summary(zoom) if drawn.size > MAX_NODES else drawn.graph(zoom)


def with_zooms(graph: Graph, others: Iterable[Callable[[], Graph]]) -> Graph:
    """Return a graph that knows itself at other zooms, as far as they are small enough to look at."""
    drawn: list[Graph] = []
    for other in others:
        with suppress(GraphTooLargeError):
            drawn.append(other())
    return replace(graph, zooms=tuple(other for other in drawn if len(other) <= MAX_ZOOMED))


def bundle(root: Value) -> Any:
    """Return how a Value shows itself: its graph, and where it has a few small arrays their numbers too."""
    graph = graph_of(root)
    arrays = any(isinstance(node.data, Summary) for node in graph)
    numbers = partial(graph_of, root, "scalar", most=MAX_ZOOMED)
    return mimebundle(with_zooms(graph, [numbers] if arrays else []), repr(root))


class _Tape:
    """What the nodes of one tape have in common: their numbers, names, parts and boxes."""

    def __init__(
        self,
        root: Value,
        numbers: Numbers | None,
        parameters: set[Value],
        groups: Mapping[Value, str],
        own: OwnGradients,
    ) -> None:
        roots = numbers.roots if numbers else [root]
        self.roots = set(roots)
        self.values = tape(*roots)
        self.origin = numbers.origin if numbers else lambda value: value
        held = labels.held_parameters()
        self.parameters = parameters or held.keys()
        self.groups, self.of = groups, own.of
        self.gradients = {v: v.grad for v in self.values if v.has_grad} if numbers else own.by_value
        self.number = {value: number for number, value in enumerate(self.values, 1)}
        self.side = side_for([value.size for value in self.values])
        self.names = {v: name or held.get(v, "") for v, name in labels.names_of(self.values).items()}

    @property
    def size(self) -> int:
        return len(self.values) + sum(value.primitive is not None for value in self.values)

    def graph(self, zoom: Zoom) -> Graph:
        nodes: list[Node] = []
        edges: list[Edge] = []
        for value in self.values:
            nodes += self._nodes(value)
            edges += self._edges(value)
        return Graph(tuple(nodes), tuple(edges), zoom, program(self.values, self._id), self.of)

    def summary(self, zoom: Zoom) -> Graph:
        """Draw the leaves that have names first, the output, and what lies between as one node."""
        leaves = [value for value in self.values if value.primitive is None and value.differentiable]
        shown = sorted(leaves, key=lambda leaf: not self.names[leaf])[:_SHOWN_LEAVES]
        root = self.values[-1]
        between = len(self.values) - len(shown) - 1
        fold = Node(f"f{len(self.values)}", "fold", self._census(), count=between)
        nodes = (*map(self._value, shown), fold, self._value(root))
        edges = (*(Edge(self._id(leaf), fold.id) for leaf in shown), Edge(fold.id, self._id(root)))
        return Graph(nodes, edges, zoom, gradients_of=self.of)

    def _census(self) -> str:
        made = Counter(value.primitive.symbol for value in self.values if value.primitive is not None)
        kinds = [f"{count:,} {symbol}" for symbol, count in made.most_common(_SHOWN_SYMBOLS)]
        rest = made.total() - sum(count for _, count in made.most_common(_SHOWN_SYMBOLS))
        return f"{len(self.values):,} values: {', '.join([*kinds, f'{rest:,} others'] if rest else kinds)}"

    def _nodes(self, value: Value) -> Iterator[Node]:
        if value.primitive is not None:
            yield self._operation(value, value.primitive)
        yield self._value(value)

    def _operation(self, value: Value, entry: Primitive) -> Node:
        parents = value.parents
        shapes = tuple(parent.shape for parent in parents)
        numbers = [None if parent.differentiable else parent.data for parent in parents]
        constants = [number if type(number) is float else None for number in numbers]
        told, factors = _slopes(value, entry, parents, shapes, constants)
        return Node(
            f"o{self.number[value]}",
            "operation",
            operation_label(value),
            primitive=entry.name,
            formulas=formulas(entry, value.params, shapes, constants),
            slopes=told,
            factors=factors,
            terms=terms(value) if any(shapes) or value.shape else (),
            group=self._group(value),
        )

    def _edges(self, value: Value) -> Iterator[Edge]:
        if value.primitive is None:
            return
        operation = f"o{self.number[value]}"
        yield from (Edge(self._id(parent), operation) for parent in value.parents)
        yield Edge(operation, self._id(value))

    def _value(self, value: Value) -> Node:
        grad = quantity(self.gradients[value], self.side) if value in self.gradients else None
        data, group = quantity(value.data, self.side), self._group(value)
        return Node(self._id(value), self._kind(value), self.names[value], data, grad, group=group)

    def _group(self, value: Value) -> str:
        return self.groups.get(self.origin(value), "") if self.groups else ""

    def _kind(self, value: Value) -> Kind:
        if not value.differentiable:
            return "constant"
        if value.primitive is None:
            return "parameter" if self.origin(value) in self.parameters else "input"
        return "output" if value in self.roots else "interior"

    def _id(self, value: Value) -> str:
        return f"{'v' if value.differentiable else 'c'}{self.number[value]}"


def _slopes(
    value: Value,
    entry: Primitive,
    parents: Sequence[Value],
    shapes: tuple[tuple[int, ...], ...],
    constants: Sequence[float | None],
) -> tuple[tuple[str, ...], tuple[float | None, ...]]:
    """Return the derivative along each operand, in letters and as a number where all are numbers."""
    numbers = [parent.data for parent in parents]
    if any(type(number) is not float for number in (value.data, *numbers)):
        return ways(entry, shapes, value.params, constants), ()
    takes_part = [parent.differentiable and entry.vjp(place) for place, parent in enumerate(parents)]
    if is_stale(value) or not any(takes_part):
        return (), ()
    factors = [float(slope(value, place)) if takes else None for place, takes in enumerate(takes_part)]
    return slopes(entry, value.data, numbers, value.params, constants), tuple(factors)


def operation_label(value: Value) -> str:
    """Return what an operation's node says: its symbol, and the parameters that were given."""
    assert value.primitive is not None
    said = [f"{name}={_brief(param)}" for name, param in given(value.params).items()]
    return f"{value.primitive.symbol}({', '.join(said)})" if said else value.primitive.symbol


def _brief(param: Any) -> str:
    text = f"array{param.shape}" if isinstance(param, np.ndarray) else repr(param)
    return text if len(text) <= 24 else f"{text[:21]}..."
