"""What a block showed, put together in order from a worker's events and from its two files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.session.block import Bundle, Stream
from mkdocs_chainrule.session.channel import STREAMS
from mkdocs_chainrule.session.paths import short_tracebacks
from mkdocs_chainrule.session.terminal import cut_note, settle

if TYPE_CHECKING:
    from pathlib import Path


class Transcript:
    """The items of the block that runs now."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder = folder
        self._root = str(root)
        self._paths = [folder / name for name in STREAMS]
        self._parts: list[tuple[str, bytearray] | Bundle] = []
        self.begin([0, 0], 0)

    def begin(self, at: list[int], limit: int) -> None:
        """Start with a block that may write `limit` bytes."""
        self._read, self._first = at, 0
        self._limit = self._left = limit
        self._parts = []

    def text(self, at: list[int] | None = None, next_: int | None = None) -> None:
        """Take what was written since, up to the lengths `at`, or all that is there.

        Args:
            at: The lengths of both files.
            next_: The one that Python writes from here on: its text stands before what others add meanwhile.
        """
        at = at or [path.stat().st_size for path in self._paths]
        for which in (self._first, 1 - self._first):
            if at[which] > self._read[which]:
                self._add(STREAMS[which], self._paths[which], self._read[which], at[which])
        self._read = at
        self._first = self._first if next_ is None else next_

    def _add(self, name: str, path: Path, start: int, end: int) -> None:
        with path.open("rb") as file:
            file.seek(start)
            data = file.read(min(end - start, self._left))
        self._left -= end - start
        last = self._parts[-1] if self._parts else None
        if isinstance(last, tuple) and last[0] == name:
            last[1].extend(data)
        elif data:
            self._parts.append((name, bytearray(data)))

    def show(self, shown: dict[str, Any]) -> None:
        """Take a bundle; its text counts, its pictures do not."""
        data = {mime: self._within(mime, content) for mime, content in shown["data"].items()}
        kept = {mime: content for mime, content in data.items() if content is not None}
        self._parts.append(Bundle(kept, shown["metadata"]))

    def _within(self, mime: str, content: Any) -> Any:
        """Return what may be shown of a representation: text is cut, markup that is too long left out."""
        if not mime.startswith("text/") or len(content) <= self._limit:
            return content
        self._left = -1
        return content[: self._limit] if mime == "text/plain" else None

    def overflow(self) -> None:
        """Cut files that grow far over the limit, so that a block cannot fill the disk."""
        for path, start in zip(self._paths, self._read, strict=True):
            if self._limit and path.stat().st_size > start + 64 * self._limit:
                with path.open("r+b") as file:
                    file.truncate(start + self._limit + 1)

    def items(self) -> tuple[Stream | Bundle, ...]:
        """Return what the block showed, and let go of it."""
        parts, self._parts = self._parts, []
        note = [Stream("stderr", cut_note(_size(self._limit)))] if self._left < 0 else []
        return (*map(self._item, parts), *note)

    def _item(self, part: tuple[str, bytearray] | Bundle) -> Stream | Bundle:
        if isinstance(part, Bundle):
            return part
        name, data = part
        text = short_tracebacks(settle(data.decode("utf-8", "replace")), self._root)
        return Stream(name, text)  # type: ignore[arg-type]  # it is one of STREAMS


def _size(count: int) -> str:
    for unit, factor in (("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count} bytes"
