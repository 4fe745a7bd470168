"""What the program's names tell of Values: their labels, and which are parameters of a model."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


def main_names() -> Iterator[tuple[str, Any]]:
    """Yield the names of `__main__` and what they are bound to, in the order of their binding.

    A script, a REPL, Jupyter and a page all run as `__main__`. Names that start with an underscore are left
    out: Jupyter and the REPL keep results under those. So are those that a loop binds anew at each turn, if
    whoever runs the program notes them in `__loop_names__`, as a page's worker does.
    """
    names = vars(sys.modules["__main__"])
    loops = names.get("__loop_names__", ())
    return ((name, each) for name, each in list(names.items()) if name[:1] != "_" and name not in loops)


Named = Callable[[Any], Iterable[tuple[str, Any]]]

_holders: dict[type, Named] = {}


def register_holder(kind: type, named: Named) -> None:
    """Say that instances of a class hold parameters, and how to get each with its name, if it has one."""
    _holders[kind] = named


def held_parameters() -> dict[Any, str]:
    """Return the parameters of the models and optimisers that have a name, each by its name in there."""
    found: dict[Any, str] = {}
    for _, thing in main_names():
        named = next((named for kind, named in _holders.items() if isinstance(thing, kind)), None)
        for name, parameter in named(thing) if named else ():
            found[parameter] = found.get(parameter) or name
    return found


def name_of(value: Any) -> str:
    """Return the first name that is bound to a Value, or nothing."""
    return next((name for name, bound in main_names() if bound is value), "")


def names_of(values: Iterable[Any]) -> dict[Any, str]:
    """Return the label of each Value: what `label` says, but for one look at the names of the program."""
    bound: dict[int, str] = {}
    for name, thing in main_names():
        bound.setdefault(id(thing), name)
    return {value: getattr(value, "_label", "") or bound.get(id(value), "") for value in values}
