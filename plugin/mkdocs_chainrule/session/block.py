"""The vocabulary: what goes to a worker and what comes back, as plain data.

A `Block` is one fence or inline expression. A `Session` is the blocks of a page, in page order. A worker
answers a session with one `Output` for each block. All of it survives `to_data` and `from_data`, because it
crosses a process boundary, rests in the store and is committed in a freeze.
"""

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self

from mkdocs_chainrule.options import DEFAULTS
from mkdocs_chainrule.session.data import digest, to_data

if TYPE_CHECKING:
    from mkdocs_chainrule.session.reads import Reads
    from mkdocs_chainrule.store.entry import Entry

GRAPH = "application/vnd.chainrule.graph+json"  # the type that a graph shows itself by
FRAMES = "application/vnd.chainrule.frames+json"  # that of an animation
REPLAY = "application/vnd.chainrule.replay+json"  # that of what changes while a program runs
CAPTION = "application/vnd.chainrule.caption"  # where metadata has what `display` was told of an object

Kind = Literal["exception", "timeout", "memory", "crash", "skipped", "unrun", "unshown"]

_HIDDEN = re.compile(r"#[ \t]*hide[ \t]*$")


class Place(NamedTuple):
    """A line of a file, as an author writes it: `docs/page.md:12`.

    Attributes:
        file: Path from the folder of mkdocs.yml, with forward slashes.
        line: Line number from 1, or None where it cannot be known (a fence that another plugin pasted in).
    """

    file: str
    line: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Block:
    """One fence or inline expression.

    Attributes:
        source: The code, dedented, as it runs.
        place: The line that opens the fence, or that holds the expression.
        lines: Where each line of `source` stands; lines of an included file carry that file's name.
        options: The options that this fence sets, validated and typed (`options.py`).
    """

    source: str
    kind: Literal["fence", "inline"]
    place: Place
    lines: tuple[Place, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def places(self) -> tuple[Place, ...]:
        """Where each line of the source stands, also where only its beginning is known."""
        count = self.source.count("\n") + 1
        return self.lines[:count] + (self.place,) * (count - len(self.lines))


def is_hidden(line: str) -> bool:
    """Tell whether a line of code runs and is not shown.

    Examples:
        >>> is_hidden("import numpy as np  # hide"), is_hidden("hide = 1")
        (True, False)
    """
    return bool(_HIDDEN.search(line))


@dataclass(frozen=True, slots=True)
class Session:
    """The blocks of a page that share a namespace, in page order."""

    page: str
    blocks: tuple[Block, ...]

    @property
    def places(self) -> frozenset[Place]:
        """Where all its lines stand, those included that open a fence."""
        return frozenset(place for block in self.blocks for place in (block.place, *block.places))


@dataclass(frozen=True, slots=True)
class Stream:
    """Text that a block wrote: to "stdout" or to "stderr" (warnings and logging too)."""

    name: Literal["stdout", "stderr"] = field(metadata={"key": "stream"})
    text: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """One displayed object: its representations by MIME type, as in Jupyter's display protocol.

    `image/png` is base64 text; types that end in `json` hold JSON data, all others text.
    """

    data: Mapping[str, Any]
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for mime, content in self.data.items():
            if not (isinstance(content, str) or holds_json(mime)):
                raise ValueError(f"{content!r:.40} is no text, as {mime} has to be")


@dataclass(frozen=True, slots=True)
class Missing:
    """What a block showed and a page does not hold.

    Attributes:
        note: What stands in its place: `cut after 1 MiB`.
        why: The same for the author, with what to do about it.
        is_result: Whether it is an object, and not only the end of a long text: a strict build fails then.
    """

    note: str = field(metadata={"key": "missing"})
    why: str
    is_result: bool = True


def holds_json(mime: str) -> bool:
    """Tell whether representations of a type are JSON data; all others are text."""
    return mime.endswith("json")


class Frame(NamedTuple):
    """One frame of a traceback that is the author's own: where, in which function, and the code line."""

    file: str
    line: int | None
    function: str
    code: str

    @property
    def place(self) -> Place:
        """The line that it stands at."""
        return Place(self.file, self.line)


class Detail(NamedTuple):
    """What belongs to an exception: its cause, a member of its group, or a note.

    Attributes:
        text: One line in words: `caused by KeyError: 'k'`.
        place: The author's line that it comes from, or None if it has none.
        depth: How far it is set in: a cause of a member stands below the member.
    """

    text: str
    place: Place | None = None
    depth: int = 0

    def __str__(self) -> str:
        return self.text if self.place is None else f"{self.text} at {self.place}"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a block has no result.

    Attributes:
        kind: What ended it: "exception", "timeout", "memory", "crash" (its process died), "skipped" (an
            earlier block of the session failed), "unrun" (this build runs nothing), or "unshown" (it ran, and
            what it showed cannot be drawn).
        message: One line in words: `NameError: name 'x' is not defined`, `ran longer than 2 s and was
            stopped`.
        frames: The author's own frames, outermost first; empty unless kind is "exception".
        details: What belongs to the exception, to be read in this order.
        types: The names of the exception's class and of all that it derives from.
    """

    kind: Kind
    message: str
    place: Place
    frames: tuple[Frame, ...] = ()
    details: tuple[Detail, ...] = ()
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    """What a block showed, in order, and the failure that ended it, if any."""

    items: tuple[Stream | Bundle | Missing, ...] = ()
    failure: Failure | None = None
    seconds: float = 0.0


class Outputs(tuple[Output, ...]):  # noqa: SLOT001 - a tuple has no room for a slot
    """One Output for each block of a session.

    Attributes:
        reads: What the session read while it ran; None unless it ran just now, and came to its end.
        origin: The entry of Outputs that were kept; None for those of a session that ran just now.
        remarks: What a library said of the machine meanwhile, by what it says of any machine.
    """

    reads: "Reads | None"
    origin: "Entry | None"
    remarks: Mapping[str, str]

    @functools.cached_property
    def digest(self) -> str:
        """What tells these Outputs from any others; not the time that they took."""
        return digest([to_data(replace(output, seconds=0.0)) for output in self])

    def __new__(
        cls,
        outputs: Iterable[Output],
        reads: "Reads | None" = None,
        origin: "Entry | None" = None,
        digest: str | None = None,
        remarks: Mapping[str, str] | None = None,
    ) -> Self:
        """Put Outputs together with what is known of them."""
        self = super().__new__(cls, outputs)
        self.reads, self.origin, self.remarks = reads, origin, remarks or {}
        if digest is not None:
            self.digest = digest
        return self


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
