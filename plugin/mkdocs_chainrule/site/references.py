"""Links that name a figure by its id and have no text, `[](#fig-loss)`: they read as its number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin

from mkdocs_chainrule.show.markup import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ID = re.compile(r"""<\w[^<>]*\sid\s*=\s*(?:"([^"]+)"|'([^']+)'|([^\s"'<>]+))""", re.IGNORECASE)
# Of bounded lengths: what a script of the page holds is passed over in a time that grows with its length.
_LINK = re.compile(r'(<a\b[^<>]{0,500}?\bhref="([^"#<>]{0,2000}#fig-[^"<>]{0,500})"[^<>]{0,500}>)</a>')


def anchors(html: str) -> set[str]:
    """Return what a link into a finished page may name.

    Examples:
        >>> sorted(anchors('<dl id="options"><dt id=scripts>scripts</dt></dl>'))
        ['options', 'scripts']
    """
    return {match[match.lastindex or 0] for match in _ID.finditer(html)}


def referenced(
    html: str, here: str, figures: Mapping[str, Mapping[str, str]], unknown: Callable[[str], object] = str
) -> str:
    """Return a page whose links to figures have their text.

    Args:
        html: The page.
        here: Its address in the site.
        figures: What a figure is called, by the address of its page and its id.
        unknown: Is told of a figure that is not on a page of these where it should be.

    Examples:
        >>> figures = {"guide/": {"fig-loss": "Figure 2"}}
        >>> referenced('<a href="../guide/#fig-loss"></a>', "other/", figures)
        '<a href="../guide/#fig-loss">Figure 2</a>'
    """
    if "#fig-" not in html:
        return html

    def named(match: re.Match[str]) -> str:
        page, name = urldefrag(urljoin(f"/{here}", match[2]))
        known = figures.get(page.removeprefix("/"))
        if known is None:  # elsewhere, or of a page that a dirty build passes over
            return match[0]
        if name not in known:
            unknown(name)
            return match[0]
        return f"{match[1]}{escape(known[name])}</a>"

    return _LINK.sub(named, html)
