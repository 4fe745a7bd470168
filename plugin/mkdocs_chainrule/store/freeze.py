"""Outputs that are committed with the pages, so that a build runs nothing.

Each page has one JSON file, in a folder that mirrors the project. It is written to be read in a review: keys
are sorted, nothing in it tells when or where it was made, and what did not change is not written.

It may come from a stranger, and it goes to the public. So it is checked before it is used, it leads nowhere
out of the project, and of variables it holds the names, and whether they are set: a digest of a short value
tells the value to whoever tries them all, salted or not, if the salt lies beside it. What values they had
when these very Outputs were made is known to the store of the machine that made them, which compares them.
"""

from __future__ import annotations

import errno
import json
import logging
import os
from dataclasses import replace
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.disk import parsed, read_whole, write_whole
from mkdocs_chainrule.errors import Problem
from mkdocs_chainrule.session.block import Failure, Output, Outputs, Place
from mkdocs_chainrule.session.data import from_data, to_data
from mkdocs_chainrule.session.reads import IMPLIED, is_file
from mkdocs_chainrule.store import inputs as inputs_of
from mkdocs_chainrule.store.around import surroundings
from mkdocs_chainrule.store.entry import Entry, block_digests, entry_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs_chainrule.session.block import Session
    from mkdocs_chainrule.store.around import Surroundings
    from mkdocs_chainrule.store.store import Store

FORMAT = 2
_WIDTH = 100  # of a line
_DEPTH = 12  # of what is written over several lines
_LARGEST = 100_000_000  # bytes of a file, of which hosts of repositories take no larger one either


