"""What the author's code asks without opening a file: of files and links, and of what is installed.

No audit hook hears of it. So the functions that ask are replaced by ones that tell first, as everything that
asks in Python comes to them: `os.path`, `pathlib`, `shutil` and `glob` to those of `os`.
"""

from __future__ import annotations

import functools
import os
import sys
from os import fsdecode
from sys import _getframe
from typing import TYPE_CHECKING, Any, Protocol

from mkdocs_chainrule.session.reads import aspect

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

_ASKING = ("stat", "lstat", "access", "readlink")
_CAPABLE = ("supports_dir_fd", "supports_fd", "supports_follow_symlinks", "supports_effective_ids")
# By what the standard library's functions on the way are called: how much they want to know.
_LINK = {"realpath", "_joinrealpath", "resolve", "islink", "is_symlink", "ismount", "is_mount", "readlink"}
_KIND = {"exists", "lexists", "_lexists", "access", "which", "makedirs", "mkdir"}
_KIND |= {"samefile", "_samefile", "copy", "copy2", "copyfile", "copytree", "move", "rmtree"}
_KIND |= {f"is{gap}{kind}" for gap in ("", "_") for kind in ("file", "dir", "fifo", "socket")}
# They look at files on behalf of nobody who reads what they say.
_SILENT = ("importlib", "linecache", "traceback", "inspect", "tokenize", "warnings", "tempfile", "zipimport")
_STANDARD = os.path.dirname(os.__file__) + os.sep  # noqa: PTH120 - text
_METADATA = os.path.join("importlib", "metadata")  # noqa: PTH118 - the same
_LEVELS = ("link", "kind", "size", "all")


class Asker(Protocol):
    """Who may ask, and where a file stands."""

    def asks(self, frame: FrameType | None) -> bool:
        """Tell whether this frame is the author's."""
        ...

    def inside(self, path: Any) -> str | None:
        """Return where a file stands in the project; None for one that does not."""
        ...


class Asking:
    """What was asked.

    Attributes:
        asked: By absolute path, what `aspect` answered.
        dated: Those of which the date may be known, with that.
        distributions: Names of those whose metadata were asked for.
        is_busy: Whether what is asked now is our own question.
    """

    def __init__(self, asker: Asker) -> None:
        self.asked: dict[str, str] = {}
        self.dated: dict[str, int] = {}
        self.distributions: set[str] = set()
        self._asker = asker
        self.is_busy = False

    def install(self) -> None:
        """Listen from now on."""
        for name in _ASKING:
            if (function := getattr(os, name, None)) is not None:
                setattr(os, name, self._telling(function))
        if "importlib.metadata" in sys.modules:
            self.listen_to_metadata()

    def listen_to_metadata(self) -> None:
        """Listen to who asks for a distribution, whether it is there or not; once it has been imported."""
        kind: Any = sys.modules["importlib.metadata"].Distribution
        from_name = kind.from_name.__func__

        def telling(cls: Any, name: str) -> Any:
            frame, _ = _outside(_getframe(1))
            if isinstance(name, str) and self._asker.asks(frame):
                self.distributions.add(name)
            return from_name(cls, name)

        kind.from_name = classmethod(functools.wraps(from_name)(telling))

    def _telling(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def telling(path: Any, *arguments: Any, **options: Any) -> Any:
            if not self.is_busy and not isinstance(path, int) and options.get("dir_fd") is None:
                self.is_busy = True
                try:
                    self._note(path, _getframe(1), function.__name__)
                except (OSError, ValueError, TypeError):
                    pass  # what is wrong with the arguments is the author's to be told, by what she called
                finally:
                    self.is_busy = False
            return function(path, *arguments, **options)

        for name in _CAPABLE:
            capable: set[Any] = getattr(os, name, set())
            if function in capable:
                capable.add(telling)
        return telling

    def _note(self, path: Any, asking: FrameType, function: str) -> None:
        frame, names = _outside(asking)
        if names is None or not self._asker.asks(frame):
            return
        if (name := self._asker.inside(fsdecode(path))) is None:
            return
        names.add(function)
        level = (
            "link" if names & _LINK else "kind" if names & _KIND else "size" if "getsize" in names else "all"
        )
        before = self.asked.get(name, "").partition(" ")[0]
        if before and _LEVELS.index(before) >= _LEVELS.index(level):
            return
        # Where a link leads, and what is there, are two things to know: who wants both wants all.
        level = "all" if before == "link" else level
        self.asked[name] = aspect(name, level)
        if level == "all" and self.asked[name].rpartition(" ")[2].isdigit():
            self.dated[name] = _stat(name).st_mtime_ns


_stat = os.stat


def _outside(frame: FrameType | None) -> tuple[FrameType | None, set[str] | None]:
    """Return the nearest frame outside the standard library, and the names of the functions before it.

    No names are returned if one of them asks on behalf of nobody.
    """
    names: set[str] = set()
    while frame is not None and (place := standard(frame.f_code.co_filename)):
        if place.startswith(_SILENT) and not place.startswith(_METADATA):
            return None, None
        names.add(frame.f_code.co_name)
        frame = frame.f_back
    return frame, names


def standard(file: str) -> str:
    """Return the place of a file of the standard library in it; nothing of another."""
    if file.startswith("<frozen "):
        return file[8:]
    is_standard = file.startswith(_STANDARD) and "site-packages" not in file
    return file[len(_STANDARD) :] if is_standard else ""
