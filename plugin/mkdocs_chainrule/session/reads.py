"""What a session read while it ran: the inputs of its Outputs that its source does not show."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field

from mkdocs_chainrule.session.data import digest

# One size of terminal, whoever builds: rich, pandas and argparse wrap and cut by it what they print.
_TERMINAL = {"COLUMNS": "80", "LINES": "24"}
# One thread for BLAS: the last bits of a product depend on how many share it, and each session has a core.
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# What makes the same Python do other things with the same source.
_OF_PYTHON = (
    "PYTHONDEVMODE",
    "PYTHONINTMAXSTRDIGITS",
    "PYTHONOPTIMIZE",
    "PYTHONUTF8",
    "PYTHONWARNDEFAULTENCODING",
    "PYTHONWARNINGS",
)

IMPLIED = ("TZ", "MATPLOTLIBRC", "MPLCONFIGDIR")
"""Variables that count for who speaks of local time, or draws, without asking for them."""

State = tuple[int, int, int, int]
"""Of a file: its size, its time of change, which file it is, and when anything of it changed."""

_BITS = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Reads:
    """What a session read.

    Attributes:
        files: Project files that it opened and local modules that it imported, by absolute path, each with
            its state when it was first read; None for a file that was not there.
        folders: Project folders whose names it listed, by absolute path, each with a digest of the names.
        variables: Environment variables that the author's own code asked for; None for one that was not set.
        packages: Top-level names of the installed modules that it imported.
        imports: Top-level names that the author's own code imports.
        missing: Those of them that are not there.
        written: Files that it wrote, by absolute path: they are no inputs, and no reason to build again.
        asked: What the author's own code asked of project files without opening them, by absolute path: what
            `aspect` answered.
        dated: Those of which it may know the date, with that.
        distributions: Those of which the author's own code asked for metadata, such as the version.
    """

    files: Mapping[str, State | None] = field(default_factory=dict)
    folders: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str | None] = field(default_factory=dict)
    packages: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    asked: Mapping[str, str] = field(default_factory=dict)
    dated: Mapping[str, int] = field(default_factory=dict)
    distributions: tuple[str, ...] = ()


def state(path: str) -> State | None:
    """Return the state of a file, or None if there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116 - called for every file that is opened: no object for each
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino & _BITS, status.st_ctime_ns


def aspect(path: str, of: str) -> str:
    """Return what can be known of a file without opening it.

    Args:
        path: The file.
        of: How much was asked: "link", where a link leads; "kind", whether it is there, and is a folder;
            "size"; or "all" of these. The answer begins with it.

    Examples:
        >>> aspect("/dev/null", "kind"), aspect("/nowhere", "size"), aspect("/", "link")
        ('kind other', 'size', 'link')
    """
    said = [of]
    try:
        if of in {"link", "all"} and os.path.islink(path):  # noqa: PTH114 - the same
            said.append(f"to {os.readlink(path)}")  # noqa: PTH115 - the same
        if of != "link":
            status = os.stat(path)  # noqa: PTH116 - the same
            said.append(_kind(status.st_mode))
            if of != "kind" and stat.S_ISREG(status.st_mode):
                said.append(str(status.st_size))
    except (OSError, ValueError):
        pass
    return " ".join(said)


def is_file(path: str) -> bool:
    """Tell whether there is such a file, and no folder, pipe or device."""
    return aspect(path, "kind") == "kind file"


def _kind(mode: int) -> str:
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"


def folder_digest(path: str) -> str:
    """Return a digest of the names in a folder; of no names, if there is no such folder."""
    try:
        names = sorted(os.listdir(path))  # noqa: PTH208 - names are all that counts
    except (OSError, ValueError):
        names = []
    return digest("\0".join(names).encode("utf-8", "surrogateescape"))


def variables() -> dict[str, str]:
    """Return the environment of a worker: the build's own, with what makes its results repeat."""
    return {**_ONE_THREAD, **os.environ, **_TERMINAL, "PYTHONHASHSEED": "0"}


def of_python() -> str:
    """Return what the environment says of how Python is to run; nothing if it says nothing."""
    return " ".join(f"{name}={os.environ[name]}" for name in _OF_PYTHON if os.environ.get(name))
