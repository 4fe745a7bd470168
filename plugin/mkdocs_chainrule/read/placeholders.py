"""The marks that stand in a page's HTML until its blocks have run.

What an author types, or a block shows, may look like a mark. So each carries a random number that nobody can
know: that of the build, or of the one conversion where there is none. It stands in no page when all is done.
"""

from __future__ import annotations

import re
import secrets
from html import escape, unescape
from typing import TYPE_CHECKING

from mkdocs_chainrule.markup_ends import without_comments
from mkdocs_chainrule.read.formulas import in_formula

if TYPE_CHECKING:
    from collections.abc import Callable

_NAME = "data-chainrule-block"
_FORMULA = "data-chainrule-formula"
_LIST, _LIST_TAG = re.compile(r"\s*<ol\b"), re.compile(r"<(/?)ol\b[^>]*+(?:>|\Z)")
_TAG, _ATTRIBUTE = re.compile(r"<[^>]*>"), re.compile(r'<[A-Za-z][^<>]*\s[\w:-]+="[^"<>]*$')
_LONGEST = 2000  # characters of a tag up to a mark in it


class Marks:
    """The marks of one build.

    Attributes:
        nonce: What each of them carries.
    """

    def __init__(self) -> None:
        self.nonce = secrets.token_hex(16)
        # Other plugins may have parsed and written the HTML anew: attributes may move, space may come in.
        self._mark = re.compile(
            rf'<(div|span)\b[^<>]*\b{_NAME}="?{self.nonce}-(\d+-\d+)\b[^<>]*>\s*</\1>', re.IGNORECASE
        )

    def placeholder(self, key: str, *, inline: bool, formula: bool = False) -> str:
        """Return the mark of a block: an empty element, so that no reader and no index takes it for text.

        Examples:
            >>> marks = Marks()
            >>> marks.placeholder("1-2", inline=True).replace(marks.nonce, "…")
            '<span data-chainrule-block="…-1-2"></span>'
        """
        tag = "span" if inline else "div"
        where = f" {_FORMULA}" if formula else ""
        return f'<{tag} {_NAME}="{self.nonce}-{key}"{where}></{tag}>'

    def are_in(self, text: str) -> bool:
        """Tell whether a text holds something of ours."""
        return self.nonce in text

    def live(self, html: str) -> list[str]:
        """Return the keys of the marks in page order; those in HTML comments are not alive.

        SuperFences calls its formatters for fences in comments and in indented code too: only these here run.
        """
        if not self.are_in(html):
            return []
        return list(dict.fromkeys(match[2] for match in self._mark.finditer(without_comments(html))))

    def fill(self, html: str, render: Callable[[str, str], str], annotated: Callable[[str], bool]) -> str:
        """Return the page with each mark replaced.

        A key whose source is annotated refers to a list that follows it. Material looks for that right behind
        the source, so it comes along: what is seen is made of the key and the list.
        """
        pieces, end = [], 0
        for match in self._mark.finditer(html):
            pieces.append(html[end : match.start()])
            end = _list_end(html, match.end()) if annotated(match[2]) else match.end()
            shown = render(match[2], html[match.end() : end])
            if _FORMULA in match[0]:
                shown = escape(in_formula(unescape(_TAG.sub("", shown))), quote=False)
            pieces.append(_TAG.sub("", shown) if self._is_in_attribute(html, match.start()) else shown)
        return "".join(pieces) + html[end:]

    def _is_in_attribute(self, html: str, start: int) -> bool:
        """Tell whether a mark stands in an attribute, such as an image's `alt`, where plain text belongs."""
        before = html[max(0, start - _LONGEST) : start]
        return bool(_ATTRIBUTE.search(self._mark.sub("", before)))


def _list_end(html: str, start: int) -> int:
    """Return where the ordered list that begins at `start` ends; `start` if there is none."""
    if not _LIST.match(html, start):
        return start
    depth = 0
    for tag in _LIST_TAG.finditer(html, start):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.end()
    return start
