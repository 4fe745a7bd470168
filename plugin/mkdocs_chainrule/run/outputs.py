"""The Outputs of a session, with what the session read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from mkdocs_chainrule.block import Output

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mkdocs_chainrule.run.reads import Reads


class Outputs(tuple[Output, ...]):  # noqa: SLOT001 - a tuple has no room for a slot
    """One Output for each block of a session.

    Attributes:
        reads: What the session read while it ran; None unless it came to its end.
    """

    reads: Reads | None

    def __new__(cls, outputs: Iterable[Output], reads: Reads | None = None) -> Self:
        """Put Outputs and reads together."""
        self = super().__new__(cls, outputs)
        self.reads = reads
        return self
