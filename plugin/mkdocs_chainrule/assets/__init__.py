"""Style and script of our pages, each served as one file, and the parts in which it is written.

The script is one function around all its parts, in this order: what a part needs stands before it. Its words
are those of `words.json`, the one table that a translation has to change.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
SCRIPT, STYLE = "chainrule.js", "chainrule.css"

_SCRIPT_PARTS = (
    "words",
    "numbers",
    "elements",
    "saving",
    "mermaid",
    "data",
    "explain",
    "strip",
    "frame",
    "chain_rule",
)
_STYLE_PARTS = ("colours", "block", "figure", "graph", "alive", "tabs", "results", "formulas", "media")
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)


@cache
def served(name: str) -> str:
    """Return style or script as it is served: whole, without comments, indentation and empty lines.

    Examples:
        >>> served("chainrule.js").startswith("(() => {")
        True
    """
    if name == STYLE:
        return _bare("".join(_part(f"style/{part}.css") for part in _STYLE_PARTS))
    parts = "".join(_part(f"script/{part}.js") for part in _SCRIPT_PARTS)
    said = json.dumps(words(), ensure_ascii=False, separators=(",", ":"))
    return _bare(f"(() => {{\nconst WORDS = {said};\n{parts}}})();\n")


@cache
def words() -> dict[str, Any]:
    """Return what pages say by script, and what stands there without one, by what it is for."""
    table: dict[str, Any] = json.loads(_part("words.json"))
    return table


def colours() -> str:
    """Return the part of the style that holds the colours, as it is written."""
    return _part("style/colours.css")


def sources() -> dict[str, Path]:
    """Return for each file that is served one of those in which it is written."""
    return {SCRIPT: _HERE / f"script/{_SCRIPT_PARTS[-1]}.js", STYLE: _HERE / f"style/{_STYLE_PARTS[0]}.css"}


def _part(name: str) -> str:
    return (_HERE / name).read_text("utf-8")


def _bare(text: str) -> str:
    lines = (line.strip() for line in _COMMENT.sub("", text).splitlines())
    return "".join(f"{line}\n" for line in lines if line)
