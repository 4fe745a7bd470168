"""Outputs that are committed with the pages, so that a build runs nothing.

Each page has one JSON file, in a folder that mirrors the project. It is written to be read in a review: keys
are sorted, nothing in it tells when or where it was made, and what did not change is not written.
"""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.disk import write_whole
from mkdocs_chainrule.errors import Problem
from mkdocs_chainrule.session.block import Failure, Output, Outputs, Place
from mkdocs_chainrule.session.data import from_data, to_data
from mkdocs_chainrule.store import inputs as inputs_of
from mkdocs_chainrule.store.entry import Entry, block_digests, entry_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs_chainrule.session.block import Session

FORMAT = 1
_WIDTH = 100  # of a line


class Freeze:
    """The committed Outputs of a project.

    Args:
        root: The project's folder.
        folder: Where the files are, from there.
    """

    name = "the freeze"

    def __init__(self, root: Path, folder: str) -> None:
        self.folder = folder
        self._root = root
        self._around = inputs_of.surroundings(root)
        self._damaged: dict[str, Problem] = {}
        self._differing: dict[str, str] = {}
        self._asked: set[Path] = set()  # the files of the pages of this build
        self._new: list[Session] = []

    @property
    def problems(self) -> list[Problem]:
        """What cannot be read, what is of a page that is gone, and one note on all versions that differ."""
        changed = ", ".join(f"{name} {version}" for name, version in sorted(self._differing.items()))
        note = f"was made with other versions than are here ({changed}); `execute: always` makes it anew"
        differs = [Problem(Place(self.folder), note, logging.INFO)] if changed else []
        left = [(session.page, self.left_by(session)) for session in self._new]
        note = "is of a page that is gone, whose code stands in {} now: delete it"
        old = [Problem(Place(name), note.format(page), logging.INFO) for page, name in left if name]
        return [*self._damaged.values(), *old, *differs]

    def look_up(self, session: Session) -> Outputs | None:
        """Return the Outputs of a session if its code and what that read are as they were."""
        self._asked.add(self.path(session.page))
        entry = self._read(self.path(session.page))
        if entry is None or next(self._changes(session, entry), None) is not None:
            return None
        self._compare(entry)
        return Outputs(entry.outputs, origin=entry)

    def save(self, session: Session, outputs: Outputs) -> None:
        """Write the Outputs of a session, if they are to be kept."""
        entry = entry_of(session, outputs, self._around)
        if entry is None:
            return
        versions = {name: _public(version) for name, version in entry.environment.items()}
        data = {"format": FORMAT, **to_data(replace(entry, environment=versions))}
        path = self.path(session.page)
        content = f"{_written(data)}\n".encode("utf-8", "surrogatepass")
        if not path.exists():
            self._new.append(session)
        if not path.exists() or path.read_bytes() != content:
            write_whole(path, content)

    def stale(self, session: Session) -> tuple[Place, str] | None:
        """Return the line that has no true result any more, and why; None if all have."""
        entry = self._read(self.path(session.page))
        missing = _place(session), f"has no result in {self.folder}"
        return missing if entry is None else next(self._changes(session, entry), None)

    def left_by(self, session: Session) -> str | None:
        """Return the file of a page that is gone and had the same results; asked when all pages are known."""
        for path in sorted((self._root / self.folder).rglob("*.json")):
            page = self._root / path.relative_to(self._root / self.folder).with_suffix("")
            entry = None if path in self._asked or page.exists() else self._read(path)
            if entry is not None and not any(self._changes(session, entry)):
                return self.named(path)
        return None

    def path(self, page: str) -> Path:
        """Return the file of a page."""
        parts = ["__" if part == ".." else part for part in PurePosixPath(page).parts]
        return self._root.joinpath(self.folder, *parts[:-1], f"{parts[-1]}.json")

    def named(self, path: Path) -> str:
        """Return a file of the freeze as an author names it."""
        return path.relative_to(self._root).as_posix()

    def _changes(self, session: Session, entry: Entry) -> Iterator[tuple[Place, str]]:
        now, then = block_digests(session.blocks), entry.blocks
        if now != then:
            changed = (n for n, digest in enumerate(now) if then[n : n + 1] != (digest,))
            place = _place(session, next(changed, len(now) - 1))
            yield place, f"its code, or that of a block before it, is newer than {self.folder}"
        for what in inputs_of.changes(session, entry.inputs, self._around, {}):
            yield _place(session), f"{what} since {self.folder} was written"

    def _compare(self, entry: Entry) -> None:
        """Note versions that differ; what is not installed cannot, and need not be, for nothing runs."""
        for name, version in entry.environment.items():
            here = self._around.versions.get(name)
            if here is not None and _public(here) != version:
                self._differing[name] = version

    def _read(self, path: Path) -> Entry | None:
        try:
            return _entry(json.loads(path.read_bytes()))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            name = self.named(path)
            note = f"is no file of results ({error}): delete it, and `mkdocs serve` writes it anew"
            self._damaged[name] = Problem(Place(name), note, logging.WARNING)
            return None


