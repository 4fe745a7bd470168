"""What one instance of Markdown knows of the page it reads: each fence and expression becomes a Block."""

from __future__ import annotations

import re
from collections import Counter
from itertools import count
from logging import WARNING
from typing import TYPE_CHECKING

from mkdocs_chainrule.errors import Problem, dropped_head
from mkdocs_chainrule.options import block_options
from mkdocs_chainrule.read.found import Found
from mkdocs_chainrule.read.highlighting import Highlighter
from mkdocs_chainrule.read.lines import OPENING
from mkdocs_chainrule.read.placeholders import COMMENT
from mkdocs_chainrule.session.block import Block, Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkdocs_chainrule.pieces import Shelves
    from mkdocs_chainrule.read.found import Pages
    from mkdocs_chainrule.read.pymdown import PyMdown

_NO_PROSE = re.compile(rf"{COMMENT.pattern}|<pre\b.*?</pre>", re.DOTALL)
_OPTION = re.compile(r"""([A-Za-z]\w*)=(?:"[^"]*"|'[^']*')""")
_HIDDEN = re.compile(r"#[ \t]*hide[ \t]*$")
_readings = count(1)


class Reader:
    """Reads one page after another.

    Args:
        pages: Where the blocks go.
        pymdown: Takes fences, and highlights their source.
        shelves: Where highlighted sources are kept.

    Attributes:
        pages: The same.
        places: Where lines stand, by their index as SuperFences sees them.
        heads: The heads of our fences, by the same index.
    """

    def __init__(self, pages: Pages, pymdown: PyMdown, shelves: Shelves) -> None:
        self.pages, self._pymdown = pages, pymdown
        self._highlighter = Highlighter(pymdown, shelves)
        self._unset = block_options({}, pages.options)  # of most blocks, which share it
        self.begin()

    def begin(self) -> None:
        """Begin a page: forget the one before."""
        self._reading, self._found = next(_readings), count(1)
        self.places: dict[int, Place] = {}
        self.heads: dict[int, str] = {}
        self._pymdown.taken.clear()

    def locate(self, index: int, line: str) -> str:
        """Return a line without its stamp, whose place is noted."""
        line, place = self.pages.stamps.line(line)
        if place:
            self.places[index] = place
            if OPENING.match(line):
                self.heads[index] = line
        return line

    def clean(self, line: str) -> str:
        """Return a line without its stamp."""
        return self.pages.stamps.line(line)[0]

    def dropped(self) -> list[tuple[int, Place]]:
        """Return the heads that SuperFences passed over and that no other fence shows as text.

        Returns:
            The index of each, now that every fence is a single line, and its place.
        """
        lost = [index for index in self.heads if not any(index in fence for fence in self._pymdown.taken)]
        return [(index - self._gone(index), self.places[index]) for index in lost]

    def report_dropped(self, html: str) -> None:
        """Report the dropped heads that reached the page: their authors meant a fence."""
        heads = {self.places[index]: head for index, head in self.heads.items()}
        for place in self.pages.stamps.heads(_NO_PROSE.sub("", html)):
            if place in heads:
                self.pages.report(self.pages.page, Problem(place, dropped_head(heads[place]), WARNING))

    def fence(self, source: str, options: Mapping[str, str], classes: list[str], id_value: str) -> str:
        """Return the mark of the fence that SuperFences has just taken."""
        place = self._place()
        values, wrong = block_options(options, self.pages.options) if options else self._unset
        block = Block(source, "fence", place, self._lines(source.count("\n") + 1), values)
        problems = tuple(Problem(place, message, WARNING) for message in (*wrong, *self._unread()))
        return self._add(Found(block, self._highlight(block, classes, id_value), problems))

    def expression(self, src: str, **_: object) -> str:
        """Return the mark of an inline expression, as InlineHilite asks for it."""
        source, place = self.pages.stamps.expression(src)
        place = place or Place(self.pages.page)
        values, _none = self._unset
        return self._add(Found(Block(source, "inline", place, (place,), values)))

    def _add(self, found: Found) -> str:
        return self.pages.add(f"{self._reading}-{next(self._found)}", found)

    def _unread(self) -> list[str]:
        """Return what SuperFences hides: options that it could not read, and those that it read twice."""
        head = self._pymdown.head
        if self._pymdown.is_misread():
            return [dropped_head(head, "its options are not read")]
        names = Counter(_OPTION.findall(head))
        return [
            f"{name} is set {n} times, and the last counts: write it once"
            for name, n in names.items()
            if n > 1
        ]

    def _gone(self, index: int) -> int:
        return sum(len(fence) - 1 for fence in self._pymdown.taken if fence.stop <= index)

    def _place(self) -> Place:
        """Return where the fence just taken begins."""
        return self.places.get(self._pymdown.taken[-1].start) or Place(self.pages.page)

    def _lines(self, number: int) -> tuple[Place, ...]:
        """Return where the lines of the fence just taken stand: as stamped, else after the one before."""
        start, place = self._pymdown.taken[-1].start, self._place()
        lines = []
        for index in range(start + 1, start + 1 + number):
            place = self.places.get(index) or Place(place.file, place.line and place.line + 1)
            lines.append(place)
        return tuple(lines)

    def _highlight(self, block: Block, classes: list[str], id_value: str) -> str:
        """Return the source as the theme highlights any Python, without the lines that are to be hidden."""
        shown = "\n".join(line for line in block.source.split("\n") if not _HIDDEN.search(line))
        options = {
            name: block.options[name] for name in ("title", "hl_lines", "linenums") if block.options[name]
        }
        return self._highlighter.highlight(self.pages.page, shown, options, classes, id_value)
