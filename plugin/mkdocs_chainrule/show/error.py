"""A failure as a box of three lines: what happened, where, and what to do about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdocs_chainrule.session.block import is_hidden
from mkdocs_chainrule.session.failures import is_expected
from mkdocs_chainrule.show.markup import element, escape, folded
from mkdocs_chainrule.show.text import text_box

if TYPE_CHECKING:
    from mkdocs_chainrule.session.block import Block, Detail, Failure, Frame, Place
    from mkdocs_chainrule.show.settings import ShowSettings

_TITLES = {
    "exception": "Error",
    "timeout": "Out of time",
    "memory": "Out of memory",
    "crash": "Crashed",
    "skipped": "Not run",
    "unrun": "Not run",
    "unshown": "Not shown",
}
_LOOKS = {"unrun": "skipped", "unshown": "exception"}
_CONTEXT = 3  # lines shown before and after the one to look at
_ENGINE = "chainrule.errors.ChainruleError"
_HINT = re.compile(r"; (?=(?:from [\w.]+ )?import |\S+ is a command of )|\. (?=Did you mean[^?]*\?$)")
_STATEMENT = re.compile(r"(?:from [\w.]+ )?import .+")


def show_failure(failure: Failure, block: Block, settings: ShowSettings) -> str:
    """Return the box; below its lines the code, where it does not stand above, and causes and frames."""
    expected = is_expected(block, failure)
    title = "Expected error" if expected else _TITLES[failure.kind]
    look = "expected" if expected else _LOOKS.get(failure.kind, failure.kind)
    what, remedy = _parts(failure)
    above = _above(block, failure.place, settings)
    return element(
        "div",
        element("p", f"{element('strong', title)} {escape(what)}", class_="chainrule-message"),
        element("p", _mono(str(failure.place)) + (above or "")),
        element("p", _written(remedy)) if remedy else "",
        _code(block, failure) if above is None else "",
        _details(failure.details),
        _frames(failure.frames),
        class_=f"chainrule-error chainrule-{look}",
        role="group",
        aria_label=f"{title} at {failure.place}",
    )


def _parts(failure: Failure) -> tuple[str, str]:
    """Return what a message says that happened, and what it says to do: nothing, if it says no such thing.

    What the engine says, and what we say of limits, ends in what to do, as a sentence of its own or behind a
    semicolon. Of other exceptions only the hint is ours.
    """
    message = failure.message.removeprefix("did not run, ")  # the title says so
    if failure.kind == "exception" and _ENGINE not in failure.types:
        end = _HINT.search(message)
    else:
        end = _sentence_end(message)
    return (message[: end.start()], message[end.end() :]) if end else (message, "")


def _sentence_end(message: str) -> re.Match[str] | None:
    """Return where the first sentence ends, or else its first part; not within brackets."""
    depth, part = 0, None
    for match in re.finditer(r"[(\[{]|[)\]}]|\. (?=[A-Z])|; ", message):
        if match[0] in "([{":
            depth += 1
        elif match[0] in ")]}":
            depth -= 1
        elif depth <= 0 and match[0] == ". ":
            return match
        elif depth <= 0:
            part = part or match
    return part


def _written(remedy: str) -> str:
    """Return what to do as a sentence; a statement of Python stays as it is."""
    if _STATEMENT.fullmatch(remedy):
        return f"Write {_mono(remedy)} first."
    first = remedy.split(maxsplit=1)[0]
    return escape(remedy[0].upper() + remedy[1:] if first.isalpha() else remedy)


def _mono(text: str) -> str:
    return element("span", escape(text), class_="chainrule-mono")


def _above(block: Block, place: Place, settings: ShowSettings) -> str | None:
    """Return which line of the source above is the guilty one, as it is counted there; None if it is not."""
    guilty, lines = _index(block, place), block.source.split("\n")
    if guilty is None or settings["source"] != "above" or is_hidden(lines[guilty]):
        return None
    seen = [index for index, line in enumerate(lines) if not is_hidden(line)]
    first = int((settings["linenums"] or "1").split()[0])
    return f", line {first + seen.index(guilty)} above" if len(seen) > 1 else ""


def _index(block: Block, place: Place) -> int | None:
    count = block.source.count("\n") + 1
    return next((index for index, at in enumerate(block.lines[:count]) if at == place), None)


def _code(block: Block, failure: Failure) -> str:
    """Return the guilty line, marked; with those around it, if it is one of the block's."""
    guilty, lines = _index(block, failure.place), block.source.split("\n")
    if guilty is None:
        elsewhere = [frame.code for frame in failure.frames if frame.place == failure.place and frame.code]
        return text_box("Code", _line(failure.place, elsewhere[-1], marked=True)) if elsewhere else ""
    around = range(max(0, guilty - _CONTEXT), min(guilty + _CONTEXT + 1, len(lines)))
    shown = [_line(block.places[index], lines[index], marked=index == guilty) for index in around]
    return text_box("Code", "\n".join(shown))


def _line(place: Place, code: str, *, marked: bool) -> str:
    text = element("span", str(place.line or "").rjust(4), class_="chainrule-number") + " " + escape(code)
    return element("mark", text) if marked else text


def _details(details: tuple[Detail, ...]) -> str:
    lines = [f"{'  ' * detail.depth}{detail}" for detail in details]
    return text_box("Causes", escape("\n".join(lines))) if lines else ""


def _frames(frames: tuple[Frame, ...]) -> str:
    if len(frames) < 2:
        return ""
    return folded("Traceback", element("ol", *map(_frame, frames)))


def _frame(frame: Frame) -> str:
    where = escape(f"{frame.place} in {frame.function}")
    return element("li", where, text_box("Code", escape(frame.code)))
