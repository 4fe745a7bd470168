"""How a worker and its supervisor talk: one JSON object a line.

The worker's end is two file descriptors and nothing else, so that it works over a socket (forked workers)
and over pipes (spawned ones), and so that what an author does to `json`, `sys` or `open` does not reach it.
"""

from __future__ import annotations

from json import JSONDecoder, JSONEncoder
from os import getpid, read, write  # bound here, whatever happens to `os` later
from threading import Lock
from typing import Any

Event = dict[str, Any]

STREAMS = ("stdout", "stderr")
"""The files that a worker writes to, in the folder that its request names."""
FAREWELL = b"\xff"
"""What a build that goes on sends to a fork server that it needs no more."""
MOST_PICTURES = 32
"""How much more than text a block may show of pictures, graphs and frames."""

_encode = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_decode = JSONDecoder().decode


def longest_line(max_output: int) -> int:
    """Return how long a line may be that holds all that a block shows, whatever escapes make it longer."""
    return (1 << 20) + (MOST_PICTURES + 8) * max_output


def to_line(event: Event) -> bytes:
    """Return the event as a line; a lone surrogate, which no page could hold, becomes a question mark."""
    return _encode(event).encode("utf-8", "replace") + b"\n"


class WorkerEnd:
    """The worker's end of the conversation."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._read_fd = read_fd
        self._write_fd = write_fd
        self._lock = Lock()
        self._pid = getpid()

    def receive(self) -> Event | None:
        """Return the request, or None if the other end is gone."""
        line = bytearray()
        while not line.endswith(b"\n"):
            chunk = read(self._read_fd, 1 << 16)
            if not chunk:
                return None
            line += chunk
        request: Event = _decode(line.decode())
        return request

    def send(self, event: Event) -> None:
        """Send an event. A process that the author's code forked is silent: only the worker speaks."""
        self.write(to_line(event))

    def write(self, line: bytes) -> None:
        """Send an event that is a line already."""
        if getpid() != self._pid:
            return
        rest = memoryview(line)
        with self._lock:
            while rest:
                rest = rest[write(self._write_fd, rest) :]
