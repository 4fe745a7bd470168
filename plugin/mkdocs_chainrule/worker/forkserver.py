"""The program that workers are forked from, with what most blocks import already loaded.

It is our own and not `multiprocessing`'s for four reasons. That one starts with the environment and the
preload of whoever used it first, and each of its children imports the `mkdocs` script again. It leaves
workers behind when the build is killed; this one ends them when the build's end of a socket closes, however
it closes. And on Linux it adopts what a worker's children left behind, so that a daemon ends with the build.

The build sends one byte and two sockets for each worker. The byte says how much is to be loaded. Of the
sockets one is the channel, which becomes the worker's, and one its lifeline: a worker lives until it ends or
its lifeline closes. The last line on the channel is its exit code. At the end there comes a byte without
sockets; if it does not, the build was killed, and what it left in the temporary folder is removed.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import selectors
import shutil
import signal
import socket
import sys
import traceback
import warnings
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from mkdocs_chainrule.session.channel import FAREWELL, to_line
from mkdocs_chainrule.worker import worker
from mkdocs_chainrule.worker.preload import Preload

_SET_DEATH_SIGNAL, _SET_SUBREAPER = 1, 36  # of <linux/prctl.h>
_C = ctypes.CDLL(None) if sys.platform == "linux" else None  # here: workers need not open it again


class _Child(NamedTuple):
    channel: socket.socket
    lifeline: socket.socket


class Server:
    """Forks a worker for each request, and sees each to its end."""

    def __init__(self, control: socket.socket, folder: str) -> None:
        self._control, self._folder = control, folder
        self._children: dict[int, _Child] = {}
        self._preload = Preload()
        self._selector = selectors.DefaultSelector()
        self._wake_r, self._wake_w = socket.socketpair()
        self._wake_w.setblocking(False)  # as signal.set_wakeup_fd demands
        self._selector.register(control, selectors.EVENT_READ)
        self._selector.register(self._wake_r, selectors.EVENT_READ)

    def run(self) -> None:
        """Serve until the build is gone."""
        signal.set_wakeup_fd(self._wake_w.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._settle()
        try:
            while self._turn():
                pass
        finally:
            self._end_all()

    @staticmethod
    def _settle() -> None:
        """Leave what is loaded alone from now on: a worker that collects garbage would copy all of it."""
        gc.collect()
        gc.freeze()

    def _turn(self) -> bool:
        ready = {key.fileobj: key.data for key, _ in self._selector.select()}
        if self._wake_r in ready:
            self._wake_r.recv(4096)
            self._reap()
        for lifeline, pid in ready.items():
            if pid in self._children and self._children[pid].lifeline is lifeline:
                _kill_group(pid)
        return self._control not in ready or self._fork()

    def _fork(self) -> bool:
        message, fds, _, _ = socket.recv_fds(self._control, 1, 2)
        if message == FAREWELL:
            return False
        if not message:  # the build is gone, and could not tidy up
            self._end_all()
            shutil.rmtree(self._folder, ignore_errors=True)
            return False
        if self._preload.load(message[0]):
            self._settle()
        child = _Child(*(socket.socket(fileno=fd) for fd in fds))
        pid = os.fork()
        if pid == 0:
            self._become_worker(child)
        self._children[pid] = child
        self._selector.register(child.lifeline, selectors.EVENT_READ, pid)
        return True

    def _become_worker(self, child: _Child) -> None:
        try:
            os.setsid()  # a process group of its own: all that it starts can be ended with it
            _prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)  # should this server be killed
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            channel = child.channel.detach()
            child.lifeline.close()
            self._close()
            worker.serve(channel, channel)
        except BaseException:  # noqa: BLE001 - it is told in the block's own output, as a last resort
            traceback.print_exc()
        finally:
            os._exit(70)  # never back into the server's loop

    def _close(self) -> None:
        for other in chain.from_iterable(self._children.values()):
            other.close()
        for end in (self._selector, self._control, self._wake_r, self._wake_w):
            end.close()

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                self._bury(*ended)
        if not self._children:  # what is left now belongs to no worker that runs
            _kill_adopted()

    def _bury(self, pid: int, status: int) -> None:
        child = self._children.pop(pid, None)
        if child is None:
            return
        with contextlib.suppress(ProcessLookupError):  # the worker is reaped; what it started may live
            os.killpg(pid, signal.SIGKILL)
        self._selector.unregister(child.lifeline)
        with contextlib.suppress(OSError):  # the build may no longer listen
            child.channel.sendall(b"\n" + to_line({"exit": os.waitstatus_to_exitcode(status)}))
        for end in child:
            end.close()

    def _end_all(self) -> None:
        for pid in self._children:
            _kill_group(pid)
        with contextlib.suppress(ChildProcessError):
            while True:
                _kill_adopted()
                os.waitpid(-1, 0)


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:  # not yet a group leader, or long gone
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _kill_adopted() -> None:
    listing = Path(f"/proc/self/task/{os.getpid()}/children")
    with contextlib.suppress(OSError):  # there is no such list elsewhere than on Linux
        for pid in map(int, listing.read_text().split()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _prctl(option: int, value: int) -> None:
    if _C is not None:
        _C.prctl(option, value, 0, 0, 0)


def main() -> None:
    """Serve the build whose socket is our standard input."""
    control = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    _prctl(_SET_SUBREAPER, 1)
    # 3.12 warns of forks beside threads; those of BLAS are idle, and OpenBLAS renews them in the child.
    warnings.filterwarnings("ignore", category=DeprecationWarning, message=".*fork")
    Server(control, sys.argv[1]).run()
    os._exit(0)  # nothing is left to be torn down in order, and of that there would be much


if __name__ == "__main__":
    main()
