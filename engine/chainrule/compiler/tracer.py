"""Run a function on traced arguments, and keep what it did as a program."""

from __future__ import annotations

import operator
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import modes, trees
from chainrule.compiler.captured import reach
from chainrule.compiler.outer_values import UNREAD, OuterValues
from chainrule.compiler.places import is_engine, place, refuse
from chainrule.compiler.program import PYTHON, Hole, Input, Node, Program, changed, is_numpys, plain, unlisted
from chainrule.compiler.refusals.random_numbers import generators
from chainrule.compiler.refusals.shapes import has, why_unsteady
from chainrule.compiler.refusals.state import State
from chainrule.compiler.refusals.told import Told
from chainrule.compiler.sampling import Samples
from chainrule.compiler.traced import Traced, example_of
from chainrule.errors import TraceError
from chainrule.primitives import table as primitive
from chainrule.primitives.elementwise import select
from chainrule.primitives.table import BY_FUNCTION, PRIMITIVES
from chainrule.value.tape import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from chainrule.compiler.captured import Captured
    from chainrule.compiler.sheet import Names
    from chainrule.primitives.table import Primitive

_VIEWS = frozenset(name for name, entry in PRIMITIVES.items() if entry.view) | {
    *("T", "moveaxis", "rollaxis", "diagonal", "atleast_1d", "atleast_2d", "real", "imag"),
    *("flip", "flipud", "fliplr", "rot90", "split", "array_split", "hsplit", "vsplit"),
}
"""Operations whose result may share memory with their first operand."""

_RAISING = frozenset(("truediv", "floordiv", "mod", "pow", "divmod"))
"""Operators that may raise of Python's numbers, where NumPy's functions do not."""

_OF_NUMBERS = _RAISING | {"power", "where", "clip"}
"""Operations of numbers alone that are no function of NumPy's for each element."""


