"""The marks that stand in a page's HTML until its blocks have run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_NAME = "data-chainrule-block"
# Other plugins may have parsed and written the HTML anew: attributes may move, space may come in.
_MARK = re.compile(rf'<(div|span)\b[^>]*\b{_NAME}="(\d+-\d+)"[^>]*>\s*</\1>')
_LIST, _LIST_TAG = re.compile(r"\s*<ol\b"), re.compile(r"<(/?)ol\b[^>]*>")
_TAG, _ATTRIBUTE = re.compile(r"<[^>]*>"), re.compile(r'<[A-Za-z][^<>]*\s[\w:-]+="[^"<>]*$')
_LONGEST = 2000  # characters of a tag up to a mark in it
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def placeholder(key: str, *, inline: bool) -> str:
    """Return the mark of a block: an empty element, so that no reader and no index takes it for text.

    Examples:
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


def fill(html: str, render: Callable[[str, str], str], annotated: Callable[[str], bool]) -> str:
    """Return the page with each mark replaced.

    A key whose source is annotated refers to a list that follows it. Material looks for that right behind the
    source, so it comes along: what is seen is made of the key and the list.
    """
    pieces, end = [], 0
    for match in _MARK.finditer(html):
        pieces.append(html[end : match.start()])
        end = _list_end(html, match.end()) if annotated(match[2]) else match.end()
        shown = render(match[2], html[match.end() : end])
        pieces.append(_TAG.sub("", shown) if _is_in_attribute(html, match.start()) else shown)
    return "".join(pieces) + html[end:]


def _is_in_attribute(html: str, start: int) -> bool:
    """Tell whether a mark stands in an attribute, such as an image's `alt`, where plain text belongs."""
    before = html[max(0, start - _LONGEST) : start]
    return bool(_ATTRIBUTE.search(_MARK.sub("", before)))


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
