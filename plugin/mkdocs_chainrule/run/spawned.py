"""Worker processes that are started afresh: slower, and the only way where processes do not fork."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING

from mkdocs_chainrule.run.events import Exit
from mkdocs_chainrule.run.process import Process, popen

if TYPE_CHECKING:
    from collections.abc import Callable

_LAST_WORDS = 1.0  # seconds for the last events to arrive of a process that has ended


class Spawn:
    """Starts each worker as a process of its own."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = Lock()
        self._running: set[_Spawned] = set()

    def prepare(self) -> None:
        """Do nothing: each worker starts by itself."""

    def replace(self) -> None:
        """Do nothing: there is no server."""

    def start(self, level: int, longest: int) -> Process:  # noqa: ARG002 - it imports what it needs
        """Start a worker."""
        process = _Spawned(self._root, self._running.discard, longest)
        with self._lock:
            self._running.add(process)
        return process

    def close(self) -> None:
        """End all workers."""
        for process in tuple(self._running):
            process.kill()
            process.close()


class _Spawned(Process):
    def __init__(self, root: Path, ended: Callable[[_Spawned], None], longest: int) -> None:
        self._ended = ended
        self._popen = popen("worker", root, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        super().__init__(self._popen.stdin, self._popen.stdout, longest)
        Thread(target=self._wait, name="chainrule-wait", daemon=True).start()

    def _wait(self) -> None:
        code = self._popen.wait()
        kill_tree(self._popen.pid)
        self._reader.join(_LAST_WORDS)
        self._take_note(Exit(code))

    def kill(self) -> None:
        kill_tree(self._popen.pid)
        self._popen.kill()

    def close(self) -> None:
        with contextlib.suppress(OSError), self._popen:  # a request that nobody read may still be in it
            self._ended(self)


def kill_tree(pid: int) -> None:
    """Kill a process that leads a group, its group, and as long as it lives all that descend from it."""
    if sys.platform == "win32":
        tree = ["taskkill", "/T", "/F", "/PID", str(pid)]
        subprocess.run(tree, capture_output=True, check=False)  # noqa: S603 - the system's own program
        return
    others = descendants(pid)
    for kill, target in ((os.killpg, pid), *((os.kill, other) for other in others)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(target, signal.SIGKILL)


def descendants(pid: int) -> list[int]:
    """Return the processes that descend from one, where the system has /proc; else none."""
    children = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has just ended
            # The name stands in brackets and may hold anything; behind it come the state and the parent.
            parent = int(stat.read_text(errors="replace").rpartition(")")[2].split()[1])
            children[parent].append(int(stat.parent.name))
    found = list(children[pid])
    for each in found:  # grows while it is walked
        found += children[each]
    return found
