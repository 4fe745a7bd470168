"""The sheet on which a program is written: lines, names for what they speak of, and the code they become."""

from __future__ import annotations

import builtins
import keyword
import math
import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import modes, trees
from chainrule.compiler.program import PYTHON
from chainrule.value.value import _tick as tick

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.compiler.program import Node

ABSENT = object()
"""What a parameter holds that is not given."""

_ALWAYS = {
    "absent": ABSENT,
    "array": np.array,
    "empty": np.empty,
    "errstate": np.errstate,
    "full": np.full,
    "get_ident": threading.get_ident,
    "math": math,
    "modes": modes,
    "ndarray": np.ndarray,
    "NUMBERS": PYTHON,
    "ones": np.ones,
    "RAISED": (ArithmeticError, np.linalg.LinAlgError),
    "resampled": modes.resampled,
    "tick": tick,
}
"""What generated code refers to, whatever it computes."""

_OWN = ("again", "call", "itself", "missed", "named", "owners", "power_of", "rest", "sample", "sampled")
"""What each code has of its own."""


class Names:
    """Names for what the code refers to, each once."""

    def __init__(self) -> None:
        self.variables: set[str] = {*keyword.kwlist, *_OWN}
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
        known = (self.variables, self.bound, vars(np), vars(builtins))
        return name.startswith("exact_") or any(name in names for names in known)

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


class Sheet:
    """Lines that are run once, and lines of the function; `fixed` are the names of arrays that stay."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.once: list[str] = []
        self.lines: list[str] = []
        self.fixed: set[str] = set()
        self._known: dict[str, str] = {}

    def assign(self, wanted: str, expression: str) -> str:
        """Write a line that gives an expression a name, and return the name."""
        name = self.names.unique(wanted if wanted.endswith("T") else f"{wanted}{len(self.lines)}")
        self.lines.append(f"{name} = {expression}")
        return name

    def made_once(self, wanted: str, text: str) -> str:
        """Return the name of an array that is made once."""
        name = self.names.unique(wanted)
        self.once.append(f"{name} = {text}")
        self.fixed.add(name)
        return name

    def prepared(self, wanted: str, text: str) -> str:
        """Return the name of an array that is made once for all who want the same."""
        if text not in self._known:
            self._known[text] = self.made_once(wanted, text)
        return self._known[text]

    def view(self, ref: str, suffix: str, text: str) -> str:
        """Return a view of an array: made once if the array stays, else where it is needed."""
        whole = f"{ref}{text}"
        if ref in self.fixed:
            return self.prepared(f"{ref}{suffix}", whole)
        if text != ".T" or not ref.isidentifier():
            return whole
        if whole not in self._known:
            self._known[whole] = self.assign(f"{ref}T", whole)
        return self._known[whole]

    def transpose(self, ref: str) -> str:
        """Return the transpose of an array."""
        return self.view(ref, "T", ".T")

    def kind(self, dtype: Any) -> str:
        """Return a dtype as a further argument, if it is not what NumPy makes anyhow."""
        return "" if dtype == np.float64 else f", {np.dtype(dtype).name!r}"

    def constant(self, thing: Any) -> str:
        """Return a constant as code: as a literal, if it has one, else by a name."""
        if thing is Ellipsis:
            return "..."
        if type(thing) is float and not math.isfinite(thing):
            return self.names.bind("inf" if thing == math.inf else "constant", thing)
        is_literal = thing is None or type(thing) in (bool, int, str, float)
        return repr(thing) if is_literal else self.names.bind("constant", thing)

    def operand(self, thing: Any) -> str:
        """Return a number or an array that is the same at each call, as an operand."""
        if type(thing) in PYTHON:
            text = self.constant(thing)
            return f"({text})" if text.startswith("-") else text
        name = self.names.bind("c", thing)
        self.fixed.add(name)
        return name

    def literal(self, tree: Any, leaf: Callable[[Any], str | None]) -> str:
        """Return a container as code; `leaf` gives the code of what is in it, or None if it is one itself."""
        text = leaf(tree)
        if text is not None:
            return text
        kind = type(tree)
        if kind is slice:
            return f"slice{self.literal((tree.start, tree.stop, tree.step), leaf)}"
        branches = trees.children(tree) or ()
        parts = [self.literal(part, leaf) for _, part in branches]
        if kind is tuple:
            return f"({', '.join(parts)}{',' * (len(parts) == 1)})"
        if isinstance(tree, dict):
            keys = map(self.constant, tree)
            text = f"{{{', '.join(f'{key}: {part}' for key, part in zip(keys, parts, strict=True))}}}"
        elif trees.is_sequence(tree):
            text = f"[{', '.join(parts)}]"
        else:
            text = ", ".join(f"{step[1:]}={part}" for (step, _), part in zip(branches, parts, strict=True))
        return text if kind in (dict, list) else f"{self.names.bind('kind', kind)}({text})"


@dataclass(frozen=True, slots=True)
class Write:
    """A result that a Value gets: as its "data", or as its "grad", where None is no gradient.

    What is of the shape and dtype of the array that the Value holds is written into that array.
    """

    target: str
    slot: str
    node: Node | None
    into: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A program as text: what is run when arrays are bound, what at each call, and what both refer to.

    A pure one gives nothing to a Value, so the function can be run instead.
    """

    once: str
    step: str
    names: dict[str, Any]
    pure: bool = False

    def __str__(self) -> str:
        return f"{self.once}\n{self.step}" if self.once else self.step
