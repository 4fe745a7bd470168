"""Lines of a notebook that set up its pictures, `%matplotlib` and `%config`: a page does without them."""

from __future__ import annotations

import ast
import re

_PASSED_OVER = re.compile(r"([ \t]*)(%(?:matplotlib|config)\b.*)")
_MODE = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def as_python(source: str) -> str:
    r"""Return a source in which such lines are comments, and all others stand where they stood.

    Examples:
        >>> as_python("%matplotlib inline\nx = 1")
        '# %matplotlib inline\nx = 1'
        >>> as_python("x = '''\n%matplotlib inline'''")
        "x = '''\n%matplotlib inline'''"
    """
    if "%matplotlib" not in source and "%config" not in source:
        return source
    lines = source.split("\n")
    while (number := _line_at_fault("\n".join(lines), len(lines))) is not None:
        match = _PASSED_OVER.fullmatch(lines[number])
        if match is None:
            break
        # Alone in a suite, a comment would leave it empty.
        lines[number] = f"{match[1]}{'pass  ' if match[1] else ''}# {match[2]}"
    return "\n".join(lines)


def _line_at_fault(source: str, count: int) -> int | None:
    """Return the index of the first line that is no Python; None if all are."""
    try:
        compile(source, "", "exec", flags=_MODE, dont_inherit=True)
    except SyntaxError as error:
        return min(error.lineno or 1, count) - 1
    except ValueError:  # a null character
        return None
    return None
