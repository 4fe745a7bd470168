"""State that a function writes: a program would write it once, in the trace, and never again.

Before the trace all that the function can reach is looked at: attributes, elements, entries, cells, arrays.
After it nothing may differ, but for names that the function reads, which are watched at each call, and what
`each_call` changes. Whatever ends the trace, everything is put back, so that nothing traced is left in it.
"""

from __future__ import annotations

import itertools
import operator
from collections import OrderedDict, deque
from functools import lru_cache, partial
from types import CellType, FunctionType, GeneratorType, MemberDescriptorType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.compiler.captured import captured_names, is_authors, is_installed, is_others, reach
from chainrule.compiler.places import written_at
from chainrule.compiler.traced import Traced
from chainrule.errors import TraceError
from chainrule.value.tape import Recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from chainrule.compiler.captured import Captured

_PLAIN = frozenset((float, int, bool, str, complex, bytes))
_ABSENT = object()
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
        self.before = look(thing)

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
        """Let it hold what it held."""
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
        else:
            self._restore_parts()

    def _restore_parts(self) -> None:
        put, remove = _SETTERS.get(self.what, (object.__setattr__, object.__delattr__))
        if isinstance(self.thing, ModuleType):
            put, remove = setattr, delattr
        for name in list(self.changed()):
            if name in self.before:
                put(self.thing, name, self.before[name])
            else:
                remove(self.thing, name)


class HeldArray(Held):
    """The numbers that an array held."""

    def __init__(self, array: Any) -> None:
        super().__init__(array, _numbers, "array")

    def changed(self) -> Iterator[Any]:
        """Yield the array's only part, if its numbers are others."""
        before, now = self.before[""], np.ascontiguousarray(self.thing)
        if now.dtype.kind == "O":
            same = all(map(operator.is_, now.ravel().tolist(), before.ravel().tolist()))
        else:
            same = now.size == 0 or np.array_equal(now.view(np.uint8), before.view(np.uint8))
        if not same:
            yield ""

    def _restore(self) -> None:
        np.copyto(self.thing, self.before[""].reshape(self.thing.shape))


class HeldPosition(Held):
    """Where an iterator was, which nobody can put back."""

    def __init__(self, iterator: Any) -> None:
        super().__init__(iterator, _position, "iterator")

    def _restore(self) -> None:
        pass


class State:
    """All that a function can reach, as it was before the trace."""

    def __init__(
        self, reached: Iterable[tuple[Any, bool]], captured: Iterable[Captured], start: float
    ) -> None:
        self.start = start
        self.functions: list[FunctionType] = []
        self.held: list[Held] = []
        self.named = {(id(each.holder), each.name) for each in captured}
        names: dict[tuple[int, str], Captured] = {}
        for thing, is_own in reached:
            if isinstance(thing, FunctionType) and is_authors(thing):
                self.functions.append(thing)
                names |= {(id(each.holder), each.name): each for each in captured_names(thing, follow=False)}
            if is_own:
                self.held += _held(thing)
        watched = {id(each.bound) for each in captured if each.numbers is not None}
        self.held = [each for each in self.held if not (each.what == "array" and id(each.thing) in watched)]
        holders: dict[int, Any] = {id(each.holder): each.holder for each in names.values() if each.name}
        for key, holder in holders.items():
            mine = [name for holder_id, name in names if holder_id == key]
            self.held.append(Held(holder, partial(_entries, mine), "globals"))

    def check(self) -> None:
        """Refuse what was written.

        Raises:
            TraceError: Something differs from what it was, or holds what is traced.
        """
        for held in self.held:
            for name in held.changed():
                if not self._is_watched(held, name):
                    raise TraceError(self._told(held, name))

    def settle(self) -> None:
        """Take all as it is now; raises as `check` does if what is traced was left anywhere."""
        for held in self.held:
            changed = list(held.changed())
            for name in changed:
                if self._is_traced(held.look(held.thing).get(name)):
                    raise TraceError(self._told(held, name))
            if changed:
                held.settle()

    def put_back(self) -> None:
        """Let everything be what it was."""
        for held in self.held:
            held.put_back()

    def _is_watched(self, held: Held, name: Any) -> bool:
        """Whether a name that is bound to something else is asked for at each call, and nothing traced."""
        if held.what not in ("globals", "cell") or (id(held.thing), name) not in self.named:
            return False
        return not self._is_traced(held.look(held.thing).get(name))

    def _is_traced(self, part: Any) -> bool:
        return any(
            type(each) is Traced or (isinstance(each, Recorded) and each.index >= self.start)
            for each, _ in reach(part)
        )

    def _told(self, held: Held, name: Any) -> str:
        kind = type(held.thing).__name__
        what = {
            "attributes": f"the attribute {name!r} of an object of {kind}",
            "class": f"the attribute {name!r} of {getattr(held.thing, '__name__', kind)}",
            "elements": f"what a {kind} holds",
            "entries": f"the entry {name!r} of a {kind}",
            "globals": f"the global {name!r}",
            "cell": "a variable of an outer function",
            "array": "the numbers of an array",
            "iterator": f"the position of a {kind}",
        }[held.what]
        at = written_at(self.functions, held.what, name)
        return (
            f"jit: the function changes {what}{at}; its program would not, after this call. Hand it in and "
            f"return what it becomes; keep numbers that change in a Value and assign its data; or count and "
            f"read what changes in each_call(lambda: ...). All is as it was before."
        )


def _held(thing: Any) -> Iterator[Held]:
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


def _numbers(array: Any) -> dict[Any, Any]:
    return {"": np.array(array, order="C", ndmin=1)}


def _numbered(thing: Any) -> dict[Any, Any]:
    return dict(enumerate(thing))


def _contents(cell: CellType) -> dict[Any, Any]:
    try:
        return {"": cell.cell_contents}
    except ValueError:  # not bound yet
        return {}


def _public(thing: Any) -> dict[Any, Any]:
    return {name: part for name, part in vars(thing).items() if not name.startswith("__")}


@lru_cache(maxsize=1024)
def _slots(kind: Any) -> list[str]:
    return [
        name
        for each in kind.__mro__
        for name, part in vars(each).items()
        if isinstance(part, MemberDescriptorType) and not is_installed(each) and each.__module__ != "builtins"
    ]


def _attributes(thing: Any, slots: list[str]) -> dict[Any, Any]:
    found = dict(getattr(thing, "__dict__", ()))
    for name in slots:
        part = getattr(thing, name, _ABSENT)
        if part is not _ABSENT:
            found[name] = part
    return found


def _entries(names: list[str], holder: dict[str, Any]) -> dict[Any, Any]:
    return {name: holder[name] for name in names if name in holder}


def _position(iterator: Any) -> dict[Any, Any]:
    if isinstance(iterator, GeneratorType):
        frame = iterator.gi_frame
        return {"": frame and (frame.f_lasti, *map(id, frame.f_locals.values()))}
    if isinstance(iterator, itertools.count):
        return {"": repr(iterator)}
    return {"": operator.length_hint(iterator, -1)}


def _by_identity(thing: set[Any]) -> dict[Any, Any]:
    return {id(part): part for part in thing}


_PARTS: tuple[tuple[Any, Callable[[Any], dict[Any, Any]], str], ...] = (
    (dict, dict, "entries"),
    ((list, deque), _numbered, "elements"),
    (set, _by_identity, "elements"),
    (CellType, _contents, "cell"),
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
