"""Builds and servers that are killed at random moments: what they leave in the store, and what they leave running."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs_chainrule.disk import read_sealed
from mkdocs_chainrule.store.plan import STORE

if TYPE_CHECKING:
    from rich.console import Console

_SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
_LONGEST = 6.0  # seconds after which the last are killed
_GOING = 10.0  # seconds in which all that was started has to be gone
_CONFIG = """site_name: Killed
plugins: [search, {chainrule: {workers: 2, timeout: 20}}]
"""
_PAGE = """# Page {number}

```autograd
import subprocess, tempfile, time
import matplotlib.pyplot as plt
from chainrule import Value
sleeping = subprocess.Popen(["sleep", "60"])
time.sleep(0.{number})
plt.plot([0, {round}])
```

```autograd
(Value(2.0) * {round}).backward()
```

```autograd
print("round", {round})
```
"""


@dataclass
class Left:
    """What was left behind."""

    kills: Counter[str] = field(default_factory=Counter)
    damaged: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    after_kill: int = 0  # files that only SIGKILL left

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to complain of."""
        return not (self.damaged or self.orphans or self.files)


class Site:
    """A site whose pages change in every round, so that something runs."""

    def __init__(self, root: Path, pages: int = 5) -> None:
        self.root, self._pages = root / "site", pages
        self.temporary = root / "tmp"
        self._mark = f"{os.getpid()}-{time.monotonic_ns()}"
        for folder in (self.root / "docs", self.temporary):
            folder.mkdir(parents=True)
        (self.root / "mkdocs.yml").write_text(_CONFIG)

    def change(self, number: int) -> None:
        """Write the pages of a round; every other one is as it was in the round before."""
        for page in range(1, self._pages + 1):
            shown = number if page % 2 else number // 2
            (self.root / "docs" / f"p{page}.md").write_text(_PAGE.format(number=page, round=shown))
        (self.root / "docs" / "index.md").write_text("# Home\n")

    def start(self, command: str) -> subprocess.Popen[bytes]:
        """Start `mkdocs build` or `mkdocs serve`."""
        more = ["--dev-addr", "127.0.0.1:0"] if command == "serve" else []
        return subprocess.Popen(
            [sys.executable, "-m", "mkdocs", command, "-q", *more],
            cwd=self.root,
            env={**os.environ, "TMPDIR": str(self.temporary), "CHAINRULE_KILLED": self._mark},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def running(self) -> list[str]:
        """Return what still runs of all that was started: each has our mark in its environment."""
        mark, found = f"CHAINRULE_KILLED={self._mark}".encode(), []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes():
                    found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()[:80])
            except OSError:
                continue
        return found

    def damaged(self) -> list[str]:
        """Return the files of the store that are not as they were written."""
        found = []
        for path in (self.root / STORE).rglob("*.json"):
            try:
                read_sealed(path)
            except (OSError, ValueError) as error:
                found.append(f"{path.name}: {error}")
        return found


def _is_theirs(path: Path) -> bool:
    """Tell whether it is the site of a server, which MkDocs itself leaves when it is killed."""
    return path.name.startswith("mkdocs_")


def kill_once(site: Site, rng: random.Random, left: Left) -> None:
    """Start a build or a server, kill it at a random moment, and look what it left."""
    command, ending = rng.choice(("build", "serve")), rng.choice(_SIGNALS)
    process = site.start(command)
    time.sleep(rng.uniform(0, _LONGEST))
    process.send_signal(ending)
    try:
        process.wait(_GOING)
    except subprocess.TimeoutExpired:
        left.orphans.append(f"{command} goes on after {ending.name}")
        process.kill()
        process.wait()
    left.kills[f"{command}, {ending.name}"] += 1
    deadline = time.monotonic() + _GOING
    while (running := site.running()) and time.monotonic() < deadline:
        time.sleep(0.05)
    left.orphans += running
    left.damaged += site.damaged()
    files = [f"{path.name} after {ending.name}" for path in site.temporary.iterdir() if not _is_theirs(path)]
    if ending == signal.SIGKILL:
        left.after_kill += len(files)
    else:
        left.files += files
    for path in site.temporary.iterdir():
        shutil.rmtree(path, ignore_errors=True)


def kills(times: int, seed: int) -> Left:
    """Kill so many builds and servers, each time of another site, and build it whole at last."""
    rng, left = random.Random(seed), Left()
    with tempfile.TemporaryDirectory(prefix="killed-", ignore_cleanup_errors=True) as folder:
        site = Site(Path(folder))
        for number in range(times):
            site.change(number)
            kill_once(site, rng, left)
        if site.start("build").wait(120) or "round" not in (site.root / "site/p1/index.html").read_text():
            left.damaged.append("the site is not built any more")
    return left


def report(console: Console, times: int, seed: int) -> bool:
    """Print what so many kills left behind, and tell whether that is nothing."""
    left = kills(times, seed)
    for kind, count in sorted(left.kills.items()):
        console.print(f"{count:5}  {kind}")
    console.print(
        f"{len(left.damaged)} files of the store damaged, {len(left.orphans)} processes left, "
        f"{len(left.files)} temporary files left, {left.after_kill} more by SIGKILL"
    )
    for what in (*left.damaged, *left.orphans, *left.files):
        console.print(f"  {what}", markup=False)
    return left.is_nothing
