"""What a function reads besides its arguments: the names that it captures, and all that it can reach."""

from __future__ import annotations

import dis
import functools
import gc
import itertools
import os
import sys
from array import array
from collections import deque
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

CHANGING = (set, bytearray, deque, array)
"""Containers of Python's that a program does not look into, and that may change."""

_ATOMS = (
    *(*_PLAIN, complex, bytes, type(None), np.generic, np.dtype, np.ufunc),
    *(CodeType, FrameType, TracebackType),
)
"""What reaches nothing that a function could change unseen."""


class StandIn:
    """What stands for a number while a function is traced: what it refers to is the trace's."""

    __slots__ = ()


_ENDS = (np.ndarray, Recorded, StandIn)
"""What is reached and leads no further; Values are watched in their own way."""

_CACHING = type(functools.cache(len))

_CONTAINERS = frozenset(
    (
        *("_thread", "builtins", "collections", "functools", "itertools", "types", "dataclasses", "queue"),
        *("contextvars", "_contextvars", "weakref", "_weakrefset", "os", "__main__", _OURS),
    )
)
"""Packages whose objects are the author's as far as he fills them."""


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

    def is_as_it_was(self) -> bool:
        """Whether it is bound as it was, or to an equal number."""
        try:
            now = self.holder.get(self.name) if self.name else self.holder.cell_contents
        except ValueError:  # not bound any more
            return False
        is_same = now is self.bound or (type(self.bound) in _PLAIN and _equal(now, self.bound))
        return is_same and (self.numbers is None or now.tobytes() == self.numbers)

    def condition(self, names: Names) -> str:
        """Return the code that asks whether it is bound as it was, or to an equal number."""
        holder, bound = names.bind("holder", self.holder), names.bind("bound", self.bound)
        now = f"{holder}.get({self.name!r})" if self.name else f"{holder}.cell_contents"
        if type(self.bound) in _PLAIN:
            return f"({now} is {bound} or {names.bind('equal', _equal)}({now}, {bound}))"
        if self.numbers is None:
            return f"{now} is {bound}"
        return f"{now} is {bound} and {bound}.tobytes() == {names.bind('numbers', self.numbers)}"


def captured_names(function: Callable[..., Any], *, follow: bool = True) -> list[Captured]:
    """Return what a function, and functions it names, read by name: but for modules, anything."""
    read: dict[int, list[Captured]] = {}
    waiting = [function]
    while waiting:
        plain = underlying(waiting.pop())
        if plain is not None and id(plain) not in read:
            names = [each for each in _read(plain) if not isinstance(each.bound, ModuleType)]
            waiting += [each.bound for each in names if follow and callable(each.bound)]
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


def reach(*roots: Any) -> Iterator[tuple[Any, bool]]:
    """Yield what a call can come by, given the function and its arguments, and whether it is own: each once.

    Of a function these are its closure, its defaults, and the globals that it names, also within modules; of
    a class the operators, and what any of those functions names; of all else what it refers to: attributes,
    elements, the object of a method. Functions of Python's library and of installed packages are not looked
    into, beyond their closures: from them one comes to everything. What is only held by objects of theirs is
    not the author's own.
    """
    seen: dict[int, Any] = {}  # holds what it has seen, so that an identity is not used again
    names: set[str] = set()
    holders: list[Any] = []
    waiting, behind = list(roots), list[Any]()
    is_own = True
    while waiting or behind:
        if not waiting:
            waiting, behind, is_own = behind, waiting, False
        thing = waiting.pop()
        kind = type(thing)
        if id(thing) in seen or issubclass(kind, _ATOMS) or _is_namespace(thing):
            continue
        seen[id(thing)] = thing
        yield thing, is_own
        if issubclass(kind, _ENDS):
            continue
        if isinstance(thing, FunctionType):
            waiting += [*(thing.__closure__ or ()), thing.__defaults__, thing.__kwdefaults__, thing.__dict__]
            if is_authors(thing):
                read = {name for code in codes(thing.__code__) for name in code.co_names}
                waiting += _named(thing.__globals__, read)
                waiting += [each for holder in holders for each in _named(vars(holder), read - names)]
                names |= read
        elif issubclass(type(thing), (type, ModuleType)):
            is_class = issubclass(type(thing), type)
            if not _is_known(thing.__module__ if is_class else thing.__name__):
                holders.append(thing)  # what is yet to come may name more of it
                waiting += [*_named(vars(thing), names), *(_operators(thing) if is_class else ())]
        elif (kind is _CACHING or _is_known(kind.__module__)) and hasattr(thing, "__wrapped__"):
            waiting.append(
                thing.__wrapped__
            )  # a jitted function, whose programs are nobody's business; a cache
        else:
            (behind if is_installed(kind) else waiting).extend(_parts(thing, seen))


