"""A page's code as one Python file that runs: its blocks in order, each a cell of the percent format.

Editors and Jupytext read a line of `# %%` as the head of a cell. A block is written as it stands on the page,
hidden lines and all; only one that must fail is caught, so that those behind it run.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from typing import TYPE_CHECKING

from mkdocs_chainrule.session.block import limits
from mkdocs_chainrule.session.notebook import as_python

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mkdocs_chainrule.session.block import Block

_DISPLAY = re.compile(r"\bdisplay\(")
_OWN_DISPLAY = """# %%
try:
    display
except NameError:  # a notebook has its own

    def display(*objects, **_):
        print(*objects)
"""


def script(title: str, blocks: Iterable[Block]) -> str:
    """Return the code of a page, but for inline expressions; nothing if none of its blocks runs."""
    fences = [block for block in blocks if block.kind == "fence" and limits(block).run]
    if not fences:
        return ""
    head = f"# {' '.join(title.split())}\n"
    own_display = [_OWN_DISPLAY] if any(_DISPLAY.search(block.source) for block in fences) else []
    return "\n".join([head, *own_display, *map(_cell, fences)])


def _cell(block: Block) -> str:
    head = f"# %% {block.place}\n"
    options = limits(block)
    if options.seed is not None:
        head += f"# On the page, random numbers start from {options.seed} here.\n"
    if options.expect:
        return head + _caught(as_python(block.source), options.expect)
    return head + as_python(block.source).rstrip("\n") + "\n"


def _caught(source: str, expected: str) -> str:
    """Let a block fail as it must; one that cannot be read at all becomes a comment."""
    lines = source.rstrip("\n").split("\n")
    try:
        ast.parse(source)
    except SyntaxError:
        return "".join(f"# {line}\n" for line in lines) + f"# {expected}, as the page shows\n"
    inside = set(_inside_strings(source))
    body = "".join(
        f"{'' if number in inside or not line else '    '}{line}\n" for number, line in enumerate(lines, 1)
    )
    caught = f"except BaseException as error:  # {expected}, as the page shows"
    return f"try:\n{body}{caught}\n    print(repr(error))\n"


def _inside_strings(source: str) -> Iterator[int]:
    """Yield the lines that begin inside a string, where an indent would be part of it."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.STRING or tokenize.tok_name[token.type].startswith("FSTRING"):
            yield from range(token.start[0] + 1, token.end[0] + 1)
