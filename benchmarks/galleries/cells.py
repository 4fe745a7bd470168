"""The cells of an example: a script as sphinx-gallery reads it, or a notebook; prose becomes Markdown."""

from __future__ import annotations

import ast
import json
import re
from typing import NamedTuple

RULER = re.compile(r"# ?%%(.*)|#{20,}\s*")
HEADING = re.compile(r"""([=\-~^"'*+#])\1{2,}\s*""")
DIRECTIVE = re.compile(r"( *)\.\. ")
LINK = re.compile(r"`([^`<]+?)\s*<([^`>]+)>`_+")
ROLE = re.compile(r":[\w:.+-]+:`[~!]?([^`]+)`|``(.+?)``")
MAGIC = re.compile(r"^\s*[%!?].*$", re.MULTILINE)


class Cell(NamedTuple):
    """A part of an example."""

    is_code: bool
    text: str


def of_script(text: str) -> list[Cell]:
    """Return the cells of a script: rulers (`# %%`, `####…`) part them, comments below one are prose.

    Examples:
        >>> of_script('''"Title"\\nx = 1\\n# %%\\n# Words\\n# more\\n\\ny = x  # code\\n''')
        [Cell(is_code=False, text='Title'), Cell(is_code=True, text='x = 1'), \
Cell(is_code=False, text='Words\\nmore'), Cell(is_code=True, text='y = x  # code')]
    """
    title, lines = _docstring(text)
    cells, code, prose, is_below = [Cell(False, title)], [], [], False

    def end() -> None:
        cells.extend((Cell(False, "\n".join(prose)), Cell(True, "\n".join(code))))
        prose.clear()
        code.clear()

    for line in lines:
        if ruler := RULER.fullmatch(line):
            end()
            prose.append((ruler[1] or "").strip(" %"))
            is_below = True
        elif is_below and re.match(r"#( |$)", line):
            prose.append(line[2:])
        else:
            is_below = False
            code.append(line)
    end()
    return [Cell(is_code, text.strip("\n")) for is_code, text in cells if _says(is_code, text)]


def _docstring(text: str) -> tuple[str, list[str]]:
    """Return a script's docstring, and the lines behind it."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return "", text.splitlines()
    title, lines = ast.get_docstring(tree), text.splitlines()
    return (title, lines[tree.body[0].end_lineno :]) if title else ("", lines)


def _says(is_code: bool, text: str) -> bool:
    """Tell whether there is more than space and, in code, comments."""
    lines = [line.strip() for line in text.splitlines()]
    return any(line and not (is_code and line.startswith("#")) for line in lines)


def of_notebook(text: str) -> list[Cell]:
    """Return the cells of a notebook, without lines that only IPython knows."""
    cells = (
        (cell["cell_type"] == "code", "".join(cell["source"]).strip("\n"))
        for cell in json.loads(text)["cells"]
    )
    plain = ((is_code, MAGIC.sub("", text) if is_code else text) for is_code, text in cells)
    return [Cell(is_code, text) for is_code, text in plain if _says(is_code, text)]


def markdown(cells: list[Cell]) -> str:
    """Return a page: prose in Markdown, code in fences that run."""
    return "\n\n".join(_fence(cell.text) if cell.is_code else prose(cell.text) for cell in cells) + "\n"


def _fence(code: str) -> str:
    ticks = "`" * max(3, *(len(run) + 1 for run in re.findall("`{3,}", code)), 3)
    return f"{ticks}autograd\n{code}\n{ticks}"


def prose(text: str) -> str:
    """Return reStructuredText as Markdown, as far as words go: headings, code, links; directives are left out.

    Examples:
        >>> prose("Title\\n=====\\n\\nSee :func:`~a.b` or `this <x.org>`_.\\n\\n.. tags::\\n\\n   a\\n")
        '# Title\\n\\nSee `a.b` or [this](x.org).'
    """
    lines, kept, skipped = text.splitlines(), [], None
    for number, line in enumerate(lines):
        below = lines[number + 1] if number + 1 < len(lines) else ""
        indent = len(line) - len(line.lstrip())
        if skipped is not None and (not line.strip() or indent > skipped):
            continue
        skipped = None
        if directive := DIRECTIVE.match(line):
            skipped = len(directive[1])
        elif line.strip() and HEADING.fullmatch(below) and len(below.strip()) >= len(line.strip()):
            kept.append(f"{'#' if below[0] == '=' else '##'} {line.strip()}")
        elif not HEADING.fullmatch(line):
            kept.append(ROLE.sub(lambda m: f"`{m[1] or m[2]}`", LINK.sub(r"[\1](\2)", line)))
    return "\n".join(kept).replace("<", "&lt;").strip("\n")
