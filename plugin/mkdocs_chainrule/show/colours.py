"""The colours of the style sheet, for a picture that stands in a file of its own."""

from __future__ import annotations

import re
from functools import cache

from mkdocs_chainrule import assets

_DECLARATION = re.compile(r"^  (--chainrule-[\w-]+): ([^;]+);$", re.MULTILINE)  # of the first rule alone


@cache
def colours() -> dict[str, str]:
    """Return the style sheet's custom properties: each holds a colour for light and one for dark.

    Examples:
        >>> colours()["--chainrule-ink"]
        'light-dark(#1b1b1f, #e6e6ea)'
    """
    return dict(_DECLARATION.findall(assets.colours()))


def style_for(svg: str) -> str:
    """Return a `<style>` that gives the colours which a drawing uses, in the scheme of whoever shows it."""
    used = "".join(f"{name}:{value};" for name, value in colours().items() if f"var({name})" in svg)
    return f"<style>svg{{color-scheme:light dark;{used}}}</style>"
