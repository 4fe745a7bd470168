"""Outputs on disk, addressed by what is to run, and answered while all that they came from is as it was.

An entry is found by the session's sources and running options, and it holds the inputs that these do not
show, the environment, and the Outputs. It is one JSON file, written aside and moved into place: two builds at
once, or one that is killed, leave it whole. A digest of the whole tells one that is damaged.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import time
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.errors import Problem
from mkdocs_chainrule.options import OPTIONS
from mkdocs_chainrule.pieces import write_whole
from mkdocs_chainrule.run.process import environment
from mkdocs_chainrule.session.block import Output, Place
from mkdocs_chainrule.session.outputs import Outputs
from mkdocs_chainrule.session.versions import Versions
from mkdocs_chainrule.store import inputs as inputs_of
from mkdocs_chainrule.store.origin import Origin, changed_versions, origin_of

if TYPE_CHECKING:
    from pathlib import Path

    from mkdocs_chainrule.session.block import Block, Session

FORMAT = 2
_RUNNING = sorted({option.name for option in OPTIONS if option.affects == "run"} - {"cache"})
_DAY = 86_400.0
_KEPT = 30 * _DAY


class Store:
    """The stored Outputs of a project.

    Args:
        folder: Where entries are; it is made when the first is written.
        root: The project's folder.

    Attributes:
        name: What a user calls it.
        folder: Where entries are.
        problems: What a user should know about entries that could not be used.
    """

    name = "the store"

    def __init__(self, folder: Path, root: Path) -> None:
        self.problems: list[Problem] = []
        self.folder = folder
        self._around = inputs_of.Surroundings(os.path.realpath(root), environment())
        self._versions = Versions()

    def look_up(self, session: Session) -> Outputs | None:
        """Return the Outputs of a session if nothing that they came from has changed."""
        if not is_cached(session):
            return None
        try:
            entry = self._read(self._path(session))
            return None if entry is None else self._answer(session, entry)
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            note = "its stored result is damaged or of another version, so its blocks run again"
            self.problems.append(Problem(Place(session.page), note, logging.INFO))
            return None

    def save(self, session: Session, outputs: Outputs) -> bool:
        """Keep the Outputs of a session, and tell whether they were kept.

        They are not if a block failed, if the session is to run at every build, or if a file that it read
        changed while it ran.
        """
        if outputs.reads is None or not is_cached(session):
            return False
        origin = origin_of(session, outputs, self._around, self._versions)
        if origin is None:
            return False
        entry = {
            "format": FORMAT,
            "page": session.page,
            "inputs": origin.inputs,
            "environment": origin.environment,
            "outputs": [replace(output, seconds=0.0).to_json() for output in outputs],
            "shown": outputs.digest,
            "seen": inputs_of.seen_now(origin.inputs, self._around),
        }
        return self._write(self._path(session), {**entry, "digest": _digest(entry)})

    def prune(self, now: float | None = None) -> int:
        """Delete entries that no build has asked for in 30 days, and return the bytes that are left."""
        size = 0
        oldest = (time.time() if now is None else now) - _KEPT
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

    def _read(self, path: Path) -> dict[str, Any] | None:
        """Return an entry, if there is one."""
        try:
            text = path.read_bytes()
        except FileNotFoundError:
            return None
        entry: dict[str, Any] = json.loads(text)
        digest = entry.pop("digest")
        if entry["format"] != FORMAT or digest != _digest(entry):
            raise ValueError("not what was written")
        return entry

    def _answer(self, session: Session, entry: dict[str, Any]) -> Outputs | None:
        """Return an entry's Outputs, if all that they came from is as it was."""
        origin = Origin(entry["inputs"], entry["environment"])
        seen = {path: tuple(state) for path, state in entry["seen"].items()}
        if any(inputs_of.changes(session, origin.inputs, self._around, seen)):
            return None
        if any(changed_versions(origin, self._versions)):
            return None
        outputs = Outputs(map(Output.from_json, entry["outputs"]), origin=origin, digest=entry["shown"])
        if len(outputs) != len(session.blocks):
            raise ValueError("another number of blocks")
        self._touch(self._path(session))
        return outputs

    def _write(self, path: Path, entry: dict[str, Any]) -> bool:
        text = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
        try:
            write_whole(path, text.encode("utf-8", "surrogatepass"))
        except OSError as error:  # the disk is full, or the folder may not be written to
            if not self.problems:
                note = f"results are not stored, so they run at every build: {error.strerror}"
                self.problems.append(Problem(Place(entry["page"]), note, logging.INFO))
            return False
        return True

    def _touch(self, path: Path) -> None:
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _DAY:
                os.utime(path)


def is_cached(session: Session) -> bool:
    """Tell whether a session may be stored: `cache="no"` on one of its blocks makes it run at every build."""
    return all(block.options.get("cache", True) for block in session.blocks)


def key(session: Session) -> str:
    """Return the address of a session: its page, its sources in order and the options that bear on running.

    Examples:
        >>> from mkdocs_chainrule.session.block import Block, Place, Session
        >>> one, other = (Block("1", "fence", Place("docs/page.md", line)) for line in (3, 9))
        >>> key(Session("docs/page.md", (one,))) == key(Session("docs/page.md", (other,)))
        True
    """
    return _digest([FORMAT, session.page, [block_key(block) for block in session.blocks]])


def block_key(block: Block) -> list[Any]:
    """Return what of a block bears on what it does: its kind, source and running options."""
    options = [[name, block.options[name]] for name in _RUNNING if name in block.options]
    return [block.kind, block.source, options]


def _digest(data: Any) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, default=str)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