class Unrun:
    """The answer to what a build does not run: it is named, and its source is shown.

    Args:
        freeze: The freeze that was asked before, if there is one.
        level: How its absence is told.
    """

    name = "nowhere"

    def __init__(self, freeze: Freeze | None, level: int) -> None:
        self._freeze, self._level = freeze, level
        self._unrun: list[tuple[Session, Place, str]] = []

    def look_up(self, session: Session) -> Outputs:
        """Return Outputs that say why they are none."""
        stale = self._freeze and self._freeze.stale(session)
        place, why = stale or (_place(session), "this build runs nothing (`execute: never`)")
        self._unrun.append((session, place, why))
        failures = (Failure("unrun", why, block.place) for block in session.blocks)
        return Outputs(Output((), failure) for failure in failures)

    def save(self, session: Session, outputs: Outputs) -> None:
        """Keep nothing."""

    @property
    def problems(self) -> list[Problem]:
        """What was not run, and why; and of a page that was renamed, where its results are."""
        return [
            Problem(place, f"not run: {why}{self._renamed(session)}", self._level)
            for session, place, why in self._unrun
        ]

    def _renamed(self, session: Session) -> str:
        freeze = self._freeze
        if freeze is None or freeze.path(session.page).exists() or not (old := freeze.left_by(session)):
            return ""
        new = freeze.named(freeze.path(session.page))
        return f"; {old} has that of the same code, and its page is gone: rename it to {new}"


def _place(session: Session, number: int = 0) -> Place:
    """Return where a block stands, or, for one that all pages begin with, the first of the page itself."""
    own = session.blocks[number].place
    places = (own, *(block.place for block in session.blocks))
    return next((place for place in places if place.file == session.page), own)


def _entry(data: Any) -> Entry:
    """Return what a file holds, which may have had another name; ValueError if it is none of ours."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError("of another version")
    return from_data(Entry, data)


def _written(data: Any, indent: str = "") -> str:
    """Return JSON to be read: sorted, and what fits on a line on one line."""
    line = json.dumps(data, ensure_ascii=False, sort_keys=True)
    if not isinstance(data, dict | list) or len(indent) + len(line) <= _WIDTH:
        return line
    inner = f"{indent} "
    if isinstance(data, list):
        (first, last), items = "[]", [_written(item, inner) for item in data]
    else:
        names = {name: json.dumps(name, ensure_ascii=False) for name in sorted(data)}
        (first, last), items = "{}", [f"{key}: {_written(data[name], inner)}" for name, key in names.items()]
    return f"{first}\n" + ",\n".join(inner + item for item in items) + f"\n{indent}{last}"


def _public(version: str) -> str:
    """Return a version without what tells states of a working copy apart."""
    return version.partition("+")[0]
