"""What other libraries' objects come to on a page: the rows of `objects.txt`, and how a page is read.

`record.py` beside that file writes down what the real libraries show, for where they are not installed;
`docs/reference/libraries.md` tells readers the same.
"""

from __future__ import annotations

import json
import re
from html import unescape
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple

from building import REPOSITORY
from mkdocs_chainrule.show.scripts import script_name

FOLDER = REPOSITORY / "tests" / "plugin" / "libraries"
RECORDED = FOLDER / "recorded"
_CELL = re.compile(
    r"^# %% (\S+): (.+?) \| (.+?) \| (.+?) \| (.+?) \| (.+)\n((?:(?!# %% ).*\n)*)", re.MULTILINE
)
_QUOTE = """(?:["']|&quot;)"""
_LOADED = re.compile(
    rf"(?:data-scripts=|<script[^>]*\ssrc=|&lt;script[^>]*?src=|\sfrom ){_QUOTE}(.*?){_QUOTE}"
)
_KINDS = {
    "<chain-live": "plot by a script",
    'class="chainrule-plot"': "figure",
    "chainrule-image": "picture",
    "<iframe": "frame",
    "<audio": "player",
    "<video": "player",
    "sk-container": "diagram",
    "<table": "table",
    "xr-wrap": "diagram",
    'aria-label="Picture"': "drawing",
    "chainrule-rich": "HTML",
    "<math": "formula",
    "chainrule-value": "text",
    "chainrule-note": "a sentence",
    "chainrule-std": "text",
}


class Case(NamedTuple):
    """An object of a library.

    Attributes:
        package: The distribution, as pip knows it.
        name: What readers know the object as.
        shown: What a page shows.
        needs: The scripts that a reader's browser gets, or "a kernel".
        dark: "follows" the scheme, or stands on "paper".
        text: What is shown with `allow_html: false`.
        source: Code whose last value it is.
    """

    package: str
    name: str
    shown: str
    needs: str
    dark: str
    text: str
    source: str

    @property
    def title(self) -> str:
        """Its heading, which is its test's name too."""
        return f"{self.package}: {self.name}"

    @property
    def is_installed(self) -> bool:
        """Whether the library itself can be asked."""
        try:
            return bool(version(self.package))
        except PackageNotFoundError:
            return False

    @property
    def recorded(self) -> list[dict[str, Any]] | None:
        """What the library showed when it was asked; None for a figure, which is drawn by us."""
        path = RECORDED / f"{self.package}.json"
        library = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"shown": {}}
        found: list[dict[str, Any]] | None = library["shown"].get(self.name)
        return found


CASES = [Case(*match.groups()) for match in _CELL.finditer((FOLDER / "objects.txt").read_text("utf-8"))]


def results(html: str) -> dict[str, str]:
    """The HTML of each result on a page, by the heading above it."""
    sections = re.findall(r"<h2[^>]*>(.*?)</h2>(.*?)(?=<h2|<p class=.chainrule |<footer|$)", html, re.DOTALL)
    return {
        unescape(re.sub("<[^>]*>.*", "", title)): body[body.index("chainrule-result") :]
        for title, body in sections
        if "chainrule-result" in body
    }


def described(result: str) -> tuple[str, str, str]:
    """What is seen of a result: what it is, what it needs, how it stands in the dark."""
    what = next((kind for mark, kind in _KINDS.items() if mark in result), "a sentence")
    addresses = [address for each in _LOADED.findall(result) for address in each.split() if "//" in address]
    kernel = "a kernel" if re.search("<p .*?kernel", result) else ""
    needs = kernel or ", ".join(dict.fromkeys(script_name(unescape(each)) for each in addresses)) or "-"
    return what, needs, "paper" if "chainrule-paper" in result else "follows"
