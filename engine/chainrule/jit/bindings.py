"""The names that a function reads from outside: its program is right while they are bound as they were."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from types import CodeType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.tape import Recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_OURS = __name__.partition(".")[0]
_WATCHED = (float, int, bool, str, type(None), np.ndarray, np.generic, Recorded, tuple)


@dataclass(eq=False, slots=True)
class Binding:
    """A name that a function reads, and what it was bound to.

    Attributes:
        holder: The globals, or the cell of a closure.
        name: The name in the globals; empty for a cell.
        bound: What it was bound to when the function was traced.
    """

    holder: Any
    name: str
    bound: Any

    def now(self) -> Any:
        """Return what it is bound to now."""
        return self.holder.get(self.name) if self.name else self.holder.cell_contents

    def holds(self) -> bool:
        """Whether it is bound as it was, or to an equal number."""
        now = self.now()
        if now is self.bound:
            return True
        same = type(now) is type(self.bound) and type(now) in (float, int, bool, str) and now == self.bound
        if same:
            self.bound = now
        return same


def bindings(function: Callable[..., Any]) -> list[Binding]:
    """Return the numbers, arrays and Values that a function, and functions it names, read by name."""
    found: list[Binding] = []
    seen: set[int] = set()
    waiting = [function]
    while waiting:
        plain = _plain(waiting.pop())
        if plain is None or id(plain) in seen:
            continue
        seen.add(id(plain))
        for binding in _read(plain):
            if isinstance(binding.bound, _WATCHED):
                found.append(binding)
            elif callable(binding.bound):
                waiting.append(binding.bound)
    return found


def _plain(function: Any) -> FunctionType | None:
    while not isinstance(function, FunctionType):
        if isinstance(function, MethodType):
            function = function.__func__
        elif isinstance(function, functools.partial):
            function = function.func
        elif hasattr(function, "__wrapped__"):
            function = function.__wrapped__
        else:
            return None
    return function


def _read(function: FunctionType) -> Iterator[Binding]:
    for cell in function.__closure__ or ():
        try:
            yield Binding(cell, "", cell.cell_contents)
        except ValueError:  # not bound yet
            continue
    names = function.__globals__
    if names.get("__name__", "").partition(".")[0] in (_OURS, "numpy"):
        return
    for name in _names(function.__code__):
        if name in names:
            yield Binding(names, name, names[name])


def _names(code: CodeType) -> set[str]:
    inner = (const for const in code.co_consts if isinstance(const, CodeType))
    return set(code.co_names).union(*map(_names, inner))
