"""The memory of a block: a limit above what the worker takes before the first block runs."""

from __future__ import annotations

import sys
from pathlib import Path

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]  # there is no such limit there


class MemoryLimit:
    """RLIMIT_DATA of this process: it counts memory that is written, not addresses that are reserved."""

    def __init__(self) -> None:
        self._base = _data_bytes()

    def set(self, mebibytes: int) -> None:
        """Let the process have `mebibytes` above its base; more is a MemoryError."""
        if self._base is not None:
            self._apply(self._base + (mebibytes << 20))

    def lift(self) -> None:
        """Let the process have what it wants: telling that memory is out takes some."""
        if self._base is not None:
            self._apply(resource.RLIM_INFINITY)

    def _apply(self, soft: int) -> None:
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard != resource.RLIM_INFINITY:
            soft = hard if soft == resource.RLIM_INFINITY else min(soft, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _data_bytes() -> int | None:
    """Return the private writable memory of this process, which only Linux tells and limits."""
    if resource is None or sys.platform != "linux":
        return None
    pages = int(Path("/proc/self/statm").read_text().split()[5])
    return pages * resource.getpagesize()
