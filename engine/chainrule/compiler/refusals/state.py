"""State that a function writes: a program would write it once, in the trace, and never again.

Before the trace all that the function can reach is looked at: attributes, elements, entries, cells, arrays.
After it nothing may differ, but for names that the function reads, which are watched at each call, and what
`each_call` changes. Whatever ends the trace, everything is put back, so that nothing traced is left in it.
"""

from __future__ import annotations

from functools import cached_property, partial
from types import FunctionType
from typing import TYPE_CHECKING, Any

from chainrule.compiler.captured import CHANGING, captured_names, is_authors, reach, underlying
from chainrule.compiler.places import written_at
from chainrule.compiler.refusals.held import Held, entries, held_of
from chainrule.compiler.traced import Traced
from chainrule.errors import TraceError
from chainrule.value.tape import Recorded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chainrule.compiler.captured import Captured


class State:
    """All that a function can reach, as it was before the trace."""

    def __init__(
        self, reached: Iterable[tuple[Any, bool]], captured: Iterable[Captured], start: float
    ) -> None:
        reached = list(reached)
        self.start = start
        self.known = {id(thing) for thing, _ in reached}
        self.functions: list[FunctionType] = []
        self.held: list[Held] = []
        self.named = {(id(each.holder), each.name) for each in captured}
        names: dict[tuple[int, str], Captured] = {}
        for thing, is_own in reached:
            if isinstance(thing, FunctionType) and is_authors(thing):
                self.functions.append(thing)
                names |= {(id(each.holder), each.name): each for each in captured_names(thing, follow=False)}
            if is_own:
                self.held += held_of(thing)
        watched = {id(each.bound) for each in captured if each.numbers is not None}
        self.watched = [each for each in self.held if each.what == "array" and id(each.thing) in watched]
        self.held = [each for each in self.held if each not in self.watched]
        holders: dict[int, Any] = {id(each.holder): each.holder for each in names.values() if each.name}
        for key, holder in holders.items():
            mine = [name for holder_id, name in names if holder_id == key]
            self.held.append(Held(holder, partial(entries, mine), "globals"))

    def check(self, read: Iterable[Any] = ()) -> None:
        """Refuse what was written; an array that is watched only if the program has `read` it.

        Raises:
            TraceError: Something differs from what it was, or holds what is traced.
        """
        memory = {id(owner) for array in read for owner in (array, getattr(array, "base", None))}
        for held in [*self.held, *(each for each in self.watched if id(each.thing) in memory)]:
            for name in held.changed():
                if not self._is_watched(held, name):
                    raise TraceError(self._told(held, name))

    def check_returned(self, part: Any, function: Any) -> None:
        """Refuse a part of the result that would be the same at each call, and is new at each call eagerly.

        Raises:
            TraceError: It holds what is traced, or was made in the trace and may change.
        """
        is_new = id(part) not in self.known and (
            hasattr(type(part), "__next__") or isinstance(part, CHANGING)
        )
        if is_new or self._is_traced(part):
            at = written_at([each] if (each := underlying(function)) else [], "result", "")
            raise TraceError(
                f"jit: the function returns a {type(part).__name__} that it makes{at}; the program would "
                f"return the same one at each call. Return numbers, arrays and Values, in lists, tuples, "
                f"dicts or dataclasses."
            )

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
        for held in [*self.held, *self.watched]:
            held.put_back()

    def _is_watched(self, held: Held, name: Any) -> bool:
        """Whether a name that is bound to something else is asked for at each call, and nothing traced.

        A property that is computed once is the same at each call.
        """
        is_cached = isinstance(getattr(type(held.thing), str(name), None), cached_property)
        if not is_cached and (
            held.what not in ("globals", "cell") or (id(held.thing), name) not in self.named
        ):
            return False
        return not self._is_traced(held.look(held.thing).get(name))

    def _is_traced(self, part: Any) -> bool:
        return any(
            isinstance(each, Traced) or (isinstance(each, Recorded) and each.index >= self.start)
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
            "context": f"the context variable {getattr(held.thing, 'name', '')!r}",
            "array": "the numbers of an array",
            "buffer": f"what a {kind} holds",
            "iterator": f"the position of a {kind}",
        }[held.what]
        else_ = "else " if held.what == "iterator" else ""  # which nobody can put back
        at = written_at(self.functions, held.what, name)
        return (
            f"jit: the function changes {what}{at}; its program would not, after this call. Hand it in and "
            f"return what it becomes; keep numbers that change in a Value and assign its data; or count and "
            f"read what changes in each_call(lambda: ...). All {else_}is as it was before."
        )
