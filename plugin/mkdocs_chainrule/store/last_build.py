"""Failures of the last build, so that `mkdocs serve` does not wait for one endless loop at every save."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, ClassVar

from mkdocs_chainrule.session.block import Frame, Outputs
from mkdocs_chainrule.session.reads import state
from mkdocs_chainrule.store.entry import has_failed

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

    from mkdocs_chainrule.errors import Problem
    from mkdocs_chainrule.session.block import Output, Place, Session
    from mkdocs_chainrule.session.reads import State


class LastBuild:
    """Sessions that failed, until their source or options change, or a file that they may read."""

    name = "the last build"
    problems: ClassVar[list[Problem]] = []  # what failed is told as it was the first time

    def __init__(self) -> None:
        self._around: frozenset[tuple[str, State]] = frozenset()
        self._before: dict[str, tuple[Session, Outputs]] = {}
        self._now: dict[str, tuple[Session, Outputs]] = {}

    def turn(self, around: frozenset[tuple[str, State]]) -> None:
        """Begin a build: what the last did not meet is forgotten, and all if the files around changed."""
        self._before = self._now if around == self._around else {}
        self._now, self._around = {}, around

    def look_up(self, session: Session) -> Outputs | None:
        """Return what a session came to if it failed in the last build, at the lines where it now stands."""
        if not self._before or (key := _key(session)) not in self._before:
            return None
        self._now[key] = known, outputs = self._before[key]
        moved: dict[Place | None, Place] = dict(zip(_places(known), _places(session), strict=True))
        return Outputs(_move(output, moved) for output in outputs)

    def save(self, session: Session, outputs: Outputs) -> None:
        """Remember a session that failed."""
        if has_failed(session, outputs):
            self._now[_key(session)] = session, outputs


def files_around(
    root: Path, watched: Iterable[Path], own: Iterable[str | Path] = ()
) -> frozenset[tuple[str, State]]:
    """Return the states of the files that a failure may come from: what is watched, but for pages.

    Args:
        root: The folder of mkdocs.yml; the files in it count, not its folders.
        watched: Files and folders that MkDocs watches.
        own: Folders that builds write to, from there.
    """
    folders = {os.path.normpath(root / path) for path in own}
    beside = (file.path for file in os.scandir(root))
    files = chain(beside, *((os.fspath(path), *_below(path, folders)) for path in watched))
    causes = {file for file in files if not file.endswith((".md", ".pyc")) and os.path.isfile(file)}  # noqa: PTH113
    states = ((file, state(file)) for file in causes)
    return frozenset((file, seen) for file, seen in states if seen is not None)


def _below(path: Path, own: Container[str]) -> Iterator[str]:
    for place, names, files in os.walk(path):
        names[:] = [name for name in names if os.path.join(place, name) not in own]  # noqa: PTH118 - text
        yield from (os.path.join(place, name) for name in files)  # noqa: PTH118 - the same


def _key(session: Session) -> str:
    blocks = [(block.kind, block.source, dict(block.options), len(block.lines)) for block in session.blocks]
    return json.dumps([session.page, blocks], sort_keys=True)


def _places(session: Session) -> list[Place]:
    return [place for block in session.blocks for place in (block.place, *block.lines)]


def _move(output: Output, moved: dict[Place | None, Place]) -> Output:
    if (failure := output.failure) is None:
        return output
    frames = tuple(Frame(*moved.get(frame.place, frame.place), *frame[2:]) for frame in failure.frames)
    details = tuple(each._replace(place=moved.get(each.place, each.place)) for each in failure.details)
    place = moved.get(failure.place, failure.place)
    return replace(output, failure=replace(failure, place=place, frames=frames, details=details))
