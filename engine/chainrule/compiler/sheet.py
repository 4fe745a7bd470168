"""The sheet on which a program is written: lines, and names for what they speak of."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.compiler.node import PYTHON, Hole

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.compiler.names import Names


@dataclass(eq=False)
class Sheet:
    """Lines that are run once, and lines of the function.

    Attributes:
        names: The names taken, and those bound.
        once: Lines that are run once.
        lines: Lines of the function.
        fixed: The names of arrays that stay.
        windows: By array and expression, the name of what is made once of it.
    """

    names: Names
    once: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    fixed: set[str] = field(default_factory=set)
    windows: dict[tuple[str, str], str] = field(default_factory=dict)

    def line(self, text: str) -> None:
        """Write a line."""
        self.lines.append(text)

    def assign(self, wanted: str, expression: str) -> str:
        """Write a line that gives an expression a name, and return the name."""
        name = self.names.unique(wanted if wanted.endswith("T") else f"{wanted}{len(self.lines)}")
        self.line(f"{name} = {expression}")
        return name

    def call(self, name: str, function: Callable[..., Any] | None) -> str:
        """Return the name of a function."""
        return self.names.bind(name, function)

    def prepared(self, wanted: str, text: str) -> str:
        """Return the name of something that is made once."""
        return self._made("", wanted, text)

    def window(self, ref: str, suffix: str, text: str) -> str:
        """Return a view of an array: made once if the array stays, else here."""
        if ref in self.fixed:
            return self._made(ref, f"{ref}{suffix}", f"{ref}{text}")
        if text != ".T" or not ref.isidentifier():
            return f"{ref}{text}"
        if (ref, text) not in self.windows:
            self.windows[ref, text] = self.assign(f"{ref}T", f"{ref}.T")
        return self.windows[ref, text]

    def zero_dimensional(self, number: float, dtype: Any) -> str:
        """Return the name of a number as an array without axes, which NumPy takes more quickly."""
        if not math.isfinite(number):
            return self.constant(number)
        return self.prepared("c", f"array({number!r}{self.kind(dtype)})")

    def ones(self, length: int, dtype: Any) -> str:
        """Return the name of a vector of ones."""
        return self.prepared("ones", f"ones({length}{self.kind(dtype)})")

    def kind(self, dtype: Any) -> str:
        """Return a dtype as a further argument, if it is not what NumPy makes anyhow."""
        return "" if dtype == np.float64 else f", {np.dtype(dtype).name!r}"

    def constant(self, source: Any) -> str:
        """Return a literal for a number, or the name of an array."""
        if type(source) in PYTHON:
            if type(source) is float and not math.isfinite(source):
                return self.names.bind("inf" if source == math.inf else "number", source)
            return f"({source!r})" if str(source).startswith("-") else repr(source)
        name = self.names.bind("c", source)
        self.fixed.add(name)
        return name

    def literal(self, part: Any, ref: Callable[[int], str]) -> str:
        """Return a part of the form of a call as code; `ref` gives the name of an input."""
        if isinstance(part, Hole):
            return ref(part.place)
        if part is Ellipsis:
            return "..."
        if part is None or type(part) in (int, bool, str):
            return repr(part)
        if type(part) is float:
            return self.constant(part)
        return self._container(part, ref)

    def _container(self, part: Any, ref: Callable[[int], str]) -> str:
        if type(part) is slice:
            return (
                f"slice({', '.join(self.literal(each, ref) for each in (part.start, part.stop, part.step))})"
            )
        if type(part) is dict:
            return f"{{{', '.join(f'{key!r}: {self.literal(each, ref)}' for key, each in part.items())}}}"
        if type(part) not in (tuple, list):
            return self.names.bind("o", part)
        inner = ", ".join(self.literal(each, ref) for each in part)
        return f"[{inner}]" if type(part) is list else f"({inner}{',' * (len(part) == 1)})"

    def _made(self, ref: str, wanted: str, text: str) -> str:
        if (ref, text) not in self.windows:
            name = self.windows[ref, text] = self.names.unique(wanted)
            self.once.append(f"{name} = {text}")
            if not ref:
                self.fixed.add(name)
        return self.windows[ref, text]
