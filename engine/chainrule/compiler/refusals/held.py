"""What one thing holds: how one looks at it, tells what has changed, and puts it back."""

from __future__ import annotations

import gc
import itertools
import operator
from array import array
from collections import OrderedDict, deque
from contextvars import ContextVar
from functools import lru_cache
from threading import local
from types import CellType, FunctionType, GeneratorType, MemberDescriptorType, ModuleType
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from chainrule.compiler.captured import is_installed, is_others
from chainrule.value.tape import Recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


_PLAIN = frozenset((float, int, bool, str, complex, bytes))
_ABSENT = object()
_LARGE = 2**26  # bytes of an array that is not copied
_SEQUENCES = (list, deque, set)
_SETTERS: dict[str, tuple[Callable[..., None], Callable[..., None]]] = {
    "class": (type.__setattr__, type.__delattr__),
    "globals": (dict.__setitem__, dict.__delitem__),
}
"""By what is held in parts that have names, how one of them is set, and how it is taken away."""


class Held:
    """What one thing held: parts by name, looked at again later, and put back."""

    def __init__(self, thing: Any, look: Callable[[Any], dict[Any, Any]], what: str) -> None:
        self.thing, self.look, self.what = thing, look, what
        self.before = self.first = look(thing)

    def settle(self) -> None:
        """Take what it holds now as what it held."""
        self.before = self.look(self.thing)

    def changed(self) -> Iterator[Any]:
        """Yield the names of the parts that are others now."""
        now, before = self.look(self.thing), self.before
        if now.keys() != before.keys() or not all(map(operator.is_, now.values(), before.values())):
            for name in [*before, *(name for name in now if name not in before)]:
                if not _same(before.get(name, _ABSENT), now.get(name, _ABSENT)):
                    yield name

    def put_back(self) -> None:
        """Let it hold what it held at first, also what `settle` took."""
        self.before = self.first
        if any(True for _ in self.changed()):
            self._restore()

    def _restore(self) -> None:
        thing, before = self.thing, self.before
        if self.what == "entries":
            kind: Any = OrderedDict if isinstance(thing, OrderedDict) else dict
            kind.clear(thing)
            for name, part in before.items():
                kind.__setitem__(thing, name, part)
        elif self.what == "elements":
            kind = next(kind for kind in _SEQUENCES if isinstance(thing, kind))
            kind.clear(thing)
            (set.update if kind is set else kind.extend)(thing, before.values())
        elif self.what == "cell":
            thing.cell_contents = before[""]
        elif self.what == "context":
            for part in before.values():  # none, if it was never set
                thing.set(part)
        elif self.what == "buffer":
            if memoryview(thing).nbytes != len(before[""]):
                del thing[:]
                (thing.frombytes if isinstance(thing, array) else thing.extend)(before[""])
            memoryview(thing).cast("B")[:] = before[""]  # which others may look at meanwhile
        else:
            self._restore_parts()

    def _restore_parts(self) -> None:
        put, remove = _SETTERS.get(self.what, (object.__setattr__, object.__delattr__))
        if isinstance(self.thing, (ModuleType, local)):
            put, remove = setattr, delattr
        for name in list(self.changed()):
            if name in self.before:
                put(self.thing, name, self.before[name])
            else:
                remove(self.thing, name)


class HeldArray(Held):
    """The numbers that an array held; of a large one a checksum, by which they are not put back."""

    def __init__(self, numbers: Any) -> None:
        super().__init__(numbers, _numbers, "array")

    def changed(self) -> Iterator[Any]:
        """Yield the array's only part, if its numbers are others."""
        before, now = self.before[""], np.ascontiguousarray(self.thing)
        if isinstance(before, int):
            same = before == _numbers(self.thing)[""]
        elif now.dtype.kind == "O":
            same = all(map(operator.is_, now.ravel().tolist(), before.ravel().tolist()))
        else:
            same = now.size == 0 or np.array_equal(now.view(np.uint8), before.view(np.uint8))
        if not same:
            yield ""

    def _restore(self) -> None:
        if not isinstance(self.before[""], int):
            np.copyto(self.thing, self.before[""].reshape(self.thing.shape))


class HeldPosition(Held):
    """Where an iterator was, which nobody can put back."""

    def __init__(self, iterator: Any) -> None:
        super().__init__(iterator, _position, "iterator")

    def _restore(self) -> None:
        pass


