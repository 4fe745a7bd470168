"""One compiled program: generated code, and the conditions under which it is right."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import recording, tracing, transforms
from chainrule.jit.arguments import Arguments, parameter_names
from chainrule.jit.bindings import Binding, bindings
from chainrule.jit.code import Code, Write
from chainrule.jit.names import Names
from chainrule.jit.writer import Writer
from chainrule.jit.links import linked, outer_leaves
from chainrule.jit.node import PYTHON, reachable
from chainrule.jit.passes import optimized
from chainrule.jit.results import Results
from chainrule.jit.tracer import Cell, Tracer, watching
from chainrule.value import Constant
from chainrule.value import _tick as tick

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from chainrule.jit.node import Node
    from chainrule.value import Value


MISSED = object()
"""What a program returns that is tried, and whose conditions do not hold."""

ABSENT = object()
"""What a parameter holds that is not given."""

_one_at_a_time = threading.RLock()


@dataclass(eq=False)
class Compiled:
    """A program, and when it may be used.

    Attributes:
        code: The generated code.
        function: What was traced.
        arguments: What holds of the arguments.
        cells: The Values that it reads or writes, by their names in the code.
        bindings: The names that the function read, as they were bound.
        draws: What is drawn at each call.
        always_eager: Whether its result depends on Values that depend on each other.
        once: Whether it is right for one call only, as the function changes a name that it reads.
        eager: Whether only the function itself is right, now.
        run: The code and its conditions, as one function.
        missed: What it calls if they do not hold, with the arguments by name, and those that it does not know.
    """

    code: Code
    function: Callable[..., Any]
    arguments: Arguments
    cells: dict[str, Cell]
    bindings: list[Binding]
    draws: Draws
    always_eager: bool
    once: bool
    eager: bool = False
    run: Callable[..., Any] = field(init=False)
    missed: Callable[..., Any] = field(default=lambda *_: MISSED)
    thread: int = field(default_factory=threading.get_ident)
    written: list[Any] = field(default_factory=list)
    _held: list[Any] = field(default_factory=list)
    _names: dict[str, Any] = field(default_factory=dict)

    def bind(self) -> bool:
        """Take the arrays that the Values hold now; whether the program is right for them."""
        if not all(map(_unchanged, self.cells.values())) or not all(map(Binding.holds, self.bindings)):
            return False
        arrays = {name: cell.value._data for name, cell in self.cells.items() if _holds_array(cell)}  # noqa: SLF001
        if self._names and all(a is b for a, b in zip(self._held, arrays.values(), strict=True)):
            self._names.update({f"bound{place}": each.bound for place, each in enumerate(self.bindings)})
            return True
        self._held = list(arrays.values())
        self.written = [
            arrays[name] for name, cell in self.cells.items() if name in arrays and cell.data_written
        ]
        constants = [thing for thing in self.code.names.values() if isinstance(thing, np.ndarray)]
        self.eager = self.always_eager or _overlap(self.written, [*self._held, *constants])
        self._load(arrays)
        return True

    def _load(self, arrays: Mapping[str, Any]) -> None:
        names = {
            **self.code.names,
            **arrays,
            **self.arguments.bound,
            "ndarray": np.ndarray,
            "NUMBERS": PYTHON,
        }
        names |= {f"{name}_value": cell.value for name, cell in self.cells.items()}
        names |= {f"A_{name}": array for name, array in arrays.items()}
        names["owners"] = frozenset(id(a if a.base is None else a.base) for a in self.written)
        names |= {
            "recording": recording,
            "tick": tick,
            "transforms": transforms,
            "missed": self.missed,
            "absent": ABSENT,
        }
        names |= {
            "get_ident": threading.get_ident,
            "draw": self.draws,
            "redrawn": tracing.redrawn,
            "function": self.function,
        }
        for place, binding in enumerate(self.bindings):
            names |= {f"holder{place}": binding.holder, f"bound{place}": binding.bound}
        _execute(self.code.once, names, "once")
        _execute(self._guarded(arrays), names, "step")
        self.run, self._names = names["step"], names

    def _guarded(self, arrays: Mapping[str, Any]) -> str:
        """Return the code with its conditions before it."""
        always = ("not (recording.special or transforms.depth)", f"get_ident() == {self.thread}")
        tests = " and ".join((*always, *self.arguments.conditions, *self._conditions(arrays)))
        body = self.code.step.partition("\n")[2]
        if self.eager:
            body = f"    with redrawn(draw.first_time()): return function({self.arguments.call})\n"
        given = ", ".join(f"{name!r}: {own}" for name, own in self.arguments.originals())
        missed = f"missed({{{given}}}, rest, named)"
        test = f"    if rest or named or not ({tests}):\n        return {missed}\n"
        return f"def step({self.arguments.defaulted}):\n{test}{body.replace('redraw()', missed)}"

    def _conditions(self, arrays: Mapping[str, Any]) -> Iterator[str]:
        if self.written and not self.eager:
            for path, leaf in zip(self.arguments.paths, self.arguments.leaves, strict=True):
                if isinstance(leaf, np.ndarray):
                    yield f"id({path} if {path}.base is None else {path}.base) not in owners"
        for name, cell in self.cells.items():
            if name in arrays:
                yield f"{name}_value._data is A_{name}"
            elif cell.first_data is not None:
                yield f"type({name}_value._data) is float"
            if cell.no_grad:
                grad = f"{name}_value._grad"
                yield f"({grad} is None or (type({grad}) in NUMBERS and {grad} == 0))"
            elif cell.first_grad is not None:
                yield from _like(f"{name}_value._grad", cell.first_grad.example)
        for place, binding in enumerate(self.bindings):
            now = f"holder{place}.get({binding.name!r})" if binding.name else f"holder{place}.cell_contents"
            yield f"{now} is bound{place}"


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
        code.names[f"value{number}"] = _maker(function, place, leaves or [], tracer)
    once = not all(map(Binding.holds, read))
    return Compiled(
        code,
        function,
        arguments,
        cells,
        [] if once else read,
        Draws(tracer.draws, tracer.drawn),
        always_eager=any(leaves is None for leaves in outer),
        once=once,
    )


def _named(names: Names, tracer: Tracer) -> dict[str, Cell]:
    return {names.unique(cell.value.label or "value"): cell for cell in tracer.cells.values()}


def _maker(
    function: Callable[..., Any], place: int, leaves: Sequence[Value], tracer: Tracer
) -> Callable[..., Any]:
    if not leaves:
        return lambda out, _: Constant(out)
    written = any(cell.data_written for cell in tracer.cells.values())
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
        tracer.target(cell, node) if slot == "data" else None
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
    head = [*(_DRAW if tracer.draws else ()), *arguments.head, *leaves.head]
    if results.values:
        head.append(f"call = ({arguments.packed}, {'drawn' if tracer.draws else '[]'})")
    writer = Writer(arguments.names, leaves.names, frozenset(leaves.stays), head)
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


_DRAW = ("drawn = draw()", "if drawn is None: return redraw()")


@dataclass(eq=False)
class Draws:
    """What a program draws at each call.

    Attributes:
        draws: How.
        first: What was drawn in the trace, which the first run takes.
        other: What was drawn last and is of another form than that: then the program is not right.
    """

    draws: Sequence[Callable[[], Any]]
    first: list[Any]
    used: bool = False
    other: list[Any] | None = None

    def __call__(self) -> list[Any] | None:
        """Draw; None if the program is not right for it."""
        if not self.used:
            self.used = True
            return self.first
        drawn = [draw() for draw in self.draws]
        if all(map(_same_form, drawn, self.first)):
            return drawn
        self.other = drawn
        return None

    def first_time(self) -> list[Any]:
        """Return what the trace drew, if it was not used."""
        drawn = [] if self.used else self.first
        self.used = True
        return drawn

    def taken_back(self) -> list[Any] | None:
        """Return what was drawn for a call that the program was not right for."""
        drawn, self.other = self.other, None
        return drawn


def _execute(source: str, names: dict[str, Any], what: str) -> None:
    exec(compile(source, f"<jit: {what}>", "exec"), names)  # noqa: S102 -- running what was generated is what this is


def _holds_array(cell: Cell) -> bool:
    return isinstance(cell.value._data, np.ndarray)  # noqa: SLF001 -- the engine's own


def _overlap(written: Sequence[Any], arrays: Sequence[Any]) -> bool:
    """Whether writing into one array changes another."""
    for one in written:
        if sum(one is other for other in arrays) > 1:
            return True
        if any(
            one is not other and np.may_share_memory(one, other) and np.shares_memory(one, other)
            for other in arrays
        ):
            return True
    return False


def _unchanged(cell: Cell) -> bool:
    """Whether a Value holds what it held in the trace, but for the numbers."""
    data, grad = cell.value._data, cell.value._grad  # noqa: SLF001 -- the engine's own
    if not _alike(data, cell.example):
        return False
    if cell.no_grad:
        return grad is None or (type(grad) in PYTHON and grad == 0)
    return cell.first_grad is None or _alike(grad, cell.first_grad.example)


def _alike(a: Any, b: Any) -> bool:
    return type(a) is type(b) and (not isinstance(a, np.ndarray) or (a.shape, a.dtype) == (b.shape, b.dtype))


def _same_form(a: Any, b: Any) -> bool:
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(_same_form(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(_same_form, a, b))
    return _alike(a, b)


def _like(path: str, example: Any) -> Iterator[str]:
    if isinstance(example, np.ndarray):
        yield f"type({path}) is ndarray and {path}.shape == {example.shape} and {path}.dtype.name == {example.dtype.name!r}"
    else:
        yield f"type({path}) is {type(example).__name__}"
