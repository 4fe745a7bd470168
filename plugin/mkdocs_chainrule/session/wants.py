"""How much of what takes long to import a session is likely to want: it is loaded once, before it forks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PYTHON, ENGINE, DRAWING = range(3)
"""How much is loaded: nothing more than Python; NumPy and the engine; Matplotlib too."""

# What sources say that are likely to use it; if they are wrong, that costs time and nothing else.
_SAYS = {
    DRAWING: re.compile(r"plot|matplotlib|seaborn|\bfit\b|Chart"),
    ENGINE: re.compile(r"chainrule|numpy|scipy|pandas|\bnp\b"),
}
_PACKAGES = {DRAWING: {"matplotlib"}, ENGINE: {"chainrule", "numpy"}}


def wanted(sources: Iterable[str]) -> int:
    """Return how much the blocks of a session are likely to want."""
    text = "\n".join(sources)
    return next((level for level, words in _SAYS.items() if words.search(text)), PYTHON)


def used(packages: Iterable[str]) -> int:
    """Return how much a session that used these packages would have liked to find."""
    return next((level for level, names in _PACKAGES.items() if names & set(packages)), PYTHON)
