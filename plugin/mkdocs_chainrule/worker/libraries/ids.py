"""Random names in HTML, by which the parts of an object find each other, made such that builds repeat them.

A name is random where an id or a variable holds it: a UUID, the five digits of a Styler's table, the address
of an object. What looks alike elsewhere is data, and stays.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from mkdocs_chainrule.session.block import Bundle
from mkdocs_chainrule.worker.libraries.frames import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MARKUP = ("text/html", "image/svg+xml")
# In a page within the page (`srcdoc`) quotes are escaped.
_ID = re.compile(r"""\bid\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|&quot;([^<>]*?)&quot;|([^\s"'<>&]+))""")
_RANDOM = re.compile(
    r"[0-9a-f]{8}([-_])[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}"  # a UUID
    r"|[0-9a-f]{32}"
    r"|^T_[0-9a-f]{5}(?![0-9a-f])"  # pandas
    r"|^table\d{9,}$"  # Astropy
)
_TAG = re.compile(r"<[A-Za-z][^<>]*>")
_NAME = re.compile(r"""(\sid\s*=\s*["'])([^"'<>]+)""")
_REFERENCE = re.compile(r"""(url\(\s*(?:["']|&quot;)?\s*#|\bhref\s*=\s*["']#)([^"'()<>&\s]+)""")
_SHEET = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
_SELECTED = re.compile(r"#([\w-]+)")
_VARIABLE = re.compile(r"(?<=[A-Za-z]_)[0-9a-f]{32}\b")  # of a script, as Folium writes


class Names:
    """The names of a session, in the order in which they come: no two are alike.

    Args:
        page: The page whose session it is: those of others may stand on one page with it.
    """

    def __init__(self, page: str) -> None:
        self._page, self._count = page, 0
        self._taken: set[str] = set()  # by pictures

    def settle(self, bundle: Bundle) -> Bundle:
        """Return a bundle whose markup has no random name and is whole; a figure of ours is that."""
        if "chainrule" in bundle.metadata or not any(mime in bundle.data for mime in _MARKUP):
            return bundle
        settled = {mime: self.settled(embedded(bundle.data[mime])) for mime in _MARKUP if mime in bundle.data}
        if (svg := settled.get("image/svg+xml")) is not None:
            settled["image/svg+xml"] = self.apart(svg)
        return Bundle({**bundle.data, **settled}, bundle.metadata)

    def apart(self, svg: str) -> str:
        """Return a picture in which no name is one of a picture before: what refers to it means its own.

        Examples:
            >>> names, svg = Names("docs/page.md"), '<svg><p id="a"/><q fill="url(#a)"/></svg>'
            >>> names.apart(svg) == svg, names.apart(svg)
            (True, '<svg><p id="a-2"/><q fill="url(#a-2)"/></svg>')
        """
        own = {match[2] for tag in _TAG.findall(svg) for match in _NAME.finditer(tag)}
        number = 1
        new = {name: name for name in own}
        while not self._taken.isdisjoint(new.values()) and not _speaks_of(own, svg):
            number += 1
            new = {name: f"{name}-{number}" for name in own}
        self._taken.update(new.values())
        return svg if number == 1 else _TAG.sub(lambda tag: _renamed(tag[0], new), svg)

    def settled(self, html: str) -> str:
        """Return HTML whose random names are the same at every build.

        Examples:
            >>> html = '<style>#T_0a1b2 {}</style><table id="T_0a1b2"><td>0a1b2</td></table>'
            >>> Names("docs/page.md").settled(html)
            '<style>#T_241d1 {}</style><table id="T_241d1"><td>0a1b2</td></table>'
        """
        for name in dict.fromkeys(_random(html)):
            self._count += 1
            html = html.replace(name, self._like(name))
        return html

    def _like(self, name: str) -> str:
        """Return a name of the same shape: what reads it may look for that."""
        digest = hashlib.sha256(f"{self._page} {self._count}".encode()).hexdigest()
        if name.startswith("T_"):
            return f"T_{digest[:5]}"
        if name.startswith("table"):
            return f"table{int(digest, 16) % 10**9:09}"
        digits = iter(digest)
        return "".join(each if each in "-_" else next(digits) for each in name)


def _speaks_of(names: set[str], svg: str) -> bool:
    """Tell whether a script or a style sheet may name them, where names are not told from other words."""
    said = {match[1] for sheet in _SHEET.findall(svg) for match in _SELECTED.finditer(sheet)}
    return "<script" in svg or not said.isdisjoint(names)


def _renamed(tag: str, new: Mapping[str, str]) -> str:
    for pattern in (_NAME, _REFERENCE):
        tag = pattern.sub(lambda match: match[1] + new.get(match[2], match[2]), tag)
    return tag


def _random(html: str) -> Iterator[str]:
    for match in _ID.finditer(html):
        yield from (found[0] for found in _RANDOM.finditer(match[match.lastindex or 0]))
    yield from _VARIABLE.findall(html)
