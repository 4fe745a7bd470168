"""What a block showed, put together in order from a worker's events and from its two files.

All that a block shows counts: text and markup up to `max_output`, pictures, graphs and frames up to 32 times
as much. What is over is left out, and what is left out is said in its place.
"""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.run import events
from mkdocs_chainrule.session.block import Bundle, Missing, Stream, limits
from mkdocs_chainrule.session.channel import MOST_PICTURES, STREAMS, longest_line
from mkdocs_chainrule.session.paths import short_tracebacks
from mkdocs_chainrule.session.terminal import settle

if TYPE_CHECKING:
    from pathlib import Path

    from mkdocs_chainrule.run.events import Event
    from mkdocs_chainrule.session.block import Session

_MOST_PARTS = 10_000  # objects, and runs of text on one stream, of a block
_MOST_TYPES, _LONGEST = 50, 200  # types of an object, and characters of a type's name
_RAISE = "or raise max_output in mkdocs.yml"


class Transcript:
    """The items of the block that runs now."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder = folder
        self._root = str(root)
        self._paths = [folder / name for name in STREAMS]
        self.begin((0, 0), 0)

    def begin(self, at: events.Lengths, limit: int) -> None:
        """Start with a block that may show `limit` bytes of text."""
        self._read, self._first = at, 0
        self._limit = self._left = limit
        self._left_for_pictures = MOST_PICTURES * limit
        self._parts: list[tuple[str, bytearray] | Bundle] = []
        self._missing: dict[str, Missing] = {}  # by its kind

    def take(self, event: Event) -> None:
        """Take what an event says that the block showed, and what it wrote before."""
        match event:
            case events.Mark(at, following):
                self.text(at, following)
            case events.Show(bundle, at):
                self.text(at)
                self._show(bundle)
            case events.Begin(_, at) | events.End(_, at, _):
                self.text(at)
            case events.Cut():
                most = _size(MOST_PICTURES * self._limit)
                why = f"what it showed after {most} of all kinds is left out: show less, {_RAISE}"
                self._missing.setdefault("all", Missing(f"left out: all after {most}", why))
            case events.Refused(reason):
                why = f"a part of what it showed is none that a page holds ({reason}): show it as text"
                self._missing.setdefault("refused", Missing("a part is not shown", why))

    def text(self, at: events.Lengths | None = None, next_: int | None = None) -> None:
        """Take what was written since, up to the lengths `at`, or all that is there.

        Args:
            at: The lengths of both files.
            next_: The one that Python writes from here on: its text stands before what others add meanwhile.
        """
        at = at or (self._paths[0].stat().st_size, self._paths[1].stat().st_size)
        for which in (self._first, 1 - self._first):
            if at[which] > self._read[which]:
                self._add(STREAMS[which], self._paths[which], self._read[which], at[which])
        self._read = at
        self._first = self._first if next_ is None else next_

    def _add(self, name: str, path: Path, start: int, end: int) -> None:
        with path.open("rb") as file:
            file.seek(start)
            data = file.read(max(0, min(end - start, self._left)))
        if end - start > self._left:
            self._cut(_size(self._limit))
        self._left = max(0, self._left - (end - start))
        last = self._parts[-1] if self._parts else None
        if isinstance(last, tuple) and last[0] == name:
            last[1].extend(data)
        elif data and self._has_room():
            self._parts.append((name, bytearray(data)))

    def _has_room(self) -> bool:
        if len(self._parts) >= _MOST_PARTS:
            self._cut(f"{_MOST_PARTS:,} parts")
            return False
        return True

    def _cut(self, after: str) -> None:
        why = f"its output was cut after {after}: print less, {_RAISE}"
        self._missing.setdefault("cut", Missing(f"cut after {after}", why, is_result=False))

    def _show(self, bundle: Bundle) -> None:
        """Take a bundle, as far as there is room for it."""
        known = {mime: bundle.data[mime] for mime in islice(bundle.data, _MOST_TYPES) if len(mime) < _LONGEST}
        kept = {mime: self._within(mime, content) for mime, content in known.items()}
        kept = {mime: content for mime, content in kept.items() if content is not None}
        if (kept or not bundle.data) and self._has_room():
            is_small = not bundle.metadata or self._fits("metadata", bundle.metadata)
            self._parts.append(Bundle(kept, bundle.metadata if is_small else {}))

    def _within(self, mime: str, content: Any) -> Any:
        """Return what may be shown of a representation: text is cut, all else that is too long left out."""
        if not mime.startswith("text/"):
            return content if self._fits(mime, content) else None
        room, self._left = self._left, max(0, self._left - len(content))
        if len(content) <= room:
            return content
        if mime == "text/plain":
            self._cut(_size(self._limit))
            return content[:room] or None
        self._left = room
        self._leave_out(f"its {mime}", len(content), self._limit)
        return None

    def _fits(self, mime: str, content: Any) -> bool:
        size = len(content) if isinstance(content, str) else len(json.dumps(content))
        if size > self._left_for_pictures:
            self._leave_out(f"its {mime}", size, MOST_PICTURES * self._limit)
            return False
        self._left_for_pictures -= size
        return True

    def _leave_out(self, what: str, size: int, most: int) -> None:
        why = f"{what} of {_size(size)} is left out, as a block may show {_size(most)} of it: less, {_RAISE}"
        self._missing.setdefault(what, Missing(f"left out: {what} of {_size(size)}", why))

    def overflow(self) -> None:
        """Cut files that grow far over the limit, so that a block cannot fill the disk."""
        for path, start in zip(self._paths, self._read, strict=True):
            if self._limit and path.stat().st_size > start + 64 * self._limit:
                with path.open("r+b") as file:
                    file.truncate(start + self._limit + 1)

    def items(self) -> tuple[Stream | Bundle | Missing, ...]:
        """Return what the block showed, and let go of it."""
        parts, self._parts = self._parts, []
        return (*map(self._item, parts), *self._missing.values())

    def _item(self, part: tuple[str, bytearray] | Bundle) -> Stream | Bundle:
        if isinstance(part, Bundle):
            return part
        name, data = part
        text = short_tracebacks(settle(data.decode("utf-8", "replace")), self._root)
        return Stream(name, text)  # type: ignore[arg-type]  # it is one of STREAMS


def longest_of(session: Session) -> int:
    """Return how long a line of a session's worker may be."""
    return longest_line(max((limits(block).max_output for block in session.blocks), default=0))


def _size(count: int) -> str:
    for unit, factor in (("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count} bytes"
