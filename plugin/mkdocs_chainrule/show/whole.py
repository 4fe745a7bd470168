"""Markup of others that ends what it began and nothing else, so that the rest of a page stays what it is.

A notebook parses each result by itself: an element that is not closed ends with it. On a page such an element
would hold all that follows, and an end too many would end what stands around the result.
"""

from __future__ import annotations

import re
from collections import Counter
from html import escape
from typing import TYPE_CHECKING

from mkdocs_chainrule.markup_ends import COMMENT, TAG

if TYPE_CHECKING:
    from collections.abc import Iterator


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_START = re.compile(r"<!--|<(?=/?[A-Za-z])")
_RAW = {name: re.compile(rf"</{name}\b[^>]*>", re.IGNORECASE) for name in ("script", "style", "textarea")}
_VOID = _names("area base br col embed hr img input link meta param source track wbr")
# They end by themselves; a page has one of the last three, which others do not begin.
_ENDING = _names(
    "caption colgroup dd dt li optgroup option rp rt tbody td tfoot th thead tr p body head html"
)
# What a browser begins anew behind the end of what stands around it.
_LOOKS = _names("a b big code em font i nobr s small strike strong tt u")


def whole(html: str) -> str:
    """Return markup in which each element ends that begins, and none that does not.

    Examples:
        >>> whole("<div><b>x"), whole("x</div></td>"), whole("<ul><li>a<li>b</ul>")
        ('<div><b>x</b></div>', 'x', '<ul><li>a<li>b</ul>')
        >>> whole("a<!-- b"), whole("<style>p {}"), whole('a<b class="')
        ('a<!-- b-->', '<style>p {}</style>', 'a&lt;b class="')
    """
    return "".join(_parts(html))


def _parts(html: str) -> Iterator[str]:
    began: list[str] = []
    open_: Counter[str] = Counter()  # how many of each are among these
    place = 0
    while start := _START.search(html, place):
        yield html[place : start.start()]
        if start[0] == "<!--":
            comment = COMMENT.match(html, start.start())
            assert comment is not None
            yield comment[0] if comment[0].endswith(("-->", "--!>")) else f"{comment[0]}-->"
            place = comment.end()
            continue
        tag = TAG.match(html, start.start())
        if tag is None or tag["endless"] is not None:
            yield escape(html[start.start() :], quote=False)
            place = len(html)
            break
        name, place = tag["name"].lower(), tag.end()
        if tag["slash"]:
            yield _end(tag[0], name, began, open_)
        elif name in _RAW:
            end_tag = _RAW[name].search(html, place)
            yield html[start.start() : end_tag.end()] if end_tag else f"{html[start.start() :]}</{name}>"
            place = end_tag.end() if end_tag else len(html)
        else:
            yield tag[0]
            is_closed = tag[0].endswith("/>") and (open_["svg"] or open_["math"] or name == "svg")
            if name not in _VOID and not is_closed:
                began.append(name)
                open_[name] += 1
    yield html[place:]
    yield _ends(began)


def _end(tag: str, name: str, began: list[str], open_: Counter[str]) -> str:
    """Return an end, behind those of what must end before it; nothing if it is the end of nothing."""
    if not open_[name]:
        return tag if name == "p" else ""
    place = len(began) - 1
    while began[place] != name:
        place -= 1
    if name in _LOOKS:
        open_[name] -= 1
        del began[place]
        return tag
    inner = _ends(began[place + 1 :])
    open_.subtract(began[place:])
    del began[place:]
    return inner + tag


def _ends(names: list[str]) -> str:
    return "".join(f"</{name}>" for name in reversed(names) if name not in _ENDING)
