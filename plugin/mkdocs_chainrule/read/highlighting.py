"""A block's source as the theme highlights any Python.

SuperFences makes a lexer and a formatter for each fence, which takes longer than all else that a stored block
costs. So its HTML is kept: by the source, the settings, and the number of the code block on its page, which
is in the ids of lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdocs_chainrule.pieces import key_of, shelf_of

if TYPE_CHECKING:
    from mkdocs_chainrule.pieces import Shelves
    from mkdocs_chainrule.read.pymdown import PyMdown


class Highlighter:
    """Turns sources into HTML, each once.

    Args:
        pymdown: Knows how the site highlights.
        shelves: Where pieces of pages are kept.
    """

    def __init__(self, pymdown: PyMdown, shelves: Shelves) -> None:
        self._pymdown, self._shelves = pymdown, shelves

    def highlight(
        self, page: str, source: str, options: dict[str, str], classes: list[str], id_value: str
    ) -> str:
        """Return a source as HTML.

        Args:
            page: The page on which it stands.
            source: The source.
            options: `title`, `hl_lines` and `linenums`, as far as they are set.
            classes: Of the element.
            id_value: Its id, or "".
        """
        key = key_of(self._pymdown.highlighting(), source, options, classes, id_value)
        piece = self._shelves.find(shelf_of(page), key)
        if piece is not None:
            self._pymdown.pass_over()
            return str(piece["html"])
        html = self._pymdown.highlight(source, options, classes, id_value)
        self._shelves.put(shelf_of(page), key, {"html": html})
        return html
