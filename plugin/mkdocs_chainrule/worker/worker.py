"""The worker: it executes one session in one namespace, and tells its supervisor what happens as it happens.

It sends `begin` and `end` for each block that it runs, `show` for each bundle, and `at` with all of them: how
much the files of stdout and stderr hold by then. What does not fit in there is lost with the process. And
`remark` for what the author is to be told of the machine.
"""

from __future__ import annotations

import builtins
import os
import signal
import sys
import time
from functools import partial
from os import _exit, getpid  # bound here, whatever happens to `os` later
from pathlib import Path
from shutil import rmtree
from threading import Thread
from time import perf_counter
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.session import failures, paths
from mkdocs_chainrule.session.block import Output, Session, limits
from mkdocs_chainrule.session.channel import WorkerEnd, longest_line, to_line
from mkdocs_chainrule.session.data import from_data, to_data
from mkdocs_chainrule.session.paths import Author
from mkdocs_chainrule.worker import display, figures, pools, streams
from mkdocs_chainrule.worker.exceptions import Exceptions
from mkdocs_chainrule.worker.execute import Execution
from mkdocs_chainrule.worker.last_words import LastWords
from mkdocs_chainrule.worker.libraries.hooks import HOOKS
from mkdocs_chainrule.worker.libraries.ids import Names
from mkdocs_chainrule.worker.memory import MemoryLimit
from mkdocs_chainrule.worker.observing import Observer
from mkdocs_chainrule.worker.on_import import SOWN, AfterImport, Seed, remarks
from mkdocs_chainrule.worker.streams import Streams

if TYPE_CHECKING:
    from mkdocs_chainrule.session.block import Block, Bundle, Failure

_BUILTINS = vars(builtins).copy()


class Worker:
    """One session's process, from inside."""

    def __init__(self, channel: WorkerEnd, request: dict[str, Any]) -> None:
        self._channel, self._pid = channel, getpid()
        self._root: str = request["root"]
        folder = Path(request["folder"])
        session = from_data(Session, request["session"])
        self._blocks = session.blocks
        author = Author(session, self._root)
        self._streams = Streams(folder, lambda at, next_: channel.send({"at": at, "next": next_}))
        self._last_words = LastWords(folder / "last_words")
        self._memory = MemoryLimit()
        self._exceptions = Exceptions(author, self._root)
        self._observer = Observer(self._root, author)
        self._execution = Execution(session.page, self._last_words.step)
        self._room = 0  # bytes that the block may still send
        self._seed = Seed()
        self._names = Names(session.page)

    def run(self) -> None:
        """Run the blocks in order, as far as they get."""
        self._streams.install()
        self._last_words.install()
        paths.shorten_warnings(self._root)
        if "matplotlib" in sys.modules:  # the fork server may be older than the file
            figures.use_file()
        self._observer.install()
        sown = {name: partial(self._seed.sow_in, name) for name in SOWN}
        actions = {
            "importlib.metadata": self._observer.asking.listen_to_metadata,
            "matplotlib": figures.use_theme,
            "multiprocessing": pools.settle,
        }
        sys.meta_path.insert(0, AfterImport({**actions, **sown, **HOOKS}))
        pools.settle_if_loaded()
        display.receivers.append(self._show)
        remarks.install()
        remarks.tell(self._remark)
        for number, block in enumerate(self._blocks):
            if limits(block).run and not self._run(number, block):
                break
        self._channel.send({"over": True, "reads": self._reads()})

    def _run(self, number: int, block: Block) -> bool:
        """Run one block, and tell whether the next may run."""
        limit = limits(block)
        self._streams.renew()
        self._seed.sow(limit.seed)
        at = self._streams.begin(limit.max_output)
        self._room = longest_line(limit.max_output)
        self._channel.send({"begin": number, "at": at})
        self._last_words.watch(number, limit.timeout)  # its thread takes memory, which is not the block's
        self._memory.set(limit.memory)
        start = perf_counter()
        failure = self._attempt(block)
        if getpid() != self._pid:  # a process that the block forked has come to the block's end
            _exit(0 if failure is None else 1)
        seconds = perf_counter() - start
        self._last_words.rest()
        self._memory.lift()
        if failure is None and limit.expect:
            failure = failures.of_absence(limit.expect, block.place)
        output = to_data(Output((), failure, seconds))
        self._channel.send({"end": number, "at": self._streams.lengths(), "output": output})
        return failures.goes_on(block, failure)

    def _reads(self) -> Any:
        try:
            return to_data(self._observer.reads(block.source for block in self._blocks if limits(block).run))
        except Exception:  # noqa: BLE001 - after what a block can do to Python: then nobody knows
            return None

    def _attempt(self, block: Block) -> Failure | None:
        try:
            self._execution.run(block)
        except BaseException as error:  # noqa: BLE001 - whatever comes is the block's, and is told
            self._memory.lift()
            vars(builtins).update(_BUILTINS)  # what is told from here on takes sound ones
            failure = self._exceptions.failure(error, block, self._execution.place)
            return failures.of_another(failure, block)
        return None

    def _remark(self, template: str, text: str) -> None:
        self._channel.send({"remark": [template, paths.short_text(text, self._root)]})

    def _show(self, bundle: Bundle) -> None:
        if "chainrule" in bundle.metadata and "image/svg+xml" in bundle.data:
            self._observer.uses("matplotlib")
        bundle = self._names.settle(bundle)
        line = to_line({"show": to_data(bundle), "at": self._streams.lengths()})
        self._room -= len(line)
        if self._room >= 0:
            self._channel.write(line)
        else:  # no page holds it, so nobody need read it
            self._channel.send({"cut": len(line)})


def serve(read_fd: int, write_fd: int, *, stay: bool = False) -> None:
    """Answer the one request that comes, and end: without `atexit`, and whatever threads are left.

    Args:
        read_fd: Where the request comes from.
        write_fd: Where events go to.
        stay: Whether to end only when killed, or with the supervisor: a worker without a fork server has
            nobody else to see to that, and while it lives, what it started can be found.
    """
    channel = WorkerEnd(read_fd, write_fd)
    channel.send({"forked": os.getpid()})
    request = channel.receive()
    folder = os.path.dirname(request["folder"]) if request else ""  # noqa: PTH120 - one of text
    guard = Thread(target=_end_with_supervisor, args=(channel, folder), daemon=True)
    if stay:
        guard.start()
    if request is not None:
        if os.environ != request["env"]:  # the fork server may be older
            os.environ.clear()
            os.environ.update(request["env"])
            if hasattr(time, "tzset"):
                time.tzset()  # C has read its own
        os.chdir(request["root"])
        sys.path[:] = [request["root"], *(path for path in sys.path if path)]
        Worker(channel, request).run()
    if stay:
        guard.join()
    _exit(0)


def _end_with_supervisor(channel: WorkerEnd, folder: str) -> None:
    channel.receive()  # nothing more comes: this returns when the other end is gone
    rmtree(folder, ignore_errors=True)  # which could not do so
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    _exit(1)


def main() -> None:
    """Be a worker that was started afresh, with pipes to its supervisor as standard input and output."""
    read_fd, write_fd = os.dup(0), os.dup(1)
    streams.unbuffer_c()
    serve(read_fd, write_fd, stay=True)


if __name__ == "__main__":
    main()
