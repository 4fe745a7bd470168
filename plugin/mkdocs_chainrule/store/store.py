"""Outputs on disk, addressed by what is to run, and answered while all that they came from is as it was.

An entry is found by the session's sources and running options, and it holds the inputs that these do not
show, the environment, and the Outputs. It is one sealed file: two builds at once, or one that is killed,
leave it whole, and one that is damaged is known.
"""

import contextlib
import logging
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mkdocs_chainrule.disk import read_sealed, write_sealed
from mkdocs_chainrule.errors import Problem
from mkdocs_chainrule.options import DEFAULTS
from mkdocs_chainrule.session.block import Outputs, Place, Session
from mkdocs_chainrule.session.data import digest, from_data, to_data
from mkdocs_chainrule.store import inputs as inputs_of
from mkdocs_chainrule.store.entry import Entry, block_digests, entry_of

FORMAT = 3
_DAY = 86_400.0
_KEPT = 30 * _DAY


@dataclass(frozen=True, slots=True)
class Stored:
    """What a file of the store holds.

    Attributes:
        entry: What is known.
        shown: The digest of its Outputs.
        seen: Sizes and times of change under which the files among its inputs are known to be unchanged.
    """

    entry: Entry
    shown: str
    seen: Mapping[str, tuple[int, int]]


class Store:
    """The stored Outputs of a project.

    Args:
        folder: Where entries are; it is made when the first is written.
        root: The project's folder.
    """

    name = "the store"

    def __init__(self, folder: Path, root: Path) -> None:
        self.problems: list[Problem] = []
        self.folder = folder
        self._around = inputs_of.surroundings(root)

    def look_up(self, session: Session) -> Outputs | None:
        """Return the Outputs of a session if nothing that they came from has changed."""
        if not is_cached(session):
            return None
        path = self._path(session)
        try:
            stored = from_data(Stored, read_sealed(path))
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            self._tell(session, "its stored result is damaged or of another version, so its blocks run again")
            return None
        entry = stored.entry
        if any(inputs_of.changes(session, entry.inputs, self._around, stored.seen)):
            return None
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
        entry = entry_of(session, outputs, self._around) if outputs.reads and is_cached(session) else None
        if entry is None:
            return
        stored = Stored(entry, outputs.digest, inputs_of.seen_now(entry.inputs, self._around))
        try:
            write_sealed(self._path(session), to_data(stored))
        except OSError as error:  # the disk is full, or the folder may not be written to
            if not self.problems:
                self._tell(session, f"results are not stored, so they run at every build: {error.strerror}")

    def prune(self, now: float | None = None) -> int:
        """Delete entries that no build has asked for in 30 days, and return the bytes that are left."""
        size, oldest = 0, (time.time() if now is None else now) - _KEPT
        for path in self.folder.glob("*/*"):
            with contextlib.suppress(OSError):  # another build may have taken it away
                status = path.stat()
                if status.st_mtime < oldest:
                    path.unlink()
                else:
                    size += status.st_size
        return size

    def _path(self, session: Session) -> Path:
        name = key(session)
        return self.folder / name[:2] / f"{name[2:]}.json"

    def _tell(self, session: Session, note: str) -> None:
        self.problems.append(Problem(Place(session.page), note, logging.INFO))


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
