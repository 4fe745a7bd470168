"""What one instance of Markdown knows of the page it reads: each fence and expression becomes a Block."""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from html import unescape
from itertools import count
from logging import WARNING
from typing import TYPE_CHECKING

from markdown.util import AtomicString

from mkdocs_chainrule.errors import Problem
from mkdocs_chainrule.markup_ends import without_comments
from mkdocs_chainrule.options import block_options
from mkdocs_chainrule.pieces import Piece, key_of, shelf_of
from mkdocs_chainrule.read.formulas import Formulas
from mkdocs_chainrule.read.found import Found
from mkdocs_chainrule.read.lines import BYTE_ORDER_MARK
from mkdocs_chainrule.read.slips import dropped_head, is_meant, slip
from mkdocs_chainrule.session.block import Block, Place, is_hidden

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

    from mkdocs_chainrule.pieces import Shelves
    from mkdocs_chainrule.read.found import Pages
    from mkdocs_chainrule.read.pymdown import PyMdown

_CODE = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
_OPTION = re.compile(r"""([A-Za-z]\w*)=(?:"[^"]*"|'[^']*')""")
_FENCE = re.compile(
    r"(?P<fence>`{3,}|~{3,})[^\n]*\bautograd\b[^\n]*\n(?P<source>.*?)\n?[ \t]*(?P=fence)\s*", re.DOTALL
)
_INDENTED = (
    "this fence does not run, since it is indented outside a list, which makes it code to be shown: begin "
    "its lines at the margin; to show it, put it between lines of ````"
)
_readings = count(1)


