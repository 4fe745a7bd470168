"""Attributes that are not there, and say what is: for classes whose speed bears no `__getattr__`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Never

from chainrule.errors import ForeignNameError
from chainrule.habits.names import instead_of, names_of

if TYPE_CHECKING:
    from collections.abc import Iterable


class Told:
    """A name of another library on a class of ours: whoever asks for it is told what to write.

    It raises what `hasattr`, `getattr` with a default and `copy` take for "not there". Who assigns it may.
    """

    __slots__ = ("name", "owner")

    def __init__(self, owner: str, name: str) -> None:
        self.owner, self.name = owner, name

    def __get__(self, instance: Any, kind: type | None = None) -> Never:
        raise ForeignNameError(self.sentence(kind or type(instance)))

    def sentence(self, kind: type) -> str:
        """Return what is said."""
        import numpy  # noqa: PLC0415, ICN001 - for an error alone

        plain = self.name.rstrip("_")
        if self.name != plain and callable(getattr(kind, plain, None)) and self.owner == "Value":
            instead = f"nothing is changed in place by a method: write v = v.{plain}()"
        else:
            instead = instead_of(self.owner, self.name, partial(hasattr, numpy))
        return f"{self.owner} has no {self.name!r}; {instead}"


class SealedTold(Told):
    """The same where nothing else can be assigned, since instances have slots alone."""

    __slots__ = ()

    def __set__(self, instance: Any, given: Any) -> Never:
        raise ForeignNameError(self.sentence(type(instance)))


class ForeignNames:
    """A last base class, whose names tell what is written here; `dir` does not know them."""

    __slots__ = ()

    def __dir__(self) -> Iterable[str]:
        names = set(object.__dir__(self))
        found = {
            name: next(vars(each)[name] for each in type(self).__mro__ if name in vars(each))
            for name in names & _told(type(self))
        }
        return sorted(names - {name for name, each in found.items() if isinstance(each, Told)})


def _told(kind: type) -> set[str]:
    return {name for each in kind.__mro__ for name, found in vars(each).items() if isinstance(found, Told)}


def tells(owner: str, kind: type[Told] = Told) -> Any:
    """Return a decorator that gives a class the names of another library that the table has for an owner.

    The class is made anew, as six hundred assignments to one that is there take three times as long.
    """

    def enter(cls: type) -> type:
        told = {name: kind(owner, name) for name in names_of(owner)}
        own = {name: each for name, each in vars(cls).items() if name not in ("__dict__", "__weakref__")}
        return type(cls.__name__, cls.__bases__, {**own, **told})

    return enter
