"""What a block writes: to `sys.stdout` and `sys.stderr`, and to file descriptors 1 and 2 from anywhere.

Each of the two goes to a file, so that a worker that dies takes nothing along. The order between the files
is in marks, sent whenever Python's writing finds that the other file was written last: the lengths of both at
that moment, and which of them is written next.
"""

from __future__ import annotations

import ctypes
import io
import os
import sys
from os import fstat, write  # bound here, so that what the author's code does to `os` does not matter
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.session.channel import STREAMS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_UNBUFFERED = 2  # _IONBF of <stdio.h>


class Streams:
    """The two files of a session, in place of the process's own streams."""

    def __init__(self, folder: Path, mark: Callable[[list[int], int], None]) -> None:
        self._mark = mark
        self.fds = [os.open(folder / name, os.O_WRONLY | os.O_APPEND) for name in STREAMS]
        self._current: int | None = None
        self._other = 0
        self.left = 0

    def install(self) -> None:
        """Let fd 0 be empty, fds 1 and 2 the two files, and `sys`'s streams write to them at once."""
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - it stays open
        for number, fd in enumerate(self.fds, 1):
            os.dup2(fd, number)
        self.renew()

    def renew(self) -> None:
        """Give `sys` its streams, where the author's code closed them."""
        for number, name in enumerate(STREAMS):
            ours = isinstance(getattr(sys, f"__{name}__"), _Text)
            if not ours or getattr(getattr(sys, name), "closed", True):
                vars(sys)[name] = vars(sys)[f"__{name}__"] = _Text(_File(self, number))

    def lengths(self) -> list[int]:
        """Return how much both files hold."""
        return [fstat(fd).st_size for fd in self.fds]

    def begin(self, limit: int) -> list[int]:
        """Let a block write `limit` bytes from Python, and return where its text begins."""
        self.left = limit + 1  # one more, so that the supervisor sees that there was more
        self._current = None
        return self.lengths()

    def write(self, number: int, data: bytes | memoryview) -> None:
        """Write to one of the files; what is over the block's limit is dropped here."""
        other = fstat(self.fds[1 - number]).st_size
        if (self._current, self._other) != (number, other):
            self._current, self._other = number, other
            self._mark(self.lengths(), number)
        if self.left > 0:
            kept = memoryview(data)[: self.left]
            self.left -= len(kept)
            while kept:
                kept = kept[write(self.fds[number], kept) :]


class _File(io.RawIOBase):
    def __init__(self, streams: Streams, number: int) -> None:
        super().__init__()
        self._streams, self._number = streams, number
        self.name = f"<{STREAMS[number]}>"

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._streams.fds[self._number]  # for a subprocess to write to

    def write(self, data: Any) -> int:
        self._streams.write(self._number, data)
        return len(data)


class _Text(io.TextIOWrapper):
    def __init__(self, file: _File) -> None:
        super().__init__(file, "utf-8", "backslashreplace", newline="\n", write_through=True)


def unbuffer_c() -> None:
    """Let C's own stdout write at once: printf into a file would sit in a buffer that a crash loses."""
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        library.setvbuf(ctypes.c_void_p.in_dll(library, "stdout"), None, _UNBUFFERED, 0)
