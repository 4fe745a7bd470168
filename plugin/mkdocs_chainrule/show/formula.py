r"""LaTeX that an object displays: its words are text, and its formulas are set when the site is built.

A formula becomes MathML, which browsers draw without a script. Where the site brings MathJax or KaTeX, and
where the library does not know a command, it is left as the arithmatex extension leaves it (`\[…\]`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from mkdocs_chainrule.show.literal import SET, literal
from mkdocs_chainrule.show.markup import element, escape, scroll_box

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs_chainrule.show.settings import ShowSettings

# Environments that are displays, and what they are inside a formula; nothing is numbered.
_DISPLAYS = {
    "align": "aligned",
    "alignat": "aligned",
    "flalign": "aligned",
    "eqnarray": "aligned",
    "gather": "gathered",
    "multline": "gathered",
    "equation": "",
    "displaymath": "",
    "math": "",
}
_FORMULA = re.compile(
    r"\$\$(?P<dollars>.+?)\$\$|\\\[(?P<brackets>.+?)\\\]|\\\((?P<round>.+?)\\\)"
    rf"|\\begin\{{(?P<environment>{'|'.join(_DISPLAYS)})(?P<star>\*?)\}}(?P<inside>.+?)"
    r"\\end\{(?P=environment)(?P=star)\}"
    r"|(?<!\\)\$(?P<dollar>(?:[^$\\]|\\.)+)\$",
    re.DOTALL,
)
_MATHS = re.compile(r"\\[A-Za-z]|[\^_]")  # without it, what has no formula is words
_DOCUMENT = re.compile(r"\\begin\{(?:center|document|figure|longtable|table|tabular|Verbatim)\*?\}")
# What the library does not know, or would print, and what says nothing here.
_SPELLINGS = (
    (re.compile(r"\\begin\{split\}"), r"\\begin{aligned}"),
    (re.compile(r"\\end\{split\}"), r"\\end{aligned}"),
    (re.compile(r"\\\\\[[\d.]+\s*[a-z]{2}\]"), r"\\\\"),
    (re.compile(r"\\substack\{([^{}\\]*)\}"), r"{\1}"),
    (re.compile(r"\\(?:require|label)\{[^{}]*\}|\\(?:nonumber|notag)\b"), ""),
)
_LEFT = f"arithmatex {SET}"
_STYLE = re.compile(r' style="([^"]*)"')
_CLASSES = {
    "text-align: left": "chainrule-left",
    "text-align: right": "chainrule-right",
    "border-top: 0.05em solid currentcolor": "chainrule-ruled",
    "border-right: 0.05em solid currentcolor": "chainrule-barred",
}


def show_latex(text: str, settings: ShowSettings) -> str | None:
    r"""Return LaTeX as HTML, or None if it is a document's: a table or a listing has no formula to set.

    Without `allow_html` nothing is left to scripts of the site, as their LaTeX holds links: what can be set
    here is.

    Examples:
        >>> from mkdocs_chainrule.show.settings import ShowSettings
        >>> show_latex("Half is $h$.", ShowSettings())
        '<p>Half is <math alttext="h"><mi>h</mi></math>.</p>'
    """
    if _DOCUMENT.search(text):
        return None
    if settings["allow_html"]:
        return _shown(text.strip(), settings)
    shown = _shown(text.strip(), replace(settings, sets_formulas=True))
    return shown if _LEFT not in shown else None


def _shown(text: str, settings: ShowSettings) -> str:
    found = list(_FORMULA.finditer(text))
    if not found and _MATHS.search(text):
        return _display(text, settings)
    if len(found) == 1 and found[0][0] == text:  # as SymPy writes what stands alone
        return _display(_inside(found[0]), settings)
    return "".join(_paragraphs(text, found, settings))


def _paragraphs(text: str, found: list[re.Match[str]], settings: ShowSettings) -> Iterator[str]:
    line, end = "", 0
    for match in found:
        line += _words(text[end : match.start()])
        end = match.end()
        if match["dollar"] or match["round"]:
            line += _set(_inside(match), settings, is_display=False)
        else:
            yield from _lines(line)
            yield _display(_inside(match), settings)
            line = ""
    yield from _lines(line + _words(text[end:]))


def _words(text: str) -> str:
    return literal(escape(text.replace(r"\$", "$"), quote=False))


def _lines(text: str) -> Iterator[str]:
    return (element("p", part.strip()) for part in re.split(r"\n\s*\n", text) if part.strip())


def _inside(match: re.Match[str]) -> str:
    """Return a formula without what says where it begins and ends."""
    name, inside = match["environment"], match["inside"]
    if name is None:
        return str(match["dollars"] or match["brackets"] or match["round"] or match["dollar"]).strip()
    if name == "alignat":
        inside = re.sub(r"^\{\d+\}", "", inside)
    if name == "eqnarray":
        inside = re.sub(r"&\s*(=|[<>]|\\[a-z]+)\s*&", r"&\1", inside)
    return rf"\begin{{{_DISPLAYS[name]}}}{inside}\end{{{_DISPLAYS[name]}}}" if _DISPLAYS[name] else inside


def _display(formula: str, settings: ShowSettings) -> str:
    shown = _set(formula.strip(), settings, is_display=True)
    return scroll_box("Formula", shown, class_="chainrule-formula") if "<math" in shown else shown


def _set(formula: str, settings: ShowSettings, *, is_display: bool) -> str:
    mathml = _mathml(formula, settings, is_display=is_display) if settings.sets_formulas else None
    if mathml is not None:
        return mathml
    if is_display:
        return element("div", escape(rf"\[{formula}\]", quote=False), class_=_LEFT)
    return element("span", escape(rf"\({formula}\)", quote=False), class_=_LEFT)


def _mathml(formula: str, settings: ShowSettings, *, is_display: bool) -> str | None:
    from math_core import LatexError, LatexToMathML  # noqa: PLC0415 - few pages hold formulas of objects

    spelled = formula
    for pattern, instead in _SPELLINGS:
        spelled = pattern.sub(instead, spelled)
    try:
        mathml = LatexToMathML(fancy_error=False).convert_with_local_state(spelled, displaystyle=is_display)
    except LatexError as error:
        said = str(error).partition(": ")[2].rstrip(".")
        settings.remark(
            f"a formula is shown as LaTeX, since MathML cannot be made of it ({said}): write it otherwise, "
            "or let the site bring MathJax or KaTeX"
        )
        return None
    plain = _STYLE.sub(_by_class, mathml).replace("&ApplyFunction;", "\u2061")
    return plain.replace("<math", f'<math alttext="{escape(formula)}"', 1)


def _by_class(match: re.Match[str]) -> str:
    """Return a style as a class or an attribute, which any content security policy lets through."""
    declared = [part.strip() for part in match[1].split(";")]
    colour = next((part.partition(":")[2].strip() for part in declared if part.startswith("color:")), "")
    classes = " ".join(_CLASSES[part] for part in declared if part in _CLASSES)
    return (f' class="{classes}"' if classes else "") + (f' mathcolor="{colour}"' if colour else "")
