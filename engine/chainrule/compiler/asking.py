"""Who asks: the engine itself, somebody who looks at a program as it runs, or the function that is traced."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

_frame = sys._getframe
_ENGINE = __name__.partition(".")[0]
_LOOKING = frozenset(
    (_ENGINE, "pdb", "bdb", "cmd", "code", "traceback", "_pydevd_bundle", "debugpy", "IPython", "_pytest")
)
"""Packages that print what they meet: the engine in its messages, debuggers, tracebacks."""

_TEXT = frozenset(("__repr__", "__str__", "__format__"))
_BETWEEN = frozenset(("dataclasses", "reprlib"))
"""Modules that stand between a text and who asked for it."""


def is_engine(depth: int) -> bool:
    """Whether the caller so many calls up is the engine."""
    return _package(_frame(depth)) == _ENGINE


def may_look(depth: int) -> bool:
    """Whether the caller so many calls up wants a text to show it to a person, and not for the function."""
    asker: FrameType | None = _frame(depth)
    while asker is not None and (asker.f_code.co_name in _TEXT or _package(asker) in _BETWEEN):
        asker = asker.f_back
    return asker is not None and _package(asker) in _LOOKING


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]
