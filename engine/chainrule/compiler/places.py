"""Where in the author's program something is refused; and who looks: the function, the engine, a person."""

from __future__ import annotations

import dis
import itertools
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from chainrule.compiler.captured import codes
from chainrule.errors import TraceError
from chainrule.value import blame

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FrameType, FunctionType

_frame = sys._getframe
_BELOW = (str(Path(__file__).parents[1]) + os.sep, str(Path(np.__file__).parent) + os.sep)
_LIBRARY = str(Path(os.__file__).parent) + os.sep
"""The folders of the engine, of NumPy and of Python's library, which do what they are told."""

_ENGINE = __name__.partition(".")[0]
_LOOKING = frozenset(
    (_ENGINE, "pdb", "bdb", "cmd", "code", "traceback", "_pydevd_bundle", "debugpy", "IPython", "_pytest")
)
"""Packages that print what they meet: the engine in its messages, debuggers, tracebacks."""

_TEXT = frozenset(("__repr__", "__str__", "__format__"))
_BETWEEN = frozenset(("dataclasses", "reprlib"))
"""Modules that stand between a text and who asked for it."""


def place() -> str:
    """Return where the author's program is now, as the end of what is said of it."""
    frame = _frame(1)
    while _is_below(frame.f_code.co_filename):
        if frame.f_back is None:
            return ""
        frame = frame.f_back
    return f", at {blame.where((frame.f_code, frame.f_lasti))}"


def _is_below(file: str) -> bool:
    return file.startswith(_BELOW) or (file.startswith(_LIBRARY) and "-packages" not in file)


_CHANGING = frozenset(
    (
        *("add", "append", "appendleft", "clear", "discard", "extend", "fill", "insert", "pop", "popitem"),
        *("popleft", "remove", "reverse", "rotate", "setdefault", "sort", "update", "next", "copyto"),
    )
)
"""Methods and functions that change what they are given."""

_WRITES = {
    "attributes": ("STORE_ATTR", "DELETE_ATTR"),
    "class": ("STORE_ATTR", "DELETE_ATTR"),
    "globals": ("STORE_GLOBAL", "DELETE_GLOBAL"),
    "cell": ("STORE_DEREF", "DELETE_DEREF"),
}
"""By what is written, the instructions that do it to a name."""


def written_at(functions: Iterable[FunctionType], what: str, name: Any) -> str:
    """Return where functions write something, or return, as the end of what is said: some places at most."""
    found: dict[str, None] = {}
    for code in itertools.chain.from_iterable(codes(function.__code__) for function in functions):
        for step in dis.get_instructions(code):
            if _is_write(step, what, name):
                found.setdefault(blame.where((code, step.offset)))
    if not found:
        found = {f"{each.__code__.co_filename}:{each.__code__.co_firstlineno}": None for each in functions}
        return f", in the function at {next(iter(found))}" if found else ""
    return f", at {' or '.join(itertools.islice(found, 4))}"


def _is_write(step: dis.Instruction, what: str, name: Any) -> bool:
    if what == "result":
        return step.opname.startswith("RETURN_")
    if what in _WRITES:
        return step.opname in _WRITES[what] and (what == "cell" or step.argval == name)
    if step.opname in ("STORE_SUBSCR", "DELETE_SUBSCR", "STORE_SLICE", "FOR_ITER"):
        return (step.opname == "FOR_ITER") == (what == "iterator")
    if step.opname == "BINARY_OP":
        return step.argrepr.endswith("=")
    return step.opname.startswith("LOAD_") and step.argval in _CHANGING


def refuse(traced: Any, why: str) -> NoReturn:
    """Say that a number is not there to be read, where that was tried, and what to do instead."""
    if traced.tracer.finished:
        raise TraceError(
            f"jit: {traced.described} is left over from a trace that has ended{place()}; there is no number "
            f"in it. Return it from the jitted function instead of keeping it in an outer list or variable."
        )
    error = TraceError(
        f"jit: the number of {traced.described} is not known while the function is traced, and {why}"
        f"{place()}. Choose between arrays by np.where(condition, a, b); return what you want to see; or, "
        f"where a few values of an argument choose what the function does, name it static: "
        f"jit(f, static='n')."
    )
    traced.tracer.swallowed.append(error)  # unless it ends the trace
    raise error


def is_engine(depth: int) -> bool:
    """Whether the caller so many calls up is the engine."""
    return _package(_frame(depth)) == _ENGINE


def may_look(depth: int) -> bool:
    """Whether the caller so many calls up wants a text to show it to a person, and not for the function."""
    asker: FrameType | None = _frame(depth)
    while asker is not None and (asker.f_code.co_name in _TEXT or _package(asker) in _BETWEEN):
        asker = asker.f_back
    return asker is not None and _package(asker) in _LOOKING


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]
