"""Pieces of pages as earlier builds made them, kept beside the store: what did not change is not made anew.

A piece is a pure function of what its key is a digest of, and of the code that makes it. So a changed style
makes anew what it bears on and runs nothing. What a build does not ask for is forgotten with it.
"""

from __future__ import annotations

import functools
import json
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import crc32

from mkdocs_chainrule.run.environment import package_version
from mkdocs_chainrule.run.store import write_whole

Piece = dict[str, Any]

_HERE = Path(__file__).parent


class Shelves:
    """The pieces of a site: a shelf, which is a file, for each page.

    Args:
        folder: Where the files are; without one, nothing is kept.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._before: dict[str, dict[str, Piece]] = {}
        self._now: dict[str, dict[str, Piece]] = {}

    def find(self, shelf: str, key: str) -> Piece | None:
        """Return a piece as it was made before, and keep it; None if it is to be made."""
        if self._folder is None:
            return None
        if shelf not in self._before:
            self._before[shelf], self._now[shelf] = _read(self._folder / f"{shelf}.json"), {}
        piece = self._before[shelf].get(key)
        if piece is not None:
            self._now[shelf][key] = piece
        return piece

    def put(self, shelf: str, key: str, piece: Piece) -> None:
        """Keep a piece that was asked for and not found."""
        if self._folder is not None:
            self._now[shelf][key] = piece

    def clear(self) -> None:
        """Forget what was read and made."""
        self._before.clear()
        self._now.clear()

    def flush(self) -> None:
        """Write the shelves that changed."""
        for shelf, pieces in self._now.items():
            if self._folder and pieces.keys() != self._before[shelf].keys():
                text = json.dumps(pieces, ensure_ascii=False, separators=(",", ":"))
                content = text.encode("utf-8", "surrogatepass")
                try:
                    write_whole(self._folder / f"{shelf}.json", _digest(content) + b"\n" + content)
                except OSError:
                    return  # the store has told


def shelf_of(page: str) -> str:
    """Return the name of a page's shelf, which also starts the ids on that page.

    Examples:
        >>> shelf_of("docs/index.md")
        'cc2b6ec88'
    """
    return f"c{crc32(page.encode()):08x}"  # short: every node of a graph has it


def key_of(*data: object) -> str:
    """Return the key of the piece that is made from some data, which `repr` tells from any other."""
    return sha256(repr((_version(), data)).encode("utf-8", "surrogatepass")).hexdigest()


@functools.cache
def _version() -> str:
    """Return what tells one state of the code that makes pieces from another."""
    made_by = sorted(path for folder in (_HERE, _HERE / "show") for path in folder.glob("*.py"))
    states = [(path.name, path.stat().st_mtime_ns) for path in made_by]
    return f"{package_version()} {states}"


def _read(path: Path) -> dict[str, Piece]:
    """Return what is on a page's shelf; nothing if that cannot be trusted."""
    try:
        digest, _, content = path.read_bytes().partition(b"\n")
        return dict(json.loads(content)) if digest == _digest(content) else {}
    except (OSError, ValueError):
        return {}


def _digest(content: bytes) -> bytes:
    return sha256(content).hexdigest().encode()
