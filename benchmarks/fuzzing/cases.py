"""The cases of `fuzz-site`: each is made of its seed alone, and names what was done to which message."""

from __future__ import annotations

import copy
import json
import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.fuzzing.mutating import MIMES, MUTATIONS, UNITS, about, hard
from mkdocs_chainrule.show.wall import weight

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

_LARGEST = 4_000_000  # characters of a message, about
_DEEP = re.compile(rb'"@deep (list|dict) (\d+)@"')


@dataclass(frozen=True)
class Case:
    """One message.

    Attributes:
        kind: Of which valid message it was made.
        done: What was done to that.
        route: How it is sent: "display", "channel", "stdout" or "inline".
        payload: What is sent.
        options: Of its fence.
    """

    seed: int
    kind: str
    done: tuple[str, ...]
    route: str
    payload: bytes
    options: str

    def __str__(self) -> str:
        return f"seed {self.seed}: {self.kind}, {' + '.join(self.done) or 'as it is'}, by {self.route}"


def case_of(seed: int, messages: Mapping[str, Any]) -> Case:
    """Return the case of a seed."""
    rng = random.Random(f"case {seed}")
    kind = rng.choice([*messages, "event", "hard text"])
    options = rng.choice(("", "", "", ' graph="nudge"', ' graph="steps"', ' graph="mermaid"', ' graph="dot"'))
    options += rng.choice(("", "", ' numbered="yes" caption="A | B"', ' replay="no"', ' source="tabbed"'))
    if kind == "event":
        done, line = _event(rng)
        return Case(seed, kind, done, "channel", line, options)
    if kind == "hard text":
        mime, text = rng.choice(MIMES[5:]), hard(rng)
        message: Any = {"data": {mime: text}, "metadata": about(rng)}
        return Case(seed, f"{kind} as {mime}", ("hard text",), "display", _json(message), options)
    message = copy.deepcopy(messages[kind])
    if isinstance(message, str):
        done, text = _written(rng, message)
        route = rng.choice(("stdout", "stdout", "inline"))
        return Case(seed, kind, done, route, text, "" if route == "inline" else options)
    names: list[str] = []
    for _ in range(rng.choice((1, 1, 2, 3))):
        name = rng.choice(list(MUTATIONS))
        changed = MUTATIONS[name](rng, copy.deepcopy(message), messages)
        if weight(changed, _LARGEST) <= _LARGEST:  # what is repeated twice may be more than any disk holds
            message, names = changed, [*names, name]
    text = _json(message)
    by_channel = b"@deep" in text or rng.random() < 0.4
    if by_channel:
        line, more = _line(rng, text)
        return Case(seed, kind, (*names, *more), "channel", line, options)
    return Case(seed, kind, tuple(names), "display", text, options)


def _json(message: Any) -> bytes:
    return json.dumps(message).encode("utf-8", "surrogatepass")


def _nested(match: re.Match[bytes]) -> bytes:
    opening, closing = (b"[", b"]") if match[1] == b"list" else (b'{"a":', b"}")
    return opening * int(match[2]) + b"0" + closing * int(match[2])


def _line(rng: Random, text: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return a bundle as an event on the channel, with what only bytes can have."""
    line, done = b'{"show":' + text + b',"at":[0,0]}', ()
    line = _DEEP.sub(_nested, line)
    how = rng.choice(("", "", "", "truncated", "invalid UTF-8", "duplicated key"))
    if how == "truncated":
        line = line[: rng.randrange(len(line))]
    elif how == "invalid UTF-8":
        place = rng.randrange(len(line))
        line = line[:place] + rng.choice((b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\x00")) + line[place:]
    elif how == "duplicated key":
        line = line.replace(b'{"', b'{"at":7,"', 1)
    return line + b"\n", (*done, how) if how else done


def _written(rng: Random, text: str) -> tuple[tuple[str, ...], bytes]:
    """Return text that was written, in another way."""
    how = rng.choice(
        ("hard text", "hard text", "control characters", "invalid UTF-8", "repeated", "literal note")
    )
    place = rng.randrange(len(text) + 1)
    if how == "hard text":
        text = text[:place] + hard(rng) + text[place:]
    elif how == "control characters":
        text = "".join(rng.choice(UNITS) if rng.random() < 0.3 else letter for letter in text)
    elif how == "repeated":
        text *= min(10 ** rng.choice((2, 3, 4)), 2_000_000 // max(1, len(text)))
    elif how == "literal note":
        text += '[cut after 1 MiB of output; max_output sets the limit]\n<div data-chainrule-late="0"></div>'
    written = text.encode("utf-8", "surrogatepass")
    return (how,), written + b"\xff\xfe\xed\xa0\x80" * 50 if how == "invalid UTF-8" else written


def _event(rng: Random) -> tuple[tuple[str, ...], bytes]:
    """Return an event that is none, or none now."""
    base: dict[str, Any] = rng.choice(
        (
            {"begin": 0, "at": [0, 0]},
            {"end": 0, "at": [0, 0], "output": {"items": [], "failure": None, "seconds": 0.0}},
            {"at": [0, 0], "next": 1},
            {"remark": ["a", "b"]},
            {"exit": 0},
            {"forked": 1},
        )
    )
    message = copy.deepcopy(base)
    name = rng.choice(["type swapped", "huge number", "part missing", "part twice", "nested"])
    message = MUTATIONS[name](rng, message, {})
    if rng.random() < 0.2 and "output" in message and isinstance(message["output"], dict):
        message["output"]["items"] = [{"stream": "stdout", "text": "x"}] * 1000
    line = _json(message)
    if b"@deep" in line:
        line, _ = _line(rng, line)
        line = line.replace(b'{"show":', b"").replace(b',"at":[0,0]}\n', b"\n")
    return (name,), line.rstrip(b"\n") + b"\n"
