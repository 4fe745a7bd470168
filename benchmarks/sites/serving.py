"""A real `mkdocs serve`: how soon an edit shows over HTTP, what memory it keeps, and whether it ends."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.sites.generate import DIALECTS, Content, write_site
from benchmarks.sites.processes import adopt_orphans, alive, environment, resident, tree

if TYPE_CHECKING:
    from collections.abc import Callable

PAGES, EDITED = 50, 7
PATIENCE = 120.0
POLLING = 0.5  # seconds between two looks of MkDocs' server
GOLDEN = 0.618  # its multiples spread evenly
MARK = "No edit yet."
NEWLINE = "\n"


def version(number: int) -> str:
    """Return the line of a block that an edit changes."""
    return f"print('edited', {number} * 7)  # version {number}."


PLOT = Content(
    lambda page, _: (
        "import matplotlib.pyplot as plt\nimport numpy as np\n\n"
        "with open('runs.log', 'a') as log:\n    log.write('run ')\n"
        f"{version(0)}\nx = np.linspace(0, 6, 50)\nplt.plot(x, np.sin(x + {page}));\n"
    ),
    "<svg",
)


@dataclass(frozen=True)
class Served:
    """What a server did.

    Attributes:
        prose: Seconds from saving a prose edit until the page shows it, for each edit.
        block: The same for an edit of a block.
        runs: Blocks that ran for all prose edits together.
        growth: MiB that the process tree grew by per rebuild.
        stop: Seconds from Ctrl-C until no process was left.
    """

    tool: str
    prose: tuple[float, ...]
    block: tuple[float, ...]
    runs: int
    growth: float
    stop: float

    @property
    def prose_seconds(self) -> float:
        """The median time of a prose edit."""
        return median(self.prose)

    @property
    def block_seconds(self) -> float:
        """The median time of a block edit."""
        return median(self.block)


class Server:
    """One project, served."""

    def __init__(self, folder: Path, tool: str, theme: str, python: Path | None = None) -> None:
        self.tool, self.folder, self._edits = tool, folder / tool, 0
        write_site(self.folder, DIALECTS[tool], PLOT, pages=PAGES, blocks=1, theme=theme)
        page = self._page()
        page.write_text(f"{page.read_text(encoding='utf-8')}\n{MARK}\n", encoding="utf-8")
        self.port = _free_port()
        script = (python or Path(sys.executable)).with_name("mkdocs")
        adopt_orphans()
        self.log = (folder / f"{tool}.log").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [str(script), "serve", "--livereload", "--dev-addr", f"127.0.0.1:{self.port}"],
            cwd=self.folder,
            env=environment(),
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.wait_for(MARK)

    def _page(self) -> Path:
        return self.folder / "docs" / f"page-{EDITED:04}.md"

    def wait_for(self, text: str) -> None:
        """Ask for the page until it shows a text.

        Raises:
            RuntimeError: It does not, or the server has ended.
        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError):
                address = f"http://127.0.0.1:{self.port}/page-{EDITED:04}/"
                with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
                    if text in answer.read().decode():
                        return
            time.sleep(0.01)
        self.log.seek(0)
        raise RuntimeError(f"{self.tool}: the page does not show {text!r}:\n{self.log.read()[-2000:]}")

    def edit(self, change: Callable[[str], str], shows: str) -> float:
        """Save a changed page, and return the seconds until it shows.

        The server looks for changes twice a second. An edit right after a build would always find it at the
        same point of its wait, so each edit comes at another: evenly spread, the same for every tool.
        """
        page = self._page()
        text = change(page.read_text(encoding="utf-8"))
        self._edits += 1
        time.sleep(POLLING * (self._edits * GOLDEN % 1))
        start = time.monotonic()
        page.write_text(text, encoding="utf-8")
        self.wait_for(shows)
        return time.monotonic() - start

    def edit_prose(self, number: int) -> float:
        """Change the last line of the page."""
        line = f"Edit number {number}."
        return self.edit(lambda text: f"{text.rstrip().rpartition(NEWLINE)[0]}\n{line}\n", line)

    def edit_block(self, number: int) -> float:
        """Change a block; executed, its output shows it; unexecuted, the comment in its source does."""
        shows = f"# version {number}." if self.tool == "unexecuted" else f"edited {number * 7}"
        return self.edit(lambda text: text.replace(version(number - 1), version(number)), shows)

    def runs(self) -> int:
        """Return how many blocks have run."""
        log = self.folder / "runs.log"
        return log.read_text(encoding="utf-8").count("run") if log.exists() else 0

    def memory(self) -> float:
        """Return the MiB of the server and all its processes."""
        return sum(resident(pid) for pid in tree(self.process.pid) if alive(pid))

    def interrupt(self) -> float:
        """Press Ctrl-C, and return the seconds until no process is left."""
        started = tree(self.process.pid)
        start = time.monotonic()
        os.killpg(self.process.pid, signal.SIGINT)
        while time.monotonic() - start < PATIENCE and any(alive(pid) for pid in started):
            time.sleep(0.01)
        seconds = time.monotonic() - start
        self.process.wait()
        self.log.close()
        return seconds


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve_in_turn(folder: Path, tools: list[str], *, rebuilds: int, blocks: int, theme: str) -> list[Served]:
    """Serve the same site by each tool, edit each in turn, and stop them."""
    servers = [Server(folder, tool, theme) for tool in tools]
    for server in servers:
        server.edit_prose(0)  # the first rebuild warms what the others find warm
    before = [(server.memory(), server.runs()) for server in servers]
    prose = [[server.edit_prose(number) for server in servers] for number in range(1, rebuilds + 1)]
    after = [(server.memory(), server.runs()) for server in servers]
    block = [[server.edit_block(number) for server in servers] for number in range(1, blocks + 1)]
    return [
        Served(
            server.tool,
            tuple(row[place] for row in prose),
            tuple(row[place] for row in block),
            runs=after[place][1] - before[place][1],
            growth=(after[place][0] - before[place][0]) / rebuilds,
            stop=server.interrupt(),
        )
        for place, server in enumerate(servers)
    ]
