"""Run a command and count what it cost, with everything that it started (Linux: orphans come to us)."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from benchmarks.threads import SETTINGS

SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER
PATIENCE = 10.0
MIB = 2**20


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, seconds of CPU of the whole process tree, MiB at the peak of the main process."""

    wall: float
    cpu: float
    memory: float


def environment() -> dict[str, str]:
    """Return the environment that an author has, without Material's notice.

    BLAS has its threads; and our modules are compiled once, as those of every installed package are, also
    where the benchmarks run with PYTHONDONTWRITEBYTECODE.
    """
    ours = {*SETTINGS, "PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "NO_MKDOCS_2_WARNING": "1"}


def adopt_orphans() -> None:
    """Make what our children leave behind our own children, so that it can be counted and waited for."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(SUBREAPER, 1, 0, 0, 0)


def run(command: list[str], folder: Path, variables: dict[str, str] | None = None) -> Cost:
    """Run a command to its end.

    Raises:
        RuntimeError: It failed, or left a process behind.
    """
    adopt_orphans()
    before = children(os.getpid())
    start = time.perf_counter()
    with TemporaryFile("w+") as said:  # not a pipe: an orphan that holds it would keep us waiting
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=variables or environment(),
            stdout=said,
            stderr=subprocess.STDOUT,
            text=True,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{' '.join(command[1:])} in {folder.name} failed:\n{said.read()[-2000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime + _reap_orphans(before), usage.ru_maxrss / 1024)


def _reap_orphans(before: set[int]) -> float:
    """Wait for processes that the command left, and return the CPU time that they took.

    Args:
        before: Children that we had already: a browser of the tests, say.
    """
    spent, deadline = 0.0, time.monotonic() + PATIENCE
    while left := children(os.getpid()) - before:
        if time.monotonic() > deadline:
            raise RuntimeError(f"the command left processes that are there after {PATIENCE:g} s")
        for pid in left:
            ended, _, usage = os.wait4(pid, os.WNOHANG)
            spent += (usage.ru_utime + usage.ru_stime) if ended else 0.0
        time.sleep(0.005)
    return spent


def children(pid: int) -> set[int]:
    """Return the processes whose parent is a process."""
    return {child for child, parent in _parents().items() if parent == pid}


def tree(pid: int) -> set[int]:
    """Return a process and all its descendants."""
    parents, found = _parents(), {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _parents() -> dict[int, int]:
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it has just ended
    return parents


def resident(pid: int) -> float:
    """Return the MiB that a process holds in memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MIB


def alive(pid: int) -> bool:
    """Return whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
