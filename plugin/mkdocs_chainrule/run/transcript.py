"""What a block showed, put together in order from a worker's events and from its two files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.block import Bundle, Stream
from mkdocs_chainrule.run.streams import NAMES
from mkdocs_chainrule.run.terminal import settle

if TYPE_CHECKING:
    from pathlib import Path


class Transcript:
    """The items of the block that runs now."""

    def __init__(self, folder: Path) -> None:
        self._paths = [folder / name for name in NAMES]
        self._read = [0, 0]
        self._parts: list[tuple[str, bytearray] | Bundle] = []
        self._limit = 0
        self._left = 0

    def begin(self, at: list[int], limit: int) -> None:
        """Start with a block that may write `limit` bytes."""
        self._read = at
        self._parts = []
        self._limit = self._left = limit

    def text(self, at: list[int] | None = None) -> None:
        """Take what was written since, up to the lengths `at`, or all that is there."""
        at = at or [path.stat().st_size for path in self._paths]
        for name, path, start, end in zip(NAMES, self._paths, self._read, at, strict=True):
            if end > start:
                self._add(name, path, start, end)
        self._read = at

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
        """Take a bundle."""
        self._parts.append(Bundle(shown["data"], shown["metadata"]))

    def overflow(self) -> None:
        """Cut files that grow far over the limit, so that a block cannot fill the disk."""
        for path, start in zip(self._paths, self._read, strict=True):
            if path.stat().st_size > start + 64 * self._limit:
                with path.open("r+b") as file:
                    file.truncate(start + self._limit + 1)

    def items(self) -> tuple[Stream | Bundle, ...]:
        """Return what the block showed."""
        items = tuple(_item(part) for part in self._parts)
        return (*items, self._cut_note()) if self._left < 0 else items

    def _cut_note(self) -> Stream:
        return Stream("stderr", f"[cut after {_size(self._limit)} of output; max_output sets the limit]\n")


def _item(part: tuple[str, bytearray] | Bundle) -> Stream | Bundle:
    if isinstance(part, Bundle):
        return part
    name, data = part
    return Stream(name, settle(data.decode("utf-8", "replace")))  # type: ignore[arg-type]  # one of NAMES


def _size(count: int) -> str:
    for unit, factor in (("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count} bytes"