class Reader:
    """Reads one page after another: its blocks go to the pages, their highlighted sources to the shelves."""

    def __init__(self, pages: Pages, pymdown: PyMdown, shelves: Shelves) -> None:
        self._pages, self._pymdown, self._shelves = pages, pymdown, shelves
        self._unset = block_options({}, pages.options)  # of most blocks, which share it
        self.formulas = Formulas(pages.stamps.strip)
        pymdown.behind, pymdown.is_meant = self._behind, is_meant
        self.begin([])

    def begin(self, lines: list[str]) -> list[str]:
        """Begin a page: forget the one before."""
        self._reading, self._found = next(_readings), count(1)
        self._pymdown.taken.clear()
        self.formulas.clear()
        self._places: dict[int, Place] = {}  # where lines stand, by their index as SuperFences sees them
        self._heads: dict[int, str] = {}  # those of our fences, and of nearly ours, by the same
        self._blocks: dict[str, Block] = {}  # our fences, by the keys of their marks
        self._shown: list[str] = []  # what stands in fences of ours that are indented code
        # What another plugin has pasted in may begin with a mark, behind which a fence would be none.
        return [line.removeprefix(BYTE_ORDER_MARK) for line in lines]

    def begin_alone(self, lines: list[str]) -> list[str]:
        """Begin a page without MkDocs, which stamps before its other plugins: its lines are stamped here."""
        text = self._pages.stamps.page("\n".join(self.begin(lines)), self._pages.page, 1)
        return text.split("\n")

    def without_stamps(self, lines: list[str]) -> list[str]:
        """Take the stamps off, just before SuperFences: their characters would hide a fence from it."""
        return [self.locate(index, line) for index, line in enumerate(lines)]

    def locate(self, index: int, line: str) -> str:
        """Return a line without its stamp, whose place is noted."""
        line, place = self._pages.stamps.line(line)
        if place:
            self._places[index] = place
            if is_meant(line):
                self._heads[index] = line
        return line

    def clean(self, line: str) -> str:
        """Return a line without its stamp."""
        return self._pages.stamps.line(line)[0]

    def with_dropped(self, lines: list[str]) -> list[str]:
        """Stamp again, just after SuperFences, heads that it passed over and that no fence holds."""
        taken = self._pymdown.taken  # each of which is a single line now
        for index in self._heads:
            if not any(index in fence for fence in taken):
                gone = sum(len(fence) - 1 for fence in taken if fence.stop <= index)
                lines[index - gone] += self._pages.stamps.on(self._places[index])
        return lines

    def report_dropped(self, html: str) -> str:
        """Return a page without stamps, which only heads still have whose authors meant a fence."""
        html = self.formulas.put_in(html, partial(self.expression, formula=True))
        clean = self._pages.stamps.strip(html)
        if clean != html:
            heads = {self._places[index]: head for index, head in self._heads.items()}
            for place in self._pages.stamps.heads(_CODE.sub("", without_comments(html))):
                if place in heads:
                    self._warn(place, slip(heads[place]) or dropped_head(heads[place]))
        if self._shown:
            self._report_indented(set(self._pages.on(html)))
        return clean

    def clean_code(self, root: Element) -> None:
        """Take the stamps off indented code, where a head is text, and note what is a fence."""
        for code in root.iter("code"):
            if not code.text:
                continue
            if (clean := self._pages.stamps.strip(code.text)) != code.text:
                code.text = AtomicString(clean)
            if fence := _FENCE.fullmatch(clean):
                self._shown.append(unescape(fence["source"]))

    def _report_indented(self, live: set[str]) -> None:
        """Tell of fences that are all of an indented code: what holds more is an example."""
        for key, block in self._blocks.items():
            if key not in live and block.source in self._shown:
                self._shown.remove(block.source)
                self._warn(block.place, _INDENTED)

    def _behind(self, index: int) -> str:
        """Return the stamp of a head that only the highlighter takes: it stays where its fence is alive."""
        return self._pages.stamps.on(self._places[index]) if index in self._heads else ""

    def _warn(self, place: Place, message: str) -> None:
        self._pages.report(self._pages.page, Problem(place, message, WARNING))

    def fence(self, source: str, options: Mapping[str, str], classes: list[str], id_value: str) -> str:
        """Return the mark of the fence that SuperFences has just taken."""
        place = self._place()
        if id_value.startswith("fig-"):  # a name of what the block shows, and not of its source
            options, id_value = {**options, "id": id_value}, ""
        values, wrong = block_options(options, self._pages.options) if options else self._unset
        block = Block(source, "fence", place, self._lines(source.count("\n") + 1), values)
        problems = tuple(Problem(place, message, WARNING) for message in (*wrong, *self._unread()))
        return self._add(Found(block, self._highlight(block, classes, id_value), problems))

    def expression(self, src: str, *_: object, formula: bool = False, **__: object) -> str:
        """Return the mark of an inline expression, as InlineHilite asks for it."""
        source, place = self._pages.stamps.expression(src)
        place = place or Place(self._pages.page)
        values, _none = self._unset
        return self._add(Found(Block(source, "inline", place, (place,), values)), formula=formula)

    def _add(self, found: Found, *, formula: bool = False) -> str:
        key = f"{self._reading}-{next(self._found)}"
        if found.block.kind == "fence":
            self._blocks[key] = found.block
        return self._pages.add(key, found, formula=formula)

    def _unread(self) -> list[str]:
        """Return what SuperFences hides: options that it could not read, and those that it read twice."""
        head = self._pymdown.head
        if self._pymdown.is_misread():
            return [dropped_head(head, "its options are not read")]
        names = Counter(_OPTION.findall(head))
        twice = {name: n for name, n in names.items() if n > 1}
        return [f"{name} is set {n} times, and the last counts: write it once" for name, n in twice.items()]

    def _place(self) -> Place:
        """Return where the fence just taken begins."""
        return self._places.get(self._pymdown.taken[-1].start) or Place(self._pages.page)

    def _lines(self, number: int) -> tuple[Place, ...]:
        """Return where the lines of the fence just taken stand: as stamped, else after the one before."""
        start, place = self._pymdown.taken[-1].start, self._place()
        lines = []
        for index in range(start + 1, start + 1 + number):
            place = self._places.get(index) or Place(place.file, place.line and place.line + 1)
            lines.append(place)
        return tuple(lines)

    def _highlight(self, block: Block, classes: list[str], id_value: str) -> str:
        """Return the source as the theme highlights any Python, without the lines that are to be hidden.

        SuperFences makes a lexer and a formatter for each, which takes longer than all else that a stored
        block costs. So its HTML is kept.
        """
        shown = "\n".join(line for line in block.source.split("\n") if not is_hidden(line))
        given = {name: block.options[name] for name in ("title", "hl_lines", "linenums")}
        options = {name: value for name, value in given.items() if value}
        shelf = shelf_of(self._pages.page)
        key = key_of(self._pymdown.highlighting(), shown, options, classes, id_value)
        piece = self._shelves.find(shelf, key)
        if piece is not None:
            self._pymdown.pass_over()
            return piece.html
        html = self._pymdown.highlight(shown, options, classes, id_value)
        self._shelves.put(shelf, key, Piece(html))
        return html
