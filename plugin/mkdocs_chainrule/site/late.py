"""Pictures wait outside a page until all that reads its words has read it.

A figure is hundreds of elements without a word to search for, and a search plugin parses each page: to let it
parse the pictures too would cost more than all else that a build does about blocks that did not change.
"""

from __future__ import annotations

import re

_MARK = re.compile(r'<div data-chainrule-late="(\d+)"></div>')
_FIGURE = re.compile(r'<svg\b[^>]*\brole="img".*?</svg>', re.DOTALL)
_LEAST = 4000  # characters for which it is worth while


class Late:
    """The pictures of a build."""

    def __init__(self) -> None:
        self._pictures: list[str] = []

    def set_aside(self, html: str) -> str:
        """Return HTML with a mark in the place of each large picture.

        Examples:
            >>> late = Late()
            >>> page = f"<p>x</p><svg role='img'>{'<path/>' * 1000}</svg>".replace("'", '"')
            >>> late.set_aside(page)
            '<p>x</p><div data-chainrule-late="0"></div>'
            >>> late.put_back(late.set_aside(page)) == page
            True
        """
        return _FIGURE.sub(self._mark, html) if len(html) > _LEAST else html

    def put_back(self, html: str) -> str:
        """Return a page with its pictures."""
        if "data-chainrule-late" not in html:
            return html
        return _MARK.sub(lambda match: self._pictures[int(match[1])], html)

    def _mark(self, match: re.Match[str]) -> str:
        if len(match[0]) < _LEAST or "<svg" in match[0][4:]:  # one in another: their ends cannot be told
            return match[0]
        self._pictures.append(match[0])
        return f'<div data-chainrule-late="{len(self._pictures) - 1}"></div>'
