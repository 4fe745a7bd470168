"""What bears on running a block, read from its options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mkdocs_chainrule.options import DEFAULTS

if TYPE_CHECKING:
    from mkdocs_chainrule.session.block import Block


@dataclass(frozen=True, slots=True)
class Limits:
    """The running options of one block."""

    timeout: float
    memory: int
    max_output: int
    on_error: Literal["stop", "continue"]
    seed: int | None
    run: bool
    expect: str | None


def limits(block: Block) -> Limits:
    """Return the running options of a block; those that it does not name have their defaults."""
    return Limits(**{name: block.options.get(name, DEFAULTS[name]) for name in Limits.__slots__})
