"""Stamps where SuperFences looks for fences twice, which it does with `preserve_tabs`.

The first time, before tabs are expanded, it puts fences away whole; the second time it takes them out again,
and the stamps of their lines with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs_chainrule.read.reader import Reader


class RawFences:
    """Stands between the two searches of SuperFences: neither sees a stamp, and none is lost.

    Args:
        raw: The preprocessor of the first search.
        reader: Notes where lines stand, once the fences are back.
    """

    def __init__(self, raw: Any, reader: Reader) -> None:
        self._raw, self._reader = raw, reader
        self._stamped: list[str] = []
        self._stamps: list[str] = []
        self._search, self._accept = raw.search_nested, raw.process_nested_block
        self._reassemble, self._restore = raw.reassemble, reader.fences.restore_raw_text
        raw.search_nested, raw.process_nested_block = self._search_clean, self._accept_stamped
        raw.reassemble, reader.fences.restore_raw_text = self._reassemble_stamped, self._restore_clean

    def _search_clean(self, lines: list[str]) -> list[str]:
        clean = [self._reader.site.stamps.line(line)[0] for line in lines]
        self._stamped = lines
        self._stamps = [line[len(bare) :] for line, bare in zip(lines, clean, strict=True)]
        found: list[str] = self._search(clean)
        return found

    def _accept_stamped(self, ws: str, content: str, start: int, end: int) -> None:
        raw, stamps = self._raw, self._stamps
        raw.first += stamps[start]
        raw.code = [line + stamp for line, stamp in zip(raw.code, stamps[start + 1 :], strict=False)]
        self._accept(ws, content, start, end)

    def _reassemble_stamped(self, _: list[str]) -> list[str]:
        """Put marks for the fences among the lines as they came: elsewhere, stamps are still wanted."""
        lines: list[str] = self._reassemble(self._stamped)
        return lines

    def _restore_clean(self, lines: list[str]) -> list[str]:
        return [self._reader.locate(index, line) for index, line in enumerate(self._restore(lines))]
