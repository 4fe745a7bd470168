"""Where a worker stood when it died, read from its notes (`worker/last_words.py` writes them)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from mkdocs_chainrule.session.block import Place

_NOTE = re.compile(
    r'^@(?P<step>\d+) (?P<place>.*)$|^\s*File "(?P<file>.*)", line (?P<line>\d+) in ', re.MULTILINE
)


def has_timed_out(path: Path, number: int) -> bool:
    """Tell whether the worker noted where it stood when the time of a block was up."""
    return "\nTimeout (" in _notes(path, number)


def last_place(path: Path, own: Collection[Place], number: int) -> Place | None:
    """Return the session's innermost line in the last note of a worker that is dead.

    Only notes on the block in question count: until the worker was ended, others may have begun.
    """
    known = {(_as_dumped(place.file), place.line): place for place in own}
    text = _notes(path, number)
    found: Place | None = None
    fresh = True
    for line in text.splitlines():
        note = _NOTE.match(line)
        if note is None:
            fresh = True  # a header: a traceback begins
        elif note["step"]:
            found, fresh = known.get((_as_dumped(note["place"]), int(note["step"])), found), True
        elif fresh and (note["file"], int(note["line"])) in known:
            found, fresh = known[note["file"], int(note["line"])], False
    return found


def _notes(path: Path, number: int) -> str:
    """Return the notes from the time of one block; if it never began, none."""
    text = "\n" + path.read_bytes().decode("utf-8", "replace")
    return "\n" + re.split(r"\n#\d+\n", text.partition(f"\n#{number}\n")[2])[0]


def _as_dumped(file: str) -> str:
    """Return a file name as faulthandler writes it."""
    return file.encode("ascii", "backslashreplace").decode()
