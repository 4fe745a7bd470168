"""Joins the parts of style and script into the files that are served, as small as they get.

    python -m mkdocs_chainrule.assets.joined

A script is one function around its parts, in this order: what a part needs stands before it. What few pages
need comes when it is asked for (`kit` in `elements.js`), with all that it needs beyond the first script. The
files are kept beside the parts, so that who builds a site needs no minifier; a test tells when they are
behind.
"""

from __future__ import annotations

import json
import re

from mkdocs_chainrule.assets import HERE, SCRIPT, STYLE, words

_DEFINED = 'customElements.get("chain-rule") || customElements'
_PARTS = {
    SCRIPT: (
        "words",
        "numbers",
        "elements",
        "names",
        "data",
        "marks",
        "offer",
        "frame",
        "chain_rule",
    ),
    "cells.js": ("sums", "cells"),
    "draw.js": ("saving", "mermaid"),
    "nudge.js": ("reveal", "functions", "program", "plot", "limit", "descent", "told", "nudge"),
    "play.js": ("player", "replay"),
    "steps.js": ("reveal", "player", "motion", "overview", "steps"),
    "why.js": ("labels", "ways", "explain", "strip"),
}
_OFFERED = {  # by the scripts that come later
    "cells.js": "Cells",
    "draw.js": "standalone, draw",
    "nudge.js": "newPanel",
    "play.js": "replay",
    "steps.js": "Steps",
    "why.js": "Strip",
}
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

    parts = {name: "\n".join(_part(f"script/{part}.js") for part in names) for name, names in _PARTS.items()}
    later = {name: text for name, text in parts.items() if name != SCRIPT}
    scripts = {SCRIPT: _first(parts[SCRIPT], "".join(later.values()))}
    scripts |= {name: _later(name, text, parts[SCRIPT]) for name, text in later.items()}
    style = "".join(_part(f"style/{part}.css") for part in _STYLE_PARTS)
    small = {name: minify.string("text/javascript", text) for name, text in scripts.items()}
    return {name: text + "\n" for name, text in {**small, STYLE: minify.string("text/css", style)}.items()}


def _first(script: str, later: str) -> str:
    """Return the script that every page has, around all its parts, with what later ones use of it."""
    shared = ", ".join(["WORDS", *(name for name in _named(script) if _uses(later, name))])
    script = script.replace(_DEFINED, f"ChainRule.shared = {{ {shared} }};{_DEFINED}")
    return f"(() => {{ const WORDS = {_said(script)};\n{script} }})();"


def _later(name: str, script: str, first: str) -> str:
    """Return a script that comes when it is asked for, with the words that it adds."""
    used = ", ".join(["WORDS", *(each for each in _named(first) if _uses(script, each))])
    shared = 'customElements.get("chain-rule").shared'
    begin = f"const {{ {used} }} = {shared};\nObject.assign(WORDS, {_said(script, but=first)});"
    end = f"Object.assign({shared}, {{ {_OFFERED[name]} }});"
    return f"(() => {{ {begin}\n{script}\n{end} }})();"


def _said(script: str, but: str = "") -> str:
    """Return the words that a script says, but for those that another has said."""
    said = {name: text for name, text in words().items() if _says(script, name) and not _says(but, name)}
    return json.dumps(said, ensure_ascii=False)


def _named(script: str) -> list[str]:
    return re.findall(r"^(?:const|class) (\w+)", script, re.MULTILINE)


def _uses(script: str, name: str) -> bool:
    return re.search(rf"(?<![.\w]){name}\b", script) is not None


def _says(script: str, word: str) -> bool:
    return re.search(rf"WORDS\.{word}\b|\"{word}\"", script) is not None


def _part(name: str) -> str:
    return (HERE / name).read_text("utf-8")


if __name__ == "__main__":
    for name, text in joined().items():
        (HERE / name).write_text(text, "utf-8")
