"""Whose a file is, and what it is called in a site, where the folders of this machine have no place."""

from __future__ import annotations

import functools
import linecache
import os
import re
import site
import sys
import sysconfig
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs_chainrule.session.block import Place

if TYPE_CHECKING:
    from mkdocs_chainrule.session.block import Session

_TRACEBACK_LINE = re.compile(r'^( *File ")([^"\n]+)(", line \d+)', re.MULTILINE)
_OURS = ("mkdocs_chainrule", "chainrule")


class Author:
    """The author of a session: hers are its lines, and the modules of her project.

    Attributes:
        lines: Where the session's lines stand.
    """

    def __init__(self, session: Session, root: str) -> None:
        self.lines = session.places
        self._pages = {place.file for place in self.lines}
        self._root = root

    def wrote(self, file: str) -> bool:
        """Tell whether code of this file is the author's."""
        return file in self._pages or is_local(file)

    def place(self, file: str, line: int) -> Place | None:
        """Return where a line of code stands in the author's project; None for one that is not hers."""
        place = Place(file, line)
        if place in self.lines:
            return place
        inside = file.startswith(self._root + os.sep) and is_local(file)
        return Place(short(file, self._root), line) if inside else None


def is_local(path: str) -> bool:
    """Tell whether a module's file is somebody's work in progress: neither installed nor Python's own.

    An editable install is local. This package and its engine are not: they are part of the environment.

    Examples:
        >>> import numpy
        >>> is_local(os.__file__), is_local(numpy.__file__), is_local("/home/me/book/mine.py")
        (False, False, True)
    """
    if not os.path.isabs(path):  # noqa: PTH117 - text, not an object
        return False
    if "site-packages" in path or "dist-packages" in path:
        return False
    return not os.path.realpath(path).startswith(not_local())


@functools.cache
def not_local() -> tuple[str, ...]:
    """Return the folders of what is installed, and ours; asked for in the fork server, as it takes time."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    installed = [sysconfig.get_path(name) for name in names] + [site.getusersitepackages()]
    ours = [str(Path(spec.origin).parent) for name in _OURS if (spec := find_spec(name)) and spec.origin]
    return tuple({os.path.realpath(folder) + os.sep for folder in (*installed, *ours)})


def short(path: str, root: str) -> str:
    """Return a path from the project's folder or from where Python imports, whichever is nearest.

    Examples:
        >>> short("/home/me/book/docs/plot.py", root="/home/me/book")
        'docs/plot.py'
        >>> short("docs/page.md", root="/home/me/book")
        'docs/page.md'
    """
    if not Path(path).is_absolute():
        return path
    bases = [base for base in (root, *sys.path) if base and path.startswith(base + os.sep)]
    longest = max(bases, key=len, default=str(Path(path).parent))
    return path[len(longest) + 1 :].replace(os.sep, "/")


def short_tracebacks(text: str, root: str) -> str:
    """Return text in which the lines of printed tracebacks have short file names."""
    return _TRACEBACK_LINE.sub(lambda line: f"{line[1]}{short(line[2], root)}{line[3]}", text)


def shorten_warnings(root: str) -> None:
    """Let Python's warnings have short file names from now on."""
    formatted = warnings.formatwarning

    def formatwarning(
        message: Warning | str, category: type[Warning], filename: str, lineno: int, line: str | None = None
    ) -> str:
        line = linecache.getline(filename, lineno) if line is None else line
        return formatted(message, category, short(filename, root), lineno, line)

    warnings.formatwarning = formatwarning
