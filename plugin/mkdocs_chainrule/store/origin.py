"""What a session's Outputs came from, and whether it is still as it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mkdocs_chainrule.session.failures import is_expected
from mkdocs_chainrule.store import inputs as inputs_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mkdocs_chainrule.session.block import Session
    from mkdocs_chainrule.session.outputs import Outputs
    from mkdocs_chainrule.session.versions import Versions
    from mkdocs_chainrule.store.inputs import Inputs, Surroundings


@dataclass(frozen=True, slots=True)
class Origin:
    """What Outputs came from, as plain data.

    Attributes:
        inputs: What the session's sources do not show.
        environment: The versions under which it ran.
    """

    inputs: Inputs
    environment: Mapping[str, str]


def origin_of(session: Session, outputs: Outputs, around: Surroundings, versions: Versions) -> Origin | None:
    """Return what Outputs came from, or None if they are not to be kept.

    They are not if a block failed, or if a file that the session read changed while it ran.
    """
    if has_failed(session, outputs):
        return None
    if outputs.origin is not None or outputs.reads is None:
        return outputs.origin
    inputs = inputs_of.take(session, outputs, outputs.reads, around)
    return None if inputs is None else Origin(inputs, versions.of(outputs.reads.packages))


def changed_versions(origin: Origin, versions: Versions) -> Iterator[str]:
    """Yield the names of distributions that are not what they were."""
    for name, version in origin.environment.items():
        if (versions.get(name) or "") != version:
            yield name


def has_failed(session: Session, outputs: Outputs) -> bool:
    """Tell whether a block failed that was not to fail."""
    pairs = zip(session.blocks, outputs, strict=True)
    return any(
        output.failure is not None and not is_expected(block, output.failure) for block, output in pairs
    )
