"""Outputs on disk, addressed by what is to run, and answered while all that they came from is as it was.

An entry is found by the session's sources and running options, and it holds the inputs that these do not
show, the environment, and the Outputs. It is one sealed file: two builds at once, or one that is killed,
leave it whole, and one that is damaged is known. Nothing is read or deleted but such files: whatever else
stands in the folder, or behind a link in its place, is somebody else's.
"""

import contextlib
import logging
import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mkdocs_chainrule.disk import SEAL, read_sealed, read_start, write_sealed
from mkdocs_chainrule.errors import Problem
from mkdocs_chainrule.options import DEFAULTS
from mkdocs_chainrule.session.block import Outputs, Place, Session
from mkdocs_chainrule.session.data import digest, from_data, to_data
from mkdocs_chainrule.session.reads import State, state
from mkdocs_chainrule.store import inputs as inputs_of
from mkdocs_chainrule.store.around import Surroundings, surroundings
from mkdocs_chainrule.store.declared import unreadable
from mkdocs_chainrule.store.entry import Entry, block_digests, entry_of

FORMAT = 4
_DAY = 86_400.0
_KEPT = 30 * _DAY
_FOLDERS = re.compile(r"[0-9a-f]{2}|shown")
_FILES = re.compile(r"([0-9a-f]{62}|c[0-9a-f]{8})\.(json|\d+\.\d+\.part)")


@dataclass(frozen=True, slots=True)
class Stored:
    """What a file of the store holds.

    Attributes:
        entry: What is known.
        shown: The digest of its Outputs.
        seen: States under which the files among its inputs are known to be unchanged.
        dated: Dates of files that it may show, which are others on another machine.
    """

    entry: Entry
    shown: str
    seen: Mapping[str, State]
    dated: Mapping[str, int] = field(default_factory=dict)


class Store:
    """The stored Outputs of a project.

    Args:
        folder: Where entries are; it is made when the first is written.
        root: The project's folder.
        around: What is around the project now.
    """

    name = "the store"

    def __init__(self, folder: Path, root: Path, around: Surroundings | None = None) -> None:
        self.problems: list[Problem] = []
        self.folder = folder
        self._around = around or surroundings(root)
        self._has_told = False

    def look_up(self, session: Session) -> Outputs | None:
        """Return the Outputs of a session if nothing that they came from has changed."""
        if not is_cached(session):
            return None
        self.problems.extend(unreadable(session, self._around))
        path = self._path(session)
        stored = self._read(session, path)
        if stored is None or any(self._changes(session, stored)):
            return None
        entry = stored.entry
        versions = entry.environment.items()
        if any((self._around.versions.get(name) or "") != version for name, version in versions):
            return None
        _touch(path)
        return Outputs(entry.outputs, origin=entry, digest=stored.shown)

    def save(self, session: Session, outputs: Outputs) -> None:
        """Keep the Outputs of a session.

        They are not kept if a block failed, if the session is to run at every build, or if a file that it
        read changed while it ran.
        """
        reads = outputs.reads
        entry = entry_of(session, outputs, self._around) if reads and is_cached(session) else None
        if entry is None or reads is None:
            return
        dated = {self._around.relative(path): date for path, date in reads.dated.items()}
        dated = {path: dated[path] for path in dated if path in entry.inputs.asked}
        stored = Stored(entry, outputs.digest, inputs_of.seen_now(entry.inputs, self._around), dated)
        try:
            write_sealed(self._path(session), to_data(stored))
        except OSError as error:  # the disk is full, or the folder may not be written to
            self.tell_unwritable(session.page, error.strerror)
        except ValueError as error:
            self._tell(session.page, f"its result is not stored, so it runs at every build: it is {error}")

    def values(self, session: Session, shown: str) -> Mapping[str, str | None] | None:
        """Return digests of the variables that a session read when it came to the Outputs of a digest.

        If it never did here, the answer is None.
        """
        with contextlib.suppress(OSError, ValueError):
            stored = from_data(Stored, read_sealed(self._path(session)))
            return stored.entry.inputs.variables if stored.shown == shown else None
        return None

    def prune(self, now: float | None = None) -> int:
        """Delete what no build has asked for in 30 days, and return the bytes of what is left."""
        size, oldest = 0, (time.time() if now is None else now) - _KEPT
        for file in self._files():
            with contextlib.suppress(OSError):  # another build may have taken it away
                status = file.stat(follow_symlinks=False)
                if status.st_mtime < oldest and _is_sealed(file):
                    os.unlink(file.path)  # noqa: PTH108 - of all that there is
                else:
                    size += status.st_size
        return size

    def tell_unwritable(self, place: str, why: str | None) -> None:
        """Tell once that nothing can be written."""
        if not self._has_told:
            self._has_told = True
            self._tell(place, f"results are not stored, so they run at every build: {why}")

    def _files(self) -> Iterator["os.DirEntry[str]"]:
        """Yield the files that have names as we give them, in folders that have; neither is a link."""
        for folder in _entries(str(self.folder)):
            if _FOLDERS.fullmatch(folder.name) and folder.is_dir(follow_symlinks=False):
                for file in _entries(folder.path):
                    if _FILES.fullmatch(file.name) and file.is_file(follow_symlinks=False):
                        yield file

    def _read(self, session: Session, path: Path) -> Stored | None:
        try:
            return from_data(Stored, read_sealed(path))
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            note = "its stored result is damaged or of another version, so its blocks run again"
            self._tell(session.page, note)
            return None

    def _changes(self, session: Session, stored: Stored) -> Iterator[str]:
        inputs = stored.entry.inputs
        yield from inputs_of.changed_variables(inputs.variables, self._around)
        yield from inputs_of.changes(session, inputs, self._around, stored.seen)
        for path, date in stored.dated.items():
            now = state(self._around.absolute(path))
            if now is None or now[1] != date:
                yield f"{path} has another date"

    def _path(self, session: Session) -> Path:
        name = key(session)
        return self.folder / name[:2] / f"{name[2:]}.json"

    def _tell(self, page: str, note: str) -> None:
        self.problems.append(Problem(Place(page), note, logging.INFO))


def _entries(folder: str) -> list["os.DirEntry[str]"]:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        return list(entries)
    return []


def _is_sealed(file: "os.DirEntry[str]") -> bool:
    """Tell whether a file begins as ours do, as far as it goes if it was never completed."""
    start = read_start(file.path, 65)
    return bool(SEAL.match(start)) or (
        file.name.endswith(".part") and bool(re.fullmatch(rb"[0-9a-f]{0,64}", start))
    )


def is_cached(session: Session) -> bool:
    """Tell whether a session may be stored: `cache="no"` on one of its blocks makes it run at every build."""
    return all(block.options.get("cache", DEFAULTS["cache"]) for block in session.blocks)


def key(session: Session) -> str:
    """Return the address of a session: its page, its sources in order and the options that bear on running.

    Examples:
        >>> from mkdocs_chainrule.session.block import Block, Place, Session
        >>> one, other = (Block("1", "fence", Place("docs/page.md", line)) for line in (3, 9))
        >>> key(Session("docs/page.md", (one,))) == key(Session("docs/page.md", (other,)))
        True
    """
    return digest([FORMAT, session.page, block_digests(session.blocks)])


def _touch(path: Path) -> None:
    with contextlib.suppress(OSError):
        if time.time() - path.stat().st_mtime > _DAY:
            os.utime(path)
