"""What is kept of a session: its Outputs, and what they came from.

Store and freeze keep the same entries. To answer one, the freeze wants what it came from to be as it was; the
store wants the same versions too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from mkdocs_chainrule.options import OPTIONS
from mkdocs_chainrule.session.block import Block, Output, Outputs, Session
from mkdocs_chainrule.session.data import digest
from mkdocs_chainrule.session.failures import is_expected
from mkdocs_chainrule.store.around import Surroundings
from mkdocs_chainrule.store.inputs import Inputs, take

_RUNNING = sorted({option.name for option in OPTIONS if option.affects == "run"} - {"cache"})


@dataclass(frozen=True, slots=True)
class Entry:
    """Outputs that are kept, as plain data.

    Attributes:
        blocks: What tells each block from any other that does something else.
        inputs: What the session's sources do not show.
        environment: The versions under which it ran.
        outputs: One for each block; the time that they took is not kept.
    """

    page: str
    blocks: tuple[str, ...]
    inputs: Inputs
    environment: Mapping[str, str]
    outputs: tuple[Output, ...]

    def __post_init__(self) -> None:
        if len(self.blocks) != len(self.outputs):
            raise ValueError("of another number of blocks")


def entry_of(session: Session, outputs: Outputs, around: Surroundings) -> Entry | None:
    """Return what is to be kept of a session; None if a block failed, or a file changed while it was read."""
    if has_failed(session, outputs):
        return None
    if outputs.origin is not None or outputs.reads is None:
        return outputs.origin
    inputs = take(session, outputs, outputs.reads, around)
    if inputs is None:
        return None
    versions = around.versions.of(outputs.reads.packages, outputs.reads.distributions)
    kept = tuple(replace(output, seconds=0.0) for output in outputs)
    return Entry(session.page, block_digests(session.blocks), inputs, versions, kept)


def block_digests(blocks: Iterable[Block]) -> tuple[str, ...]:
    """Return a digest for each block of what bears on what it does: its kind, source and running options."""
    return tuple(map(_block_digest, blocks))


def _block_digest(block: Block) -> str:
    options = [[name, block.options[name]] for name in _RUNNING if name in block.options]
    return digest([block.kind, block.source, options])[:16]


def has_failed(session: Session, outputs: Iterable[Output]) -> bool:
    """Tell whether a block failed that was not to fail."""
    pairs = zip(session.blocks, outputs, strict=True)
    return any(output.failure and not is_expected(block, output.failure) for block, output in pairs)
