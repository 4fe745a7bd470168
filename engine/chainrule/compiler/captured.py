"""What a function reads besides its arguments: the names that it captures, and all that it can reach."""

from __future__ import annotations

import dis
import functools
import gc
import itertools
import os
from dataclasses import dataclass
from types import CodeType, FrameType, FunctionType, MethodType, ModuleType, TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.value.tape import Recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chainrule.compiler.program import Node
    from chainrule.compiler.sheet import Names

_OURS = __name__.partition(".")[0]

_LIBRARY = os.path.dirname(os.__file__)  # noqa: PTH120 -- a prefix of texts

_SMALL = 1024  # numbers of an array that is watched, which costs up to 0.3 µs a call
_PLAIN = frozenset((float, int, bool, str))
"""What is the same for a program if it is equal."""

_ATOMS = (
    *(*_PLAIN, complex, bytes, type(None), np.ndarray, np.generic, np.dtype, np.ufunc),
    *(CodeType, FrameType, TracebackType, Recorded),
)
"""What reaches nothing that a function could change unseen; Values are watched in their own way."""


@dataclass(eq=False, slots=True)
class Captured:
    """A name that a function reads from outside, and what it was bound to when the function was traced.

    Its holder are globals, or the cell of a closure, where it has no name. Of a small array the bytes are
    kept as well, while its numbers are watched.
    """

    holder: Any
    name: str
    bound: Any
    numbers: bytes | None = None

    def __post_init__(self) -> None:
        array = self.bound
        if type(array) is np.ndarray and array.size <= _SMALL and array.dtype.kind != "O":
            self.numbers = array.tobytes()

    def condition(self, names: Names) -> str:
        """Return the code that asks whether it is bound as it was, or to an equal number."""
        holder, bound = names.bind("holder", self.holder), names.bind("bound", self.bound)
        now = f"{holder}.get({self.name!r})" if self.name else f"{holder}.cell_contents"
        if type(self.bound) in _PLAIN:
            return f"({now} is {bound} or {names.bind('equal', _equal)}({now}, {bound}))"
        if self.numbers is None:
            return f"{now} is {bound}"
        return f"{now} is {bound} and {bound}.tobytes() == {names.bind('numbers', self.numbers)}"


def captured_names(function: Callable[..., Any]) -> list[Captured]:
    """Return what a function, and functions it names, read by name: but for modules, anything."""
    read: dict[int, list[Captured]] = {}
    waiting = [function]
    while waiting:
        plain = _plain(waiting.pop())
        if plain is not None and id(plain) not in read:
            names = [each for each in _read(plain) if not isinstance(each.bound, ModuleType)]
            waiting += [each.bound for each in names if callable(each.bound)]
            read[id(plain)] = [] if _is_known(plain.__globals__.get("__name__")) else names
    return list(itertools.chain(*read.values()))


def ignore_numbers(read: list[Captured], nodes: list[Node]) -> None:
    """Let go of the numbers of arrays that a program reads itself, at each call, if it holds no others.

    Others may have been computed from those arrays alone, and so may be wrong when they change.
    """
    named = [each for each in read if type(each.bound) is np.ndarray]
    sharing = [
        [each for each in named if node.is_array and np.may_share_memory(each.bound, node.example)]
        for node in nodes
        if node.is_constant and not node.is_python
    ]
    if all(sharing):
        for each in itertools.chain(*sharing):
            each.numbers = None


def reach(*roots: Any) -> Iterator[Any]:
    """Yield what a call can come by, given the function and its arguments: each object once.

    Of a function these are its closure, its defaults, and the globals that it names, also within modules; of
    a class the operators, and what any of those functions names; of all else what it refers to: attributes,
    elements, the object of a method. Functions of Python's library and of installed packages are not looked
    into, beyond their closures: from them one comes to everything.
    """
    seen: dict[int, Any] = {}  # holds what it has seen, so that an identity is not used again
    names: set[str] = set()
    holders: list[Any] = []
    waiting = list(roots)
    while waiting:
        thing = waiting.pop()
        is_namespace = type(thing) is dict and "__builtins__" in thing  # of it, what a function says counts
        if id(thing) in seen or issubclass(type(thing), _ATOMS) or is_namespace:
            continue
        seen[id(thing)] = thing
        yield thing
        if isinstance(thing, FunctionType):
            waiting += [thing.__closure__, thing.__defaults__, thing.__kwdefaults__]
            if _is_authors(thing):
                read = {name for code in _codes(thing.__code__) for name in code.co_names}
                waiting += _named(thing.__globals__, read)
                waiting += [each for holder in holders for each in _named(vars(holder), read - names)]
                names |= read
        elif issubclass(type(thing), (type, ModuleType)):
            is_class = issubclass(type(thing), type)
            if not _is_known(thing.__module__ if is_class else thing.__name__):
                holders.append(thing)  # what is yet to come may name more of it
                waiting += [*_named(vars(thing), names), *(_operators(thing) if is_class else ())]
        elif _is_known(type(thing).__module__) and hasattr(thing, "__wrapped__"):
            waiting.append(thing.__wrapped__)  # a jitted function, whose programs are nobody's business
        else:
            waiting += [each for each in gc.get_referents(thing) if type(each) not in _PLAIN]


def _equal(a: Any, b: Any) -> bool:
    return type(a) is type(b) and bool(a == b)


def _plain(function: Any) -> FunctionType | None:
    """Return the function of Python that runs when something is called, if one does."""
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
    return function if isinstance(function, FunctionType) else None


def _is_known(module: Any) -> bool:
    """Whether a module is the engine's, NumPy's or Python's innermost, which rebind none of their names."""
    return str(module).partition(".")[0] in (_OURS, "numpy", "builtins")


def _read(function: FunctionType) -> Iterator[Captured]:
    for cell in function.__closure__ or ():
        try:
            yield Captured(cell, "", cell.cell_contents)
        except ValueError:  # not bound yet
            continue
    yield from (
        Captured({"default": each}, "default", each)
        for each in (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values())
        if type(each) is np.ndarray
    )
    names = function.__globals__
    if not _is_known(names.get("__name__")):
        steps = (step for code in _codes(function.__code__) for step in dis.get_instructions(code))
        read = {step.argval for step in steps if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
        yield from (Captured(names, name, names[name]) for name in read if name in names)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of a function, and of those that are written in it."""
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _codes(const)


def _operators(kind: type) -> list[Any]:
    """Return what Python calls unnamed: the methods of operators, also those that a class inherits."""
    return [*kind.__bases__, *(each for name, each in vars(kind).items() if name.startswith("__"))]


def _named(holder: Mapping[str, Any], names: set[str]) -> list[Any]:
    return [holder[name] for name in names if name in holder]


def _is_authors(function: FunctionType) -> bool:
    file = function.__code__.co_filename
    installed = file.startswith((_LIBRARY, "<frozen")) or "site-packages" in file or "dist-packages" in file
    return not (installed or _is_known(function.__globals__.get("__name__")))
