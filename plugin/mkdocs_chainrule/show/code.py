"""Source text that we write ourselves, highlighted as the theme highlights code."""

from __future__ import annotations

from pygments import highlight as pygments_highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name


def highlight(text: str, language: str) -> str:
    """Return text as a highlighted block in Pygments' classes.

    Examples:
        >>> highlight("a -> b", "dot").startswith('<div class="highlight"><pre>')
        True
    """
    formatter = HtmlFormatter(cssclass="highlight", wrapcode=True)
    marked: str = pygments_highlight(text, get_lexer_by_name(language), formatter)
    # The plain theme's highlighter would colour it a second time, and complain of the spans inside.
    return marked.replace("<pre><span></span><code>", '<pre><code class="nohighlight">', 1)
