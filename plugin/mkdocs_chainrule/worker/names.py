"""Which names a statement gives to things, and which a loop binds anew at each turn, and so name nothing."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_OWN_SCOPE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def bound(statement: ast.stmt) -> dict[str, bool]:
    """Return the names that a statement of a module binds, each with whether a loop binds it.

    Examples:
        >>> bound(ast.parse("for i, x in xs: y = x").body[0])
        {'i': True, 'x': True, 'y': False}
    """
    return dict(_bound(statement))


def _bound(node: ast.AST) -> Iterator[tuple[str, bool]]:
    for name, child in ast.iter_fields(node):
        for part in child if isinstance(child, list) else [child]:
            is_loop = name == "target" and isinstance(node, (ast.For, ast.AsyncFor))
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                yield part.id, is_loop
            elif is_loop:
                yield from ((each, True) for each, _ in _bound(part))
            elif isinstance(part, ast.AST) and not isinstance(part, (*_OWN_SCOPE, *_COMPREHENSIONS)):
                yield from _bound(part)
