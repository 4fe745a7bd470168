"""One compiled program: generated code, and the conditions under which it is right."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import modes
from chainrule.compiler.draws import alike
from chainrule.compiler.node import PYTHON
from chainrule.value.value import _tick as tick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from chainrule.compiler.arguments import Arguments
    from chainrule.compiler.bindings import Binding
    from chainrule.compiler.cells import Cell
    from chainrule.compiler.code import Code
    from chainrule.compiler.draws import Draws

MISSED = object()
"""What a program returns that is tried, and whose conditions do not hold."""

ABSENT = object()
"""What a parameter holds that is not given."""


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
        tried_by: The thread that tries whether it is right, if one does.
        thread: The only thread that may run it, as its buffers are there once.
        missed: What it calls if they do not hold, with the arguments by name, and any others.
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
    tried_by: int | None = None
    thread: int = field(default_factory=threading.get_ident)
    written: list[Any] = field(default_factory=list)
    _held: list[Any] = field(default_factory=list)
    _names: dict[str, Any] = field(default_factory=dict)

    def bind(self) -> bool:
        """Take the arrays that the Values hold now; whether the program is right for them."""
        if not all(map(_unchanged, self.cells.values())) or not all(each.holds() for each in self.bindings):
            return False
        arrays = {name: cell.value._data for name, cell in self.cells.items() if _holds_array(cell)}
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
            "modes": modes,
            "tick": tick,
            "missed": self.missed,
            "absent": ABSENT,
        }
        names |= {
            "get_ident": threading.get_ident,
            "draw": self.draws,
            "redrawn": modes.redrawn,
            "function": self.function,
            "RAISED": (ArithmeticError, np.linalg.LinAlgError),
        }
        for place, binding in enumerate(self.bindings):
            names |= {f"holder{place}": binding.holder, f"bound{place}": binding.bound}
            names[f"numbers{place}"] = binding.numbers
        _execute(self.code.once, names, "once")
        _execute(self._guarded(arrays), names, "step")
        self.run, self._names = names["step"], names

    def _guarded(self, arrays: Mapping[str, Any]) -> str:
        """Return the code with its conditions before it."""
        always = ("not (modes.special or modes.depth)", f"get_ident() == {self.thread}")
        tests = " and ".join((*always, *self.arguments.conditions, *self._conditions(arrays)))
        body = self.code.step.partition("\n")[2]
        if self.eager:
            body = f"    with redrawn(draw.first_time()): return function({self.arguments.call})\n"
        elif self.code.pure and not self.draws.draws:  # what raises may be what the function catches
            inner = "".join(f"    {line}\n" for line in body.splitlines())
            body = f"    try:\n{inner}    except RAISED: pass\n    return function({self.arguments.call})\n"
        given = ", ".join(f"{name!r}: {own}" for name, own in self.arguments.originals())
        missed = f"missed({{{given}}}, rest, named)"
        test = f"    if rest or named or not ({tests}):\n        return {missed}\n"
        return f"def step({self.arguments.defaulted}):\n{test}{body.replace('redraw()', missed)}"

    def _conditions(self, arrays: Mapping[str, Any]) -> Iterator[str]:
        if self.written and not self.eager:
            for path in self.arguments.arrays:
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
            if binding.numbers is not None:
                yield f"bound{place}.tobytes() == numbers{place}"


def _execute(source: str, names: dict[str, Any], what: str) -> None:
    exec(compile(source, f"<jit: {what}>", "exec"), names)  # noqa: S102 -- running what was generated is what this is


def _holds_array(cell: Cell) -> bool:
    return isinstance(cell.value._data, np.ndarray)


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
    data, grad = cell.value._data, cell.value._grad
    if not alike(data, cell.example):
        return False
    if cell.no_grad:
        return grad is None or (type(grad) in PYTHON and grad == 0)
    return cell.first_grad is None or alike(grad, cell.first_grad.example)


def _like(path: str, example: Any) -> Iterator[str]:
    if isinstance(example, np.ndarray):
        yield f"type({path}) is ndarray and {path}.shape == {example.shape}"
        yield f"{path}.dtype.name == {example.dtype.name!r}"
    else:
        yield f"type({path}) is {type(example).__name__}"
