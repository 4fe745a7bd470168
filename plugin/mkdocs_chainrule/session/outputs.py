"""The Outputs of a session, with what they came from."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from mkdocs_chainrule.session.block import Output
from mkdocs_chainrule.session.data import digest, to_data

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mkdocs_chainrule.session.reads import Reads
    from mkdocs_chainrule.store.entry import Entry


class Outputs(tuple[Output, ...]):  # noqa: SLOT001 - a tuple has no room for a slot
    """One Output for each block of a session.

    Attributes:
        reads: What the session read while it ran; None unless it ran just now, and came to its end.
        origin: The entry of Outputs that were kept; None for those of a session that ran just now.
    """

    reads: Reads | None
    origin: Entry | None

    @functools.cached_property
    def digest(self) -> str:
        """What tells these Outputs from any others; not the time that they took."""
        return digest([to_data(replace(output, seconds=0.0)) for output in self])

    def __new__(
        cls,
        outputs: Iterable[Output],
        reads: Reads | None = None,
        origin: Entry | None = None,
        digest: str | None = None,
    ) -> Self:
        """Put Outputs together with what is known of them."""
        self = super().__new__(cls, outputs)
        self.reads, self.origin = reads, origin
        if digest is not None:
            self.digest = digest
        return self
