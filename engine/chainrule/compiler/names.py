"""Names of the generated code."""

from __future__ import annotations

import builtins
import keyword
import math
import re
from typing import Any

import numpy as np

from chainrule.compiler import scalars

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
            or scalars.is_reserved(name)
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
