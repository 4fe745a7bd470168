"""All that we know of the insides of PyMdown: SuperFences, InlineHilite and Snippets have no other way in.

Which versions of pymdown-extensions will do is decided here: any from 10.9 on, as we do without what one
lacks. What is taken, and what for:

    process_nested_block(ws, content, start, end)  the lines of each fence that SuperFences takes, ours or not
    first, code                                    its head, and what stands in it
    RE_NESTED_FENCE_START                          whether all of a head was read, where it tells
    extend_super_fences, extend_custom_inline      what makes HTML of our fences and expressions
    get_hl_settings, highlight, highlight_ext      a source as the theme highlights any Python
    parse_options, handle_unrecognized             which heads are passed over
    search_nested, reassemble, restore_raw_text    the first of two searches for fences, with `preserve_tabs`
    SnippetPreprocessor.read_lines                 the lines of an included file, or
    SnippetPreprocessor.parse_snippets             (where that is missing) the part that is wanted
"""

from __future__ import annotations

import inspect
import secrets
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pygments
import pymdownx
from markdown.util import STX
from pymdownx.inlinehilite import InlineHilitePattern
from pymdownx.superfences import RE_NESTED_FENCE_START, SuperFencesBlockPreprocessor

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable

    from markdown import Markdown

_READS = {"parse_options", "handle_unrecognized"}  # of the latter, older versions know nothing
_VERSIONS = (pygments.__version__, pymdownx.__version__)