def held_of(thing: Any) -> Iterator[Held]:
    """Yield what is to be looked at of one thing: of a dict with attributes, both."""
    kind = type(thing)
    if isinstance(thing, (FunctionType, Recorded)):
        return
    if isinstance(thing, np.ndarray):
        if thing.flags.writeable:
            yield HeldArray(thing)
        return
    look, what = next(((look, what) for kinds, look, what in _PARTS if isinstance(thing, kinds)), (None, ""))
    if look is not None:
        yield Held(thing, look, what)
    elif hasattr(kind, "__next__") and (
        kind is GeneratorType or kind.__module__ in ("itertools", "builtins")
    ):
        yield HeldPosition(thing)
    if not is_installed(kind) and kind is not CellType:
        yield from _held_attributes(thing)


def _held_attributes(thing: Any) -> Iterator[Held]:
    if isinstance(thing, (type, ModuleType)):
        if not is_others(thing.__module__ if isinstance(thing, type) else thing.__name__):
            yield Held(thing, _public, "class")
        return
    kind: Any = type(thing)
    slots = _slots(kind)
    if slots or hasattr(thing, "__dict__"):
        yield Held(thing, lambda each: _attributes(each, slots), "attributes")


def _numbers(thing: Any) -> dict[Any, Any]:
    if thing.nbytes > _LARGE and thing.dtype.kind != "O":
        return {"": crc32(np.ascontiguousarray(thing).view(np.uint8).data)}
    return {"": np.array(thing, order="C", ndmin=1)}


def _numbered(thing: Any) -> dict[Any, Any]:
    return dict(enumerate(thing))


def _contents(cell: CellType) -> dict[Any, Any]:
    try:
        return {"": cell.cell_contents}
    except ValueError:  # not bound yet
        return {}


def _in_context(variable: ContextVar[Any]) -> dict[Any, Any]:
    try:
        return {"": variable.get()}
    except LookupError:
        return {}


def _public(thing: Any) -> dict[Any, Any]:
    return {name: part for name, part in vars(thing).items() if not name.startswith("__")}


@lru_cache(maxsize=1024)
def _slots(kind: Any) -> list[str]:
    return [
        name
        for each in kind.__mro__
        for name, part in vars(each).items()
        if isinstance(part, MemberDescriptorType) and "__slots__" in vars(each) and not is_installed(each)
    ]


def _attributes(thing: Any, slots: list[str]) -> dict[Any, Any]:
    found = dict(getattr(thing, "__dict__", ()))
    for name in slots:
        part = getattr(thing, name, _ABSENT)
        if part is not _ABSENT:
            found[name] = part
    return found


def entries(names: list[str], holder: dict[str, Any]) -> dict[Any, Any]:
    """Return what a dict holds under some names."""
    return {name: holder[name] for name in names if name in holder}


def _position(iterator: Any) -> dict[Any, Any]:
    if isinstance(iterator, GeneratorType):
        frame = iterator.gi_frame
        return {"": frame and (frame.f_lasti, *map(id, frame.f_locals.values()))}
    if isinstance(iterator, itertools.count):
        return {"": repr(iterator)}
    if isinstance(iterator, itertools.cycle):
        return {"": _turn(iterator)}
    return {"": operator.length_hint(iterator, -1)}


def _turn(cycle: itertools.cycle[Any]) -> tuple[int, ...]:
    """Return how much a cycle has kept of its first turn; later, what comes next: a whole turn leads back."""
    *source, kept = (part for part in gc.get_referents(cycle) if not isinstance(part, type))
    if source:
        return (len(kept), operator.length_hint(source[0], -1))
    return tuple(map(id, itertools.islice(cycle, len(kept))))


def _bytes(thing: Any) -> dict[Any, Any]:
    return {"": bytes(thing)}


def _by_identity(thing: set[Any]) -> dict[Any, Any]:
    return {id(part): part for part in thing}


_PARTS: tuple[tuple[Any, Callable[[Any], dict[Any, Any]], str], ...] = (
    (dict, dict, "entries"),
    ((list, deque), _numbered, "elements"),
    (set, _by_identity, "elements"),
    (CellType, _contents, "cell"),
    ((bytearray, array), _bytes, "buffer"),
    (ContextVar, _in_context, "context"),
)
"""Containers, how one looks at what they hold, and what that is."""


def _same(a: Any, b: Any) -> bool:
    kind = type(a)
    if a is b:
        return True
    if kind is not type(b) or kind not in _PLAIN | {tuple}:
        return False
    if kind is tuple:
        return len(a) == len(b) and all(map(_same, a, b))
    return bool(a == b)
