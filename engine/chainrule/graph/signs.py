"""The signs that stand between operands: how strongly each holds them together, and how it is spoken.

Formulas and descriptions both read it. An operation says its sign in its row of primitives. Needs no NumPy.
"""

from __future__ import annotations

from typing import NamedTuple


class Sign(NamedTuple):
    """What is known of a sign between operands, besides what it computes."""

    strength: int
    spoken: str = ""


SIGNS = {
    "or": Sign(1),
    "and": Sign(2),
    "<": Sign(3),
    "<=": Sign(3),
    ">": Sign(3),
    ">=": Sign(3),
    "==": Sign(3),
    "+": Sign(4, "plus"),
    "-": Sign(4, "minus"),
    "*": Sign(5, "times"),
    "/": Sign(5, "divided by"),
    "@": Sign(5, "matrix times"),
    "**": Sign(7, "to the power of"),
}
MINUS = 6  # how strongly a minus before an operand holds: less than a power, more than a product
ATOM = 9  # how strongly a name or a call holds together