class PyMdown:
    """The author's own extensions in one instance of Markdown, or new ones where there are none.

    Args:
        md: The instance.
        clean: Takes the stamps off a line.

    Attributes:
        taken: The ranges of lines that SuperFences took on this page as fences, ours or not.
        behind: What to put behind a fence that none but the highlighter takes, by the index of its head.
        is_meant: Whether a head that SuperFences would pass over is one that must not be passed over.
        looks_twice: Whether SuperFences looks for fences before tabs are expanded as well as after.
    """

    def __init__(self, md: Markdown, clean: Callable[[str], str]) -> None:
        known = md.preprocessors
        if "fenced_code_block" not in known or not isinstance(
            known["fenced_code_block"], SuperFencesBlockPreprocessor
        ):
            md.registerExtensions(["pymdownx.superfences"], {})
        if not isinstance(md.inlinePatterns["backtick"], InlineHilitePattern):
            md.registerExtensions(["pymdownx.inlinehilite"], {})
        self._md, self._clean = md, clean
        fences: Any = md.preprocessors["fenced_code_block"]
        inline: Any = md.inlinePatterns["backtick"]
        self._fences, self._inline = fences, inline
        self.looks_twice = "fenced_raw_block" in md.preprocessors
        self.taken: list[range] = []
        self.behind: Callable[[int], str] = lambda _: ""
        self.is_meant: Callable[[str], bool] = lambda _: False
        self._accept = fences.process_nested_block
        fences.process_nested_block = self._accept_located
        for name in _READS & set(dir(fences)):
            setattr(fences, name, partial(self._read_head, getattr(fences, name)))

    def take(self, name: str, fence: Callable[..., str], expression: Callable[..., str]) -> None:
        """Let what a word marks be made HTML by functions: a fence of its source, options, classes and id."""

        def made(src: str, options: dict[str, str], **given: Any) -> str:
            return fence(src, options, given["classes"], given["id_value"])

        extend = self._fences.extension.extend_super_fences
        wanted = (name, made, self._take_options, None)  # older versions know of no `reset`
        extend(*wanted[: len(inspect.signature(extend).parameters)])
        self._inline.extend_custom_inline(name, expression)

    @property
    def head(self) -> str:
        """The opening line of the fence that SuperFences has just taken."""
        return str(self._fences.first).lstrip(" \t>")

    def is_misread(self) -> bool:
        """Tell whether SuperFences could not read the options in that line, which it keeps to itself."""
        match = RE_NESTED_FENCE_START.match(self.head)
        return bool(match and match.groupdict().get("unrecognized"))

    def highlighting(self) -> tuple[object, ...]:
        """Return what a highlighted source depends on besides itself, its number on the page included."""
        fences, counter = self._fences, self._fences.highlight_ext
        maker = (_VERSIONS, fences.highlighter.__module__, fences.highlighter.__qualname__, fences.css_class)
        return maker, counter.get_pymdownx_highlight_settings(), counter.pygments_code_block

    def highlight(self, source: str, options: dict[str, str], classes: Iterable[str], id_value: str) -> str:
        """Return Python as HTML; what comes from an author's head is escaped here, as PyMdown does not."""
        given = {"classes": [escape(name) for name in classes], "id_value": escape(id_value), "attrs": {}}
        title, mark = options.get("title", ""), secrets.token_hex(16)  # some Pygments write it as it is
        options = {**options, "title": mark} if title else options
        html: str = self._fences.highlight(source, "python", options, self._md, **given)
        if STX in html:  # the mark of a title in HTML, which Markdown would put in before we put this in
            html = self._md.postprocessors["raw_html"].run(html)
        return html.replace(mark, escape(title.strip()))

    def pass_over(self) -> None:
        """Count a code block that was highlighted before."""
        self._fences.highlight_ext.pygments_code_block += 1

    def stamp_snippets(self, stamped: Callable[[Iterable[str], str, int | None], list[str]]) -> None:
        """Let the lines of each included file be replaced, given with its path and the number of the first.

        Before `read_lines` was there, a part of a file is known by its text alone: it has no number where the
        same text stands in its file twice.
        """
        if "snippet" not in self._md.preprocessors:
            return
        snippets: Any = self._md.preprocessors["snippet"]
        if hasattr(snippets, "read_lines"):
            read = snippets.read_lines
            snippets.read_lines = lambda path: stamped(read(path), path, 1)
            return
        parse = snippets.parse_snippets

        def parse_stamped(
            lines: list[str], file_name: str | None = None, is_url: bool = False, **kind: Any
        ) -> list[str]:
            if file_name and not is_url:
                lines = stamped(lines, file_name, _first_of(lines, file_name, snippets.encoding))
            parsed: list[str] = parse(lines, file_name, is_url, **kind)
            return parsed

        snippets.parse_snippets = parse_stamped

    def locate_raw(self, clean: Callable[[str], str], locate: Callable[[int, str], str]) -> None:
        """Stand between the two searches: neither sees a stamp, and none is lost.

        The first puts fences away whole; the second takes them out again, and the stamps of their lines with
        them.

        Once the fences are back, what cleans a line also notes where it stands, by its index.
        """
        raw: Any = self._md.preprocessors["fenced_raw_block"]
        search, accept, reassemble = raw.search_nested, raw.process_nested_block, raw.reassemble
        restore = self._fences.restore_raw_text
        stamped: list[str] = []
        stamps: list[str] = []

        def search_clean(lines: list[str]) -> list[str]:
            bare = [clean(line) for line in lines]
            stamped[:] = lines
            stamps[:] = [line[len(text) :] for line, text in zip(lines, bare, strict=True)]
            found: list[str] = search(bare)
            return found

        def accept_stamped(ws: str, content: str, start: int, end: int) -> None:
            raw.first += stamps[start]
            raw.code = [line + stamp for line, stamp in zip(raw.code, stamps[start + 1 :], strict=False)]
            accept(ws, content, start, end)

        raw.search_nested, raw.process_nested_block = search_clean, accept_stamped
        # Marks for the fences stand among the lines as they came: elsewhere, stamps are still wanted.
        raw.reassemble = lambda _: reassemble(stamped)
        self._fences.restore_raw_text = lambda lines: [
            locate(index, line) for index, line in enumerate(restore(lines))
        ]

    def _accept_located(self, ws: str, content: str, start: int, end: int) -> None:
        fences = self._fences
        fences.code = [self._clean(line) for line in fences.code]
        self.taken.append(range(start, end))
        if fences.formatter == fences.highlight and (mark := self.behind(start)):
            fences.formatter = lambda **given: fences.highlight(**given) + mark
        self._accept(ws, content, start, end)

    def _read_head(self, read: Callable[[Any], bool], match: re.Match[str]) -> bool:
        """Read a head; one that is wrong and meant for us is Python to be shown.

        Passed over, its fence would end where that of the next one begins, and take that along.
        """
        if read(match):
            return True
        if not self.is_meant(match.string):
            return False
        fences = self._fences
        fences.lang, fences.options, fences.attrs, fences.formatter = "python", {}, {}, fences.highlight
        return True

    def _take_options(self, _: str, inputs: dict[str, str], options: dict[str, str], *__: object) -> bool:
        """Take every option: a head that is refused here would become a code block without a word."""
        self._fences.get_hl_settings()
        # attr_list knows of names without a value, and gives them None.
        options.update({name: name if value is None else value for name, value in inputs.items()})
        return True


def _first_of(lines: list[str], path: str, encoding: str) -> int | None:
    """Return the number of the line of a file at which these stand, set out or not; None if it may be two."""
    try:
        whole = [line.strip() for line in Path(path).read_text(encoding).split("\n")]
    except (OSError, UnicodeError):
        return None
    part = [line.strip() for line in lines]
    places = range(1, len(whole) - len(part) + 2)
    found = [place for place in places if whole[place - 1 : place - 1 + len(part)] == part]
    return found[0] if len(found) == 1 else None
