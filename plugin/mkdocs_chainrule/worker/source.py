"""A block's source as code that carries the names and the lines of its page.

Each statement is compiled by itself: so a worker can note where it stands, and a statement that was
included carries the name of its own file. `linecache` gets the lines of each file as far as blocks show
them, dedented, at their place: tracebacks, warnings and `inspect.getsource` read them there.
"""

from __future__ import annotations
import __future__

import ast
import linecache
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from mkdocs_chainrule.session.notebook import as_python
from mkdocs_chainrule.worker.names import bound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import CodeType

    from mkdocs_chainrule.session.block import Block, Place

_SEMICOLON = re.compile(r"[\s)]*;")
_FUTURES = sum({getattr(__future__, name).compiler_flag for name in __future__.all_feature_names})


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a block.

    Attributes:
        code: What runs.
        place: Its first line.
        shown: Whether its value is shown: a last expression without a semicolon behind it.
        bound: The names that it binds, each with whether a loop binds it.
    """

    code: CodeType
    place: Place
    shown: bool
    bound: Mapping[str, bool]


def compile_fence(block: Block, flags: int = 0) -> tuple[list[Statement], int]:
    """Compile a fence under the `from __future__` features of the session so far.

    Returns:
        Its statements, and the features for the blocks after it.

    Raises:
        SyntaxError: With the file and line of the page.
    """
    lines = block.places
    remember(block, lines)
    source = as_python(block.source)
    tree = _parse(source, lines, flags)
    shown = _last_shown(source, tree)
    statements = []
    for node in tree.body:
        place = lines[_first_line(node) - 1]
        names = bound(node)
        code = _place(node, lines, place.file, flags, as_value=node is shown)
        flags |= code.co_flags & _FUTURES
        statements.append(Statement(code, place, node is shown, names))
    return statements, flags


def _parse(source: str, lines: tuple[Place, ...], flags: int) -> ast.Module:
    mode = flags | ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        tree = compile(source, lines[0].file, "exec", flags=mode, dont_inherit=True)
    except SyntaxError as error:
        number = min(error.lineno or 1, len(lines))
        text = "".join(source.splitlines()[number - 1 : number])
        raise at_place(error, lines, number, text) from None
    assert isinstance(tree, ast.Module)
    return tree


def at_place(error: SyntaxError, lines: tuple[Place, ...], number: int, text: str) -> SyntaxError:
    """Return an error as it is at its place: with the file and line of the page."""
    place = lines[number - 1]
    return type(error)(_renumber(error.msg, lines, number), (*place, error.offset, text))


def _renumber(message: str, lines: tuple[Place, ...], number: int) -> str:
    """Return Python's message with the lines that it names as they are in their file."""

    def in_file(match: re.Match[str]) -> str:
        line = lines[min(int(match[0]), len(lines)) - 1].line
        return match[0] if line is None else str(line)

    message = message.replace(f" (detected at line {number})", "")  # which is said already
    return re.sub(r"(?<=(?:on|at) line )\d+", in_file, message)


def _place(node: ast.stmt, lines: tuple[Place, ...], file: str, flags: int, *, as_value: bool) -> CodeType:
    """Compile a statement under the name and the numbers of its lines.

    A statement that is partly included has lines of two files, but a code object has one name. So each
    function gets the name of the file that most of its lines come from.
    """
    files = {place.file for place in lines[node.lineno - 1 : node.end_lineno]}
    numbered = None if len(files) == 1 else _compile(node, file, flags, as_value=as_value)
    _move(node, lines)
    code = _compile(node, file, flags, as_value=as_value)
    return code if numbered is None else _rename(code, numbered, lines)


def _rename(code: CodeType, numbered: CodeType, lines: tuple[Place, ...]) -> CodeType:
    """Return `code` with file names according to `numbered`, the same code in the numbers of its block."""
    numbers = [number for *_, number in numbered.co_lines() if number]
    inner = [number for number in numbers if number != numbered.co_firstlineno] or numbers
    files = [lines[number - 1].file for number in inner]
    constants = tuple(
        _rename(ours, theirs, lines) if isinstance(ours, type(code)) else ours
        for ours, theirs in zip(code.co_consts, numbered.co_consts, strict=True)
    )
    return code.replace(co_filename=max(files, key=files.count), co_consts=constants)


def _compile(node: ast.stmt, file: str, flags: int, *, as_value: bool) -> CodeType:
    mode = flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    if as_value and isinstance(node, ast.Expr):
        code = compile(ast.Expression(node.value), file, "eval", flags=mode, dont_inherit=True)
    else:
        code = compile(ast.Module([node], []), file, "exec", flags=mode, dont_inherit=True)
    return cast("CodeType", code)


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _last_shown(source: str, tree: ast.Module) -> ast.stmt | None:
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr) or last.end_lineno is None or last.end_col_offset is None:
        return None
    rest = source.splitlines()[last.end_lineno - 1].encode()[last.end_col_offset :].decode()
    return None if _SEMICOLON.match(rest) else last


def _move(statement: ast.stmt, lines: tuple[Place, ...]) -> None:
    """Give the nodes of a statement the numbers that their lines have in their file."""
    node: Any  # most have lines, and no class in common that says so
    for node in ast.walk(statement):
        if hasattr(node, "lineno"):
            first, last = node.lineno, node.end_lineno or node.lineno
            node.lineno = lines[first - 1].line or first
            node.end_lineno = max(lines[last - 1].line or last, node.lineno)
            if node.end_lineno == node.lineno:  # in the number of another file the end may seem to come first
                node.end_col_offset = max(node.end_col_offset or 0, node.col_offset)


def remember(block: Block, lines: tuple[Place, ...]) -> None:
    """Put the block's lines where Python looks for the source of a file."""
    for place, text in zip(lines, block.source.split("\n"), strict=False):
        if place.line is None:
            continue
        entry = linecache.cache.get(place.file)
        known: list[str] = entry[2] if entry and len(entry) == 4 and entry[1] is None else []
        known += ["\n"] * (place.line - len(known))
        known[place.line - 1] = f"{text}\n"
        linecache.cache[place.file] = (0, None, known, place.file)
