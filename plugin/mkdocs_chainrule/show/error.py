"""A failure as a box that says what happened, where, and in which line of the author's code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdocs_chainrule.session.failures import is_expected
from mkdocs_chainrule.show.markup import element, escape, folded, text_box

if TYPE_CHECKING:
    from mkdocs_chainrule.session.block import Block, Detail, Failure, Frame, Place

_TITLES = {
    "exception": "Error",
    "timeout": "Out of time",
    "memory": "Out of memory",
    "crash": "Crashed",
    "skipped": "Not run",
    "unrun": "Not run",
}
_LOOKS = {"unrun": "skipped"}
_CONTEXT = 3  # lines shown before and after the one to look at


def show_failure(failure: Failure, block: Block) -> str:
    """Return the box: message, place, the lines around it with the guilty one marked, causes, frames."""
    expected = is_expected(block, failure)
    title = "Expected error" if expected else _TITLES[failure.kind]
    look = "expected" if expected else _LOOKS.get(failure.kind, failure.kind)
    place = element("span", escape(str(failure.place)), class_="chainrule-place")
    headline = f"{element('strong', title)} {place} {element('span', escape(failure.message))}"
    return element(
        "div",
        element("p", headline, class_="chainrule-message"),
        _code(block, failure.place),
        _details(failure.details),
        _frames(failure.frames),
        class_=f"chainrule-error chainrule-{look}",
        role="group",
        aria_label=f"{title} at {failure.place}",
    )


def _code(block: Block, place: Place) -> str:
    lines = block.source.split("\n")
    guilty = next((i for i, at in enumerate(block.lines[: len(lines)]) if at == place), None)
    if guilty is None:
        return ""
    first, last = max(0, guilty - _CONTEXT), guilty + _CONTEXT + 1
    shown = [_line(block.lines, i, lines[i], guilty) for i in range(first, min(last, len(lines)))]
    return text_box("Code", "\n".join(shown))


def _line(places: tuple[Place, ...], index: int, code: str, guilty: int) -> str:
    number = str(places[index].line or "").rjust(4) if index < len(places) else "    "
    text = element("span", number, class_="chainrule-number") + " " + escape(code)
    return element("mark", text) if index == guilty else text


def _details(details: tuple[Detail, ...]) -> str:
    lines = [f"{'  ' * detail.depth}{detail}" for detail in details]
    return element("pre", escape("\n".join(lines)), class_="chainrule-text") if lines else ""


def _frames(frames: tuple[Frame, ...]) -> str:
    if len(frames) < 2:
        return ""
    return folded("Traceback", element("ol", *map(_frame, frames)))


def _frame(frame: Frame) -> str:
    where = escape(f"{frame.place} in {frame.function}")
    return element("li", where, element("pre", escape(frame.code), class_="chainrule-text"))
