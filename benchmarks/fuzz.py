"""Random small programs, eagerly and under `jit`: values, gradients, second order, state, over several calls.

A program is a text made of a seed, so that what fails can be read, run and kept. It is executed twice, in a
namespace each; the function of one is jitted, and both get the same calls, of other shapes, dtypes and forms.
"""

from __future__ import annotations

import linecache
import signal
import time
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

import chainrule
from benchmarks.programs import write
from chainrule import Value, errors, grad, jit, trees

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from benchmarks.programs import Call, Written

SECONDS = 10
SINGLE, DOUBLE = 1e-4, 1e-9


def arguments(
    written: Written, call: Call, parameters: list[str], keyword_only: set[str]
) -> tuple[list[Any], dict[str, Any]]:
    """Return what a call gives by position and by name."""
    rng = np.random.default_rng(call.seed)
    made: dict[str, Any] = {}
    for name, kind in zip(parameters, written.kinds, strict=True):
        shape = {"s": (), "v": (call.size,), "m": (call.size, call.size)}[kind]
        drawn = rng.normal(size=shape)
        if kind == "s":
            made[name] = (
                float(drawn) if call.seed % 3 else (np.float64(drawn) if call.seed % 2 else int(drawn * 3))
            )
        else:
            made[name] = (drawn * 3).astype(call.dtype) if call.dtype == "int64" else drawn.astype(call.dtype)
    leave_out = (
        parameters[-1] if len(parameters) > 1 and call.seed % 5 == 0 and written.kinds[-1] == "s" else ""
    )
    by_name = {n: made[n] for n in parameters if (n in call.named or n in keyword_only) and n != leave_out}
    return [made[n] for n in parameters if n not in by_name and n != leave_out], by_name


def transformed(function: Callable[..., Any], mode: str) -> Callable[..., Any]:
    """Return what of a function is compared: itself, its gradient, or the gradient of a sum of that."""
    if mode == "grad":
        return grad(function)
    if mode == "values and gradient":
        return chainrule.value_and_grad(function)
    if mode == "second":
        first = grad(function)
        return grad(lambda *args, **named: np.sum(first(*args, **named) * 0.5))
    return function


def difference(written: Written) -> str:
    """Return how `jit` differs from the function itself; nothing if it does not, "refused" if it refuses."""
    namespaces: list[dict[str, Any]] = [{"__name__": "fuzz"}, {"__name__": "fuzz"}]
    file = f"<fuzz {written.seed}>"
    linecache.cache[file] = (len(written.text), None, written.text.splitlines(keepends=True), file)
    for namespace in namespaces:
        exec(compile(written.text, file, "exec"), namespace)
    eager, inner = (transformed(namespace["f"], written.mode) for namespace in namespaces)
    jitted = jit(inner)
    code = namespaces[0]["f"].__code__
    parameters = list(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
    keyword_only = set(parameters[code.co_argcount :])
    tolerance = DOUBLE
    for index, call in enumerate([*written.calls, *written.calls[:2]]):
        args, named = arguments(written, call, parameters, keyword_only)
        ours, theirs = _outcome(jitted, args, named), _outcome(eager, args, named)
        if isinstance(ours, errors.TraceError):
            return "refused"
        tolerance = SINGLE if call.dtype == "float32" else tolerance if "w.data" in written.text else DOUBLE
        told = _told(ours, theirs, tolerance) or _told(namespaces[1]["w"], namespaces[0]["w"], tolerance)
        if told:
            return f"call {index} {call}: {told}"
        if isinstance(theirs, Exception):
            return ""
    return ""


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


def tried(seed: int) -> str:
    """Return how the program of a seed differs under `jit`, in words; nothing if it does not."""
    try:
        with limited(SECONDS):
            return difference(write(seed))
    except TimeoutError as error:
        return str(error)


def fuzz(console: Console, programs: int, seed: int) -> bool:
    """Try many programs, print those that differ, and return whether there are none."""
    begun, failed, refused = time.monotonic(), 0, 0
    for number in range(seed, seed + programs):
        told = tried(number)
        refused += told == "refused"
        if told and told != "refused":
            failed += 1
            text = "\n".join(f"    {line}" for line in write(number).text.splitlines())
            console.print(
                f"seed {number} ({write(number).mode}): {told}\n{text}\n", markup=False, highlight=False
            )
    took = time.monotonic() - begun
    console.print(f"{programs} programs from seed {seed}: {failed} differ, {refused} refused, {took:.0f} s")
    return not failed
