"""What other plugins make of a picture, learnt from an example.

A lightbox looks for images when a page's Markdown has become HTML (`on_page_content`), and at that moment
blocks begin to run. So one image stands behind the page for all that are to come. Once every plugin has seen
the page, what stands around it is put around ours, with their addresses in the place of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdocs_chainrule.show.markup import element

if TYPE_CHECKING:
    from collections.abc import Callable

    from mkdocs_chainrule.read.placeholders import Marks

_SOURCE, _WORDS = "chainrule-example.png", "chainrule-example-in-words"
_NAME = "chainrule-example"  # an element of its own, so that its end is not that of what comes into it
_IMAGE = element("img", src=_SOURCE, alt=_WORDS, class_="chainrule-image")
_IMAGES = re.compile(r"<a\b.*?</a>|<img\b[^>]*>", re.DOTALL)  # one in a link leads to somewhere already


def with_example(html: str, marks: Marks) -> str:
    """Return a page that other plugins are about to read, with an image behind it if blocks stand on it."""
    return html + element(_NAME, _IMAGE, data_chainrule_example=marks.nonce) if marks.live(html) else html


def taken(html: str, marks: Marks) -> tuple[str, Callable[[str], str]]:
    """Return a page without the image, and what does to a result as other plugins did to that.

    Examples:
        >>> from mkdocs_chainrule.read.placeholders import Marks
        >>> marks = Marks()
        >>> mark = marks.placeholder("1-1", inline=False)
        >>> page = with_example(mark, marks).replace("<img", '<a href="chainrule-example.png"><img')
        >>> page, framed = taken(page.replace("</chain", "</a></chain"), marks)
        >>> page == mark
        True
        >>> framed('<img src="x.png" alt="A line">')
        '<a href="x.png"><img src="x.png" alt="A line"></a>'
    """
    found = re.search(rf"<{_NAME}\b[^<>]*\b{marks.nonce}\b[^<>]*>(.*?)</{_NAME}>", html, re.DOTALL)
    if not found:
        return html, str
    rest = html[: found.start()] + html[found.end() :]
    before, _, behind = found[1].partition("<img")
    after = behind.partition(">")[2]
    if not before.strip():
        return rest, str

    def framed(match: re.Match[str]) -> str:
        image = match[0]
        url = _attribute(image, "src")
        if not image.startswith("<img") or not url or url.startswith("data:"):  # would stand there twice
            return image
        start, end = (
            part.replace(_SOURCE, url).replace(_WORDS, _attribute(image, "alt")) for part in (before, after)
        )
        return f"{start}{image}{end}"

    return rest, lambda result: _IMAGES.sub(framed, result) if "<img" in result else result


def _attribute(image: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', image)
    return found[1] if found else ""
