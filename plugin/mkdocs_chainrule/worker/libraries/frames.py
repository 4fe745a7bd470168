"""Pages that a block wrote and shows in a frame: they come along, since no file of theirs is on the site."""

from __future__ import annotations

import html
import re
from pathlib import Path

_FRAME = re.compile(r"""(<iframe\b[^<>]*?\s)src=(["'])([^"'<>:?#]+\.html?)\2""", re.IGNORECASE)


def embedded(markup: str) -> str:
    """Return markup whose frames hold the pages that they show, where those are files here."""
    return _FRAME.sub(_embed, markup)


def _embed(match: re.Match[str]) -> str:
    path = Path(match[3])
    if path.is_absolute() or not path.is_file():
        return match[0]
    page = path.read_text(encoding="utf-8", errors="replace")
    return f'{match[1]}srcdoc="{html.escape(page)}"'
