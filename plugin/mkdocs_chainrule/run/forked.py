"""Workers that are forked from a warm server; and the server, which a block may stop, kill or starve.

A server that does not fork any more is replaced, and its workers go on as long as they can. Those of one that
is dead die with it: their sessions are lost, through no fault of most. Each of them runs once more, on a
server of its own (`Pool`), where the block that ended the first one ends nothing but itself.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from mkdocs_chainrule.run.process import Process, popen
from mkdocs_chainrule.session.channel import FAREWELL
from mkdocs_chainrule.session.reads import of_python, state
from mkdocs_chainrule.session.versions import working_copy

if TYPE_CHECKING:
    from collections.abc import Callable

_TAKING = 5.0  # seconds for a server to take a request, or to end
_STOPPED, _DEAD = "Tt", "ZX"


class ForkServer:
    """Workers forked from one server process, which starts with the first of them.

    Args:
        root: The folder in which blocks run.
        folder: What is the build's own, and is removed with it, however that ends.
    """

    def __init__(self, root: Path, folder: str) -> None:
        self._root, self._folder = root, folder
        self._lock = Lock()
        self._server: _Server | None = None
        self._retired: list[_Server] = []  # that have workers still
        self._closed = False

    def prepare(self) -> None:
        """Start the server."""
        with self._lock:
            self._sound()

    def start(self, level: int, longest: int) -> Process:
        """Fork a worker from the server, which loads before what its session wants (see `wants`)."""
        with self._lock:
            try:
                server = self._sound()
                ends = server.fork(level)
            except OSError:  # it has just died, or takes no request
                self._retire()
                server = self._sound()
                ends = server.fork(level)
            server.workers += 1
        return _Forked(*ends, server, lambda: self._ended(server), longest)

    def replace(self) -> None:
        """Fork no more workers from the server, which answers nobody; another one takes its place."""
        with self._lock:
            self._retire()

    def _sound(self) -> _Server:
        if self._closed:
            raise RuntimeError("the pool is shut down")
        if self._server is not None and not (self._server.is_sound() and not self._server.is_old()):
            self._retire()
        self._server = self._server or _Server(self._root, self._folder)
        return self._server

    def _retire(self) -> None:
        if self._server is not None:
            self._retired.append(self._server)
            self._server = None
        self._end_idle()

    def _ended(self, server: _Server) -> None:
        with self._lock:
            server.workers -= 1
            self._end_idle()

    def _end_idle(self) -> None:
        for server in [each for each in self._retired if not each.workers or not each.is_alive()]:
            self._retired.remove(server)
            server.end()

    def close(self) -> None:
        """End the server, which ends its workers."""
        with self._lock:
            self._closed = True
            for server in filter(None, (self._server, *self._retired)):
                server.end()
            self._server, self._retired = None, []


class _Server:
    """A server process, and how many workers it has."""

    def __init__(self, root: Path, folder: str) -> None:
        self.workers = 0
        self._root = root
        self._loaded = _states(root)
        self._control, theirs = socket.socketpair()
        self._control.settimeout(_TAKING)
        with theirs:
            self._process = popen("forkserver", root, theirs.fileno(), subprocess.DEVNULL, folder)

    def fork(self, level: int) -> tuple[socket.socket, socket.socket]:
        """Ask for a worker, and return the channel to it, and its lifeline."""
        channel, theirs = socket.socketpair()
        lifeline, their_lifeline = socket.socketpair()
        try:
            with theirs, their_lifeline:
                socket.send_fds(self._control, [bytes([level])], [theirs.fileno(), their_lifeline.fileno()])
        except OSError:
            channel.close()
            lifeline.close()
            raise
        return channel, lifeline

    def is_alive(self) -> bool:
        """Tell whether the process has not ended."""
        return self._process.poll() is None

    def is_sound(self) -> bool:
        """Tell whether it can answer: it is alive, and neither stopped nor traced."""
        return self.is_alive() and condition(self._process.pid) not in _STOPPED

    def is_old(self) -> bool:
        """Tell whether what it loaded was edited since, and nobody would miss it."""
        return not self.workers and self._loaded != _states(self._root)

    def end(self) -> None:
        """End it, which ends its workers; by force if it does not hear."""
        with contextlib.suppress(OSError):
            self._control.send(FAREWELL)
        self._control.close()
        if not self.is_sound():
            self._process.kill()
        try:
            self._process.wait(_TAKING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class _Forked(Process):
    def __init__(
        self,
        channel: socket.socket,
        lifeline: socket.socket,
        server: _Server,
        ended: Callable[[], None],
        longest: int,
    ) -> None:
        self._channel, self._lifeline, self._server, self._ended = channel, lifeline, server, ended
        super().__init__(channel.makefile("wb"), channel.makefile("rb"), longest)

    def is_silent(self) -> bool:
        return True  # the server says how its workers end, in their last lines

    def is_given_up(self) -> bool:
        return not self._server.is_sound() and (self._pid is None or condition(self._pid) in _DEAD)

    def kill(self) -> None:
        self._lifeline.close()
        # A server that hears nothing buries nobody, so the number is still the worker's.
        if self._pid is not None and not self._has_ended and not self._server.is_sound():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._pid, signal.SIGKILL)

    def close(self) -> None:
        self._lifeline.close()
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_RDWR)  # wakes the threads that read and write it
        with contextlib.suppress(OSError):
            self._requests.close()
        self._channel.close()
        self._ended()


def condition(pid: int) -> str:
    """Return a letter that says what a process does, `T` if it is stopped; X if it is gone.

    Where the system has no /proc nobody can tell, and it is taken to run.
    """
    try:
        # The name stands in brackets and may hold anything.
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return "X" if Path("/proc/self/stat").exists() else "R"


def _states(root: Path) -> list[object]:
    """Return what a server is started with, and reads while it loads."""
    return [of_python(), *(state(str(path)) for path in (root / "matplotlibrc", *working_copy()))]
