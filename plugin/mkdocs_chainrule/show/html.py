"""HTML that an object displays, raw: in a box of ours, where it is read in light and in dark.

Its style sheets hold for that box: they touch nothing else, and a theme's rules for prose do not undo them.
What names no colours has those of the page, and its tables the look of the site's. What knows no dark scheme
and names colours was made for white paper, and stands on some in both schemes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.show.literal import SET
from mkdocs_chainrule.show.markup import MOST_LINES, counted, scroll_box
from mkdocs_chainrule.show.scripts import script_url
from mkdocs_chainrule.show.whole import whole

if TYPE_CHECKING:
    from mkdocs_chainrule.show.settings import ShowSettings

# Material's variables and Bootstrap's come from the nearest element that names a scheme.
PAPER: dict[str, str] = {"data_md_color_scheme": "default", "data_bs_theme": "light"}

_ROW = re.compile(r"<thead\b.*?</thead>|(<tr)\b", re.DOTALL | re.IGNORECASE)  # passes over the head
_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL | re.IGNORECASE)
_LOOKS = re.compile(r"<style\b.*?</style>|\sstyle=(\"[^\"]*\"|'[^']*')", re.DOTALL | re.IGNORECASE)
_NAMED = re.compile(
    r"(?:[\s;{\"'-])(?:color|background)(?:-color)?\s*:\s*"
    r"(?!\s|inherit|transparent|currentcolor|none|initial|unset|revert|auto|0)[#\w]",
    re.IGNORECASE,
)
_SCHEMED = re.compile(r"var\(--|light-dark\(|prefers-color-scheme|currentcolor", re.IGNORECASE)
# How notebooks know a table: the site's own style is for tables without class and border.
_FRAME = re.compile(r'<table\b(?=[^>]*\sclass="[^"]*\bdataframe\b)[^>]*>')
_KNOWN = re.compile(r'<table\b(?=[^>]*\sclass="(?:simpletable|table-striped[^"]*)")[^>]*>')
_UNLIKE = re.compile(r'\s(?:border|class|cellpadding|cellspacing)="[^"]*"')
# In a page of its own within the page (`srcdoc`), quotes are escaped.
_SOURCE = re.compile(
    r"(<script\b[^<>]*?\ssrc=|&lt;script\b(?:(?!&gt;).)*?\ssrc=)"
    r"(\"|'|&quot;)((?:https?:)?//.+?)\2((?:(?!&gt;)[^<>])*)",
    re.DOTALL,
)
_IMPORTED = re.compile(r"""(\b(?:from\s*|import\s*\(?\s*)["'])(https://[^"']+)""")
_SHEET = re.compile(r"(<style\b[^>]*>)(.*?)(</style>)", re.DOTALL | re.IGNORECASE)
# What may not stand within a rule, and what a rule of the page does not reach.
_APART = re.compile(
    r"@(?:charset|font-face|import|keyframes|layer|namespace|property)|<template\b", re.IGNORECASE
)
_SEAL = re.compile(r"\s(?:integrity|crossorigin)=(\"|'|&quot;).*?\1")


def show_html(html: str, settings: ShowSettings) -> str | None:
    """Return HTML in its box, or None where the site does not show any raw."""
    if not settings["allow_html"]:
        return None
    html = _IMPORTED.sub(lambda match: match[1] + _imported(match[2], settings), html)
    html = _SOURCE.sub(lambda match: _sourced(match, settings), html)
    return rich_box(html, settings)


def rich_box(html: str, settings: ShowSettings) -> str:
    """Return HTML in a box that scrolls what is wide; also what is long, if it is a table."""
    html = whole(html)
    is_paper = made_for_paper(html)
    if not is_paper:
        html = _KNOWN.sub(lambda match: _UNLIKE.sub("", match[0]), _FRAME.sub(_framed, html))
    if not _APART.search(html):
        html = _SHEET.sub(_scoped, html)
    name, rows = settings["alt"] or "Result", sum(map(bool, _ROW.findall(html)))
    formulas = f" {SET}" if settings["allow_html"] else ""
    looks: dict[str, Any] = {"class_": f"chainrule-rich{formulas}"}
    if rows > MOST_LINES:
        name += f", {counted(rows, 'row')}"
        looks["class_"] += " chainrule-long"
    return scroll_box(name, html, **on_paper(looks) if is_paper else looks)


def on_paper(attributes: dict[str, Any]) -> dict[str, Any]:
    """Return an element's attributes where it stands on white paper, in the dark too."""
    return {**attributes, **PAPER, "class_": f"{attributes['class_']} chainrule-paper"}


def made_for_paper(html: str) -> bool:
    """Tell whether HTML names colours, and knows nothing of a dark scheme.

    Examples:
        >>> made_for_paper('<b style="color: navy">x</b>'), made_for_paper('<b style="color: inherit">x</b>')
        (True, False)
        >>> made_for_paper("<style>b { color: var(--ink, navy) }</style><b>x</b>")
        False
    """
    if "style" not in html:
        return False
    looks = " ".join(match[0] for match in _LOOKS.finditer(_SCRIPT.sub("", html)))
    return bool(_NAMED.search(looks)) and not _SCHEMED.search(looks)


def drawn_for_paper(svg: str) -> bool:
    """Tell whether an SVG knows nothing of a dark scheme: what names no colour is black."""
    return not _SCHEMED.search(svg)


def _scoped(match: re.Match[str]) -> str:
    sheet = match[2].replace(":root", "&")
    # Twice, since a theme's rules for prose name up to two classes.
    return f"{match[1]}.chainrule-rich.chainrule-rich {{{sheet}}}{match[3]}"


def _framed(match: re.Match[str]) -> str:
    return _UNLIKE.sub("", match[0]).replace("<table", '<table data-chainrule="frame"', 1)


def _imported(address: str, settings: ShowSettings) -> str:
    """Return the address of a module: where it begins with a name, a script takes that for a package's."""
    url = script_url(address, settings)
    return url if url.startswith((".", "/", "http")) else f"./{url}"


def _sourced(match: re.Match[str], settings: ShowSettings) -> str:
    """Return the start of a script with the address that the page has it from; another file has no seal."""
    head, quote, address, tail = match.groups()
    url = script_url(address, settings)
    if url != address:
        head, tail = _SEAL.sub("", head), _SEAL.sub("", tail)
    return f"{head}{quote}{url}{quote}{tail}"
