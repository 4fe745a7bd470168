"""What a session read while it ran: the inputs of its Outputs that its source does not show."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from mkdocs_chainrule.session.data import digest

# One size of terminal, whoever builds: rich, pandas and argparse wrap and cut by it what they print.
_TERMINAL = {"COLUMNS": "80", "LINES": "24"}
# One thread for BLAS: the last bits of a product depend on how many share it, and each session has a core.
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


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
    return digest("\0".join(names).encode("utf-8", "surrogateescape"))


def variables() -> dict[str, str]:
    """Return the environment of a worker: the build's own, with what makes its results repeat."""
    return {**_ONE_THREAD, **os.environ, **_TERMINAL, "PYTHONHASHSEED": "0"}
