"""From a function and the arguments of a call to a program under its guards."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from chainrule import modes
from chainrule.compiler.captured import captured_names, ignore_numbers
from chainrule.compiler.emitter import Emitter
from chainrule.compiler.factoring import factored
from chainrule.compiler.guards import Guarded
from chainrule.compiler.lowering import LOWER
from chainrule.compiler.program import Input
from chainrule.compiler.refusals.random_numbers import watching
from chainrule.compiler.rules import SIMPLER, Rewritten
from chainrule.compiler.sheet import Code, Write
from chainrule.compiler.signature import Results
from chainrule.compiler.tracer import Tracer
from chainrule.value.tape import Recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from chainrule.compiler.signature import Arguments

_one_at_a_time = threading.RLock()

_SAMPLE = ("sampled = sample()", "if sampled is None: return resample()")


def compiled(
    function: Callable[..., Any],
    arguments: Arguments,
    sampled: Sequence[Any],
    *,
    otherwise: Callable[..., Any],
) -> Guarded:
    """Trace a function on the arguments of a call, and what was sampled for it; write down what it did.

    Raises:
        TraceError: It does what a program cannot.
    """
    captured = captured_names(function)
    tracer = Tracer(arguments.names, list(sampled))
    args, kwargs = arguments.replaced(map(tracer.input, map(Input, arguments.expressions), arguments.leaves))
    with _one_at_a_time:
        tracer.watch(function, args, kwargs, captured)
        try:
            with _watching(tracer):
                results = Results(function(*args, **kwargs), tracer, function)
            tracer.state.check(node.source for node in tracer.program.nodes if node.is_constant)
        except BaseException:
            tracer.state.put_back()
            raise
    code, values = _code(arguments, tracer, results), list(tracer.outer.known.values())
    parts = (code, function, arguments, values, captured, tracer.samples, otherwise)
    program = Guarded(*parts, always_eager=results.is_tangled)
    ignore_numbers(captured, tracer.program.nodes)
    tracer.forget()
    arguments.forget()
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
        with modes.tracing(tracer), watching(tracer.generators, tracer.drawn):
            yield
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
    outers = tracer.outer.known.values()
    slots = [(outer, name, getattr(outer, name)) for outer in outers for name in ("data", "grad")]
    given = [
        (outer, name, None if slot.now is None else tracer.node(slot.now))
        for outer, name, slot in slots
        if slot.written
    ]
    roots = [*results.nodes, *(node for _, _, node in given if node)]
    simple = factored(Rewritten(SIMPLER).all(roots))
    better = dict(zip(map(id, roots), Rewritten(LOWER).all(simple), strict=True))
    writes = [
        Write(outer.name, name, better.get(id(node)), outer.data_name if outer.takes(name, node) else "")
        for outer, name, node in given
    ]
    head = [*(_SAMPLE if tracer.samples.draws else ()), *arguments.head]
    if results.links:
        head.append(f"call = ({arguments.packed}, {'sampled' if tracer.samples.draws else '[]'})")
    outputs = [better[id(node)] for node in results.nodes]
    return Emitter(arguments.names, head, outputs, writes).write(arguments.parameters, results.code)
