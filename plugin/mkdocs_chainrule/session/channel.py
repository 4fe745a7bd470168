"""How a worker and its supervisor talk: one JSON object a line.

The worker's end is two file descriptors and nothing else, so that it works over a socket (forked workers)
and over pipes (spawned ones), and so that what an author does to `json`, `sys` or `open` does not reach it.
"""

from __future__ import annotations

from contextlib import suppress
from json import JSONDecoder, JSONEncoder
from os import getpid, read, write  # bound here, whatever happens to `os` later
from threading import Lock
from typing import Any

Event = dict[str, Any]

STREAMS = ("stdout", "stderr")
"""The files that a worker writes to, in the folder that its request names."""

_encode = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_decode = JSONDecoder().decode


def to_line(event: Event) -> bytes:
    """Return the event as a line; a lone surrogate, which no page could hold, becomes a question mark."""
    return _encode(event).encode("utf-8", "replace") + b"\n"


def from_line(line: bytes) -> Event | None:
    """Return the event of a line, or None for the rest of a line that a dying worker left."""
    with suppress(ValueError):
        event = _decode(line.decode())
        return event if isinstance(event, dict) else None
    return None


class WorkerEnd:
    """The worker's end of the conversation."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._read_fd = read_fd
        self._write_fd = write_fd
        self._lock = Lock()
        self._pid = getpid()

    def receive(self) -> Event | None:
        """Return the next event, or None if the other end is gone."""
        line = bytearray()
        while not line.endswith(b"\n"):
            chunk = read(self._read_fd, 1 << 16)
            if not chunk:
                return None
            line += chunk
        return from_line(bytes(line))

    def send(self, event: Event) -> None:
        """Send an event. A process that the author's code forked is silent: only the worker speaks."""
        if getpid() != self._pid:
            return
        rest = memoryview(to_line(event))
        with self._lock:
            while rest:
                rest = rest[write(self._write_fd, rest) :]