class Tracer:
    """One trace: its program, the Values it met, and what it samples at each call."""

    state: State
    generators: list[Any]

    def __init__(self, names: Names, sampled: list[Any]) -> None:
        """Begin a trace, for a call that had samples already."""
        self.names = names
        self.sampled = sampled
        self.program = Program()
        self.samples = Samples()
        self.swallowed: list[Exception] = []  # errors that depend on numbers, and so must end the trace
        self.finished = False
        self.thread = threading.get_ident()
        self.outer = OuterValues(self, next(clock))
        self.told = Told()

    def watch(self, function: Any, args: Any, kwargs: Any, captured: Iterable[Captured]) -> None:
        """Look at all that a call can reach, which the function may neither change nor draw from."""
        reached = list(reach(function, args, kwargs))
        self.state = State(reached, captured, self.outer.start)
        self.generators = generators(each for each, _ in reached)

    def drawn(self) -> None:
        """Refuse a random number that the function draws where `each_call` does not see it.

        Raises:
            TraceError: It would be the same at each call.
        """
        if self.is_recording():
            raise self.noted(
                f"jit: random numbers were drawn while the function was traced{place()}, and would be "
                f"the same at each call. Draw them by each_call(lambda: rng.normal(size=3)), or pass them as "
                f"arguments."
            )

    def is_here(self) -> bool:
        """Whether this is the thread of the trace."""
        return threading.get_ident() == self.thread

    def is_recording(self) -> bool:
        """Whether the function that is traced is running now, in this thread."""
        return modes.tracer is self and self.is_here()

    # -- recording

    def input(self, source: Input, example: Any) -> Traced:
        """Return what stands for a number or an array that comes from outside."""
        return Traced(self.program.leaf(source, example), self)

    def each_call(self, draw: Callable[[], Any]) -> Any:
        """Sample once now, and note that it is sampled at each call."""
        self.state.check()
        with modes.tracing(None):
            sample = self.sampled.pop(0) if self.sampled else draw()
        self.state.settle()
        self.samples.draws.append(draw)
        self.samples.first.append(sample)
        self.samples.unused.append(sample)
        path = f"sampled[{len(self.samples.draws) - 1}]"
        leaves = [
            self.input(Input(self.names.unique("sample"), code), leaf)
            if isinstance(leaf, (np.ndarray, np.generic, *PYTHON))
            else leaf
            for code, leaf in trees.named_leaves(sample, path)
        ]
        return trees.replace(sample, leaves)

    def noted(self, message: str) -> TraceError:
        """Return an error, which the function may not swallow."""
        error = TraceError(message)
        self.swallowed.append(error)
        return error

    def constant(self, number: Any) -> Any:
        """Return what stands for a number that is the same at each call."""
        return Traced(self.program.constant(number), self) if type(number) in PYTHON else number

    def record(
        self,
        name: str,
        function: Callable[..., Any],
        args: Sequence[Any],
        options: Mapping[str, Any] | None = None,
        compute: Callable[..., Any] | None = None,
        *,
        number: bool = False,
    ) -> Any:
        """Record a call, and return what stands for its result.

        Raises:
            TraceError: The shape of the result depends on numbers, or another thread computes.
        """
        if not self.is_here():  # where no read of a Value is noted
            raise self.noted(
                f"jit: another thread computes on what is traced{place()}, and a program runs in one. "
                f"Compute it in the function itself, or let each thread call what is jitted."
            )
        if not isinstance(function, np.ufunc) and (
            why := why_unsteady(name, args, options or {}, _is_traced)
        ):
            raise self.noted(
                f"jit: {why}{place()}; a program has the shapes of its trace. Choose by np.where(mask, a, b)"
                f", which has two branches, or weigh by the mask: np.sum(x * mask) / np.sum(mask). Made of "
                f"arrays that are read by name, or of arguments that are named static as in "
                f"jit(f, static='n'), it can stay."
            )
        if isinstance(function, np.ufunc) or name in _OF_NUMBERS:
            args = list(map(self.constant, map(unlisted, args)))
        self.told.check(self.noted)
        inputs: list[Node] = []
        if not options and all(map(_is_traced, args)):
            inputs, form = [self.node(arg) for arg in args], plain(len(args))
        else:
            form = changed((tuple(args), tuple((options or {}).items())), partial(self._hole, inputs))
        try:
            node = self.program.call(name, function, form, tuple(inputs), compute, number=number)
        except (ArithmeticError, np.linalg.LinAlgError) as error:
            self.swallowed.append(error)  # unless it ends the trace
            raise
        parent = next((arg for arg in args if isinstance(arg, Traced)), None) if name in _VIEWS else None
        return self._result(node, parent)

    def _result(self, node: Node, parent: Traced | None) -> Any:
        kind = type(node.example)
        if kind in (tuple, list) or hasattr(kind, "_fields"):
            calls = (((Hole(0), index), ()) for index in range(len(node.example)))
            parts = (self.program.call("getitem", operator.getitem, call, (node,)) for call in calls)
            made = [self._result(part, parent) for part in parts]
            return kind(*made) if hasattr(kind, "_fields") else kind(made)
        return Traced(node, self, parent)

    def operator(self, function: np.ufunc, python: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        """Record an operator: Python's own on Python's numbers, else NumPy's."""
        if not _are_python(args):
            whole = python if function is np.power else function
            return self.record(function.__name__, whole, args)
        may_raise = python.__name__ in _RAISING
        if may_raise and not is_engine(4):
            return self.record(python.__name__, python, args)
        entry = BY_FUNCTION.get(function) if may_raise else None
        if entry is not None and all(type(example_of(arg)) is float for arg in args):
            python = partial(_evaluated, entry)
        return self.record(function.__name__, function, args, None, python)

    def choice(self, args: Sequence[Any], *, inner: bool) -> Any:
        """Record `np.where`: between Python's numbers the choice is one; the author's is an array."""
        if not _are_python(args):
            return self.record("where", np.where, args)
        if inner:
            return self.record("where", np.where, args, None, select)
        condition, *sides = args
        if any(type(example_of(side)) is float for side in sides):
            sides = [self._float(side) if isinstance(side, Traced) else float(side) for side in sides]
        chosen = self.record("where", np.where, (condition, *sides), None, select)
        return self.record("asarray", np.asarray, (chosen,))

    def sees(self, args: Sequence[Any], params: Mapping[str, Any]) -> bool:
        """Whether anything traced is among operands or parameters."""
        return has([list(args), dict(params)], _is_traced)

    def evaluate(self, entry: Primitive, args: Sequence[Any], params: Mapping[str, Any]) -> Any:
        """Record a primitive; one of ours that NumPy lacks, as what it is made of."""
        condition = args[:1] if entry.name == "where" else ()
        args = [*condition, *map(self._float, args[len(condition) :])]
        ours = PRIMITIVES.get(entry.name) is entry
        if ours and not _are_python(args) and not is_numpys(entry.forward):
            before = len(self.swallowed)
            try:
                result = entry.forward(*args, **params)
                is_number = isinstance(result, Traced) and not result.shape and not result.node.is_python
                return self.record("float", float, (result,)) if is_number else result
            except (TraceError, TypeError, ValueError):
                del self.swallowed[before:]  # it looks at its operands: then it is called as it is
        is_called = ours or (isinstance(entry.forward, np.ufunc) and not _are_python(args))
        return self.record(
            entry.name if ours else f"custom_{entry.name}",
            entry.forward if is_called else entry,
            args,
            params,
            partial(_evaluated, entry),
            number=True,
        )

    def _float(self, arg: Any) -> Any:
        """Make a Python int or bool a float, and a number of NumPy's too, as an operation on Values does."""
        if isinstance(arg, Traced) and not arg.node.is_array and arg.node.kind is not float:
            return self.record("float", float, (arg,))
        return arg

    def fitted(self, gradient: Any, like: Any) -> Any:
        """Return the gradient of a single number as what holds that: a Python float, or an array."""
        kind, is_known = type(example_of(gradient)), not isinstance(gradient, Traced)
        if _are_python([like]) and kind is not float:
            return float(gradient) if is_known else self.record("float", float, (gradient,))
        if not isinstance(example_of(like), np.ndarray) or kind is np.ndarray:
            return gradient
        whole = np.asarray(gradient) if is_known else self.record("asarray", np.asarray, (gradient,))
        return whole if whole.dtype == like.dtype else whole.astype(like.dtype)

    def entered(self, data: Any) -> Any:
        """Return traced data as a Value holds it: floats; None if it is not traced."""
        if not isinstance(data, Traced):
            return None
        if data.node.is_array and data.dtype.kind in "iub":
            return data.astype(np.float64)
        return self._float(data)

    def full_assignment(self, array: Traced, value: Any) -> Traced:
        """Return what an array holds after `array[...] = value`."""
        if not hasattr(value, "dtype") or value.dtype != array.dtype:  # of NumPy's, None equals float64
            value = value.astype(array.dtype) if hasattr(value, "astype") else np.asarray(value, array.dtype)
        if np.shape(value) != array.shape:
            value = self.record("broadcast_to", np.broadcast_to, (value, array.shape))
        return value if isinstance(value, Traced) else Traced(self.program.constant(value), self)

    def node(self, data: Any) -> Node:
        """Return the node of a result: traced, or a constant."""
        if not isinstance(data, Traced):
            return self.program.constant(data)
        if data.tracer is not self:
            refuse(data, "")  # says that it is left over
        if data.is_stale:
            raise TraceError(
                "jit: a view of an array was used after the array was changed in place. "
                "Take the view again after the change."
            )
        return data.node

    def _hole(self, inputs: list[Node], part: Any) -> Any:
        """Return a Hole for a part of a call that is an input, and put it among inputs."""
        if not isinstance(part, (Traced, np.ndarray, np.generic)):
            return part
        inputs.append(self.node(part))
        return Hole(len(inputs) - 1)

    def forget(self) -> None:
        """Let go of all numbers, when the program is written; type, shape and dtype stay."""
        for node in self.program.nodes:
            node.inputs = ()
            if node.is_array:
                node.example = np.broadcast_to(np.zeros((), node.dtype), node.shape)
        for outer in self.outer.known.values():
            outer.data.now = outer.grad.now = UNREAD

    def check_swallowed(self) -> None:
        """Refuse a function that went on after an error, which other numbers would not make.

        Raises:
            TraceError: It did.
        """
        for error in self.swallowed:
            if isinstance(error, TraceError):
                raise error
            raise TraceError(
                f"jit: an error that depends on the numbers was caught while the function was traced "
                f"({type(error).__name__}: {error}); a program cannot branch on it. Let the error out, or "
                f"choose between results by np.where(condition, a, b)."
            ) from error


def _evaluated(entry: Primitive, *args: Any, **params: Any) -> Any:
    return primitive.evaluate(entry, args, params)


def _is_traced(part: Any) -> bool:
    return isinstance(part, Traced)


def _are_python(args: Sequence[Any]) -> bool:
    return all(type(example_of(arg)) in PYTHON for arg in args)
