"""The memory of a block: a limit above what the worker takes before the first block runs."""

from __future__ import annotations

import mmap
import sys
from pathlib import Path

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]  # there is no such limit there

_RESERVE = 4 << 20


class MemoryLimit:
    """RLIMIT_DATA of this process: it counts memory that is written, not addresses that are reserved."""

    def __init__(self) -> None:
        self._base: int | None = None
        self._reserve: mmap.mmap | None = None

    def set(self, mebibytes: int) -> None:
        """Let the process have `mebibytes` above its base, as its first block finds it; more is an error."""
        if self._base is None:
            self._begin()
        if self._base is not None:
            soft, hard = self._base + _RESERVE + (mebibytes << 20), self._free[1]
            fits = hard == resource.RLIM_INFINITY or soft < hard
            # Private memory, so that it counts; from mmap, so that no page of it is touched.
            self._reserve = mmap.mmap(-1, _RESERVE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
            resource.setrlimit(resource.RLIMIT_DATA, (soft if fits else hard, hard))

    def _begin(self) -> None:
        self._base = _data_bytes()
        if self._base is not None:
            self._free = resource.getrlimit(resource.RLIMIT_DATA)

    def lift(self) -> None:
        """Let the process have what it had: telling that memory is out takes some."""
        if self._base is not None:
            self._reserve = None  # gives it back: even the call below takes some
            resource.setrlimit(resource.RLIMIT_DATA, self._free)


def _data_bytes() -> int | None:
    """Return the private writable memory of this process, which only Linux tells and limits."""
    if resource is None or sys.platform != "linux":
        return None
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[5])
    except OSError:  # a sandbox may have no /proc
        return None
    return pages * resource.getpagesize()
