"""Joins the parts of style and script into the two files that are served, as small as they get.

    python -m mkdocs_chainrule.assets.joined

The script is one function around all its parts, in this order: what a part needs stands before it. The files
are kept beside the parts, so that who builds a site needs no minifier; a test tells when they are behind.
"""

from __future__ import annotations

import json
import re

from mkdocs_chainrule.assets import HERE, SCRIPT, STYLE, words

_SCRIPT_PARTS = (
    "words",
    "numbers",
    "elements",
    "saving",
    "mermaid",
    "names",
    "data",
    "functions",
    "program",
    "explain",
    "plot",
    "limit",
    "descent",
    "told",
    "nudge",
    "strip",
    "player",
    "steps",
    "frame",
    "replay",
    "chain_rule",
)
_STYLE_PARTS = (
    "colours",
    "block",
    "figure",
    "graph",
    "alive",
    "nudge",
    "player",
    "tabs",
    "results",
    "formulas",
    "media",
)


def joined() -> dict[str, str]:
    """Return the files that are served, by their names."""
    import minify  # noqa: PLC0415 - of the development environment alone

    script = "\n".join(_part(f"script/{part}.js") for part in _SCRIPT_PARTS)
    used = {name: text for name, text in words().items() if re.search(rf'WORDS\.{name}\b|"{name}"', script)}
    said = json.dumps(used, ensure_ascii=False)
    style = "".join(_part(f"style/{part}.css") for part in _STYLE_PARTS)
    return {
        SCRIPT: minify.string("text/javascript", f"(() => {{ const WORDS = {said};\n{script} }})();") + "\n",
        STYLE: minify.string("text/css", style) + "\n",
    }


def _part(name: str) -> str:
    return (HERE / name).read_text("utf-8")


if __name__ == "__main__":
    for name, text in joined().items():
        (HERE / name).write_text(text, "utf-8")
