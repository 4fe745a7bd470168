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
from chainrule.compiler.refusals.shapes import steady
from chainrule.value import tape

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
    "steady": steady,
    "resampled": modes.resampled,
    "tape": tape,
}
"""What generated code refers to, whatever it computes."""

EXACT = "exact_"
"""How the name of a primitive begins where it is called with Python's numbers."""

_TAKEN = vars(np).keys() | vars(builtins).keys()

_OWN = ("again", "call", "itself", "missed", "named", "owners", "power_of", "rest", "sample", "sampled")
"""What each code has of its own."""


class Names:
    """Names for what the code refers to: each name is given once, and each thing that is bound has one."""

    def __init__(self) -> None:
        self.variables: set[str] = {*keyword.kwlist, *_OWN}
        self.bound: dict[str, Any] = dict(_ALWAYS)
        self._name_of = {id(thing): name for name, thing in self.bound.items()}
        self._tried: dict[str, int] = {}

    def unique(self, wanted: str) -> str:
        """Return a name for a variable that is free, like the one wanted."""
        name = re.sub(r"\W+", "_", wanted).strip("_") or "x"
        if name[0].isdigit() or name.startswith(EXACT):  # what begins so is a primitive, by its own name
            name = f"p{name}"
        count = self._tried.get(name, 1)
        found = name if count == 1 else f"{name}_{count}"
        while not self._is_free(found) or found in _TAKEN:
            count += 1
            found = f"{name}_{count}"
        self._tried[name] = count
        self.variables.add(found)
        return found

    def _is_free(self, name: str) -> bool:
        return name not in self.variables and name not in self.bound

    def bind(self, wanted: str, thing: Any) -> str:
        """Return the name of a function or a constant."""
        known = self._name_of.get(id(thing))
        if known is None:
            known = wanted if self._is_free(wanted) and wanted.isidentifier() else self.unique(wanted)
            self.keep(known, thing)
        return known

    def keep(self, name: str, thing: Any) -> None:
        """Bind a name that is the thing's own, and nothing else's."""
        self.bound[name], self._name_of[id(thing)] = thing, name


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
