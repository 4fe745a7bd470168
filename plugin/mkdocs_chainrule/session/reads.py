"""What a session read while it ran: the inputs of its Outputs that its source does not show."""

from __future__ import annotations

import functools
import os
import site
import sysconfig
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGE = str(Path(__file__).parents[1])


@dataclass(frozen=True, slots=True)
class Reads:
    """What a session read.

    Attributes:
        files: Project files that it opened and local modules that it imported, by absolute path, each with
            its size and time of change when it was first read; None for a file that was not there.
        folders: Project folders whose names it listed, by absolute path, each with a digest of the names.
        variables: Environment variables that the author's own code asked for; None for one that was not set.
        packages: Top-level names of the installed modules that it imported.
        missing: Top-level names that the author's own code imports and that are not there.
        written: Files that it wrote, by absolute path: they are no inputs, and no reason to build again.
    """

    files: Mapping[str, tuple[int, int] | None] = field(default_factory=dict)
    folders: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str | None] = field(default_factory=dict)
    packages: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    written: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the reads as JSON data."""
        return {
            "files": dict(self.files),
            "folders": dict(self.folders),
            "variables": dict(self.variables),
            "packages": list(self.packages),
            "missing": list(self.missing),
            "written": list(self.written),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reads:
        """Return the reads that `to_json` wrote."""
        files = {path: state and (state[0], state[1]) for path, state in data["files"].items()}
        names = (tuple(data[kind]) for kind in ("packages", "missing", "written"))
        return cls(files, data["folders"], data["variables"], *names)


def state(path: str) -> tuple[int, int] | None:
    """Return the size and time of change of a file, or None if there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116 - called for every file that is opened: no object for each
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns


def folder_digest(path: str) -> str:
    """Return a digest of the names in a folder; of no names, if there is no such folder."""
    try:
        names = sorted(os.listdir(path))  # noqa: PTH208 - names are all that counts
    except OSError:
        names = []
    return sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()


@functools.cache
def installed() -> tuple[str, ...]:
    """Return the folders of what is installed; asked for first in the fork server, since it takes a while."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    folders = [sysconfig.get_path(name) for name in names] + [site.getusersitepackages()]
    return tuple({os.path.realpath(folder) + os.sep for folder in folders})


def is_local(path: str) -> bool:
    """Tell whether a module's file is somebody's work in progress: neither installed nor Python's own.

    An editable install is local. This package itself is not: it is part of the environment.

    Examples:
        >>> import numpy
        >>> is_local(os.__file__), is_local(numpy.__file__), is_local("/home/me/book/mine.py")
        (False, False, True)
    """
    if not os.path.isabs(path) or path.startswith(PACKAGE + os.sep):  # noqa: PTH117 - text, not an object
        return False
    if "site-packages" in path or "dist-packages" in path:
        return False
    return not os.path.realpath(path).startswith(installed())
