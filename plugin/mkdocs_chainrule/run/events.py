"""What a worker tells, in our own types: whatever else comes from it is refused by name.

What runs in a worker can write to the channel too, so all that comes is data of strangers until it is read
here. A bundle that is nested deeper than any page shows is refused as well: what keeps and draws it later
walks through it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from mkdocs_chainrule.session.block import Bundle, Output
from mkdocs_chainrule.session.data import from_data
from mkdocs_chainrule.session.reads import Reads

MOST_DEPTH = 100
Lengths = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Forked:
    """The fork server has made the process."""

    pid: int = field(metadata={"key": "forked"})


@dataclass(frozen=True, slots=True)
class Begin:
    """A block begins, when both files are so long."""

    number: int = field(metadata={"key": "begin"})
    at: Lengths


@dataclass(frozen=True, slots=True)
class Mark:
    """Python writes to the other file from here on."""

    at: Lengths
    next: Literal[0, 1]


@dataclass(frozen=True, slots=True)
class Show:
    """An object is shown."""

    bundle: Bundle = field(metadata={"key": "show"})
    at: Lengths


@dataclass(frozen=True, slots=True)
class Cut:
    """Something was not sent, being larger than all that a block may show."""

    size: int = field(metadata={"key": "cut"})


@dataclass(frozen=True, slots=True)
class Remark:
    """A library says something of the machine: what it says of any, and what it says of this one."""

    texts: tuple[str, str] = field(metadata={"key": "remark"})


@dataclass(frozen=True, slots=True)
class End:
    """A block has ended."""

    number: int = field(metadata={"key": "end"})
    at: Lengths
    output: Output


@dataclass(frozen=True, slots=True)
class Over:
    """The session has come to its end."""

    over: Literal[True]
    reads: Reads | None


@dataclass(frozen=True, slots=True)
class Exit:
    """The process has ended."""

    code: int = field(metadata={"key": "exit"})


@dataclass(frozen=True, slots=True)
class Lost:
    """The process is gone, and nobody is left who could tell how: its fork server is gone as well."""


@dataclass(frozen=True, slots=True)
class Refused:
    """What came is no event; `reason` says why."""

    reason: str


Event = Forked | Begin | Mark | Show | Cut | Remark | End | Over | Exit | Lost | Refused

# By what only they have: the first that is there counts.
_KINDS: dict[str, Any] = {
    "show": Show,
    "next": Mark,
    "begin": Begin,
    "end": End,
    "cut": Cut,
    "remark": Remark,
    "over": Over,
    "exit": Exit,
    "forked": Forked,
}


def read(line: bytes) -> Event | None:
    r"""Return the event of a line; None for an empty one.

    Examples:
        >>> read(b'{"begin": 0, "at": [0, 0]}\n')
        Begin(number=0, at=(0, 0))
        >>> read(b'{"begin": 0, "at": ["x", 0]}\n'), read(b'{"start": 0}\n')
        (Refused(reason="begin: 'x' is no whole number"), Refused(reason='of no kind that is known'))
    """
    if not line.strip():
        return None
    try:
        data = json.loads(line.decode())
        name = next((name for name in _KINDS if name in data), None) if isinstance(data, dict) else None
        if name is None:
            return Refused("of no kind that is known")
        event: Event = from_data(_KINDS[name], data)
    except (ValueError, TypeError, RecursionError) as error:
        return Refused(_reason(error, locals().get("name")))
    if min(getattr(event, "at", (0, 0))) < 0:
        return Refused(f"{name}: a length below 0")
    if isinstance(event, Show) and is_deeper((event.bundle.data, event.bundle.metadata), MOST_DEPTH):
        return Refused(f"nested deeper than {MOST_DEPTH}")
    return event


def _reason(error: Exception, name: str | None) -> str:
    if isinstance(error, RecursionError):
        return f"nested deeper than {MOST_DEPTH}"
    return f"{name}: {error}" if name else "no JSON"


def is_deeper(data: Any, most: int) -> bool:
    """Tell whether JSON data are nested deeper than so much.

    Examples:
        >>> is_deeper([[1], {"a": []}], 2), is_deeper([[1], {"a": []}], 1)
        (False, True)
    """
    level: list[Any] = [data]
    for _ in range(most + 1):
        level = [inner for each in level for inner in _within(each)]
        if not level:
            return False
    return True


def _within(data: Any) -> Iterable[Any]:
    found = data.values() if isinstance(data, dict) else data if isinstance(data, list | tuple) else ()
    return (each for each in found if isinstance(each, dict | list | tuple))
