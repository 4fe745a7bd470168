"""Where in the author's program something is refused."""

from __future__ import annotations

import dis
import itertools
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.compiler.captured import codes
from chainrule.value import blame

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FunctionType

_frame = sys._getframe
_BELOW = (str(Path(__file__).parents[1]) + os.sep, str(Path(np.__file__).parent) + os.sep)
_LIBRARY = str(Path(os.__file__).parent) + os.sep
"""The folders of the engine, of NumPy and of Python's library, which do what they are told."""


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
    """Return where functions write something, as the end of what is said of it: some places at most."""
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
    if what in _WRITES:
        return step.opname in _WRITES[what] and (what == "cell" or step.argval == name)
    if step.opname in ("STORE_SUBSCR", "DELETE_SUBSCR", "STORE_SLICE", "FOR_ITER"):
        return (step.opname == "FOR_ITER") == (what == "iterator")
    if step.opname == "BINARY_OP":
        return step.argrepr.endswith("=")
    return step.opname.startswith("LOAD_") and step.argval in _CHANGING
