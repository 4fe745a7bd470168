"""Generated code: the names in it, and what it does to Values."""

from __future__ import annotations

import builtins
import keyword
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.compiler import expressions

if TYPE_CHECKING:
    from chainrule.compiler.program import Node

_ALWAYS = {
    "math": math,
    "empty": np.empty,
    "ones": np.ones,
    "array": np.array,
    "full": np.full,
    "errstate": np.errstate,
}


class Names:
    """Names for what the code refers to, each once."""

    def __init__(self) -> None:
        self.variables: set[str] = set(keyword.kwlist)
        self.bound: dict[str, Any] = dict(_ALWAYS)

    def unique(self, wanted: str) -> str:
        """Return a name for a variable that is free, like the one wanted."""
        name = re.sub(r"\W+", "_", wanted).strip("_") or "x"
        name = f"p{name}" if name[0].isdigit() else name
        found, count = name, 1
        while self._taken(found):
            count += 1
            found = f"{name}_{count}"
        self.variables.add(found)
        return found

    def _taken(self, name: str) -> bool:
        return (
            name in self.variables
            or name in self.bound
            or hasattr(np, name)
            or hasattr(builtins, name)
            or expressions.is_reserved(name)
        )

    def bind(self, wanted: str, thing: Any) -> str:
        """Return the name of a function or a constant."""
        if self.bound.get(wanted, self) is thing:
            return wanted
        known = next((name for name, bound in self.bound.items() if bound is thing), None)
        if known is None:
            free = wanted not in self.variables and wanted not in self.bound
            known = wanted if free and wanted.isidentifier() else self.unique(wanted)
            self.bound[known] = thing
        return known


@dataclass(frozen=True, slots=True)
class Write:
    """A result that a Value gets.

    Attributes:
        target: The name of the Value in the generated code.
        slot: "data" or "grad".
        node: The result; None for no gradient.
        in_place: The node of the array that it is written into, if it is one of the same shape and dtype.
    """

    target: str
    slot: str
    node: Node | None
    in_place: Node | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A program as text.

    Attributes:
        once: What is run when arrays are bound: buffers, and windows on arrays that stay.
        step: The function that is run at each call.
        names: What both refer to.
        pure: Whether it draws nothing and gives nothing to a Value: then the function can be run instead.
    """

    once: str
    step: str
    names: dict[str, Any]
    pure: bool = False

    def __str__(self) -> str:
        return f"{self.once}\n{self.step}" if self.once else self.step
