"""The marks that stand in a page's HTML until its blocks have run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_NAME = "data-chainrule-block"
# Other plugins may have parsed and written the HTML anew: attributes may move, space may come in.
_MARK = re.compile(rf'<(div|span)\b[^>]*\b{_NAME}="(\d+-\d+)"[^>]*>\s*</\1>')
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def placeholder(key: str, *, inline: bool) -> str:
    """Return the mark of a block: an empty element, so that no reader and no index takes it for text.

    Example:
        >>> placeholder("1-2", inline=True)
        '<span data-chainrule-block="1-2"></span>'
    """
    tag = "span" if inline else "div"
    return f'<{tag} {_NAME}="{key}"></{tag}>'


def live(html: str) -> list[str]:
    """Return the keys of the marks in page order; those in HTML comments are not alive.

    SuperFences calls its formatters for fences in comments and in indented code too: only these here run.
    """
    if _NAME not in html:
        return []
    return list(dict.fromkeys(match[2] for match in _MARK.finditer(COMMENT.sub("", html))))


def fill(html: str, render: Callable[[str], str]) -> str:
    """Return the page with each mark replaced by what `render` makes of its key."""
    if _NAME not in html:
        return html
    return _MARK.sub(lambda match: render(match[2]), html)
