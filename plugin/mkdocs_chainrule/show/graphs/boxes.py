"""What a node shows and how large it is: rows of text in a box, before anybody places it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from chainrule.graph import Summary
from mkdocs_chainrule.show.graphs.numbers import brief, full, is_cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.graph import Node
    from mkdocs_chainrule.show.graphs.layout import Size

LINE = 15
GAP = 3  # below the line under a name
SIDE, ENDS = 6, 8  # around the text: at each side; above and below together
ROUND = 28  # the diameter of an operation
LONGEST = 36  # characters of a row
# Tenths of a pixel that a character of 12 px takes, in a font as wide as themes are likely to have.
_ADVANCES = {
    **dict.fromkeys("iljtfrI.,:;'|![]()· ", 44),
    **dict.fromkeys("0123456789", 76),
    **dict.fromkeys("mwMW@%−+=<>…", 101),
}
_UPPER, _OTHER, _FULL = 88, 72, 130
PAPER = {"*": "·", "-": "−"}


class Box(NamedTuple):
    """A node where it stands: its middle, in whole pixels."""

    node: Node
    rows: tuple[str, ...]
    x: int
    y: int
    width: int
    height: int

    @property
    def left(self) -> int:
        """Its left side."""
        return self.x - self.width // 2

    @property
    def top(self) -> int:
        """Its upper side."""
        return self.y - self.height // 2


def rows(node: Node) -> tuple[str, ...]:
    """Return what a node shows, a line each: name, value, gradient; what is cut is whole in the tooltip."""
    return tuple(row if len(row) <= LONGEST else f"{row[: LONGEST - 1]}…" for row in _rows(node))


def _rows(node: Node) -> list[str]:
    if node.kind == "operation":
        sign = PAPER.get(node.label, node.label)
        return [sign if node.count == 1 else f"{sign} ×{node.count}"]
    texts = [node.title] if node.title else []
    if isinstance(node.data, Summary):
        texts += [part for part in (shape(node.data), spread(node.data)) if part]
    elif node.data is not None:
        texts.append(brief(node.data))
    if node.grad is not None:
        texts.append(f"∂ {spread(node.grad) if isinstance(node.grad, Summary) else brief(node.grad)}")
    return texts or [node.label]


def shape(data: Summary) -> str:
    """Return an array's shape as NumPy writes it."""
    return str(data.shape)


def spread(data: Summary) -> str:
    """Return between which numbers an array's elements lie; nothing where there are none.

    Examples:
        >>> spread(Summary((2,), -1.25, 0.0, 2.0)), spread(Summary((3,), 0.0, 0.0, 0.0))
        ('−1.25 … 2', 'all 0')
    """
    if 0 in data.shape:
        return ""
    least, most = brief(data.min, 3), brief(data.max, 3)
    return f"all {least}" if data.min == data.max else f"{least} … {most}"


def told(node: Node) -> str:
    """Return what a node says when it is asked: name, value and gradient with all their digits."""
    numbers = {"": node.data, "∂ ": node.grad}
    said = [node.title] if node.title else []
    for word, number in numbers.items():
        if isinstance(number, Summary):
            said.append(f"{word}{shape(number)} {spread(number)}".rstrip())
        elif number is not None:
            said.append(f"{word}{full(number)}")
    return ", ".join(said) or node.label


def hides(node: Node) -> bool:
    """Tell whether a node shows less than it knows."""
    is_short = any(isinstance(number, float) and is_cut(number) for number in (node.data, node.grad))
    return is_short or any(len(row) > LONGEST for row in _rows(node))


def size(node: Node, rows: Sequence[str]) -> Size:
    """Return the width and height that a node's rows take."""
    bold = _width(rows[0]) // 7 if node.title else 0
    width = max(bold + _width(rows[0]), *map(_width, rows)) + 2 * SIDE
    if node.kind == "operation":
        return max(width, ROUND), ROUND
    height = LINE * len(rows) + ENDS + GAP * is_ruled(node, rows)
    return max(width, 40) + 8 * (node.kind == "parameter"), height


def is_ruled(node: Node, rows: Sequence[str]) -> bool:
    """Tell whether a line parts the name from the numbers."""
    return bool(node.title) and len(rows) > 1


def _width(text: str) -> int:
    """Return the room that text takes in any font that a theme is likely to have."""
    return round(sum(map(_advance, text)) / 10)


def _advance(character: str) -> int:
    if character in _ADVANCES:
        return _ADVANCES[character]
    if unicodedata.east_asian_width(character) in "WF":
        return _FULL
    if unicodedata.combining(character):
        return 0
    return _UPPER if character.isupper() else _OTHER