def _parts(thing: Any, seen: dict[int, Any]) -> list[Any]:
    """Return what a thing refers to: not the dict of its attributes, but those."""
    attributes = _attributes(thing)
    if attributes is not None:
        seen[id(attributes)] = attributes
    found = [*gc.get_referents(thing), *(attributes or {}).values()]
    return [each for each in found if type(each) not in _PLAIN]


def _is_namespace(thing: Any) -> bool:
    """Whether a dict holds the globals of a module, of which counts what a function says."""
    return type(thing) is dict and "__builtins__" in thing


def _attributes(thing: Any) -> dict[str, Any] | None:
    try:
        found = object.__getattribute__(thing, "__dict__")
    except AttributeError:
        return None
    return found if type(found) is dict else None


@functools.cache
def _is_installed(module: str) -> bool:
    file = getattr(sys.modules.get(module), "__file__", None) or ""
    root = module.partition(".")[0]
    return root in sys.stdlib_module_names or "site-packages" in file or "dist-packages" in file


def is_installed(kind: type) -> bool:
    """Whether a class is of Python's library or of an installed package, whose state is its own business."""
    module = str(kind.__module__)
    return module.partition(".")[0] not in _CONTAINERS and _is_installed(module)


def is_others(module: Any) -> bool:
    """Whether a module is no author's: Python's, the engine's, or an installed package's."""
    return _is_known(module) or _is_installed(str(module))


def _equal(a: Any, b: Any) -> bool:
    return type(a) is type(b) and bool(signed(a) == signed(b))


def signed(number: Any) -> Any:
    """Return what tells a zero of one sign from that of the other, which are equal; of all else, itself."""
    return str(number) if isinstance(number, float) and number == 0 else number


def underlying(function: Any) -> FunctionType | None:
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
        read = _globals_of(function.__code__)
        yield from (Captured(names, name, names[name]) for name in read if name in names)


@functools.lru_cache(maxsize=1024)
def _globals_of(code: CodeType) -> frozenset[str]:
    steps = (step for each in codes(code) for step in dis.get_instructions(each))
    used = ("LOAD_GLOBAL", "LOAD_NAME", "STORE_GLOBAL", "DELETE_GLOBAL")
    return frozenset(step.argval for step in steps if step.opname in used)


def codes(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of a function, and of those that are written in it."""
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from codes(const)


def _operators(kind: type) -> list[Any]:
    """Return what Python calls unnamed: the methods of operators, also those that a class inherits."""
    return [*kind.__bases__, *(each for name, each in vars(kind).items() if name.startswith("__"))]


def _named(holder: Mapping[str, Any], names: set[str]) -> list[Any]:
    return [holder[name] for name in names if name in holder]


def is_authors(function: FunctionType) -> bool:
    """Whether a function is no part of Python's library, of the engine or of an installed package."""
    file = function.__code__.co_filename
    installed = file.startswith((_LIBRARY, "<frozen")) or "site-packages" in file or "dist-packages" in file
    return not (installed or _is_known(function.__globals__.get("__name__")))
