"""Outputs on disk, addressed by what is to run, and answered while all that they came from is as it was.

An entry is found by the session's sources and running options, and it holds the inputs that these do not
show, the environment, and the Outputs. It is one JSON file, written aside and moved into place: two builds at
once, or one that is killed, leave it whole. A digest of the whole tells one that is damaged.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from dataclasses import replace
from hashlib import sha256
from threading import get_ident
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.block import Output
from mkdocs_chainrule.options import OPTIONS
from mkdocs_chainrule.run import inputs as inputs_of
from mkdocs_chainrule.run.environment import Versions
from mkdocs_chainrule.run.failures import is_expected
from mkdocs_chainrule.run.outputs import Outputs
from mkdocs_chainrule.run.process import environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mkdocs_chainrule.block import Block, Session

FORMAT = 1
_RUNNING = sorted({option.name for option in OPTIONS if option.affects == "run"} - {"cache"})
_DAY = 86_400.0
_KEPT = 30 * _DAY


class Store:
    """The stored Outputs of a project.

    Args:
        folder: Where entries are; it is made when the first is written.
        root: The project's folder.

    Attributes:
        notes: What a user should know about entries that could not be used.
    """

    def __init__(self, folder: Path, root: Path) -> None:
        self.notes: list[str] = []
        self._folder = folder
        self._around = inputs_of.Surroundings(os.path.realpath(root), environment())
        self._versions = Versions()

    def look_up(self, session: Session) -> Outputs | None:
        """Return the Outputs of a session if nothing that they came from has changed."""
        entry = self._read(session)
        if entry is None or next(self._changes(session, entry), None) is not None:
            return None
        self._touch(self._path(session))
        return Outputs(Output.from_json(output) for output in entry["outputs"])

    def save(self, session: Session, outputs: Outputs) -> bool:
        """Keep the Outputs of a session, and tell whether they were kept.

        They are not if a block failed, if the session is to run at every build, or if a file that it read
        changed while it ran.
        """
        if outputs.reads is None or not is_cached(session) or _has_failed(session, outputs):
            return False
        inputs = inputs_of.take(session, outputs, outputs.reads, self._around)
        if inputs is None:
            return False
        entry = {
            "format": FORMAT,
            "page": session.page,
            "inputs": inputs,
            "environment": self._versions.of(outputs.reads.packages),
            "outputs": [replace(output, seconds=0.0).to_json() for output in outputs],
            "seen": inputs_of.seen_now(inputs, self._around),
        }
        self._write(self._path(session), {**entry, "digest": _digest(entry)})
        return True

    def prune(self, now: float | None = None) -> int:
        """Delete entries that no build has asked for in 30 days, and return the bytes that are left."""
        size = 0
        oldest = (time.time() if now is None else now) - _KEPT
        for path in self._folder.glob("*/*"):
            with contextlib.suppress(OSError):  # another build may have taken it away
                status = path.stat()
                if status.st_mtime < oldest:
                    path.unlink()
                else:
                    size += status.st_size
        return size

    def _changes(self, session: Session, entry: dict[str, Any]) -> Iterator[str]:
        seen = {path: tuple(state) for path, state in entry["seen"].items()}
        yield from inputs_of.changes(session, entry["inputs"], self._around, seen)
        for name, version in entry["environment"].items():
            if (self._versions.get(name) or "") != version:
                yield f"{name} changed"

    def _path(self, session: Session) -> Path:
        name = key(session)
        return self._folder / name[:2] / f"{name[2:]}.json"

    def _read(self, session: Session) -> dict[str, Any] | None:
        """Return the entry of a session, if there is one that can be trusted."""
        if not is_cached(session):
            return None
        try:
            entry = json.loads(self._path(session).read_bytes())
            digest = entry.pop("digest")
            if entry["format"] == FORMAT and digest == _digest(entry):
                return dict(entry)
            problem = "damaged" if entry["format"] == FORMAT else "of another version"
        except FileNotFoundError:
            return None
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            problem = "damaged"
        self.notes.append(f"{session.page}: its stored result is {problem}, so its blocks run again")
        return None

    def _write(self, path: Path, entry: dict[str, Any]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(f".{os.getpid()}.{get_ident()}.part")
        try:
            aside.write_text(json.dumps(entry, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)

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
        >>> from mkdocs_chainrule.block import Block, Place, Session
        >>> one, other = (Block("1", "fence", Place("docs/page.md", line)) for line in (3, 9))
        >>> key(Session("docs/page.md", (one,))) == key(Session("docs/page.md", (other,)))
        True
    """
    return _digest([FORMAT, session.page, [_block_key(block) for block in session.blocks]])


def _block_key(block: Block) -> list[Any]:
    options = [[name, block.options[name]] for name in _RUNNING if name in block.options]
    return [block.kind, block.source, options]


def _digest(data: Any) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, default=str)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _has_failed(session: Session, outputs: Outputs) -> bool:
    pairs = zip(session.blocks, outputs, strict=True)
    return any(
        output.failure is not None and not is_expected(block, output.failure) for block, output in pairs
    )
