r"""Text in which no script of a site finds a formula, as MathJax and KaTeX may make links of what they find.

MathJax passes over what has a class of its own. KaTeX passes over elements by their names alone, such as
`pre`, but looks for both ends of a formula in one piece of text. So elsewhere each dollar and each backslash
is a piece by itself; nobody sees that, nor hears it, nor copies it. Formulas that are results are found: what
objects show as HTML, Markdown or LaTeX, where a site shows HTML at all.
"""

from __future__ import annotations

import re

from mkdocs_chainrule.markup_ends import COMMENT, TAG

UNSET = "mathjax_ignore"  # the class by which MathJax passes over an element
SET = "mathjax_process"  # and the one by which it looks into one within

_PIECE = re.compile(
    rf"{COMMENT.pattern}|<!\[CDATA\[.*?\]\]>"
    r"|<(?P<whole>code|math|pre|script|style|template|textarea)\b.*?</(?P=whole)\s*>"
    rf"|{TAG.pattern}|(?P<text>[^<]+)|<",
    re.DOTALL | re.IGNORECASE,
)
_GROUNDS = {"svg", "desc", "foreignobject", "title"}  # an `svg`, and what in it holds HTML again


def literal(html: str) -> str:
    r"""Return HTML with the same text, in which KaTeX finds nothing.

    Examples:
        >>> literal(r"<p title='$x$'>$x$, \(x\)</p><pre>$x$</pre>")
        "<p title='$x$'><span>$</span>x<span>$</span>, <span>\\</span>(x<span>\\</span>)</p><pre>$x$</pre>"
        >>> literal("<svg><text>$x$</text></svg><td>costs $5</td>")
        '<svg><text><tspan>$</tspan>x<tspan>$</tspan></text></svg><td>costs $5</td>'
    """
    if "\\" not in html and html.count("$") < 2:
        return html
    open_: list[str] = []

    def apart(piece: re.Match[str]) -> str:
        text = piece["text"]
        if text is None:
            _note(piece, open_)
            return piece[0]
        around = "tspan" if open_[-1:] == ["svg"] else "span"  # a `span` would end the picture
        ends = r"[\\$]" if text.count("$") > 1 else r"\\"
        return re.sub(ends, rf"<{around}>\g<0></{around}>", text)

    return _PIECE.sub(apart, html)


def _note(tag: re.Match[str], open_: list[str]) -> None:
    """Note which grounds are open behind a tag."""
    slash, name = tag["slash"], (tag["name"] or "").lower()
    if name not in _GROUNDS or (name != "svg" and not open_) or tag[0].endswith("/>"):
        return
    if not slash:
        open_.append(name)
    elif name in open_:
        del open_[len(open_) - 1 - open_[::-1].index(name) :]
