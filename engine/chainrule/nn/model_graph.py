"""A Graph of a model: each layer a node with the shape of its output, or a box around what it computes.

While the model runs on an example, each layer notes when it was called. So every Value on the tape belongs to
the layer during whose call it was made, or to none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import UsageError
from chainrule.graph import ZOOMS, Edge, Graph, Node
from chainrule.nn.module import Module, answering
from chainrule.nn.sequential import Sequential, layer_name
from chainrule.tape_graph.nodes import graph_of, with_zooms
from chainrule.value.tape import tape
from chainrule.value.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.graph import Zoom

    Layer = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Call:
    """One call of a layer: what came out, and when it began and ended on the clock of Values."""

    layer: Layer
    output: Value
    begin: float
    end: float

    @property
    def parameters(self) -> list[Value]:
        return self.layer.parameters() if isinstance(self.layer, Module) else []

    @property
    def label(self) -> str:
        count = sum(parameter.size for parameter in self.parameters)
        return f"{layer_name(self.layer)}: {count:,} parameters" if count else layer_name(self.layer)


def model_graph(model: Module, x: Any, zoom: Zoom = "layer") -> Graph:
    """Return the graph of what a model computes from an example, as it answers, not as it trains.

    The zoom "layer" has a node per layer, with shape and range of its output; "tensor" and "scalar" have the
    operations, in a box per layer.

    Raises:
        UsageError: if the model returns no Value.

    Examples:
        >>> import numpy as np
        >>> from chainrule import nn
        >>> model = nn.Sequential(nn.Linear(1, 4, rng=0), np.tanh)
        >>> print([node.label for node in model_graph(model, np.ones((3, 1)))])
        ['x', 'Linear(1, 4): 8 parameters', 'tanh']
    """
    example = x if isinstance(x, Value) or np.asarray(x).dtype.kind != "f" else Value(x, label="x")
    calls, output = _run(model, example)
    if not isinstance(output, Value):
        kind = type(output).__name__
        raise UsageError(f"the graph of {model!r} needs a Value, and it returned a {kind}; return a Value")
    values, parameters = tape(output), model.parameters()
    owners = _owners(calls, values)
    names = [f"{number}: {layer_name(call.layer)}" for number, call in enumerate(calls)]
    groups = {value: names[owner] for value, owner in owners.items()}

    def at(zoom: Zoom) -> Graph:
        if zoom == "layer":
            return _layers(graph_of(output, parameters=parameters), values, owners, calls)
        return graph_of(output, zoom, parameters, groups)

    return with_zooms(at(zoom), (partial(at, other) for other in ZOOMS if other != zoom))


def _run(model: Module, x: Any) -> tuple[list[_Call], Any]:
    """Run a model whose layers note their calls. Python looks `__call__` up in the class: it is set there."""
    calls: list[_Call] = []
    kinds = {type(module) for _, module in model.named_modules()}
    owners = {next(each for each in kind.__mro__ if "__call__" in vars(each)) for kind in kinds}
    before = {owner: vars(owner)["__call__"] for owner in owners}
    try:
        for owner, call in before.items():
            setattr(owner, "__call__", _noting(call, calls))  # noqa: B010 - a method that mypy lets nobody assign
        with answering(model):
            return calls, model(x)
    finally:
        for owner, call in before.items():
            setattr(owner, "__call__", call)  # noqa: B010 - as above


def _noting(call: Callable[..., Any], calls: list[_Call]) -> Callable[..., Any]:
    def noted(self: Module, *args: Any, **options: Any) -> Any:
        if isinstance(self, Sequential):  # whose plain functions are layers too
            x = args[0]
            for layer in self:
                x = layer(x) if isinstance(layer, Module) else _note(layer, partial(layer, x), calls)
            return x
        if any(isinstance(part, Module) for _, part in self.parts()):
            return call(self, *args, **options)
        return _note(self, partial(call, self, *args, **options), calls)

    return noted


def _note(layer: Layer, run: Callable[[], Any], calls: list[_Call]) -> Any:
    begin = Value(0.0).index
    output = run()
    if isinstance(output, Value) and output.index > begin:
        calls.append(_Call(layer, output, begin, Value(0.0).index))
    return output


def _owners(calls: list[_Call], values: list[Value]) -> dict[Value, int]:
    """Return for each Value that a layer made or holds the number of its call."""
    owners: dict[Value, int] = {}
    for number, call in enumerate(calls):
        made = [value for value in values if call.begin < value.index < call.end]
        owners.update(dict.fromkeys([*call.parameters, *made], number))
    return owners


def _layers(whole: Graph, values: list[Value], owners: dict[Value, int], calls: list[_Call]) -> Graph:
    """Draw each call as one node, and what lies between the calls as it is."""
    number = {value: count for count, value in enumerate(values, 1)}
    layers = {f"v{number[call.output]}": call for call in calls}
    inside = {
        f"{letter}{number[value]}": f"l{number[calls[owner].output]}"
        for value, owner in owners.items()
        if value in number
        for letter in "vco"
    }
    held = {f"v{number[value]}" for value in owners if value in number and value.primitive is None}
    nodes = [
        Node(f"l{node.id[1:]}", "layer", layers[node.id].label, node.data, node.grad)
        if node.id in layers
        else node
        for node in whole
        if node.id not in inside or node.id in layers
    ]
    ends = (
        (inside.get(edge.source, edge.source), inside.get(edge.target, edge.target))
        for edge in whole.edges
        if edge.source not in held
    )
    edges = dict.fromkeys(Edge(source, target) for source, target in ends if source != target)
    return Graph(tuple(nodes), tuple(edges), "layer", gradients_of=whole.gradients_of)
