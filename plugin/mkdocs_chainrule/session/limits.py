"""What bears on running a block, read from its options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from mkdocs_chainrule.session.block import Block


@dataclass(frozen=True, slots=True)
class Limits:
    """The running options of one block, each with its default."""

    timeout: float = 30.0
    memory: int = 2048
    max_output: int = 1 << 20
    on_error: Literal["stop", "continue"] = "stop"
    seed: int | None = None
    run: bool = True
    expect: str | None = None


def limits(block: Block) -> Limits:
    """Return the running options of a block; those that it does not name have their defaults."""
    given = {name: block.options[name] for name in Limits.__slots__ if name in block.options}
    return Limits(**given)
