"""When a program is right: the conditions that generated code asks before it runs.

How guards go. A program repeats what the function did in the trace; so it is right for a call that differs
from the traced one in nothing but numbers. That is a list of conditions, each an expression of Python, and
written down once: arguments of the same types, shapes and form (`signature`); Values that hold data and
gradients of the same kind; captured names that are bound to the same things (`captured`); the thread whose
buffers these are; and no mode in which only the function itself is right. Generated code begins with all of
them, joined by `and`: where they hold, a call costs them and nothing else. Where one does not, the code hands
the call back, and `call` looks among the programs for this kind of arguments for one that is right, or traces
anew.

One condition is stronger in the code than it need be. Views of a Value's array are made once, so the code is
tied to that very array, and asks for its identity. When a Value has got another array of the same kind,
`bind` writes the code for this one.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.compiler.sheet import ABSENT
from chainrule.compiler.signature import like

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from types import CodeType

    from chainrule.compiler.captured import Captured
    from chainrule.compiler.outer_values import OuterValue
    from chainrule.compiler.sampling import Samples
    from chainrule.compiler.sheet import Code
    from chainrule.compiler.signature import Arguments

MISSED = object()
"""What a program returns that is tried, and whose conditions do not hold."""


@dataclass(eq=False)
class Guarded:
    """A program, and when it may be used.

    Attributes:
        values: The Values that it reads or writes.
        captured: The names that the function read, as they were bound.
        otherwise: What answers a call for which it is not right.
        always_eager: Whether only the function itself is right, as Values of its result depend on each other.
        once: Whether it is right for one call only, as the function changes a name that it reads.
        run: The code and its conditions, as one function.
        tried_by: The thread that tries whether it is right, if one does.
        thread: The only thread that may run it, as its buffers are there once.
    """

    code: Code
    function: Callable[..., Any]
    arguments: Arguments
    values: Sequence[OuterValue]
    captured: Sequence[Captured]
    samples: Samples
    otherwise: Callable[..., Any]
    always_eager: bool
    once: bool = False
    run: Callable[..., Any] = field(init=False)
    tried_by: int | None = None
    thread: int = field(default_factory=threading.get_ident)
    _constants: Sequence[Any] = ()
    _arrays: dict[str, Any] | None = None
    _test: CodeType | None = None

    def __post_init__(self) -> None:
        self._constants = [thing for thing in self.code.names.values() if isinstance(thing, np.ndarray)]
        self.code.names.update({outer.name: outer.value for outer in self.values})
        self.once = not all(captured.is_as_it_was() for captured in self.captured)

    def tried(self, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """Return what the code gives for a call; MISSED where its conditions do not hold."""
        self.tried_by = threading.get_ident()
        try:
            return self.run(*args, **kwargs)
        finally:
            self.tried_by = None

    def holds(self) -> bool:
        """Whether Values and captured names are as the program wants them, whichever arrays Values hold."""
        if self._test is None:
            self._test = compile(" and ".join(("True", *self._conditions())), "<jit: holds>", "eval")
        return bool(eval(self._test, self.code.names))  # noqa: S307 -- it asks what was generated here

    def bind(self) -> None:
        """Make the code for the arrays that the Values hold now."""
        arrays = {
            outer.data_name: outer.value._data
            for outer in self.values
            if isinstance(outer.value._data, np.ndarray)
        }
        if self._arrays is not None and all(array is self._arrays[name] for name, array in arrays.items()):
            return
        self._arrays, self._test = arrays, None  # the numbers of some arrays are not asked for any more
        written = [arrays[o.data_name] for o in self.values if o.data_name in arrays and o.data.written]
        eager = self.always_eager or _overlap(written, [*arrays.values(), *self._constants])
        conditions = [*self.arguments.conditions, *(() if self.once else self._conditions(arrays))]
        if written and not eager:
            conditions += [
                f"id({path} if {path}.base is None else {path}.base) not in owners"
                for path in self.arguments.arrays
            ]
        names = {
            **self.code.names,
            **arrays,
            "again": lambda args, named: self.otherwise(*args, **named),
            "itself": lambda args, named: self.function(*args, **named),
            "missed": self._missed,
            "owners": frozenset(id(a if a.base is None else a.base) for a in written),
            "sample": self.samples,
        }
        source = f"{self.code.once}\n{self._guarded(conditions, self._body(eager=eager))}"
        exec(compile(source, "<jit>", "exec"), names)  # noqa: S102 -- running what was generated is what this is
        self.run = names["step"]

    def _missed(self, args: Sequence[Any], by_name: dict[str, Any], rest: Any, named: dict[str, Any]) -> Any:
        """Answer a call for which it is not right: what it was given by its parameters, and any others."""
        if self.tried_by == threading.get_ident():
            return MISSED
        count = next((index for index, part in enumerate(args) if part is ABSENT), len(args))
        later = zip(list(self.arguments.positional)[count:], args[count:], strict=True)
        options = {name: part for name, part in (*later, *by_name.items()) if part is not ABSENT}
        return self.otherwise(*args[:count], *rest, **options, **named)

    def _guarded(self, conditions: Sequence[str], body: str) -> str:
        """Return the code of a function that asks conditions before it runs."""
        always = ("not (modes.special or modes.depth)", f"get_ident() == {self.thread}")
        return (
            f"def step({self.arguments.defaulted}):\n"
            f"    if rest or named or not ({' and '.join((*always, *conditions))}):\n"
            f"        return missed({self.arguments.packed}, rest, named)\n{body}"
        )

    def _body(self, *, eager: bool) -> str:
        """Return the body of the code; or of a call of the function, where only that is right."""
        given, body = self.arguments.packed, self.code.step.partition("\n")[2]
        if eager:
            return f"    with resampled(sample.taken()): return itself({given})\n"
        if self.code.pure and not self.samples.draws:  # what raises may be what the function catches
            inner = "".join(f"    {line}\n" for line in body.splitlines())
            return f"    try:\n{inner}    except RAISED: pass\n    return itself({given})\n"
        return body.replace("resample()", f"again({given})")

    def _conditions(self, arrays: Collection[str] = ()) -> Iterator[str]:
        """Yield what holds of Values and captured names; of arrays given by name, that they are the same."""
        names = self.arguments.names
        for outer in self.values:
            data, grad = f"{outer.name}._data", f"{outer.name}._grad"
            is_bound = outer.data_name in arrays
            yield f"{data} is {outer.data_name}" if is_bound else like(data, outer.example, names)
            if outer.grad.was_nothing:
                yield f"({grad} is None or (type({grad}) in NUMBERS and {grad} == 0))"
            elif outer.grad.first is not None:
                yield like(grad, outer.grad.first.example, names)
        for captured in self.captured:
            yield captured.condition(names)


def _overlap(written: Sequence[Any], arrays: Sequence[Any]) -> bool:
    """Whether writing into one of some arrays changes another."""
    return any(sum(np.shares_memory(one, other) for other in arrays) > 1 for one in written)
