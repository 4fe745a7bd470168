"""Tables of text, aligned for a terminal or in Markdown; `sides` has for each column where its cells lean."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Cells = Sequence[str]

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")  # exponents, as on paper


def aligned(rows: Sequence[Cells], sides: str) -> str:
    """Return rows as lines, the columns two spaces apart.

    Examples:
        >>> print(aligned([("input", "at"), ("a", "-3.5")], "<>"))
        input    at
        a      -3.5
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(f"{cell:{side}{width}}" for cell, side, width in zip(row, sides, widths, strict=True))
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def markdown(head: Cells, rows: Iterable[Cells], sides: str) -> str:
    """Return rows below a head as a table in Markdown.

    Examples:
        >>> print(markdown(("input", "at"), [("a", "-3.5")], "<>"))
        | input | at |
        |---|---:|
        | a | -3.5 |
    """
    rule = "|".join("---:" if side == ">" else "---" for side in sides)
    return "\n".join([_line(head), f"|{rule}|", *map(_line, rows)])


def number(value: float, digits: int) -> str:
    r"""Return a number as a reader wants it: so many digits, and a true minus.

    Examples:
        >>> number(1.4999999, 4), number(-2, 4) == "\N{MINUS SIGN}2"
        ('1.5', True)
    """
    return f"{value:.{digits}g}".replace("-", "\N{MINUS SIGN}")


def _line(cells: Cells) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"
