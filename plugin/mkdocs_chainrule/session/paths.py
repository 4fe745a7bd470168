"""File names without the folders of this machine, which have no place in a site."""

from __future__ import annotations

import linecache
import os
import re
import sys
import warnings
from pathlib import Path

_TRACEBACK_LINE = re.compile(r'^( *File ")([^"\n]+)(", line \d+)', re.MULTILINE)


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
