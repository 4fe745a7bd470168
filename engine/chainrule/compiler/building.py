"""From a function and the arguments of a call to a compiled program."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chainrule.compiler.arguments import Arguments, parameter_names
from chainrule.compiler.bindings import Binding, bindings, ignore_numbers
from chainrule.compiler.code import Code, Write
from chainrule.compiler.compiled import Compiled
from chainrule.compiler.draws import Draws
from chainrule.compiler.factors import optimized
from chainrule.compiler.links import linked, outer_leaves
from chainrule.compiler.names import Names
from chainrule.compiler.node import reachable
from chainrule.compiler.results import Results
from chainrule.compiler.tracer import Tracer
from chainrule.compiler.watching import watching
from chainrule.compiler.writer import Writer
from chainrule.value.value import Constant

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from chainrule.compiler.cells import Cell
    from chainrule.compiler.node import Node
    from chainrule.value.value import Value

_one_at_a_time = threading.RLock()

_DRAW = ("drawn = draw()", "if drawn is None: return redraw()")


def compiled(
    function: Callable[..., Any],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    static: Collection[str],
    drawn: list[Any],
) -> Compiled:
    """Trace a function on the arguments of a call, and write down what it did.

    Raises:
        TraceError: It does what a program cannot.
    """
    names = Names()
    arguments = Arguments(names, static)
    arguments.take(parameter_names(function, len(args)), args, kwargs)
    read = bindings(function)
    tracer = Tracer(drawn)
    symbols = [tracer.argument(place, leaf) for place, leaf in enumerate(arguments.leaves)]
    args, kwargs = arguments.replaced(args, kwargs, symbols)
    results = Results(tracer)
    with _one_at_a_time, watching(tracer):
        form = results.take(function(*args, **kwargs))
        outer = [outer_leaves(value, tracer) for value in results.values]
    cells = _named(names, tracer)
    code = _code(arguments, tracer, cells, results, form)
    for number, (place, leaves) in enumerate(zip(results.places, outer, strict=True)):
        code.names[f"as_value{number}"] = _maker(function, place, leaves or [], tracer)
    arguments.leaves = []
    once = not all(map(Binding.holds, read))
    ignore_numbers(read, tracer.program.nodes)
    tracer.forget()
    return Compiled(
        code,
        function,
        arguments,
        cells,
        [] if once else read,
        Draws(tracer.drawing.draws, tracer.drawing.drawn),
        always_eager=any(leaves is None for leaves in outer),
        once=once,
    )


def _named(names: Names, tracer: Tracer) -> dict[str, Cell]:
    return {names.unique(cell.value.label or "value"): cell for cell in tracer.cells.known.values()}


def _maker(
    function: Callable[..., Any], place: int, leaves: Sequence[Value], tracer: Tracer
) -> Callable[..., Any]:
    if not leaves:
        return lambda out, _: Constant(out)
    written = any(cell.data_written for cell in tracer.cells.known.values())
    return linked(function, place, leaves, written=written)


def _code(
    arguments: Arguments,
    tracer: Tracer,
    cells: Mapping[str, Cell],
    results: Results,
    form: Callable[[Sequence[str]], str],
) -> Code:
    wanted = [
        (name, cell, slot)
        for name, cell in cells.items()
        for slot in ("data", "grad")
        if getattr(cell, f"{slot}_written")
    ]
    finals = [None if (new := getattr(cell, slot)) is None else tracer.node(new) for _, cell, slot in wanted]
    targets = [
        tracer.cells.target(cell, node) if slot == "data" else None
        for (_, cell, slot), node in zip(wanted, finals, strict=True)
    ]
    better = optimized([node for node in (*results.nodes, *finals, *targets) if node is not None])
    replaced = iter(better)
    outputs = [next(replaced) for _ in results.nodes]
    finals = [node and next(replaced) for node in finals]
    targets = [node and next(replaced) for node in targets]
    writes = [
        Write(f"{name}_value", slot, node, target)
        for (name, _, slot), node, target in zip(wanted, finals, targets, strict=True)
    ]
    leaves = _Leaves(arguments, {id(cell.value): name for name, cell in cells.items()})
    for node in reachable(better):
        leaves.add(node)
    head = [*(_DRAW if tracer.drawing.draws else ()), *arguments.head, *leaves.head]
    if results.values:
        head.append(f"call = ({arguments.packed}, {'drawn' if tracer.drawing.draws else '[]'})")
    writer = Writer(arguments.names, leaves=leaves.names, stays=frozenset(leaves.stays), head=head)
    code = writer.write(arguments.parameters, outputs, writes, form)
    code.names.update(results.bound)
    return code


@dataclass(eq=False)
class _Leaves:
    """How generated code calls what comes from outside.

    Attributes:
        arguments: The arguments.
        values: The names of Values, by their identity.
        names: The name of each leaf.
        stays: The leaves that are the same array at each call.
        head: Lines that fetch the others.
    """

    arguments: Arguments
    values: Mapping[int, str]
    names: dict[int, str] = field(default_factory=dict)
    stays: set[int] = field(default_factory=set)
    head: list[str] = field(default_factory=list)

    def add(self, node: Node) -> None:
        """Name a node, if it is an input."""
        if node.name != "input":
            return
        kind, place = node.source.kind, node.source.place
        if kind == "argument":
            self.names[id(node)] = self.arguments.expressions[place]
        elif kind == "data" and node.is_array:
            self.names[id(node)] = self.values[place]
            self.stays.add(id(node))
        elif kind == "drawn":
            draw, path = place
            self._fetched(node, "drawing", f"drawn[{draw}]{''.join(f'[{part!r}]' for part in path)}")
        else:
            name = self.values[place]
            self._fetched(node, name if kind == "data" else f"{name}_grad", f"{name}_value._{kind}")

    def _fetched(self, node: Node, wanted: str, expression: str) -> None:
        names = self.arguments.names
        name = wanted if wanted in self.values.values() else names.unique(wanted)
        self.names[id(node)] = name
        self.head.append(f"{name} = {expression}")
