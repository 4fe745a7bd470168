"""From a function and the arguments of a call to a program under its guards."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from chainrule import modes
from chainrule.compiler.captured import captured_names, ignore_numbers, reach
from chainrule.compiler.emitter import Emitter
from chainrule.compiler.factoring import factored
from chainrule.compiler.guards import Guarded
from chainrule.compiler.lowering import LOWER
from chainrule.compiler.program import reachable
from chainrule.compiler.rules import SIMPLER, Rewritten
from chainrule.compiler.sheet import Code, Write
from chainrule.compiler.signature import Results
from chainrule.compiler.tracer import Tracer
from chainrule.value.tape import Recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from chainrule.compiler.program import Node
    from chainrule.compiler.signature import Arguments

_one_at_a_time = threading.RLock()

_SAMPLE = ("sampled = sample()", "if sampled is None: return resample()")


def compiled(
    function: Callable[..., Any],
    arguments: Arguments,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    sampled: Sequence[Any],
    *,
    otherwise: Callable[..., Any],
) -> Guarded:
    """Trace a function on the arguments of a call, and write down what it did.

    Args:
        function: What is traced.
        arguments: The arguments, taken apart.
        args: Those given by position.
        kwargs: Those given by name.
        sampled: What was sampled for this call already.
        otherwise: What answers a call for which the program is not right.

    Raises:
        TraceError: It does what a program cannot.
    """
    captured = captured_names(function)
    tracer = Tracer(list(sampled), reach(function, args, kwargs))
    symbols = [tracer.input("argument", index, leaf) for index, leaf in enumerate(arguments.leaves)]
    positional, named = arguments.replaced(args, kwargs, symbols)
    with _one_at_a_time, _watching(tracer):
        results = Results(function(*positional, **named), tracer, arguments.names, function)
    values = list(tracer.outer.known.values())
    for outer in values:
        outer.data_name = arguments.names.unique(outer.value.label or "value")
        outer.name = arguments.names.unique(f"{outer.data_name}_value")
    code = _code(arguments, tracer, results)
    program = Guarded(
        code,
        function,
        arguments,
        values,
        captured,
        tracer.samples,
        otherwise,
        always_eager=results.is_tangled,
    )
    program.once = not program.holds()
    ignore_numbers(captured, tracer.program.nodes)
    tracer.forget()
    arguments.leaves = []
    return program


@contextmanager
def _watching(tracer: Tracer) -> Iterator[None]:
    """Let a tracer see every operation, and every read and write of a Value's data and gradient.

    Value keeps both in slots, which cost nothing to read. For the time of a trace the slots are covered by
    properties that ask the tracer.
    """
    slots = {name: Recorded.__dict__[f"_{name}"] for name in ("data", "grad")}
    try:
        for name, slot in slots.items():
            setattr(Recorded, f"_{name}", _covered(tracer, name, slot))
        with modes.tracing(tracer), tracer.randomness.watching():
            yield
        tracer.randomness.check()
        tracer.check_swallowed()
    finally:
        for name, slot in slots.items():
            setattr(Recorded, f"_{name}", slot)
        tracer.finished = True
        for outer in tracer.outer.known.values():
            outer.example = outer.value._data


def _covered(tracer: Tracer, name: str, slot: Any) -> property:
    def get(value: Any) -> Any:
        held = slot.__get__(value)
        return tracer.outer.read(value, name, held) if tracer.is_recording() else held

    def put(value: Any, new: Any) -> None:
        if not (tracer.is_recording() and tracer.outer.write(value, name, new)):
            slot.__set__(value, new)

    return property(get, put)


def _code(arguments: Arguments, tracer: Tracer, results: Results) -> Code:
    writes = list(_writes(tracer))
    roots = [*results.nodes, *(node for write in writes for node in (write.node, write.in_place) if node)]
    simple = factored(Rewritten(SIMPLER).all(roots))
    better = dict(zip(map(id, roots), Rewritten(LOWER).all(simple), strict=True))
    writes = [
        replace(write, node=better.get(id(write.node)), in_place=better.get(id(write.in_place)))
        for write in writes
    ]
    inputs = _Inputs(arguments, tracer)
    for node in reachable(better.values()):
        inputs.name(node)
    head = [*(_SAMPLE if tracer.samples.draws else ()), *arguments.head, *inputs.head]
    if results.links:
        head.append(f"call = ({arguments.packed}, {'sampled' if tracer.samples.draws else '[]'})")
    emitter = Emitter(arguments.names, leaves=inputs.names, stays=frozenset(inputs.stays), head=head)
    return emitter.write(
        arguments.parameters, [better[id(node)] for node in results.nodes], writes, results.expression
    )


def _writes(tracer: Tracer) -> Iterator[Write]:
    """Yield what each Value gets when the program runs."""
    for outer in tracer.outer.known.values():
        if outer.data.written:
            node = tracer.node(outer.data.now)
            yield Write(outer.name, "data", node, tracer.outer.target(outer, node))
        if outer.grad.written:
            yield Write(outer.name, "grad", None if outer.grad.now is None else tracer.node(outer.grad.now))


@dataclass(eq=False)
class _Inputs:
    """How generated code calls what comes from outside.

    Attributes:
        arguments: The arguments.
        tracer: The trace.
        names: The name of each input, by the identity of its node.
        stays: The inputs that are the same array at each call.
        head: Lines that fetch the others.
    """

    arguments: Arguments
    tracer: Tracer
    names: dict[int, str] = field(default_factory=dict)
    stays: set[int] = field(default_factory=set)
    head: list[str] = field(default_factory=list)

    def name(self, node: Node) -> None:
        """Name a node, if it is an input."""
        if node.name != "input":
            return
        unique, kind, which = self.arguments.names.unique, node.source.kind, node.source.index
        outer: Any = self.tracer.outer.known.get(which)
        if kind == "argument":
            self.names[id(node)] = self.arguments.expressions[which]
        elif kind == "sampled":
            self._fetch(node, unique("sample"), which)
        elif kind == "grad":
            self._fetch(node, unique(f"{outer.data_name}_grad"), f"{outer.name}._grad")
        elif node.is_array:
            self.names[id(node)] = outer.data_name
            self.stays.add(id(node))
        else:
            self._fetch(node, outer.data_name, f"{outer.name}._data")

    def _fetch(self, node: Node, name: str, expression: str) -> None:
        self.names[id(node)] = name
        self.head.append(f"{name} = {expression}")
