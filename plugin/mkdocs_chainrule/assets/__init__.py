"""Style and script of our pages: the parts in which they are written, and what is served (`joined.py`).

What a page says by script stands in `words.json`, the one table that a translation has to change.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SCRIPT, STYLE = "chainrule.js", "chainrule.css"
# Scripts that come when they are asked for.
LATER = ("cells.js", "draw.js", "nudge.js", "play.js", "steps.js", "why.js")


@cache
def words() -> dict[str, Any]:
    """Return what pages say by script, and what stands there without one, by what it is for.

    Examples:
        >>> words()["out"]
        'Zoom out'
    """
    table: dict[str, Any] = json.loads((HERE / "words.json").read_text("utf-8"))
    return table


def colours() -> str:
    """Return the part of the style that holds the colours, as it is written."""
    return (HERE / "style/colours.css").read_text("utf-8")
