"""Seeing one session through: its worker's events become Outputs, whatever the worker does or fails to do."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

from mkdocs_chainrule.run.transcript import Transcript
from mkdocs_chainrule.session import failures
from mkdocs_chainrule.session.block import Failure, Output, Outputs, limits
from mkdocs_chainrule.session.channel import STREAMS
from mkdocs_chainrule.session.data import from_data, to_data
from mkdocs_chainrule.session.reads import Reads, variables

if TYPE_CHECKING:
    from collections.abc import Callable

    from mkdocs_chainrule.run.process import Process
    from mkdocs_chainrule.session.block import Session
    from mkdocs_chainrule.session.channel import Event


_GRACE = 0.8  # seconds over a block's limit, in which its worker notes where it stands
_STARTING = 60.0  # seconds for a worker to begin its first block
_GLANCE = 1.0  # seconds between looks at how much a running block has written
_ENDING = 5.0  # seconds for a killed process to be gone


class Supervision:
    """One session and the process that runs it."""

    def __init__(
        self, session: Session, process: Process, transcript: Transcript, began: Callable[[int | None], None]
    ) -> None:
        self._session, self._blocks = session, session.blocks
        self._process = process
        self._began = began
        self._transcript = transcript
        self._notes = transcript.folder / "last_words"
        self._outputs: dict[int, Output] = {}
        self._current: int | None = None
        self._reads: Reads | None = None
        self._remarks: dict[str, str] = {}
        self._start = monotonic()

    def run(self) -> Outputs:
        """Return one Output for each block, when the session has ended or was ended."""
        while (event := self._process.receive(min(_GLANCE, self._left()))) is None or self._take(event):
            if event is None and self._left() <= 0:
                self._fail_late()
                break
            self._transcript.overflow()
        self._began(None)
        outputs = (self._output(number) for number in range(len(self._blocks)))
        return Outputs(outputs, self._reads, remarks=self._remarks)

    def _left(self) -> float:
        """Return the seconds that are left for what goes on."""
        limit = _STARTING if self._current is None else limits(self._blocks[self._current]).timeout
        return self._start + limit - monotonic()

    def _take(self, event: Event) -> bool:
        """Take an event, and tell whether there will be more."""
        if "begin" in event:
            self._current, self._start = event["begin"], monotonic()
            self._transcript.begin(event["at"], limits(self._blocks[event["begin"]]).max_output)
            self._began(event["begin"])
        elif "exit" in event:
            self._fail_dead(event["exit"])
        elif "at" in event:
            self._transcript.text(event["at"], event.get("next"))
        if "show" in event:
            self._transcript.show(event["show"])
        if "remark" in event:
            self._remarks |= [event["remark"]]
        if "end" in event:
            self._finish(event["end"], from_data(Output, event["output"]))
        if "over" in event:
            self._reads = event["reads"] and from_data(Reads, event["reads"])
        return "over" not in event and "exit" not in event

    def _finish(self, number: int, output: Output) -> None:
        self._outputs[number] = replace(output, items=self._transcript.items())
        self._current, self._start = None, monotonic()

    def _fail_late(self) -> None:
        number = self._unfinished()
        if number is not None:
            self._await_note(number)
        self._process.kill()
        self._await_exit()
        if number is not None:
            self._fail(number, partial(failures.of_timeout, self._blocks[number]))

    def _await_note(self, number: int) -> None:
        from mkdocs_chainrule.run.last_words import has_timed_out  # noqa: PLC0415 - most blocks end in time

        deadline = monotonic() + _GRACE
        while not has_timed_out(self._notes, number) and monotonic() < deadline:
            sleep(_GRACE / 40)

    def _await_exit(self) -> None:
        deadline = monotonic() + _ENDING
        while (event := self._process.receive(deadline - monotonic())) is not None and "exit" not in event:
            if "show" in event or "at" in event:
                self._take({key: event[key] for key in ("at", "show") if key in event})

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
    session: Session, start: Callable[[], Process], root: Path, began: Callable[[int | None], None]
) -> Outputs:
    """Run a session in a worker of its own, and return one Output for each of its blocks.

    Args:
        session: The session.
        start: Starts the worker.
        root: The folder in which blocks run.
        began: Is told the number of each block that begins, and None at the end.
    """
    with tempfile.TemporaryDirectory(prefix="chainrule-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        for file in (*STREAMS, "last_words"):
            (folder / file).touch()
        process = start()
        try:
            paths = {"root": os.fspath(root), "folder": name}
            process.send({"session": to_data(session), "env": variables(), **paths})
            return Supervision(session, process, Transcript(folder, root), began).run()
        finally:
            process.kill()
            process.close()
