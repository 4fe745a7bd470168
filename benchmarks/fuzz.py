"""Random small programs, eagerly and under `jit`: values, derivatives, state, over several calls.

A program is a text made of a seed by a grammar, so that what fails can be read, run and kept. It is executed
twice, in a namespace each; the function of one is jitted, and both get the same calls, of other shapes, dtypes
and forms. Both have to return the same, raise the same, and leave the same behind in arguments and state. What
is refused has to leave all as it was.
"""

from __future__ import annotations

import linecache
import re
import signal
import time
import traceback
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

import chainrule
from benchmarks import programs
from benchmarks.fuzzing import idiomatic
from chainrule import Value, errors, grad, jit, trees

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from benchmarks.programs import Call, Written

SECONDS = 10
SINGLE, DOUBLE = 1e-4, 1e-9
ROUNDING = 30.0  # how much further apart than the roundings of arguments make them two results may be
GRAMMARS: dict[str, Callable[[int], Written]] = {"plain": programs.write, "idiomatic": idiomatic.write}
STATE = ("w", "W", "K", "idx", "k", "seen", "memory", "box", "ticks", "rng")
_SHAPES = {"s": lambda _: (), "v": lambda n: (n,), "m": lambda n: (n, n), "t": lambda n: (2, n, n)}


@dataclass(frozen=True)
class Outcome:
    """What became of a program.

    Attributes:
        kind: "same"; "raised", by both; "refused" by `jit`; "rounding", if results are no further apart than
            the roundings of arguments make them; "stopped", where the function stops in the middle, at a second
            derivative that is not there, and `jit` goes on with NaN; or "differs".
        told: What was raised, why it was refused, or how it differs.
    """

    kind: str
    told: str = ""

    @property
    def is_right(self) -> bool:
        """Whether `jit` did what it has to."""
        return self.kind != "differs"


def arguments(
    written: Written, call: Call, parameters: list[str], keyword_only: set[str], noise: float = 0.0
) -> tuple[list[Any], dict[str, Any]]:
    """Return what a call gives by position and by name; with noise, a little beside it."""
    rng, other = np.random.default_rng(call.seed), np.random.default_rng(call.seed + 1)
    made: dict[str, Any] = {}

    def array(shape: tuple[int, ...]) -> Any:
        drawn = rng.normal(size=shape)
        if call.dtype in {"int64", "bool"}:
            drawn = (drawn * 3).astype(call.dtype)
        if noise and call.dtype != "bool":  # whole numbers are none then
            beside = drawn * (1 + noise * other.choice([-1, 1], shape))
            return beside.astype(np.result_type(call.dtype, "float32"))
        return drawn.astype(call.dtype)

    for name, kind in zip(parameters, written.kinds, strict=False):
        if kind == "s":
            drawn = rng.normal(size=()) * (1 + noise)
            made[name] = (
                float(drawn) if call.seed % 3 else (np.float64(drawn) if call.seed % 2 else int(drawn * 3))
            )
        elif kind == "d":
            made[name] = {"w": array((call.size,)), "b": [float(rng.normal()), np.arange(2.0)]}
        else:
            made[name] = array(_SHAPES[kind](call.size))
    last = parameters[len(written.kinds) - 1]
    leave_out = (
        {last} if len(written.kinds) > 1 and call.seed % 5 == 0 and written.kinds[-1] == "s" else set()
    )
    if written.static:
        made[written.static] = call.layers
        leave_out |= {written.static} if call.layers is None else set()
    first = set() if written.mode == "values" else {parameters[0]}  # by which is differentiated
    named = {*call.named, *keyword_only, written.static} - leave_out - first
    by_name = {name: made[name] for name in parameters if name in named}
    return [made[name] for name in parameters if name not in named | leave_out], by_name


def transformed(function: Callable[..., Any], mode: str) -> Callable[..., Any]:
    """Return what of a function is compared: itself, or a derivative by its first argument."""

    def summed(*args: Any, **named: Any) -> Any:
        return sum(np.sum(np.sin(leaf)) for leaf in trees.leaves(grad(function)(*args, **named)))

    modes: dict[str, Callable[[], Callable[..., Any]]] = {
        "values": lambda: function,
        "grad": lambda: grad(function),
        "values and gradient": lambda: chainrule.value_and_grad(function),
        "second": lambda: grad(summed),
        "jacobian": lambda: chainrule.jacobian(function),
        "hessian": lambda: chainrule.hessian(function),
        "elementwise": lambda: chainrule.elementwise_grad(function),
        "hvp": lambda: lambda *args: chainrule.hvp(function)(*args, np.cos(args[0])),
        "jvp": lambda: lambda *args: chainrule.jvp(function, args, trees.map_leaves(np.cos, args)),
        "vjp": lambda: lambda *args: _pulled(*chainrule.vjp(function, *args)),
    }
    return modes[mode]()


