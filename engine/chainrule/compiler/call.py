"""`jit`: call a function once to see what it does, and from then on run what it did."""

from __future__ import annotations

import ast
import functools
import operator
import threading
from collections.abc import Iterable
from types import MethodType
from typing import TYPE_CHECKING, Any, overload

from chainrule import modes
from chainrule.compiler.compiling import compiled
from chainrule.compiler.guards import MISSED
from chainrule.compiler.signature import Arguments
from chainrule.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.compiler.guards import Guarded

_KEPT, _KINDS = 8, 64  # programs for one kind of arguments, and kinds: of more, the oldest are forgotten


@overload
def jit(function: Callable[..., Any], *, static: str | Iterable[str] = ()) -> Jitted: ...
@overload
def jit(
    function: None = None, *, static: str | Iterable[str] = ()
) -> Callable[[Callable[..., Any]], Jitted]: ...
def jit(function: Callable[..., Any] | None = None, *, static: str | Iterable[str] = ()) -> Any:
    """Return a function that does what `function` does, as straight-line NumPy that was generated for it.

    The first call traces: it runs `function` on arguments that note what is done to them, gradients and
    updates of parameters included. What they noted becomes a program, with buffers that are made once. Later
    calls run the program; arguments of another shape, dtype or form are traced anew. `source` is the program.

    What is an input of the program: the numbers and arrays among the arguments, also in lists, tuples, dicts
    and dataclasses; the data of each Value that the function uses, and its gradient; what `each_call` gets.
    Values that the function assigns are assigned after each call: an array keeps its identity and gets new
    numbers. What is returned is fresh.

    What is a constant of the program: everything that touches none of these. So what is computed from raw
    arrays alone, the text that the function prints, the length of a loop are as they were in the trace. The
    names that the function reads are watched, also in functions that it reads by name, and it is traced anew
    when one is bound to something else: another number, array, Value, model or function. So are the numbers
    of arrays with up to 1,024 of them, where results may have been computed from those alone. Not watched
    are the numbers of larger arrays, attributes of objects, elements of lists and dicts, the time of day, and
    `type(x) is float`, which no argument is while the function is traced: `isinstance(x, float)` is right.

    What the function changes besides Values and its own names - attributes, elements, entries, arrays - is
    refused, and put back; so are random numbers that it draws, and shapes that depend on numbers.

    Operators on Python's numbers raise what they raise, as `1 / x` does for 0. Caught in the function itself,
    such an error is refused in the trace; later on the function itself is run.

    It runs `function` itself where only that is right: given Values, inside `grad`, under `detect_anomaly`
    and `no_grad`, and where parameters that it updates share memory with each other or with an argument.

    Args:
        function: Takes and returns numbers, arrays, or containers of them; a whole training step.
        static: Names of parameters whose values are constants, with a program for each.

    Raises:
        TraceError: At the first call, if the function looks at a number, as by `if x > 0`, chooses by a mask,
            as by `x[x > 0]`, draws random numbers, or changes an argument or other state.

    Examples:
        >>> import numpy as np
        >>> from chainrule import jit, value_and_grad
        >>> slope = jit(value_and_grad(lambda w, x: (np.tanh(x @ w) ** 2).sum()))
        >>> loss, gradient = slope(np.ones(2), np.eye(2))
        >>> gradient.round(3)
        array([0.64, 0.64])
        >>> print(jit(lambda x: x * x + 1.0).of(3.0).source)
        def step(x):
            return x * x + 1.0
    """
    names = tuple(static) if isinstance(static, Iterable) and not isinstance(static, str) else (static,)
    if unnamed := [each for each in names if not isinstance(each, str)]:
        raise UsageError(
            f"jit: static takes parameters by name, not by place ({unnamed[0]!r}). Write static='n'."
        )
    if function is None:
        return lambda function: Jitted(function, names)
    return Jitted(function, names)


class Jitted:
    """A function under `jit`.

    Attributes:
        function: The function itself.
        traces: How often it was traced.
    """

    def __init__(self, function: Callable[..., Any], static: tuple[str, ...] = ()) -> None:
        if not callable(function):
            raise UsageError(
                f"jit takes a function, not {function!r}. Give the function itself: jit(f), not jit(f(x))."
            )
        functools.update_wrapper(self, function)
        self.function = function
        self.traces = 0
        self._static = static
        self._programs: dict[Any, list[Guarded]] = {}
        self._last: Guarded | None = None
        self._run: Callable[..., Any] = self._otherwise

    @property
    def source(self) -> str:
        """The generated code of the last call."""
        if self._last is None:
            raise UsageError(
                f"jit: {self._name} has no source before its first call, which shows what it does. Call it, "
                f"or ask for {self._name}.of(arguments).source."
            )
        return ast.unparse(ast.parse(str(self._last.code)))  # without needless parentheses

    def of(self, /, *args: Any, **kwargs: Any) -> Jitted:
        """Call it, and return itself: to see the source for some arguments."""
        self(*args, **kwargs)
        return self

    # A call goes to the generated code at once: that checks its conditions, and comes back to `_otherwise`.
    __call__ = property(operator.attrgetter("_run"))

    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else MethodType(self, instance)

    def __repr__(self) -> str:
        return f"jit({self._name})"

    @property
    def _name(self) -> str:
        return getattr(self.function, "__name__", repr(self.function))

    def _otherwise(self, /, *args: Any, **kwargs: Any) -> Any:
        """Find or make the program for a call; or run the function, where only that is right."""
        if modes.tracer is not None or modes.special or modes.depth:
            return self.function(*args, **kwargs)
        arguments = Arguments(self.function, self._static, args, kwargs)
        if arguments.foreign:
            return self.function(*args, **kwargs)
        sampled = self._last.samples.taken() if self._last else []
        key = (threading.get_ident(), *arguments.key())
        if key not in self._programs and len(self._programs) >= _KINDS:
            self._programs.pop(next(iter(self._programs)))
        programs = self._programs.setdefault(key, [])
        program = None if sampled else next((each for each in programs if each.holds()), None)
        if program is None:
            program = compiled(self.function, arguments, sampled, otherwise=self._otherwise)
            self.traces += 1
            if not program.once:
                programs[:] = [program, *programs[: _KEPT - 1]]
        program.bind()
        self._last, self._run = program, self._otherwise if program.once else program.run
        result = program.tried(args, kwargs)
        if result is MISSED:  # an argument lies in an array that the program changes
            with modes.resampled(program.samples.taken()):
                return self.function(*args, **kwargs)
        return result
