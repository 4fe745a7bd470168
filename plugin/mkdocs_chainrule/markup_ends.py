"""Where a browser sees a tag, and a comment, end: not always where they seem to."""

from __future__ import annotations

import re

# `<!-->` and `<!--->` are whole; `--!>` ends one too; one that nobody ends goes on to the end.
COMMENT = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))", re.DOTALL)
# Not in a value within quotes. One that never ends goes on to the end too. What has been passed is not tried
# in other ways, so that whatever stands there is passed over once.
TAG = re.compile(
    r"""<(?P<slash>/?)(?P<name>[A-Za-z][^\s/>]*+)"""
    r"""(?:[^>=]++|=(?!\s*+["'])|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)))*+(?:>|(?P<endless>\Z))"""
)
_RAW = r"<(?:script|style|textarea)\b[^>]*+(?:>.*?(?:</(?:script|style|textarea)\b|\Z)|\Z)"
_PARTS = re.compile(f"({COMMENT.pattern})|{_RAW}|{TAG.pattern}", re.DOTALL | re.IGNORECASE)


def without_comments(html: str) -> str:
    """Return HTML without its comments; what looks like one in a script or in a value is none.

    Examples:
        >>> without_comments("<!--> seen <!-- not <b> --><p title='<!--'>seen</p><!-- open <p>")
        " seen <p title='<!--'>seen</p>"
    """
    if "<!--" not in html:
        return html
    return _PARTS.sub(lambda part: "" if part[1] else part[0], html)