def _pulled(result: Any, back: Callable[[Any], Any]) -> Any:
    return result, back(np.ones(np.shape(result), np.result_type(result)) if np.ndim(result) else 1.0)


def outcome(written: Written) -> Outcome:  # noqa: PLR0911 -- one for each end
    """Return what became of a program under `jit`, beside the function itself."""
    spaces = [_executed(written), _executed(written)]
    parameters, keyword_only = _parameters(spaces[0]["f"])
    jitted = jit(transformed(spaces[0]["f"], written.mode), static=(written.static or ()))
    eager = transformed(spaces[1]["f"], written.mode)
    calls = [*written.calls, *written.calls[:2]]
    kept = DOUBLE
    for index, call in enumerate(calls):
        given = [arguments(written, call, parameters, keyword_only) for _ in range(3)]
        before = _held(_executed(written)) if not index else _held(spaces[0])
        ours = _outcome(jitted, *given[0])
        if isinstance(ours, errors.TraceError):
            now = {**_held(spaces[0]), "ticks": before.get("ticks")}  # nobody can put back a position
            if told := _told(now, before, 0.0) or _told(given[0], given[2], 0.0):
                return Outcome(
                    "differs", f"call {index} {call}: refused, and state has changed: {told}\n{ours}"
                )
            theirs = _outcome(eager, *given[1])
            both = isinstance(theirs, Exception)
            return Outcome(
                *(("raised", f"{type(theirs).__name__}: {theirs}") if both else ("refused", str(ours)))
            )
        theirs = _outcome(eager, *given[1])
        if isinstance(theirs, errors.BackwardError) and not isinstance(ours, Exception):
            return Outcome("stopped", str(theirs))
        if isinstance(theirs, Exception) and type(theirs) is type(ours):
            return Outcome("raised", f"{type(theirs).__name__}: {theirs}")
        kept = SINGLE if call.dtype == "float32" else kept if "W.data" in written.text else DOUBLE
        told = _told(ours, theirs, kept) or _told(given[0], given[1], kept)
        told = told or _told(_held(spaces[0]), _held(spaces[1]), kept)
        if told and not isinstance(theirs, Exception) and _is_rounding(written, index, ours, theirs):
            return Outcome("rounding", told)
        if told:
            return Outcome("differs", f"call {index} {call}: {told}")
    return Outcome("same")


def _executed(written: Written) -> dict[str, Any]:
    """Return a namespace in which a program was run."""
    space: dict[str, Any] = {"__name__": "fuzz"}
    file = f"<fuzz {written.seed}>"
    linecache.cache[file] = (len(written.text), None, written.text.splitlines(keepends=True), file)
    exec(compile(written.text, file, "exec"), space)
    return space


