"""Few steps of many: what a chapter takes together, so that it has no more than forty steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mkdocs_chainrule.assets import words

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 40  # steps of a chapter
_TOLD = 4  # numbers of a stage


class Step(NamedTuple):
    """A step in words, and where it is."""

    sentence: str
    places: tuple[int, ...]


class Unit(NamedTuple):
    """What one operation does: its steps, and what is known after them."""

    steps: tuple[Step, ...]
    known: tuple[str, ...]


def staged(units: Sequence[Unit], word: str, most: int = MOST) -> list[Step]:
    """Return the steps of a chapter; where they are too many, one for an operation, or for several.

    Examples:
        >>> units = [Unit((Step(f"a = {n}.", (n,)),), (f"a = {n}",)) for n in range(5)]
        >>> [step.sentence for step in staged(units, "stageForward", most=3)][:2]
        ['Operations 1 to 2 of 5: a = 0, a = 1.', 'Operations 3 to 4 of 5: a = 2, a = 3.']
    """
    steps = [step for unit in units for step in unit.steps]
    if len(steps) <= most:
        return steps
    size = -(-len(units) // most)
    return [_stage(units, first, size, word) for first in range(0, len(units), size)]


def _stage(units: Sequence[Unit], first: int, size: int, word: str) -> Step:
    taken = units[first : first + size]
    steps = [step for unit in taken for step in unit.steps]
    places = tuple(place for step in steps for place in step.places)
    if len(taken) == 1:
        return Step(" ".join(step.sentence for step in steps), places)
    known = [each for unit in taken for each in unit.known]
    told = ", ".join(known[:_TOLD]) or words()["stageNothing"]
    if len(known) > _TOLD:
        told = words()["stageMore"].format(known=told, count=len(known) - _TOLD)
    gaps = {"first": first + 1, "last": first + len(taken), "all": len(units), "known": told}
    return Step(words()[word].format(**gaps), places)
