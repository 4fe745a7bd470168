"""What a session read while it ran: the inputs of its Outputs that its source does not show."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


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