class Freeze:
    """The committed Outputs of a project.

    Args:
        root: The project's folder.
        folder: Where the files are, from there.
        around: What is around the project now.
        store: What may know which values variables had.
        runs: Whether what is not answered runs.
    """

    name = "the freeze"

    def __init__(
        self,
        root: Path,
        folder: str,
        around: Surroundings | None = None,
        store: Store | None = None,
        *,
        runs: bool = False,
    ) -> None:
        self.folder = folder
        self._root = root
        self._around = around or surroundings(root)
        self._store, self._runs = store, runs
        self._unwritten: Problem | None = None
        self._gone: list[Problem] = []
        self._left: dict[Path, Entry | None] = {}  # files that no page of this build has
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
        unwritten = [self._unwritten] if self._unwritten else []
        return [*self._damaged.values(), *unwritten, *self._gone, *old, *differs]

    def look_up(self, session: Session) -> Outputs | None:
        """Return the Outputs of a session if its code and what that read are as they were."""
        self._asked.add(self.path(session.page))
        entry = self._read(self.path(session.page))
        if entry is None or next(self._changes(session, entry), None) is not None:
            return None
        if self._runs and not all(map(is_file, map(self._around.absolute, entry.inputs.written))):
            return None  # what it wrote is gone, and is made again
        self._compare(entry)
        self._miss(session, entry)
        return Outputs(entry.outputs, origin=entry)

    def save(self, session: Session, outputs: Outputs) -> None:
        """Write the Outputs of a session, if they are to be kept."""
        entry = entry_of(session, outputs, self._around)
        if entry is None:
            return
        path = self.path(session.page)
        try:
            self._write(session, path, _content(entry))
        except OSError as error:
            self._miss_write(self.named(path), error.strerror)
        except (ValueError, RecursionError) as error:
            self._miss_write(self.named(path), f"{error}")

    def _write(self, session: Session, path: Path, content: bytes) -> None:
        self._keep_inside(path)
        if not os.path.lexists(path):
            self._new.append(session)
        elif _is_written(path, content):
            return
        write_whole(path, content)

    def _miss_write(self, name: str, why: str | None) -> None:
        """Tell of the first file that cannot be written."""
        note = f"its results are not frozen: {why}"
        self._unwritten = self._unwritten or Problem(Place(name), note, logging.WARNING)

    def stale(self, session: Session) -> tuple[Place, str] | None:
        """Return the line that has no true result any more, and why; None if all have."""
        entry = self._read(self.path(session.page))
        missing = _place(session), f"has no result in {self.folder}"
        return missing if entry is None else next(self._changes(session, entry), None)

    def left_by(self, session: Session) -> str | None:
        """Return the file of a page that is gone and had the same results; asked when all pages are known."""
        for path in sorted((self._root / self.folder).rglob("*.json")):
            page = self._root / path.relative_to(self._root / self.folder).with_suffix("")
            if path in self._asked or os.path.lexists(page):
                continue
            if path not in self._left:
                self._left[path] = self._read(path)
            entry = self._left[path]
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
            others = (n for n, digest in enumerate(now) if then[n : n + 1] != (digest,))
            place = _place(session, next(others, len(now) - 1))
            yield place, f"its code, or that of a block before it, is newer than {self.folder}"
        changed = inputs_of.changes_of_text(session, entry.inputs, self._around)
        for what in chain(changed, self._changed_variables(session, entry)):
            yield _place(session), f"{what} since {self.folder} was written"

    def _changed_variables(self, session: Session, entry: Entry) -> Iterator[str]:
        """Yield in words which variables are others: as the store knows, else by whether they are set."""
        then = entry.inputs.variables
        values = None
        if self._store and any(value is not None for value in then.values()):
            values = self._store.values(session, Outputs(entry.outputs).digest)
        if values is not None:
            yield from inputs_of.changed_variables(values, self._around)
            return
        for name, value in then.items():
            is_set = self._around.variables.get(name) is not None
            if is_set != (value is not None):
                if self._runs or name not in IMPLIED:
                    yield f"the environment variable {name} changed"
            elif is_set and self._runs:
                yield f"nobody here knows whether the environment variable {name} changed"

    def _miss(self, session: Session, entry: Entry) -> None:
        """Note files that the session wrote and that nobody makes here."""
        gone = [path for path in entry.inputs.written if not is_file(self._around.absolute(path))]
        if gone:
            note = f"when it ran it wrote {', '.join(gone)}, not there now: commit what the site needs of it"
            self._gone.append(Problem(_place(session), note, logging.INFO))

    def _keep_inside(self, path: Path) -> None:
        if not self._around.is_inside(str(path.parent)):
            raise OSError(errno.EXDEV, "a link leads out of the project")

    def _compare(self, entry: Entry) -> None:
        """Note versions that differ; what is not installed cannot, and need not be, for nothing runs."""
        for name, version in entry.environment.items():
            here = self._around.versions.get(name)
            if here is not None and _public(here) != version:
                self._differing[name] = version

    def _read(self, path: Path) -> Entry | None:
        try:
            self._keep_inside(path)
            return _entry(parsed(read_whole(path, _LARGEST), strict=True))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            name = self.named(path)
            why = error.strerror if isinstance(error, OSError) else error
            note = f"is no file of results ({why}): delete it, and `mkdocs serve` writes it anew"
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


def _content(entry: Entry) -> bytes:
    """Return what is written of an entry."""
    versions = {name: _public(version) for name, version in entry.environment.items()}
    are_set = {name: None if value is None else "" for name, value in entry.inputs.variables.items()}
    public = replace(entry, environment=versions, inputs=replace(entry.inputs, variables=are_set))
    data = {"format": FORMAT, **to_data(public)}
    content = f"{_written(data)}\n".encode("utf-8", "surrogatepass")
    if len(content) > _LARGEST:
        raise ValueError(f"they are larger than {_LARGEST // 10**6} MB")
    return content


def _is_written(path: Path, content: bytes) -> bool:
    """Tell whether this is in the file already, whatever a checkout did to its ends of lines."""
    try:
        return read_whole(path, _LARGEST).replace(b"\r\n", b"\n") == content
    except OSError:
        return False


def _written(data: Any, indent: str = "") -> str:
    """Return JSON to be read: sorted, and what fits on a line on one line."""
    line = json.dumps(data, ensure_ascii=False, sort_keys=True, allow_nan=False)
    is_leaf = not isinstance(data, dict | list) or len(indent) > _DEPTH
    if is_leaf or len(indent) + len(line) <= _WIDTH:
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
