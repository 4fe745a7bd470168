"""Inline code: an expression, and behind it what the braces of an f-string take: `=`, `!r`, `:.3f`.

It is no f-string underneath: Python 3.11 has none that hold a backslash, a lambda or the quotes that are
around them, and its errors speak of f-strings to an author who wrote none.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, cast

from mkdocs_chainrule.worker.source import at_place, remember

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType

    from mkdocs_chainrule.session.block import Block

# What an expression is made of, as far as it matters where it ends; a string hides all that it holds.
_TOKEN = re.compile(
    r"""(?P<string>'{3}(?:\\.|[^\\])*?'{3}|"{3}(?:\\.|[^\\])*?"{3}|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<lambda>\blambda\b)|!=|(?P<end>[!:])|.",
    re.DOTALL,
)
_FIELD = re.compile(r"(?P<conversion>!\s*(?P<how>\w*)\s*)?(?P<format>:.*)?", re.DOTALL)
_DEBUG = re.compile(r"(?<![=!<>:])=\s*$")
_CONVERSIONS = {"s": ord("s"), "r": ord("r"), "a": ord("a")}


def compile_inline(block: Block, flags: int = 0) -> CodeType:
    """Compile inline code to what gives its text; where it awaits, to a coroutine.

    Raises:
        SyntaxError: With the place of the inline code.
    """
    try:
        tree = ast.Expression(ast.JoinedStr(list(_field(block.source, flags))))
    except SyntaxError as error:
        raise at_place(error, (block.place,), 1, block.source) from None
    line = block.place.line or 1
    place = ast.Constant(0, lineno=line, end_lineno=line, col_offset=0, end_col_offset=0)
    for node in ast.walk(tree):
        if isinstance(node, ast.expr | ast.keyword | ast.arg):
            ast.copy_location(node, place)
    remember(block, (block.place,))
    mode = flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    return cast("CodeType", compile(tree, block.place.file, "eval", flags=mode, dont_inherit=True))


def _field(source: str, flags: int) -> Iterator[ast.expr]:
    """Yield the parts of one value with its format, as the syntax tree of an f-string has them."""
    end = _end(source)
    match = _FIELD.fullmatch(source[end:])
    if match is None or (match["conversion"] and match["how"] not in _CONVERSIONS):
        raise SyntaxError("after ! inline code takes r, s or a, and after that a colon and its format")
    text, form = source[:end], match["format"]
    conversion = _CONVERSIONS.get(match["how"] or "", -1)
    if debug := _DEBUG.search(text):
        yield ast.Constant(text)
        text = text[: debug.start()]
        conversion = ord("r") if conversion == -1 and form is None else conversion
    spec = None if form is None else ast.JoinedStr(list(_spec(form[1:], flags)))
    yield ast.FormattedValue(_expression(text, flags), conversion, spec)


def _end(source: str) -> int:
    """Return where the expression ends: at a `!` or a colon that stands in no brackets and is no lambda's."""
    depth = lambdas = 0
    for token in _TOKEN.finditer(source):
        kind = token.lastgroup
        depth += (kind == "open") - (kind == "close")
        if depth < 0:
            raise SyntaxError(f"unmatched '{token[0]}'")
        lambdas += kind == "lambda" and not depth
        if kind == "end" and not depth:
            if token[0] == "!" or not lambdas:
                return token.start()
            lambdas -= 1
    return len(source)


def _spec(source: str, flags: int) -> Iterator[ast.expr]:
    """Yield the parts of a format: text, and in braces values of its own."""
    while source:
        text, brace, rest = source.partition("{")
        if text:
            yield ast.Constant(text)
        if not brace:
            return
        inner = _closing(rest)
        yield from _field(rest[:inner], flags)
        source = rest[inner + 1 :]


def _closing(source: str) -> int:
    depth = 1
    for token in _TOKEN.finditer(source):
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        if not depth:
            return token.start()
    raise SyntaxError("'{' was never closed")


def _expression(source: str, flags: int) -> ast.expr:
    if not source.strip():
        raise SyntaxError("inline code holds one expression, and after a colon its format")
    mode = flags | ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    # The brackets let it go over several lines; the line's end ends a comment.
    tree = compile(f"({source}\n)", "", "eval", flags=mode, dont_inherit=True)
    assert isinstance(tree, ast.Expression)
    return tree.body
