"""A worker process as its supervisor has it: started, heard, ended; and forked, from a warm server."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
from abc import ABC, abstractmethod
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import IO, TYPE_CHECKING

from mkdocs_chainrule.session.channel import from_line, to_line
from mkdocs_chainrule.session.reads import state, variables
from mkdocs_chainrule.session.versions import working_copy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from mkdocs_chainrule.session.channel import Event

_KILLED = -9


def popen(program: str, root: Path, stdin: int, stdout: int) -> subprocess.Popen[bytes]:
    """Start a program of ours; in a session of its own, a Ctrl-C at the terminal does not reach it."""
    # -P: a file of the project that is named like a module must not be imported in its stead.
    command = [sys.executable, "-P", "-m", f"mkdocs_chainrule.worker.{program}"]
    return subprocess.Popen(  # noqa: S603 - our own program
        command, stdin=stdin, stdout=stdout, env=variables(), cwd=root, start_new_session=True
    )


class Process(ABC):
    """A worker process, seen from its supervisor.

    Args:
        requests: Where it reads from.
        events: The lines that it writes.
    """

    def __init__(self, requests: IO[bytes], events: Iterable[bytes]) -> None:
        self._requests = requests
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._reader = Thread(target=self._listen, args=(events,), name="chainrule-inbox", daemon=True)
        self._reader.start()

    def _listen(self, lines: Iterable[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):  # the stream was closed under us: its process is over
            for line in lines:
                if (event := from_line(line)) is not None:
                    self._events.put(event)

    def send(self, event: Event) -> None:
        """Send the one request; a process that is already dead is noticed by its exit."""
        with contextlib.suppress(OSError):
            self._requests.write(to_line(event))
            self._requests.flush()

    def receive(self, timeout: float) -> Event | None:
        """Return the next event, or None after `timeout` seconds; the last is `exit`."""
        with contextlib.suppress(Empty):
            return self._events.get(timeout=max(timeout, 0.0))
        return None

    @abstractmethod
    def kill(self) -> None:
        """End the process and all that it started, and do nothing if it has ended."""

    @abstractmethod
    def close(self) -> None:
        """Let go of a process that has ended."""


class ForkServer:
    """Workers forked from one server process, which starts with the first of them."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = Lock()
        self._control: socket.socket | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._loaded: list[object] = []
        self._alive = 0
        self._closed = False

    def prepare(self) -> None:
        """Start the server."""
        with self._lock:
            self._running()

    def start(self, level: int) -> Process:
        """Fork a worker from the server, which loads before what its session wants (see `wants`)."""
        with self._lock:
            control = self._running()
            channel, theirs = socket.socketpair()
            lifeline, their_lifeline = socket.socketpair()
            with theirs, their_lifeline:
                socket.send_fds(control, [bytes([level])], [theirs.fileno(), their_lifeline.fileno()])
            self._alive += 1
        return _Forked(channel, lifeline, self._ended)

    def _ended(self) -> None:
        with self._lock:
            self._alive -= 1

    def _running(self) -> socket.socket:
        if self._closed:
            raise RuntimeError("the pool is shut down")
        if self._control is None or self._server is None or self._server.poll() is not None or self._is_old():
            self._let_go()
            self._loaded = _states()
            self._control, theirs = socket.socketpair()
            with theirs:
                self._server = popen("forkserver", self._root, theirs.fileno(), subprocess.DEVNULL)
        return self._control

    def _is_old(self) -> bool:
        """Tell whether what the server loaded was edited since, and nobody would miss the server."""
        return not self._alive and self._loaded != _states()

    def _let_go(self) -> None:
        if self._control is not None and self._server is not None:
            self._control.close()
            self._server.wait()
        self._control = self._server = None

    def close(self) -> None:
        """End the server, which ends its workers."""
        with self._lock:
            self._closed = True
            self._let_go()


def _states() -> list[object]:
    return [state(str(path)) for path in working_copy()]


class _Forked(Process):
    def __init__(self, channel: socket.socket, lifeline: socket.socket, ended: Callable[[], None]) -> None:
        self._channel, self._lifeline, self._ended = channel, lifeline, ended
        super().__init__(channel.makefile("wb"), self._lines())

    def _lines(self) -> Iterator[bytes]:
        with self._channel.makefile("rb") as lines:
            yield from lines
        yield to_line({"exit": _KILLED})  # the server is gone, and this worker with it

    def kill(self) -> None:
        self._lifeline.close()

    def close(self) -> None:
        self._lifeline.close()
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads it
        with contextlib.suppress(OSError):
            self._requests.close()
        self._channel.close()
        self._ended()
