"""The names that a function reads from outside: its program is right while they are bound as they were."""

from __future__ import annotations

import dis
import functools
from dataclasses import dataclass
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chainrule.compiler.node import Node

_OURS = __name__.partition(".")[0]

_SMALL = 1024
"""The numbers of arrays of no more than these are watched, which costs up to 0.3 µs a call."""


@dataclass(eq=False, slots=True)
class Binding:
    """A name that a function reads, and what it was bound to.

    Attributes:
        holder: The globals, or the cell of a closure.
        name: The name in the globals; empty for a cell.
        bound: What it was bound to when the function was traced.
        numbers: The bytes of a small array, while they are watched.
    """

    holder: Any
    name: str
    bound: Any
    numbers: bytes | None = None

    def __post_init__(self) -> None:
        """Keep the numbers of a small array."""
        array = self.bound
        if type(array) is np.ndarray and array.size <= _SMALL and array.dtype.kind != "O":
            self.numbers = array.tobytes()

    def now(self) -> Any:
        """Return what it is bound to now."""
        return self.holder.get(self.name) if self.name else self.holder.cell_contents

    def holds(self) -> bool:
        """Whether it is bound as it was, or to an equal number."""
        now = self.now()
        if now is self.bound:
            return self.numbers is None or now.tobytes() == self.numbers
        same = type(now) is type(self.bound) and type(now) in (float, int, bool, str) and now == self.bound
        if same:
            self.bound = now
        return same


def bindings(function: Callable[..., Any]) -> list[Binding]:
    """Return what a function, and functions it names, read by name: but for modules, anything."""
    found: list[Binding] = []
    seen: set[int] = set()
    waiting = [function]
    while waiting:
        for plain in _plain(waiting.pop()):
            if id(plain) in seen:
                continue
            seen.add(id(plain))
            read = [each for each in _read(plain) if not isinstance(each.bound, ModuleType)]
            waiting += [each.bound for each in read if callable(each.bound)]
            found += [] if _is_known(plain) else read
    return found


def ignore_numbers(read: list[Binding], nodes: list[Node]) -> None:
    """Let go of the numbers of arrays that a program reads itself, at each call, if it holds no others.

    Others may have been computed from those arrays alone, and so may be wrong when they change.
    """
    constants = [node.source for node in nodes if node.is_constant and not node.is_python]
    named = [each for each in read if type(each.bound) is np.ndarray]
    own = {
        id(constant): [each for each in named if np.may_share_memory(each.bound, constant)]
        for constant in constants
        if isinstance(constant, np.ndarray)
    }
    if all(own.get(id(constant)) for constant in constants):
        for each in (each for sharing in own.values() for each in sharing):
            each.numbers = None


def _plain(function: Any) -> Iterator[FunctionType]:
    """Yield the functions of Python that run when something is called."""
    while not isinstance(function, (FunctionType, type)):
        if isinstance(function, MethodType):
            function = function.__func__
        elif isinstance(function, functools.partial):
            function = function.func
        elif hasattr(function, "__wrapped__"):
            function = function.__wrapped__
        else:
            function = getattr(type(function), "__call__", None)  # noqa: B004 -- looked into, not called
            break
    if isinstance(function, FunctionType):
        yield function


def _is_known(function: FunctionType) -> bool:
    """Whether a function is the engine's or NumPy's, which rebind none of their names."""
    return str(function.__globals__.get("__name__", "")).partition(".")[0] in (_OURS, "numpy")


def _read(function: FunctionType) -> Iterator[Binding]:
    for cell in function.__closure__ or ():
        try:
            yield Binding(cell, "", cell.cell_contents)
        except ValueError:  # not bound yet
            continue
    names = function.__globals__
    if not _is_known(function):
        yield from (Binding(names, name, names[name]) for name in _names(function.__code__) if name in names)


def _names(code: CodeType) -> set[str]:
    own = {each.argval for each in dis.get_instructions(code) if each.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    inner = (const for const in code.co_consts if isinstance(const, CodeType))
    return own.union(*map(_names, inner))
