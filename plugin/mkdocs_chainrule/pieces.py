"""Pieces of pages as earlier builds made them, kept beside the store: what did not change is not made anew.

A piece is a pure function of what its key is a digest of, and of the code that makes it. So a changed style
makes anew what it bears on and runs nothing. What a build does not ask for is forgotten with it.
"""

import functools
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from mkdocs_chainrule.disk import read_sealed, write_sealed
from mkdocs_chainrule.session.data import digest, from_data, to_data
from mkdocs_chainrule.session.versions import OWN, version_of

_HERE = Path(__file__).parent
_NAME = re.compile(r"(?!\.)[\w.-]+")  # of a file beside the page: it leads into no other folder


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a page.

    Attributes:
        html: The part.
        files: What goes with it: name, address in the page, content as base64.
        remarks: What its author is to be told, whether once a page, and which option asks for it.
    """

    html: str
    files: tuple[tuple[str, str, str], ...] = ()
    remarks: tuple[tuple[str, bool, str], ...] = ()

    def __post_init__(self) -> None:
        for name, _, _ in self.files:
            if not _NAME.fullmatch(name):
                raise ValueError(f"{name!r:.40} is no name of a picture")


class Shelves:
    """The pieces of a site: a shelf, which is a file, for each page.

    Pages are worked on one after another, so one shelf is held at a time: of the others, only the keys of
    what nobody asked for and the pieces that are new.

    Args:
        folder: Where the files are; without one, nothing is kept.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self.clear()

    def find(self, shelf: str, key: str) -> Piece | None:
        """Return a piece as it was made before, and keep it; None if it is to be made."""
        if self._folder is None:
            return None
        if (new := self._new.get(shelf, {}).get(key)) is not None:
            return new
        with suppress(KeyError, ValueError):  # what is none of ours is made anew
            piece = from_data(Piece, self._pieces(shelf)[key])
            self._unasked[shelf].discard(key)
            return piece
        return None

    def put(self, shelf: str, key: str, piece: Piece) -> None:
        """Keep a piece that was asked for and not found, or found to be of no use."""
        if self._folder is not None:
            self._new.setdefault(shelf, {})[key] = piece

    def clear(self) -> None:
        """Forget what was read and made."""
        self._open: tuple[str, dict[str, Any]] = "", {}
        self._unasked: dict[str, set[str]] = {}
        self._new: dict[str, dict[str, Piece]] = {}

    def flush(self) -> str | None:
        """Write the shelves that changed, and say why if that cannot be."""
        for shelf, unasked in self._unasked.items():
            new = {key: to_data(piece) for key, piece in self._new.get(shelf, {}).items()}
            if new or unasked:
                before = self._pieces(shelf)
                kept = {key: before[key] for key in sorted(before.keys() - unasked)}
                try:
                    write_sealed(self._path(shelf), kept | new)
                except OSError as error:
                    return error.strerror
        return None

    def _pieces(self, shelf: str) -> dict[str, Any]:
        if self._open[0] != shelf:
            pieces: Any = None
            with suppress(OSError, ValueError):  # the same
                pieces = read_sealed(self._path(shelf))
            self._open = shelf, pieces if isinstance(pieces, dict) else {}
            self._unasked.setdefault(shelf, set(self._open[1]))
        return self._open[1]

    def _path(self, shelf: str) -> Path:
        assert self._folder is not None
        return self._folder / f"{shelf}.json"


def shelf_of(page: str) -> str:
    """Return the name of a page's shelf, which also starts the ids on that page.

    Examples:
        >>> shelf_of("docs/index.md")
        'cc2b6ec88'
    """
    return f"c{crc32(page.encode()):08x}"  # short: every node of a graph has it


def key_of(*data: object) -> str:
    """Return the key of the piece that is made from some data, which `repr` tells from any other."""
    return digest(repr((_version(), data)).encode("utf-8", "surrogatepass"))


@functools.cache
def _version() -> str:
    """Return what tells one state of the code that makes pieces from another."""
    folders = (_HERE / "read", _HERE / "show")
    within = (path for folder in folders for path in folder.rglob("*.[jp][sy]"))
    made_by = sorted([*_HERE.glob("*.py"), *within, _HERE / "assets" / "words.json"])
    states = [(path.relative_to(_HERE).as_posix(), path.stat().st_mtime_ns) for path in made_by]
    return f"{version_of(OWN)} {states}"
