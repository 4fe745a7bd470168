"""Results wait outside a page until all that reads its words has read it, and leave it their words.

A figure is hundreds of elements without a word to search for, and a search plugin parses each page: to let it
parse the pictures too would cost more than all else that a build does about blocks that did not change. And
MkDocs' own search knows no mark for what it should not hold, and takes each text twice, with its page and
with its section.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdocs_chainrule.markup_ends import COMMENT, TAG

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEAST = 4000  # characters of a result for which it is worth while
_EXCLUDED = "data-search-exclude"
_WAITS = re.compile(rf"{_EXCLUDED}|chainrule-long|<(?:style|script|template)\b")
_MARKUP = re.compile(rf"{COMMENT.pattern}|{TAG.pattern}", re.DOTALL)
_SILENT = {"svg", "chain-rule", "style", "script", "template"}
_APART = {"pre", "table", "details", "div", "p"}  # if they say so


class Late:
    """The results of a build that wait.

    Args:
        nonce: What all marks of the build carry.
    """

    def __init__(self, nonce: str) -> None:
        self._nonce = nonce
        self._results: dict[str, str] = {}  # by their marks
        mark, words = self._mark(r"\d+"), self._held(".*?")
        self._stop = re.compile(rf"{mark}|<h[1-6]\b")
        self._ours = re.compile(f"{mark}|{words}", re.DOTALL)

    def _mark(self, number: int | str) -> str:
        return f'<div data-chainrule-late="{self._nonce}-{number}"></div>'

    def _held(self, words: str) -> str:
        """Return words between what says that they are not to stay."""
        return f"<!--chainrule-words {self._nonce}-->{words}<!--/chainrule-words {self._nonce}-->"

    def set_aside(self, html: str) -> str:
        """Return a result, or a mark in its place if it is large or long, or not all of it is for an index.

        Examples:
            >>> late = Late("7d")
            >>> late.set_aside("<pre>x</pre>"), late.set_aside("<pre data-search-exclude>x</pre>")
            ('<pre>x</pre>', '<div data-chainrule-late="7d-0"></div>')
        """
        if len(html) < _LEAST and not _WAITS.search(html):
            return html
        mark = self._mark(len(self._results))
        self._results[mark] = html
        return mark

    def with_words(self, html: str) -> str:
        """Return a page with the words of what waits, each at the end of its section.

        They stand under a heading without an address: MkDocs' own search makes no section of that, so that it
        has them with the page alone, and Material's has them with the section that they end.

        Examples:
            >>> late = Late("7d")
            >>> mark = late.set_aside("<p>said</p><pre data-search-exclude>not said</pre>")
            >>> late.with_words(f"{mark}<h2>Next</h2>").removeprefix(mark)
            '<!--chainrule-words 7d--><h6></h6><p>said</p><!--/chainrule-words 7d--><h2>Next</h2>'
            >>> late.put_back(late.with_words(f"{mark}<h2>Next</h2>"))
            '<p>said</p><pre data-search-exclude>not said</pre><h2>Next</h2>'
        """
        if self._nonce not in html:
            return html
        parts: list[str] = []
        words: list[str] = []
        end = 0
        for stop in self._stop.finditer(html):
            if stop[0] in self._results:
                words += _words(self._results[stop[0]])
            elif words:
                parts += [html[end : stop.start()], self._held(_written(words))]
                words, end = [], stop.start()
        return "".join([*parts, html[end:], self._held(_written(words)) if words else ""])

    def put_back(self, html: str) -> str:
        """Return a page with its results, and without their words beside them."""
        if self._nonce not in html:
            return html
        return self._ours.sub(self._whole, html)

    def _whole(self, match: re.Match[str]) -> str:
        return self._results.get(match[0], "")


def _words(html: str) -> list[str]:
    return "".join(_spoken(html)).split()


def _spoken(html: str) -> Iterator[str]:
    """Yield what has words of a result; of what never ends nothing is looked for twice."""
    place, endless = 0, set()
    while tag := _MARKUP.search(html, place):
        yield html[place : tag.start()]
        name = tag["name"]
        place = tag.end()
        is_silent = name in _SILENT or (name in _APART and _EXCLUDED in tag[0])
        if is_silent and not tag["slash"] and name not in endless:
            end = html.find(f"</{name}>", place)
            if end < 0:
                endless.add(name)
            else:
                place = end + len(f"</{name}>")
        if name != "span":  # a colour may begin within a word
            yield " "
    yield html[place:]


def _written(words: list[str]) -> str:
    text = " ".join(words).replace("<", "&lt;")  # what is left of markup that was none
    return f"<h6></h6><p>{text}</p>"
