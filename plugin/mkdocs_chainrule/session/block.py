"""The vocabulary: what goes to a worker and what comes back, as plain data.

A `Block` is one fence or inline expression. A `Session` is the blocks of a page, in page order. A worker
answers a session with one `Output` for each block. All of it survives `to_json` and `from_json`, because
it crosses a process boundary, rests in the store and is committed in a freeze.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["exception", "timeout", "memory", "crash", "skipped", "unrun"]


@dataclass(frozen=True, slots=True)
class Place:
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
        kind: "fence", or "inline" for `#!autograd expression:format`.
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

    def to_json(self) -> dict[str, Any]:
        """Return the block as JSON data."""
        return {
            "source": self.source,
            "kind": self.kind,
            "place": [self.place.file, self.place.line],
            "lines": [[place.file, place.line] for place in self.lines],
            "options": dict(self.options),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Block:
        """Return the block that `to_json` wrote."""
        return cls(
            data["source"],
            data["kind"],
            Place(*data["place"]),
            tuple(Place(*place) for place in data["lines"]),
            data["options"],
        )


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

    name: Literal["stdout", "stderr"]
    text: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """One displayed object: its representations by MIME type, as in Jupyter's display protocol.

    `image/png` is base64 text; types that end in `+json` hold JSON data, except SVG; all others hold text.
    """

    data: Mapping[str, Any]
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of a traceback that is the author's own: where, in which function, and the code line."""

    place: Place
    function: str
    code: str


@dataclass(frozen=True, slots=True)
class Detail:
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
            earlier block of the session failed), or "unrun" (this build runs nothing).
        message: One line in words: `NameError: name 'x' is not defined`, `ran longer than 2 s and was
            stopped`.
        place: The line to look at.
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

    items: tuple[Stream | Bundle, ...] = ()
    failure: Failure | None = None
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the Output as JSON data."""
        return {
            "items": [_item_to_json(item) for item in self.items],
            "failure": self.failure and _failure_to_json(self.failure),
            "seconds": self.seconds,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Output:
        """Return the Output that `to_json` wrote.

        Raises:
            ValueError: The data is none, whoever wrote it.
        """
        try:
            items = tuple(_item_from_json(item) for item in data["items"])
            failure = None if data["failure"] is None else _failure_from_json(data["failure"])
            return cls(items, failure, float(data["seconds"]))
        except (LookupError, TypeError, AttributeError) as error:
            raise ValueError(f"an Output cannot be read: {error!r}") from error


def _item_to_json(item: Stream | Bundle) -> dict[str, Any]:
    if isinstance(item, Stream):
        return {"stream": item.name, "text": item.text}
    return {"data": dict(item.data), "metadata": dict(item.metadata)}


def _item_from_json(data: Mapping[str, Any]) -> Stream | Bundle:
    if "stream" in data:
        return Stream(_one_of(data["stream"], "stdout", "stderr"), _text(data["text"]))
    shown = {
        _text(mime): value if _holds_json(mime) else _text(value) for mime, value in data["data"].items()
    }
    return Bundle(shown, dict(data["metadata"]))


def _holds_json(mime: str) -> bool:
    return mime.endswith("json")  # the rule by which a worker decides


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is no text")
    return value


def _one_of(value: Any, *allowed: str) -> Any:
    if value not in allowed:
        raise TypeError(f"{value!r:.40} is none of {allowed}")
    return value


def _place(file: Any, line: Any) -> Place:
    if not isinstance(line, int | None):
        raise TypeError(f"{line!r:.40} is no line")
    return Place(_text(file), line)


def _failure_to_json(failure: Failure) -> dict[str, Any]:
    return {
        "kind": failure.kind,
        "message": failure.message,
        "place": [failure.place.file, failure.place.line],
        "frames": [[f.place.file, f.place.line, f.function, f.code] for f in failure.frames],
        "details": [_detail_to_json(detail) for detail in failure.details],
        "types": list(failure.types),
    }


def _detail_to_json(detail: Detail) -> list[Any]:
    place = detail.place
    return [detail.text, None if place is None else [place.file, place.line], detail.depth]


def _failure_from_json(data: Mapping[str, Any]) -> Failure:
    kind = _one_of(data["kind"], *get_args(Kind))
    frames = tuple(_frame(*frame) for frame in data["frames"])
    # A freeze of an earlier version has neither.
    details = tuple(_detail(*detail) for detail in data.get("details", ()))
    types = tuple(_text(name) for name in data.get("types", ()))
    return Failure(kind, _text(data["message"]), _place(*data["place"]), frames, details, types)


def _frame(file: Any, line: Any, function: Any, code: Any) -> Frame:
    return Frame(_place(file, line), _text(function), _text(code))


def _detail(text: Any, place: Any, depth: Any) -> Detail:
    if not isinstance(depth, int):
        raise TypeError(f"{depth!r:.40} is no depth")
    return Detail(_text(text), None if place is None else _place(*place), depth)
