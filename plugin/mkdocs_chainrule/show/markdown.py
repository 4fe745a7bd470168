"""Markdown that an object displays, as HTML; with its raw HTML, or without."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# A browser reads entities and skips white space and control characters before it looks for a scheme.
_SKIPPED = re.compile(r"[\x00-\x20\x7f-\x9f]+")
_SAFE = re.compile(r"(?:https?|mailto):|[^:]*(?:[/?#]|$)", re.IGNORECASE)


def safe_url(url: str) -> bool:
    r"""Tell whether an address only leads somewhere: relative, http, https or mailto.

    Examples:
        >>> safe_url("https://x.org/a"), safe_url("#a"), safe_url(" java\tscript&#58;alert(1)")
        (True, True, False)
    """
    return bool(_SAFE.match(_SKIPPED.sub("", html.unescape(url))))


class _SafeLinks(Treeprocessor):
    """Removes addresses that would run something."""

    def run(self, root: Element) -> None:
        for node in root.iter():
            for name in ("href", "src"):
                if not safe_url(node.get(name, "")):
                    del node.attrib[name]


def show_markdown(text: str, allow_html: bool) -> str:
    """Return Markdown (with tables and fences) as HTML; without `allow_html` its raw HTML is text.

    Examples:
        >>> show_markdown("*x* <b>y</b>", allow_html=False)
        '<p><em>x</em> &lt;b&gt;y&lt;/b&gt;</p>'
    """
    renderer = Markdown(extensions=["tables", "fenced_code"])
    if not allow_html:
        renderer.preprocessors.deregister("html_block")
        renderer.inlinePatterns.deregister("html")
        renderer.treeprocessors.register(_SafeLinks(renderer), "chainrule-safe-links", 0)
    return renderer.convert(text)
