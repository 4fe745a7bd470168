"""Scripts that results load: by what name an author knows each, and where it comes from.

An address names a package (`…/npm/vega-embed@7`) or a file (`…/plotly-4.1.1.min.js`). Its name without the
version is what the option `scripts` maps to a file of the site.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs_chainrule.show.settings import ShowSettings

_PACKAGE = re.compile(r"(?:/npm|//(?:www\.)?unpkg\.com)/(@[^/]+/[^/@?]+|[^/@?]+)")
_LONGEST = 1000  # characters of an address that has a name: to look for one takes their square
_FILE = re.compile(r"([^/?#]+?)(?:[-.@]v?\d[\w.]*?)?(?:[-.]bundle)?(?:\.min)?(?:\.m?js)?(?:[?#].*)?$")


def script_name(address: str) -> str:
    """Return what a script is called, whatever its version.

    Examples:
        >>> script_name("https://cdn.plot.ly/plotly-4.1.1.min.js"), script_name("https://x.org/npm/vega@6")
        ('plotly', 'vega')
        >>> script_name("https://cdn.bokeh.org/bokeh/release/bokeh-widgets-3.9.2.min.js")
        'bokeh-widgets'
    """
    match = len(address) < _LONGEST and (_PACKAGE.search(address) or _FILE.search(address))
    return match[1] if match else address


def script_url(address: str, settings: ShowSettings) -> str:
    """Return where a page has a script from: the site's own file, or its public address, which is told."""
    name = script_name(address)
    own = settings.scripts.get(name)
    if own is None:
        file = f"js/{name.rpartition('/')[2]}.js"
        settings.remark(
            f"readers get {name} from {address}; with a copy in docs, it comes from the site by "
            f"scripts: {{{name}: {file}}} in mkdocs.yml",
            once=True,
        )
    return own or address
