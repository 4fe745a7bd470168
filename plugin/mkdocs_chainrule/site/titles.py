"""Values in headings, in what is made of headings: the table of contents, and the title of the page.

Both are made while a page is read, of the words that are there by then.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from mkdocs.structure.pages import Page

_HEADING = re.compile(
    r'<h(?P<level>[1-6])\b[^<>]*\bid="(?P<id>[^"]+)"[^<>]*>(?P<inner>.*?)</h(?P=level)>', re.DOTALL
)
_LINK = re.compile(r'<a\b[^<>]*\bclass="headerlink".*?</a>', re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_LIST = re.compile(r'<div class="toc">.*?</div>', re.DOTALL)
_ENTRY = re.compile(r'(<a href="#([^"]+)">).*?(</a>)', re.DOTALL)


def titles(html: str, filled: str, holds: Callable[[str], bool]) -> dict[str, str]:
    """Return the words of headings by their ids, of those that hold a mark; one that failed keeps its own.

    Args:
        html: The page as it was read.
        filled: The same with its values.
        holds: Whether a text holds a mark.

    Examples:
        >>> titles('<h1 id="a">It is MARK</h1>', '<h1 id="a">It is <i>3</i></h1>', lambda x: "MARK" in x)
        {'a': 'It is 3'}
    """
    wanted = {heading["id"] for heading in _HEADING.finditer(html) if holds(heading["inner"])}
    if not wanted:
        return {}
    return {
        heading["id"]: " ".join(_TAG.sub("", _LINK.sub("", heading["inner"])).split())
        for heading in _HEADING.finditer(filled)
        if heading["id"] in wanted and "chainrule-failed" not in heading["inner"]
    }


def entitle(page: Page, words: dict[str, str]) -> None:
    """Give a page, and what MkDocs' table of contents has of it, their words; what an author set stays."""
    entries = list(page.toc)
    if entries and entries[0].id in words and not ("title" in page.meta or "title" in vars(page)):
        page.title = words[entries[0].id]
    while entries:
        entry = entries.pop()
        entry.title = words.get(entry.id, entry.title)
        entries += entry.children


def listed(html: str, words: dict[str, str]) -> str:
    """Return a page with these words in a table of contents within its text."""

    def write(entry: re.Match[str]) -> str:
        return f"{entry[1]}{words[entry[2]]}{entry[3]}" if entry[2] in words else entry[0]

    return _LIST.sub(lambda table: _ENTRY.sub(write, table[0]), html)
