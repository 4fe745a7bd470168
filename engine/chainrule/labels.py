"""The names that Values have in the program, as labels."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


def main_names() -> Iterator[tuple[str, Any]]:
    """Yield the names of `__main__` and what they are bound to, in the order of their binding.

    A script, a REPL, Jupyter and a page all run as `__main__`. Names that start with an underscore are left
    out: Jupyter and the REPL keep results under those.
    """
    names = vars(sys.modules["__main__"])
    return ((name, value) for name, value in list(names.items()) if not name.startswith("_"))


def name_of(value: Any) -> str:
    """Return the first name that is bound to a Value, or nothing."""
    return next((name for name, bound in main_names() if bound is value), "")
