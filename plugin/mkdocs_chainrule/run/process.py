"""A worker process as its supervisor has it: started, heard, ended."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from abc import ABC, abstractmethod
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, TYPE_CHECKING

from mkdocs_chainrule.run.events import Exit, Forked, Lost, Refused, read
from mkdocs_chainrule.session.channel import to_line
from mkdocs_chainrule.session.reads import variables

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from mkdocs_chainrule.run.events import Event


def popen(program: str, root: Path, stdin: int, stdout: int, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a program of ours; in a session of its own, a Ctrl-C at the terminal does not reach it."""
    # -P: a file of the project that is named like a module must not be imported in its stead.
    command = [sys.executable, "-P", "-m", f"mkdocs_chainrule.worker.{program}", *arguments]
    return subprocess.Popen(  # noqa: S603 - our own program
        command, stdin=stdin, stdout=stdout, env=variables(), cwd=root, start_new_session=True
    )


class Process(ABC):
    """A worker process, seen from its supervisor.

    Args:
        requests: Where it reads from.
        events: Where it writes its lines.
        longest: Bytes of a line past which it is no event of ours, and is not held.
    """

    def __init__(self, requests: IO[bytes], events: IO[bytes], longest: int) -> None:
        self._requests = requests
        self._longest = longest
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._pid: int | None = None  # known once the process itself has told it
        self._has_ended = False
        self._reader = Thread(target=self._listen, args=(events,), name="chainrule-inbox", daemon=True)
        self._reader.start()

    def _listen(self, lines: IO[bytes]) -> None:
        # The stream may be closed under us, or reset: its process is over.
        with contextlib.suppress(OSError, ValueError), lines:
            while line := lines.readline(self._longest):
                if not line.endswith(b"\n"):
                    self._pass_over(line, lines)
                elif (event := read(line)) is not None:
                    self._take_note(event)
        if not self._has_ended and self.is_silent():
            self._events.put(Lost())

    def _pass_over(self, line: bytes, lines: IO[bytes]) -> None:
        """Pass over a line that is too long; over the rest of one too, which a dying worker left."""
        if len(line) < self._longest:
            return
        while line and not line.endswith(b"\n"):
            line = lines.readline(1 << 20)
        self._events.put(Refused("longer than all that a block may show"))

    def _take_note(self, event: Event) -> None:
        if isinstance(event, Forked):
            self._pid = event.pid
        self._has_ended = self._has_ended or isinstance(event, Exit)
        self._events.put(event)

    def send(self, request: dict[str, Any]) -> None:
        """Send the one request; in a thread, for nobody may ever read it."""
        Thread(target=self._send, args=(to_line(request),), name="chainrule-outbox", daemon=True).start()

    def _send(self, line: bytes) -> None:
        with contextlib.suppress(OSError, ValueError):  # a process that is dead is noticed by its exit
            self._requests.write(line)
            self._requests.flush()

    def receive(self, timeout: float) -> Event | None:
        """Return the next event, or None after `timeout` seconds; the last is `Exit` or `Lost`."""
        try:
            return self._events.get(timeout=max(timeout, 0.0))
        except Empty:
            return Lost() if not self._has_ended and self.is_given_up() else None

    def is_given_up(self) -> bool:
        """Tell whether nobody is left who would start the process, or tell of its end."""
        return False

    def is_silent(self) -> bool:
        """Tell whether all that could be heard of it is over, now that its lines have ended."""
        return False

    @abstractmethod
    def kill(self) -> None:
        """End the process and all that it started, and do nothing if it has ended."""

    @abstractmethod
    def close(self) -> None:
        """Let go of a process that has ended."""
