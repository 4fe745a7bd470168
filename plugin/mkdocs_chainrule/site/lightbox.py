"""What other plugins make of a picture, learnt from an example.

A lightbox looks for images when a page's Markdown has become HTML (`on_page_content`), and at that moment
blocks begin to run. So one image stands behind the page for all that are to come. Once every plugin has seen
the page, what stands around it is put around ours, with their addresses in the place of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdocs_chainrule.read.placeholders import live
from mkdocs_chainrule.show.markup import element

if TYPE_CHECKING:
    from collections.abc import Callable

_SOURCE, _WORDS = "chainrule-example.png", "chainrule-example-in-words"
_NAME = "chainrule-example"  # an element of its own, so that its end is not that of what comes into it
_EXAMPLE = element(
    _NAME, element("img", src=_SOURCE, alt=_WORDS, class_="chainrule-image"), data_chainrule_example=True
)
_FOUND = re.compile(rf"<{_NAME}\b[^>]*>(.*?)</{_NAME}>", re.DOTALL)
_IMAGES = re.compile(r"<a\b.*?</a>|<img\b[^>]*>", re.DOTALL)  # one in a link leads to somewhere already


def with_example(html: str) -> str:
    """Return a page that other plugins are about to read, with an image behind it if blocks stand on it."""
    return html + _EXAMPLE if live(html) else html


def taken(html: str) -> tuple[str, Callable[[str], str]]:
    """Return a page without the image, and what does to a result as other plugins did to that.

    Examples:
        >>> page = with_example('<div data-chainrule-block="1-1"></div>')
        >>> page, framed = taken(page.replace("<img", '<a href="chainrule-example.png"><img').replace(
        ...     "</chain", "</a></chain"))
        >>> page
        '<div data-chainrule-block="1-1"></div>'
        >>> framed('<img src="x.png" alt="A line">')
        '<a href="x.png"><img src="x.png" alt="A line"></a>'
    """
    found = _FOUND.search(html)
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
