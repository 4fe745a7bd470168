"""Where a worker stood when it died: it notes its line as it goes, and `run/last_words.py` reads that after.

Its notes are the number of each block that begins (`#2`), the line of each statement (`@12`) and the
tracebacks that faulthandler writes, from C, on a fatal signal and when the time is up; each traceback starts
with the innermost frame.
"""

from __future__ import annotations

import faulthandler
import os
import sys
from contextlib import suppress
from os import getpid, write  # bound here, whatever happens to `os` later
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from mkdocs_chainrule.session.block import Place

_ENDINGS = {"os.kill", "os.killpg", "signal.pthread_kill"}


class LastWords:
    """The notes of a worker, in a file that outlives it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)
        self._pid = getpid()

    def install(self) -> None:
        """Note where we stand when a fatal signal comes, or when the author's code ends the process."""
        faulthandler.enable(self._file, all_threads=False)
        sys.addaudithook(self._audit)
        leave = os._exit

        def _exit(status: int) -> Any:
            self._dump()
            leave(status)

        os._exit = _exit

    def _audit(self, event: str, _: Any) -> None:
        if event in _ENDINGS:
            self._dump()

    def _dump(self) -> None:
        if getpid() == self._pid:
            with suppress(OSError):
                faulthandler.dump_traceback(self._file, all_threads=False)

    def step(self, place: Place) -> None:
        """Note that the statement at `place` begins."""
        write(self._file.fileno(), f"@{place.line or 0} {place.file}\n".encode())

    def watch(self, number: int, timeout: float) -> None:
        """Note that a block begins, and where we stand when `timeout` is over, unless `rest` comes first."""
        write(self._file.fileno(), f"#{number}\n".encode())
        faulthandler.dump_traceback_later(timeout, file=self._file)

    def rest(self) -> None:
        """The block ended in time."""
        faulthandler.cancel_dump_traceback_later()
