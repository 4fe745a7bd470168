"""Waiting for sessions, and saying for what: a bar on a terminal, a line for each slow page elsewhere."""

from __future__ import annotations

import sys
import time
from concurrent.futures import wait
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.telling import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from concurrent.futures import Future

    from mkdocs_chainrule.run.pool import RunningBlock

    Sessions = Collection[Future[Any]]
    Running = Callable[[], Sequence[RunningBlock]]

_SOON = 0.4  # seconds before anything is said
_BEAT = 0.25  # seconds between two looks
_LONG = 1.5  # seconds after which a block is named by its line
_SLOW = 10.0  # seconds after which a page is named where there is no terminal


def wait_for(
    futures: Sessions, running: Running, say: Callable[[str], None], *, bar: bool | None = None
) -> None:
    """Wait until all sessions are done.

    Args:
        futures: The sessions.
        running: What runs now, the longest first.
        say: Tells the author a line, where there is no bar.
        bar: Whether to draw one; as MkDocs' messages go to stderr, that decides if not given.
    """
    if not wait(futures, _SOON).not_done:
        return
    if sys.stderr.isatty() if bar is None else bar:
        _draw(futures, running)
    else:
        _name_slow(futures, running, say)


def _draw(futures: Sessions, running: Running) -> None:
    from rich.console import Console  # noqa: PLC0415 - most builds are over before they need it
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    block = TextColumn("{task.description}", markup=False)
    columns = (TextColumn("Running"), BarColumn(), MofNCompleteColumn(), block)
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=len(futures))
        while left := wait(futures, _BEAT).not_done:
            progress.update(task, completed=len(futures) - len(left), description=plain(describe(running())))


def describe(running: Sequence[RunningBlock]) -> str:
    """Return what to call the work now going on: its page, and the line of a block that takes long.

    Examples:
        >>> describe([])
        ''
    """
    if not running:
        return ""
    longest = running[0]
    seconds = time.monotonic() - longest.since
    return f"{longest.place} for {seconds:.0f} s" if seconds > _LONG else longest.page


def _name_slow(futures: Sessions, running: Running, say: Callable[[str], None]) -> None:
    named = set()
    while wait(futures, _BEAT).not_done:
        for session in running():
            if session.page not in named and time.monotonic() - session.since > _SLOW:
                named.add(session.page)
                say(f"{session.place}: still running after {_SLOW:.0f} s")
