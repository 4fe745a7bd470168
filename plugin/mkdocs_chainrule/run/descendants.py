"""What a process started, and what those started: to be ended with it, also where they left its group."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections import defaultdict
from pathlib import Path


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
