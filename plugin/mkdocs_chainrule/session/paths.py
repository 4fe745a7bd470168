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

_TRACEBACK_LINE = re.compile(r'^([ |+-]*File ")([^"\n]+)(", line \d+)', re.MULTILINE)
_TRACEBACK_END = re.compile(
    r"^((?:[ |]*)Traceback \(most recent call last\):\n(?:[ |]+[ ~^].*\n)*)(.+)$", re.MULTILINE
)
_SYSTEMS = {"/", "/usr", "/usr/local"}  # folders that say nothing of a machine
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
        self._roots = tuple({folder + os.sep for folder in (root, os.path.realpath(root))})

    def wrote(self, file: str) -> bool:
        """Tell whether code of this file is the author's."""
        return file in self._pages or is_local(file)

    def wrote_page(self, file: str) -> bool:
        """Tell whether this file, from the project's folder, holds lines of the session."""
        return file.replace(os.sep, "/") in self._pages

    def place(self, file: str, line: int) -> Place | None:
        """Return where a line of code stands in the author's project; None for one that is not hers."""
        place = Place(file, line)
        if place in self.lines:
            return place
        inside = file.startswith(self._roots) and is_local(file)
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
    bases = [base for base in (*_roots(root), *sys.path) if base and path.startswith(base + os.sep)]
    longest = max(bases, key=len, default=str(Path(path).parent))
    return path[len(longest) + 1 :].replace(os.sep, "/")


@functools.cache
def _roots(root: str) -> tuple[str, ...]:
    """Return the names of the project's folder: as it was called, and where links lead."""
    return tuple(dict.fromkeys((root, os.path.realpath(root))))


def short_text(text: str, root: str) -> str:
    """Return what Python says with no path of this machine: one in the project is as places write it.

    Examples:
        >>> short_text("[Errno 2] No such file: '/home/me/book/docs/x.csv'", root="/home/me/book")
        "[Errno 2] No such file: 'docs/x.csv'"
        >>> short_text("in /home/me/book, not /home/me/books", root="/home/me/book")
        'in ., not /home/me/books'
    """
    if os.sep not in text:
        return text
    pattern, instead = _folders(root, tuple(sys.path))
    return pattern.sub(lambda folder: instead[folder[1]][not folder[2]], text)


@functools.cache
def _folders(root: str, imports: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    """Return what finds folders of this machine, and what stands instead before a slash, and elsewhere."""
    home, temporary = os.path.expanduser("~"), os.environ.get("TMPDIR", "/tmp")  # noqa: PTH111, S108 - text
    hidden = (sys.prefix, sys.base_prefix, temporary, "/tmp", "/var/tmp")  # noqa: S108 - the same
    instead = dict.fromkeys(hidden, ("…/", "…"))
    instead |= {home: ("~/", "~")}
    instead |= {path: ("", Path(path).name) for path in (*imports, *not_local()) if os.path.isabs(path)}  # noqa: PTH117
    instead |= {root: ("", ".")}
    real = {os.path.realpath(path): said for path, said in instead.items()}
    found = {path.rstrip(os.sep): said for path, said in (real | instead).items() if path not in _SYSTEMS}
    longest = sorted(map(re.escape, filter(None, found)), key=len, reverse=True)
    slash = re.escape(os.sep)
    return re.compile(rf"(?<![\w.-])({'|'.join(longest)})({slash}|(?![\w-]|\.\w))"), found


def short_tracebacks(text: str, root: str) -> str:
    """Return text in which what Python says in printed tracebacks has no path of this machine."""
    if "Traceback (" not in text and 'File "' not in text:
        return text
    text = _TRACEBACK_END.sub(lambda found: found[1] + short_text(found[2], root), text)
    return _TRACEBACK_LINE.sub(lambda line: f"{line[1]}{short(line[2], root)}{line[3]}", text)


def shorten_warnings(root: str) -> None:
    """Let Python's warnings have short file names from now on."""
    formatted = warnings.formatwarning

    def formatwarning(
        message: Warning | str, category: type[Warning], filename: str, lineno: int, line: str | None = None
    ) -> str:
        line = linecache.getline(filename, lineno) if line is None else line
        return formatted(short_text(str(message), root), category, short(filename, root), lineno, line)

    warnings.formatwarning = formatwarning
