"""An exception in the author's terms: her own frames, its message in one line, and what belongs to it."""

from __future__ import annotations

import linecache
import traceback
from itertools import islice
from typing import TYPE_CHECKING

from mkdocs_chainrule.session import paths
from mkdocs_chainrule.session.block import Detail, Failure, Frame, Place, limits
from mkdocs_chainrule.session.failures import more
from mkdocs_chainrule.worker.hints import hint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from mkdocs_chainrule.session.block import Block
    from mkdocs_chainrule.session.paths import Author

_MOST = 20  # frames, and details


class Exceptions:
    """Tells exceptions in the terms of an author."""

    def __init__(self, author: Author, root: str) -> None:
        self._author, self._root = author, root

    def failure(self, error: BaseException, block: Block, place: Place) -> Failure:
        """Return the failure of a block that raised.

        Args:
            error: What it raised.
            block: The block: its limit is named if it was exceeded.
            place: The line to look at where no frame is of the page.
        """
        frames = tuple(self._frames(error.__traceback__))
        on_page = (frame.place for frame in reversed(frames) if frame.place in self._author.lines)
        place, types = next(on_page, place), names(error)
        if isinstance(error, MemoryError):
            memory = limits(block).memory
            needed = f"needed more than {memory} MiB of memory and was stopped; {more('memory', block)}"
            return Failure("memory", needed, place, types=types)
        if isinstance(error, SyntaxError) and not frames:
            place = Place(paths.short(error.filename or place.file, self._root), error.lineno)
            frames = (Frame(*place, "<module>", (error.text or "").strip()),)
        if len(frames) > _MOST:
            frames = frames[: _MOST // 2] + frames[-_MOST // 2 :]
        return Failure(
            "exception", self._said(message(error)), place, frames, self._all_details(error), types
        )

    def _said(self, text: str) -> str:
        return paths.short_text(text, self._root)

    def _all_details(self, error: BaseException) -> tuple[Detail, ...]:
        """Return notes, members and causes of an exception, with theirs below them."""
        details = self._details(error, {id(error)})
        return (*islice(details, _MOST), *(Detail("and more") for _ in islice(details, 1)))

    def _frames(self, tb: TracebackType | None) -> Iterator[Frame]:
        for frame, line in traceback.walk_tb(tb):
            code = frame.f_code
            place = self._author.place(code.co_filename, line)
            if place is not None:
                text = linecache.getline(code.co_filename, line).strip()
                yield Frame(*place, getattr(code, "co_qualname", code.co_name), text)

    def _details(self, error: BaseException, seen: set[int]) -> Iterator[Detail]:
        for note in getattr(error, "__notes__", None) or ():
            yield from (Detail(self._said(line)) for line in str(note).splitlines())
        for member in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
            yield from self._related("with", member, seen, deeper=True)
        cause, context = error.__cause__, error.__context__
        if cause is not None:
            yield from self._related("caused by", cause, seen)
        elif context is not None and not error.__suppress_context__:
            yield from self._related("while handling", context, seen)

    def _related(
        self, relation: str, error: BaseException, seen: set[int], *, deeper: bool = False
    ) -> Iterator[Detail]:
        if id(error) in seen:
            return
        seen.add(id(error))
        frames = tuple(self._frames(error.__traceback__))
        yield Detail(f"{relation} {self._said(message(error))}", frames[-1].place if frames else None)
        for detail in self._details(error, seen):
            yield detail._replace(depth=detail.depth + 1) if deeper else detail


def message(error: BaseException) -> str:
    """Return the exception in one line: its class, its text, and a hint if there is one to give.

    Examples:
        >>> message(KeyError("k"))
        "KeyError: 'k'"
    """
    text = " ".join(_text(error).split())
    name = " ".join(names(error)[0].split())
    return f"{name}: {text}{hint(error, text)}" if text else name


def names(error: BaseException) -> tuple[str, ...]:
    """Return the names of the exception's class and of all that it derives from, as a traceback has them."""
    return tuple(_name(kind) for kind in type(error).__mro__ if issubclass(kind, BaseException))


def _name(kind: type) -> str:
    in_sight = kind.__module__ in {"__main__", "builtins"}
    return kind.__qualname__ if in_sight else f"{kind.__module__}.{kind.__qualname__}"


def _text(error: BaseException) -> str:
    try:
        text = str(error.msg) if isinstance(error, SyntaxError) else str(error)
    except Exception:  # noqa: BLE001 - the author's own `__str__`
        return "<exception str() failed>"
    return text.replace(f" ({error.path})", "") if isinstance(error, ImportError) and error.path else text
