"""A block's source as the theme highlights any Python.

SuperFences makes a lexer and a formatter for each fence, which takes longer than all else that a stored block
costs. So its HTML is kept: by the source, the settings, and the number of the code block on its page, which
is in the ids of lines.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pygments
import pymdownx
from markdown.util import STX

from mkdocs_chainrule.pieces import key_of, shelf_of

if TYPE_CHECKING:
    from mkdocs_chainrule.pieces import Shelves

_VERSIONS = (pygments.__version__, pymdownx.__version__)


class Highlighter:
    """Turns sources into HTML, each once.

    Args:
        fences: SuperFences' preprocessor, which knows how the site highlights.
        shelves: Where pieces of pages are kept.
    """

    def __init__(self, fences: Any, shelves: Shelves) -> None:
        self._fences, self._shelves = fences, shelves

    def highlight(
        self, page: str, source: str, options: dict[str, str], *, classes: list[str], id_value: str
    ) -> str:
        """Return a source as HTML.

        Args:
            page: The page on which it stands.
            source: The source.
            options: `title`, `hl_lines` and `linenums`, as far as they are set.
            classes: Of the element.
            id_value: Its id, or "".
        """
        fences = self._fences
        counter = fences.highlight_ext  # counts the code blocks of a page
        given = {"classes": [escape(name) for name in classes], "id_value": escape(id_value), "attrs": {}}
        maker = (_VERSIONS, fences.highlighter.__module__, fences.highlighter.__qualname__, fences.css_class)
        settings = counter.get_pymdownx_highlight_settings()
        key = key_of(maker, settings, counter.pygments_code_block, source, options, given)
        piece = self._shelves.find(shelf_of(page), key)
        if piece is not None:
            counter.pygments_code_block += 1
            return str(piece["html"])
        html: str = fences.highlight(source, "python", options, fences.md, **given)
        if STX in html:  # the mark of a title in HTML, which Markdown would put in before we put this in
            html = fences.md.postprocessors["raw_html"].run(html)
        self._shelves.put(shelf_of(page), key, {"html": html})
        return html