def _parameters(function: Any) -> tuple[list[str], set[str]]:
    code = function.__code__
    names = list(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
    return names, set(names[code.co_argcount :])


def _held(space: dict[str, Any]) -> dict[str, Any]:
    """Return what a program keeps, as a tree of its own."""
    held = {name: space[name] for name in STATE if name in space}
    if "rng" in held:
        held |= {"rng": str(held["rng"].bit_generator.state), "ticks": repr(held["ticks"])}
        held["box"] = dict(vars(held["box"]))
    return trees.map_leaves(_copied, held)


def _copied(leaf: Any) -> Any:
    if isinstance(leaf, Value):
        return (np.copy(leaf.data), None if leaf.grad is None else np.copy(leaf.grad))
    return leaf.copy() if isinstance(leaf, np.ndarray) else leaf


def _is_rounding(written: Written, index: int, ours: Any, theirs: Any) -> bool:
    """Whether two results are no further apart than the roundings of arguments make them."""
    if _told(ours, theirs, 1e300):  # not in numbers alone
        return False
    apart = _apart(ours, theirs)
    calls = [*written.calls, *written.calls[:2]]
    least = 1e-15 if all(call.dtype != "float32" for call in calls[: index + 1]) else 1e-7
    return any(
        _beside(written, calls[: index + 1], least * by, theirs) * ROUNDING > apart for by in (1, -1, 3)
    )


def _beside(written: Written, calls: list[Call], noise: float, theirs: Any) -> float:
    """Return how far from a result that of arguments a little beside is."""
    space = _executed(written)
    function = transformed(space["f"], written.mode)
    result: Any = None
    for call in calls:
        args, named = arguments(written, call, *_parameters(space["f"]), noise)
        result = _outcome(function, args, named)
    return 0.0 if isinstance(result, Exception) else _apart(result, theirs)


def _apart(one: Any, other: Any) -> float:
    most = 0.0
    for a, b in zip(trees.leaves(one), trees.leaves(other), strict=True):
        a, b = (part.data if isinstance(part, Value) else part for part in (a, b))
        if isinstance(a, (str, type(None))):
            continue
        if np.shape(a) != np.shape(b) or np.any(np.isnan(a) != np.isnan(b)):
            return float("inf")
        with np.errstate(all="ignore"):
            gaps = np.abs(np.asarray(a, np.float64) - np.asarray(b, np.float64))
        most = max(most, float(np.max(np.where(np.isnan(gaps), 0.0, gaps), initial=0.0)))
    return most


def _outcome(function: Callable[..., Any], args: list[Any], named: dict[str, Any]) -> Any:
    try:
        with np.errstate(all="ignore"):
            return function(*args, **named)
    except TimeoutError:
        raise
    except Exception as error:  # noqa: BLE001 -- whatever it is, the other has to raise it too
        return error


def _told(ours: Any, theirs: Any, tolerance: float) -> str:  # noqa: PLR0911 -- one for each way to differ
    """Return how two results differ, in form, type or number."""
    if isinstance(theirs, Exception) or isinstance(ours, Exception):
        lines = traceback.format_exception(ours)[-6:] if isinstance(ours, Exception) else []
        if type(ours) is type(theirs):
            return ""
        return f"jit {ours!r}, eager {theirs!r}\n{''.join(lines)}"
    one, other = list(trees.named_leaves(ours, "r")), list(trees.named_leaves(theirs, "r"))
    if [name for name, _ in one] != [name for name, _ in other]:
        return f"jit {ours!r}, eager {theirs!r}"
    for (name, a), (_, b) in zip(one, other, strict=True):
        if isinstance(a, Value) != isinstance(b, Value):
            return f"{name}: jit {a!r}, eager {b!r}"
        if isinstance(a, Value):
            a, b = a.data, b.data
        if a is None or isinstance(a, str) or isinstance(b, str):
            if a != b:
                return f"{name}: jit {a!r}, eager {b!r}"
            continue
        if type(a) is not type(b) or np.shape(a) != np.shape(b) or np.result_type(a) != np.result_type(b):
            return f"{name}: jit {type(a)} {a!r}, eager {type(b)} {b!r}"
        scale = max(1.0, float(np.max(np.abs(np.nan_to_num(b, posinf=0.0, neginf=0.0)), initial=0.0)))
        if not np.allclose(a, b, rtol=tolerance, atol=tolerance * scale, equal_nan=True):
            return f"{name}: jit {a!r}, eager {b!r}"
    return ""


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Raise TimeoutError in a program that does not end."""

    def over(*_: object) -> None:
        raise TimeoutError(f"no end within {seconds} s")

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def tried(seed: int, grammar: str = "plain") -> Outcome:
    """Return what became of the program of a seed."""
    try:
        with limited(SECONDS):
            return outcome(GRAMMARS[grammar](seed))
    except TimeoutError as error:
        return Outcome("differs", str(error))


def fuzz(console: Console, count: int, seed: int, names: list[str] | None = None) -> bool:
    """Try programs of each grammar in turn, print those that differ, and return whether there are none."""
    begun = time.monotonic()
    grammars = names or ["idiomatic", "idiomatic", "idiomatic", "plain"]
    kinds: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for grammar in grammars:
        _executed(GRAMMARS[grammar](seed))  # what programs import is no part of their time
    for number in range(seed, seed + count):
        grammar = grammars[number % len(grammars)]
        found = tried(number, grammar)
        kinds[found.kind] += 1
        if found.kind in {"refused", "raised"}:
            reasons[f"{found.kind}: {_reason(found.told)}"] += 1
        if not found.is_right:
            written = GRAMMARS[grammar](number)
            text = f"def f({written.text.partition('def f(')[2]}".replace("\n", "\n    ")
            _say(console, f"seed {number}, {grammar} ({written.mode}): {found.told}\n    {text}\n")
    took = time.monotonic() - begun
    for reason, often in reasons.most_common():
        _say(console, f"{often:6} {reason}")
    told = ", ".join(f"{often} {kind}" for kind, often in sorted(kinds.items()))
    _say(console, f"{count} programs from seed {seed}: {told}; {took:.0f} s")
    return not kinds["differs"]


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _reason(message: str) -> str:
    """Return a refusal without what is of this program alone."""
    without = re.sub(
        r" \(?at <fuzz.*?\)?(?=[,.;:]|$)|<fuzz [^>]*>:?\d*|<traced [^>]*>|\d+|'[^']*'", "…", message
    )
    return without.split(". ")[0][:150]
