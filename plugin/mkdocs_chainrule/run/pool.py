"""The pool: sessions go in, each gets a process of its own, and futures of their Outputs come out."""

from __future__ import annotations

import atexit
import os
import socket
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from shutil import rmtree
from tempfile import mkdtemp
from threading import Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Literal

from mkdocs_chainrule.run.forked import ForkServer
from mkdocs_chainrule.run.supervise import LostError, supervise
from mkdocs_chainrule.run.transcript import longest_of
from mkdocs_chainrule.session.block import Failure, Output, Outputs
from mkdocs_chainrule.session.paths import short_text
from mkdocs_chainrule.session.wants import PYTHON, used, wanted

if TYPE_CHECKING:
    from pathlib import Path

    from mkdocs_chainrule.run.spawned import Spawn
    from mkdocs_chainrule.session.block import Place, Session


@dataclass(frozen=True, slots=True)
class RunningBlock:
    """The block of a page's session that runs now, and since when, on the clock of `time.monotonic`."""

    page: str
    place: Place
    since: float


class Pool:
    r"""Runs sessions, several at once, each in a worker process of its own.

    Nothing is started before the first session comes. The pool may be kept from build to build.

    Args:
        root: The folder of mkdocs.yml, in which blocks run.
        workers: How many sessions run at once; as many as there are cores if not given.
        start: How workers are started, "forkserver" or "spawn"; the faster one that the system has, if not
            given. The environment variable CHAINRULE_START says the same.

    Examples:
        >>> from pathlib import Path
        >>> from mkdocs_chainrule.session.block import Block, Place, Session
        >>> place = Place("docs/page.md", 3)
        >>> pool = Pool(Path.cwd(), workers=1)
        >>> pool.submit(Session("docs/page.md", (Block("print(6 * 7)", "fence", place),))).result()[0].items
        (Stream(name='stdout', text='42\n'),)
        >>> pool.shutdown()
    """

    def __init__(
        self,
        root: Path,
        *,
        workers: int | None = None,
        start: Literal["forkserver", "spawn"] | None = None,
    ) -> None:
        self._root = root.resolve()
        self._workers = workers or _cores()
        self._folder = mkdtemp(prefix="chainrule-")  # it ends with the build, however that ends
        self._starter = _starter(self._root, start, self._folder)
        self._apart: set[ForkServer] = set()  # each for one session that was lost
        self._queue: SimpleQueue[tuple[Session, Future[Outputs]] | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._running: dict[int, RunningBlock] = {}
        self._lock = Lock()
        self._closed = False
        self._level = PYTHON
        atexit.register(self.shutdown)

    def submit(self, session: Session) -> Future[Outputs]:
        """Run a session when its turn comes.

        Returns:
            The future of one Output for each block; its `reads` say what the session read. It has no
            exception for anything that a block does.
        """
        future: Future[Outputs] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is shut down: make a new one")
            if len(self._threads) < self._workers:
                self._starter.prepare()  # here: in a thread it would take its turn with the build's own work
                # Daemons: a build that is interrupted does not wait for its blocks.
                name = f"chainrule-{len(self._threads)}"
                self._threads.append(Thread(target=self._work, name=name, daemon=True))
                self._threads[-1].start()
            self._queue.put((session, future))
        return future

    def running(self) -> tuple[RunningBlock, ...]:
        """Return the blocks that run now, the longest first."""
        return tuple(sorted(self._running.copy().values(), key=lambda running: running.since))

    def shutdown(self) -> None:
        """End all workers with all that they started; futures that are not done are cancelled or failed."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        atexit.unregister(self.shutdown)
        while not self._queue.empty():
            if (item := self._queue.get()) is not None:
                item[1].cancel()
        for _ in self._threads:
            self._queue.put(None)
        for starter in (self._starter, *tuple(self._apart)):
            starter.close()
        for thread in self._threads:
            thread.join()
        rmtree(self._folder, ignore_errors=True)

    def _work(self) -> None:
        while (item := self._queue.get()) is not None:
            session, future = item
            if future.set_running_or_notify_cancel():
                self._see_through(session, future)

    def _see_through(self, session: Session, future: Future[Outputs]) -> None:
        try:
            level = max(self._level, wanted(block.source for block in session.blocks))
            try:
                outputs = self._supervise(session, future, self._starter, level, may_be_lost=True)
            except LostError as lost:
                if lost.never_began:
                    self._starter.replace()
                outputs = self._run_apart(session, future, level)
            if outputs.reads is not None and (unsaid := used(outputs.reads.packages)) > level:
                self._level = max(self._level, unsaid)  # what a page does not say, the next may not say too
        except Exception as error:  # noqa: BLE001 - the machine's fault, such as a full disk; told as one
            reason = short_text(str(error), os.fspath(self._root))
            failure = Failure("crash", f"could not be run: {reason}", session.blocks[0].place)
            outputs = Outputs(Output((), failure) for _ in session.blocks)
        future.set_result(outputs)

    def _supervise(
        self,
        session: Session,
        future: Future[Outputs],
        starter: ForkServer | Spawn,
        level: int,
        *,
        may_be_lost: bool = False,
    ) -> Outputs:
        start = partial(starter.start, level, longest_of(session))
        note = partial(self._note, session, id(future))
        return supervise(
            session,
            start,
            self._root,
            self._folder,
            began=note,
            may_be_lost=lambda: may_be_lost and not self._closed,
        )

    def _run_apart(self, session: Session, future: Future[Outputs], level: int) -> Outputs:
        """Run a session once more that was lost with its fork server, on one that is its own to lose."""
        starter = ForkServer(self._root, self._folder)
        self._apart.add(starter)
        try:
            return self._supervise(session, future, starter, level)
        finally:
            starter.close()
            self._apart.discard(starter)

    def _note(self, session: Session, key: int, number: int | None) -> None:
        """Note that a block of a session begins, or that the session is over."""
        if number is None:
            self._running.pop(key, None)
        else:
            self._running[key] = RunningBlock(session.page, session.blocks[number].place, monotonic())


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _starter(root: Path, start: Literal["forkserver", "spawn"] | None, folder: str) -> ForkServer | Spawn:
    """Return the way to start workers: the one asked for (CHAINRULE_START), or what the system has."""
    can_fork = hasattr(os, "fork") and hasattr(socket, "send_fds")
    if can_fork and (start or os.environ.get("CHAINRULE_START")) != "spawn":
        return ForkServer(root, folder)
    from mkdocs_chainrule.run.spawned import Spawn  # noqa: PLC0415 - rarely wanted

    return Spawn(root)
