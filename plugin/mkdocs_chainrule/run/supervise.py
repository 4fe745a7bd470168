"""Seeing one session through: its worker's events become Outputs, whatever the worker does or fails to do."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

from mkdocs_chainrule.run import events
from mkdocs_chainrule.run.transcript import Transcript
from mkdocs_chainrule.session import failures
from mkdocs_chainrule.session.block import Failure, Output, Outputs, limits
from mkdocs_chainrule.session.channel import STREAMS
from mkdocs_chainrule.session.data import to_data
from mkdocs_chainrule.session.reads import Reads, variables

if TYPE_CHECKING:
    from collections.abc import Callable

    from mkdocs_chainrule.run.events import Event
    from mkdocs_chainrule.run.process import Process
    from mkdocs_chainrule.session.block import Session

_GRACE = 0.8  # seconds over a block's limit, in which its worker notes where it stands
_STARTING = 60.0  # seconds for a worker to begin its first block
_GLANCE = 1.0  # seconds between looks at how much a running block has written, and at its fork server
_ENDING = 5.0  # seconds for a killed process to be gone
_KILLED = -9
_MOST_REMARKS, _LONGEST = 20, 500  # of a session, and characters of each


class LostError(Exception):
    """A process is gone with its fork server, or never began: through no fault of most blocks."""

    def __init__(self, *, never_began: bool = False) -> None:
        super().__init__()
        self.never_began = never_began


class Supervision:
    """One session and the process that runs it."""

    def __init__(
        self,
        session: Session,
        process: Process,
        transcript: Transcript,
        began: Callable[[int | None], None],
        may_be_lost: Callable[[], bool],
    ) -> None:
        self._may_be_lost = may_be_lost
        self._session, self._blocks = session, session.blocks
        self._process = process
        self._began = began
        self._transcript = transcript
        self._notes = transcript.folder / "last_words"
        self._outputs: dict[int, Output] = {}
        self._current: int | None = None
        self._has_begun = False
        self._reads: Reads | None = None
        self._remarks: dict[str, str] = {}
        self._start = monotonic()

    def run(self) -> Outputs:
        """Return one Output for each block, when the session has ended or was ended."""
        try:
            self._see_through()
        finally:
            self._began(None)
        outputs = (self._output(number) for number in range(len(self._blocks)))
        return Outputs(outputs, self._reads, remarks=self._remarks)

    def _see_through(self) -> None:
        while (event := self._process.receive(min(_GLANCE, self._left()))) is None or self._take(event):
            # While events come, it may be us who are late.
            if self._left() <= (0 if event is None else -_ENDING):
                self._fail_late()
                return
            self._transcript.overflow()

    def _left(self) -> float:
        """Return the seconds that are left for what goes on."""
        limit = _STARTING if self._current is None else limits(self._blocks[self._current]).timeout
        return self._start + limit - monotonic()

    def _take(self, event: Event) -> bool:
        """Take an event, and tell whether there will be more."""
        match event:
            case events.Begin(number, at):
                self._begin(number, at)
            case events.End(number, at, output):
                self._transcript.text(at)
                self._finish(number, output)
            case events.Over(_, reads):
                self._reads = reads
            case events.Exit(code):
                self._fail_dead(code)
            case events.Lost():
                self._lose()
            case events.Remark((template, text)) if len(self._remarks) < _MOST_REMARKS:
                self._remarks[template[:_LONGEST]] = text[:_LONGEST]
            case _:
                self._transcript.take(event)
        return not isinstance(event, events.Over | events.Exit | events.Lost)

    def _begin(self, number: int, at: events.Lengths) -> None:
        if not self._is_next(number):
            self._transcript.take(events.Refused(f"block {number} does not begin now"))
            return
        self._current, self._start, self._has_begun = number, monotonic(), True
        self._transcript.begin(at, limits(self._blocks[number]).max_output)
        self._began(number)

    def _is_next(self, number: int) -> bool:
        return self._current is None and max(self._outputs, default=-1) < number < len(self._blocks)

    def _finish(self, number: int, output: Output) -> None:
        if number != self._current:
            self._transcript.take(events.Refused(f"block {number} does not run"))
            return
        self._outputs[number] = replace(output, items=self._transcript.items())
        self._current, self._start = None, monotonic()

    def _lose(self) -> None:
        if self._may_be_lost():
            raise LostError
        number = self._unfinished()
        if self._has_begun or number is None:
            self._fail_dead(_KILLED)
        else:
            self._fail(number, partial(failures.of_start, "as its fork server ended"))

    def _fail_late(self) -> None:
        number = self._unfinished()
        if not self._has_begun and self._may_be_lost():
            raise LostError(never_began=True)
        if number is not None and self._has_begun:
            self._await_note(number)
        self._process.kill()
        self._await_exit()
        if number is not None and self._has_begun:
            self._fail(number, partial(failures.of_timeout, self._blocks[number]))
        elif number is not None:
            self._fail(number, partial(failures.of_start, f"within {_STARTING:g} s"))

    def _await_note(self, number: int) -> None:
        from mkdocs_chainrule.run.last_words import has_timed_out  # noqa: PLC0415 - most blocks end in time

        deadline = monotonic() + _GRACE
        while not has_timed_out(self._notes, number) and monotonic() < deadline:
            sleep(_GRACE / 40)

    def _await_exit(self) -> None:
        deadline = monotonic() + _ENDING
        while (left := deadline - monotonic()) > 0:
            event = self._process.receive(min(left, _GLANCE))
            if isinstance(event, events.Exit | events.Lost):
                return
            if isinstance(event, events.Show | events.Mark | events.Cut | events.Begin | events.End):
                self._transcript.take(event)

    def _fail_dead(self, exit_code: int) -> None:
        number = self._unfinished()
        if number is not None:
            self._fail(number, partial(failures.of_death, exit_code))

    def _unfinished(self) -> int | None:
        """Return the block that runs, or that would run next; None if the session came to its end."""
        if self._current is not None:
            return self._current
        last = max(self._outputs, default=-1)
        if last >= 0 and not failures.goes_on(self._blocks[last], self._outputs[last].failure):
            return None
        return next((n for n, block in enumerate(self._blocks) if n > last and limits(block).run), None)

    def _fail(self, number: int, failure: Callable[..., Failure]) -> None:
        from mkdocs_chainrule.run.last_words import last_place  # noqa: PLC0415 - most workers live

        block = self._blocks[number]
        place = last_place(self._notes, self._session.places, number) or block.place
        if place == block.place:  # none of its lines had begun
            place = block.places[0]
        self._transcript.text()
        seconds = monotonic() - self._start
        self._outputs[number] = Output(self._transcript.items(), failure(place), seconds)

    def _output(self, number: int) -> Output:
        if number in self._outputs:
            return self._outputs[number]
        block = self._blocks[number]
        before = (self._outputs[n].failure for n in range(number - 1, -1, -1) if n in self._outputs)
        cause = next(filter(None, before), None)
        return Output((), failures.of_skip(block, cause)) if cause and limits(block).run else Output()


def supervise(
    session: Session,
    start: Callable[[], Process],
    root: Path,
    own: str,
    *,
    began: Callable[[int | None], None],
    may_be_lost: Callable[[], bool],
) -> Outputs:
    """Run a session in a worker of its own, and return one Output for each of its blocks.

    Args:
        session: The session.
        start: Starts the worker.
        root: The folder in which blocks run.
        own: A folder for files of ours.
        began: Is told the number of each block that begins, and None at the end.
        may_be_lost: Tells whether the session could run once more.

    Raises:
        LostError: The process was lost with its fork server, or never began, and the session may be lost.
    """
    with tempfile.TemporaryDirectory(dir=own, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        for file in (*STREAMS, "last_words"):
            (folder / file).touch()
        process = start()
        try:
            paths = {"root": os.fspath(root), "folder": name}
            process.send({"session": to_data(session), "env": variables(), **paths})
            return Supervision(session, process, Transcript(folder, root), began, may_be_lost).run()
        finally:
            process.kill()
            process.close()
