"""Heads of fences that were meant to run and do not: `Autograd`, `{autograd}`, `on-error=`, `exec="on"`.

SuperFences takes some of them for code of a language that it does not know, and passes over others without a
word. What is said of a head holds the whole line as it would be right. Whether a plugin of the site takes the
fence is for the reader to know: nothing is told of one.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

OPENING = re.compile(
    r"[ \t>]*(?P<fence>`{3,}|~{3,})[ \t]*(?:\.?autograd(?![\w#.+-])|\{[^\n]*\.autograd(?![\w-]))"
)
_HEADS = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})[ \t]*[^\s`~][^\n`]*$", re.MULTILINE)
_HEAD = re.compile(
    r"[ \t>]*(?P<fence>`{3,}|~{3,})[ \t]*(?P<brace>\{?)[ \t]*\.?(?P<name>[\w#.+-]+)(?P<rest>[^`\n]*)"
)
_WHOLE_HEAD = re.compile(r"""(`{3,}|~{3,})[ \t]*[\w-]+(?:[ \t]+[\w-]+=(?:"[^"]*"|'[^']*'))*[ \t]*""")
_OPTION = re.compile(
    r"""([A-Za-z][\w-]*)[ \t]*=[ \t]*"""
    r"""(?:("[^"]*"|'[^']*')|[“”„]([^“”"]*)[“”]|([^\s"'{},“”]+))[ \t]*(?:,[ \t]*)?"""
)
_BARE = re.compile(r"""(?<![\w=."'-])\.?(?:autograd|python3?|py)(?![\w=."'-])[ \t]*""")
_AUTOGRAD = re.compile(r"(?<![\w=-])\.?autograd(?![\w=-])")
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_EXEC = re.compile(r"""(?<![\w-])exec[ \t]*=[ \t]*["']?(?!(?:no|off|false|0)\b)\w+["']?""", re.IGNORECASE)
_PYTHON = {"python", "python3", "py", "ipython", "pycon"}
_LIKENESS = 0.85  # of `autogard` and `autogrd`; no language that Pygments knows comes near


def holds_heads(text: str) -> bool:
    """Tell whether a page has anything of ours, or a head that may have been meant for us."""
    return "autograd" in text or any(slip(head[0]) for head in _HEADS.finditer(text))


def is_meant(line: str) -> bool:
    """Tell whether a line is a fence's head that is for us, or was meant to be."""
    return bool(OPENING.match(line) or slip(line))


@lru_cache(maxsize=1024)
def slip(line: str) -> str:
    """Return what to write instead of a fence's head that is nearly one of ours; nothing for any other.

    Examples:
        >>> slip("```Autograd timeout=2")
        'this fence does not run: write ```autograd timeout="2"'
        >>> slip("```autograd"), slip("```python")
        ('', '')
    """
    head = _HEAD.match(line)
    if head is None:
        return ""
    name, rest = head["name"], head["rest"]
    own = f"{head['fence']}autograd"
    unquoted = _QUOTED.sub("", rest)
    if name == "autograd":
        is_dead = bool(head["brace"]) and not OPENING.match(line)
        return _told(own, rest) if is_dead else ""
    if _is_meant(name) or (name.lower() in _PYTHON and _AUTOGRAD.search(unquoted)):
        return _told(own, rest)
    if found := _EXEC.search(rest):
        why = f"this fence does not run, since no plugin of this site takes {found[0]}"
        if name.lower() in _PYTHON:
            return f"{why}: write {own}, or list markdown-exec in mkdocs.yml"
        return f"{why}: leave it out, or list markdown-exec in mkdocs.yml"
    return ""


def _is_meant(name: str) -> bool:
    letters = re.sub(r"[^a-z]", "", name.lower())
    if letters in {"autograd", "chainrule"}:
        return True
    return SequenceMatcher(None, letters, "autograd").ratio() >= _LIKENESS


def _told(own: str, rest: str) -> str:
    options = _repaired(_BARE.sub("", _EXEC.sub("", rest.replace("}", "").lstrip(", \t"))))
    return f"this fence does not run: write {own} {options}".rstrip()


def _repaired(text: str) -> str:
    """Return a head, or its options, with names and values as they are to be written."""

    def write(match: re.Match[str]) -> str:
        name, quoted, curly, bare = match.groups()
        value = quoted or f'"{curly if bare is None else bare}"'
        return f"{name.replace('-', '_')}={value} "

    return _OPTION.sub(write, text).strip()


def dropped_head(head: str, loss: str = "this is not read as a fence") -> str:
    """Return what comes of a fence's head that SuperFences passes over without a word, and what to write.

    Examples:
        >>> print(dropped_head("```autograd timeout=2"))
        this is not read as a fence, since values must be quoted: write ```autograd timeout="2"
        >>> print(dropped_head('```autograd on-error="continue"'))
        this is not read as a fence, since options have no hyphen: write ```autograd on_error="continue"
    """
    head = head.strip(" \t>")
    if whole := _WHOLE_HEAD.fullmatch(head):
        if "-" not in _QUOTED.sub("", head):
            return f"{loss}, since it is never closed: end it with a line of {whole[1]}, indented as it is"
        why = "options have no hyphen"
    elif any(option[4] for option in _OPTION.finditer(head)):
        why = "values must be quoted"
    elif any(option[3] for option in _OPTION.finditer(head)):
        why = "quotes are straight"
    elif "," in _QUOTED.sub("", head):
        why = "only spaces stand between options"
    else:
        return f'{loss}: write the options of {head} as name="value", with spaces between them'
    return f"{loss}, since {why}: write {_repaired(head)}"
