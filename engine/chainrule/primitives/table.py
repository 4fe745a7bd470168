"""A primitive: one differentiable operation, as data.

Everything that knows how to differentiate, draw, print or replay reads these entries. What an operation means
for its operands is theirs to say: a type that takes part (a Value, a symbol of a formula, a traced array)
answers to `__apply_primitive__(primitive, args, params)`; plain numbers and arrays are just computed.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chainrule import modes
from chainrule.errors import UsageError
from chainrule.primitives import reals

Function = Callable[..., Any]

PRIMITIVES: dict[str, Primitive] = {}  # every primitive by its name, in the order of the tables
BY_FUNCTION: dict[Any, Primitive] = {}  # the same by the NumPy function that each differentiates
BY_UFUNC_REDUCED: dict[Any, Primitive] = {}  # reductions by the ufunc that each repeats: a sum by `np.add`

_BROADCAST = "axes, counted from the last, must agree or be 1: reshape one or add an axis (v[:, None])"

_FLOATS = frozenset({np.dtype(np.float32), np.dtype(np.float64)})

NO_PARAMS: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Primitive:
    """One differentiable operation.

    Attributes:
        name: NumPy's name for it.
        symbol: What a graph shows: `+`, `tanh`.
        forward: Takes numbers and arrays, and the parameters by name.
        vjps: For each operand the function `(g, out, *operands, **params)` from the gradient `g` of the
            result `out` to the operand's; None where there is no gradient. They are written with operators
            and NumPy functions: given numbers they compute, given Values they build graph. Their results
            may be larger than the operand where it was broadcast: that is summed in one place.
        scalar: The forward for Python floats, where a quicker one is known.
        params: The parameters' names, in NumPy's order.
        variadic: Whether it takes any number of operands; the one VJP then gets the operand's `index`.
        shapes: The operands' shapes for which its formula is printed in the table.
        example: The parameters for which it is, of a primitive that cannot do without.
        elementwise: Whether it is done to each number by itself.
        opens: Whether its forward, given arrays of Values, takes it apart into operations on single numbers:
            so do those that only move numbers, add and multiply them.
        moves: Whether it only moves numbers, as reshaping and indexing do.
        gathers: Whether each number of its result is made of those along its `axis` alone, as a sum is.
        view: Whether NumPy's function of its name may give a window on its first operand's memory.
        linear: The operands that it is linear in, the others held.
        python: Its code for Python's floats, with `{0}` for the first operand; where Python would raise or
            turn complex the answer is NumPy's, by a function called `exact_` and its name.
        remedy: What to do about operands whose shapes it does not take.
        custom: Whether its VJPs are a user's, who may hand out an array that is somebody's.
        said: Its derivative in words, where that is more than a formula of its operands.
        quick: Its VJPs, if it is of one operand, or of two without parameters, each with a VJP of our own.

    Examples:
        >>> from chainrule import Value, custom_vjp
        >>> @custom_vjp(lambda g, out, x: g * 3 * x * x)
        ... def cube(x):
        ...     return x**3
        >>> cube(Value(2.0)).backward().data
        8.0
    """

    name: str
    symbol: str
    forward: Function
    vjps: tuple[Function | None, ...]
    scalar: Function | None = None
    params: tuple[str, ...] = ()
    variadic: bool = False
    shapes: tuple[tuple[int, ...], ...] = ()
    example: Mapping[str, Any] = field(default_factory=dict)
    elementwise: bool = False
    opens: bool = False
    moves: bool = False
    gathers: bool = False
    view: bool = False
    linear: tuple[int, ...] = ()
    python: str = ""
    remedy: str = _BROADCAST
    custom: bool = False
    said: str = ""
    quick: tuple[Function, ...] | None = field(init=False)

    def __post_init__(self) -> None:
        binary = len(self.vjps) == 2 and not self.params
        simple = (len(self.vjps) == 1 or binary) and None not in self.vjps and not self.variadic
        object.__setattr__(self, "quick", self.vjps if simple and not self.custom else None)

    def __call__(self, *args: Any, **params: Any) -> Any:
        """Apply it to numbers, arrays or Values; parameters follow the operands, in NumPy's order."""
        if len(args) != len(self.vjps) and not self.variadic:
            args, params = self._named(args, params)
        try:
            for arg in args:
                if (answer := getattr(arg, "__apply_primitive__", None)) is not None:
                    return answer(self, args, params)
            return evaluate(self, tuple(map(constant, args)), params)
        except TypeError as error:
            self.check_options(params, error)
            raise

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"

    def _named(self, args: tuple[Any, ...], params: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        arity = len(self.vjps)
        if not arity <= len(args) <= arity + len(self.params):
            takes = f"{arity} operand{'s' * (arity != 1)}"
            then = f" and then {', '.join(self.params)}" if self.params else ""
            raise UsageError(f"{self.name} got {len(args)} arguments; it takes {takes}{then}")
        named = dict(zip(self.params, args[arity:], strict=False))
        return args[:arity], {**named, **params}

    def check_options(self, params: Mapping[str, Any], error: BaseException) -> None:
        """Say so if what went wrong is an option that it does not take.

        Raises:
            UsageError: naming those that it takes.
        """
        unknown = [name for name in params if name not in self.params]
        if unknown and not self.variadic and not isinstance(error, UsageError):
            raise UsageError(unknown_options(self.name, unknown, self.params)) from error

    def vjp(self, index: int) -> Function | None:
        """Return the VJP of one operand."""
        return self.vjps[0 if self.variadic else index]


def primitive(
    name: str,
    *vjps: Function | None,
    forward: Function | None = None,
    symbol: str = "",
    reduces: np.ufunc | None = None,
    **facts: Any,
) -> Primitive:
    """Enter a primitive in the table: its name, one VJP for each operand, and what else is true of it.

    The forward is NumPy's function of that name unless given, and the primitive is what Values answer that
    function with. The parameters are those that the VJPs name after the operands; those that have no default
    are given an example. `reduces` is the ufunc that a reduction repeats; `facts` are fields of `Primitive`.
    """
    function: Any = getattr(np, name, None) or getattr(np.linalg, name, None)
    entry = PRIMITIVES[name] = row(name, *vjps, forward=forward or function, symbol=symbol, **facts)
    if function is not None:
        BY_FUNCTION[function] = entry
    if reduces is not None:
        BY_UFUNC_REDUCED[reduces] = entry
    return entry


def row(name: str, *vjps: Function | None, forward: Function, symbol: str = "", **facts: Any) -> Primitive:
    """Make a primitive that stands in no table, or in another; as `primitive` makes it."""
    return Primitive(name, symbol or name, forward, vjps, params=_params(vjps), **facts)


def custom_vjp(*vjps: Function | None, symbol: str = "") -> Callable[[Function], Primitive]:
    """Make a function on numbers and arrays a primitive, given the VJP of each of its arguments.

    Args:
        *vjps: For each argument a function `(g, out, *arguments)`, or None where there is no gradient.
            Written with operators and NumPy functions it can be differentiated again.
        symbol: What a graph shows; the function's name unless given.

    Examples:
        >>> import numpy as np
        >>> from chainrule import Value, custom_vjp
        >>> @custom_vjp(lambda g, out, x: g * np.cos(x), symbol="sine")
        ... def sine(x):
        ...     return np.sin(x)
        >>> x = Value(0.0)
        >>> sine(x).backward().data, x.grad
        (0.0, 1.0)
    """

    def make(function: Function) -> Primitive:
        name = getattr(function, "__name__", "custom")
        return Primitive(name, symbol or name, function, vjps, params=_params(vjps), custom=True)

    return make


def evaluate(entry: Primitive, args: tuple[Any, ...], params: Mapping[str, Any]) -> Any:
    """Return the result on numbers and arrays: a float where NumPy gives a scalar.

    Floats raise and warn of nothing: where Python would raise or turn complex, NumPy's answer counts.
    """
    if modes.tracer is not None and modes.tracer.sees(args, params):
        return modes.tracer.evaluate(entry, args, params)
    if all(type(arg) is float for arg in args):
        return _evaluate_scalar(entry, args, params)
    return number(entry.forward(*args, **params))


def _evaluate_scalar(entry: Primitive, args: tuple[Any, ...], params: Mapping[str, Any]) -> Any:
    if entry.scalar is not None:
        try:
            return number(entry.scalar(*args, **params))
        except (ArithmeticError, ValueError):
            pass
    with np.errstate(all="ignore"):
        return number(entry.forward(*map(np.array, args), **params))


def number(out: Any) -> Any:
    """Return NumPy's scalars and arrays without axes as floats, and all else as it is."""
    if type(out) is np.ndarray:
        return out if out.ndim else float(out)
    return float(out) if isinstance(out, np.generic) else out


def given(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that say something: None and False are what NumPy takes if nothing is said."""
    return {name: param for name, param in params.items() if param is not None and param is not False}


def constant(raw: Any) -> Any:
    """Return what enters an operation as a constant: a float, or an array as it is."""
    if type(raw) is float:
        return raw
    return reals.numbers_of(_array(raw) if isinstance(raw, (list, tuple)) else raw)


def entered(data: Any) -> Any:
    """Return the data of a new Value: a float, or an array of floats."""
    if type(data) is float or (type(data) is np.ndarray and data.dtype in _FLOATS):
        return data
    if isinstance(data, reals.NUMBERS):
        return reals.number_of(data)
    if (symbol := modes.traced(data)) is not None:
        return symbol
    if hasattr(data, "__apply_primitive__"):
        raise UsageError("a Value of a Value; use it as it is, or its .data")
    found = reals.numbers_of(_array(data))
    return found.astype(np.float64) if getattr(found, "dtype", np.dtype(float)).kind in "iub" else found


def _array(data: Any) -> Any:
    if isinstance(data, (list, tuple)) and _has_values(data):
        raise UsageError(
            "a list of Values is not an array; join them by np.stack, which keeps their gradients"
        )
    is_one = (
        data is None or isinstance(data, (str, bytes)) or (hasattr(data, "dtype") and hasattr(data, "shape"))
    )
    return data if is_one else np.asarray(data)


def _has_values(data: Any) -> bool:
    if isinstance(data, (list, tuple)):
        return any(map(_has_values, data))
    return hasattr(data, "__apply_primitive__")


_ELSEWHERE = {"dim": "axis", "dims": "axis", "keepdim": "keepdims", "unbiased": "ddof", "correction": "ddof"}
"""Options of PyTorch's, and NumPy's names for them."""


def unknown_options(name: str, unknown: Sequence[str], known: Sequence[str]) -> str:
    """Return what is said of options that a function does not take.

    Examples:
        >>> unknown_options("sum", ["dim"], ["axis", "keepdims"])
        'sum takes no dim=; write axis=, as NumPy does (it takes axis, keepdims)'
    """
    here = [_ELSEWHERE[each] for each in unknown if _ELSEWHERE.get(each) in known]
    remedy = f"write {', '.join(f'{each}=' for each in here)}, as NumPy does" if here else "leave that out"
    takes = f" (it takes {', '.join(known)})" if known else ""
    return f"{name} takes no {', '.join(f'{each}=' for each in unknown)}; {remedy}{takes}"


def _params(vjps: tuple[Function | None, ...]) -> tuple[str, ...]:
    """Return what a VJP names after the operands, or after the `index` of one of any number."""
    vjp = next((vjp for vjp in vjps if vjp is not None), None)
    if vjp is None:
        return ()
    code = getattr(vjp, "__code__", None)
    if code is not None and not hasattr(vjp, "__wrapped__"):  # the signature takes ten times as long
        return tuple(code.co_varnames[2 + len(vjps) : code.co_argcount + code.co_kwonlyargcount])
    named = inspect.signature(vjp).parameters.values()
    names = [each.name for each in named if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)]
    return tuple(names[2 + len(vjps) :])
