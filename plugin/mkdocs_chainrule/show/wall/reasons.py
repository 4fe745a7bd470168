"""Why what a block showed cannot be drawn, in words."""

from __future__ import annotations

from mkdocs_chainrule.errors import UnshownError


def reason(error: Exception) -> str:
    """Return in words why something cannot be drawn."""
    if isinstance(error, UnshownError):
        return str(error)
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, MemoryError):
        return "it takes too much memory"
    said = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
