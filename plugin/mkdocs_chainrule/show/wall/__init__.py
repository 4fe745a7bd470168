"""The wall around a block: the one place through which what it showed becomes HTML.

What a worker sent has been read into our own types (`run/events.py`); but a type says nothing of what drawing
it takes. So here whatever drawing raises is caught, and told at the block's line like any other failure, and
what is drawn has bounds:

    what is drawn in a time that grows with its size alone        is drawn here, of any size
    what may take longer (Markdown, LaTeX, layout, others' HTML)  is drawn here while it is small, else in a
                                                                  process that can be stopped (`apart.py`)
    all that one block shows                                      has one time, after which the rest is text

What cannot be drawn is shown as its text, and kept as that: so it fails once, and not at every build.
"""

from __future__ import annotations

from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.errors import UnshownError
from mkdocs_chainrule.session.block import FRAMES, GRAPH, REPLAY, Bundle, Failure, Missing, Stream
from mkdocs_chainrule.show import settings as time_of
from mkdocs_chainrule.show.markup import escape
from mkdocs_chainrule.show.text import show_missing, show_stream, text_box
from mkdocs_chainrule.show.wall.reasons import reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mkdocs_chainrule.session.block import Block, Output
    from mkdocs_chainrule.show.settings import ShowSettings

_MOST_HTML = 64 << 20  # characters of one item
_MOST_COLOURS = 5_000  # escapes in a text
# How much of a type is drawn here: characters, and numbers and the like in JSON data.
_SMALL = {
    GRAPH: 60_000,
    REPLAY: 2_000_000,
    FRAMES: 4_000_000,
    "application/json": 200_000,
    "image/svg+xml": 2_000_000,
    "text/html": 64_000,
    "text/latex": 2_000,
    "text/markdown": 2_000,
}
_SMALL_RAW = 64_000  # of an SVG that is shown as it is


class Wall:
    """Shows what one block showed, item by item, and knows which could not be shown."""

    def __init__(self, block: Block) -> None:
        self._block = block
        self._reasons: dict[int, str] = {}
        self._until = monotonic() + time_of.SECONDS

    def shown(self, number: int, item: Stream | Bundle | Missing, settings: ShowSettings) -> str:
        """Return an item as HTML; as its text, if there is no other way."""
        token = time_of.until.set(self._until)
        try:
            return _drawn(item, settings)
        except Exception as error:  # noqa: BLE001 - MemoryError too: whatever drawing raises is the block's
            self._reasons[number] = reason(error)
            return _as_text(item)
        finally:
            time_of.until.reset(token)

    def settled(self, output: Output) -> Output:
        """Return an Output as it may be kept: what could not be shown is text in it, and a failure tells."""
        if not self._reasons:
            return output
        items = tuple(
            _text_of(item) if number in self._reasons else item for number, item in enumerate(output.items)
        )
        first, *others = dict.fromkeys(self._reasons.values())
        more = f", and {len(others)} more" if others else ""
        message = f"what it showed cannot be drawn ({first}{more}), so a page has its text; show it otherwise"
        failure = output.failure or Failure("unshown", message, self._block.place)
        return replace(output, items=items, failure=failure)


def guarded(
    block: Block, otherwise: str, output: Output, settings: ShowSettings, make: Callable[[], str]
) -> str:
    """Return a block as it stands on a page; else its source, and tell that what it showed is not there."""
    try:
        return make()
    except Exception as error:  # noqa: BLE001 - as above
        message = f"what it showed cannot be drawn ({reason(error)}); show it otherwise"
        failure = output.failure or Failure("unshown", message, block.place)
        settings.unshown(replace(output, items=(), failure=failure))
        return otherwise


def _drawn(item: Stream | Bundle | Missing, settings: ShowSettings) -> str:
    if isinstance(item, Missing):
        return show_missing(item)
    if time_of.left() <= 0:
        raise UnshownError(_late())
    html = _drawn_apart(item, settings) if _has_many_colours(item) else _drawn_here(item, settings)
    if len(html) > _MOST_HTML:
        raise UnshownError(f"as HTML it has {len(html) >> 20} MiB")
    return html


def _drawn_here(item: Stream | Bundle, settings: ShowSettings) -> str:
    if isinstance(item, Stream):
        return show_stream(item)
    from mkdocs_chainrule.show.rich import TooLargeError, show_bundle  # noqa: PLC0415 - few pages need it

    try:
        return show_bundle(item, settings, is_large)
    except TooLargeError:
        return _drawn_apart(item, settings)


def _drawn_apart(item: Stream | Bundle, settings: ShowSettings) -> str:
    from mkdocs_chainrule.show.wall.apart import draw_apart  # noqa: PLC0415 - rarely wanted

    return draw_apart(item, settings, time_of.left(time_of.SECONDS))


def is_large(mime: str, content: Any, about: Mapping[str, Any]) -> bool:
    """Tell whether a content is so large that drawing it may take longer than anybody wants to wait."""
    most = _SMALL.get(mime)
    if mime == "image/svg+xml" and about.get("kind") != "figure":
        most = _SMALL_RAW
    if mime == GRAPH:
        content = [content, about.get("zooms")]
    return most is not None and weight(content, most) > most


def weight(data: Any, most: int) -> int:
    """Return how much there is in JSON data: characters, and numbers and the like; not much over `most`.

    Examples:
        >>> weight({"a": ["bc", 1, None]}, 100), weight([[0] * 50] * 50, 10) > 10
        (6, True)
    """
    if isinstance(data, str):
        return len(data)
    total, rest = 0, [data]
    while rest and total <= most:
        each = rest.pop()
        if isinstance(each, dict):
            total += sum(map(len, each))
            rest += each.values()
        elif isinstance(each, list):
            rest += each
            total += 1
        else:
            total += len(each) if isinstance(each, str) else 1
    return total + len(rest)


def _has_many_colours(item: Stream | Bundle) -> bool:
    text = item.text if isinstance(item, Stream) else item.data.get("text/plain", "")
    return text.count("\x1b") > _MOST_COLOURS


def _late() -> str:
    return f"all that the block showed takes longer than {time_of.SECONDS:g} s"


def _text_of(item: Stream | Bundle | Missing) -> Stream | Bundle | Missing:
    if not isinstance(item, Bundle):
        return Stream(item.name, item.text.replace("\x1b", "")) if isinstance(item, Stream) else item
    return Bundle({"text/plain": str(item.data.get("text/plain", "")).replace("\x1b", "")})


def _as_text(item: Stream | Bundle | Missing) -> str:
    text = _text_of(item)
    if isinstance(text, Missing):
        return show_missing(text)
    said = text.text if isinstance(text, Stream) else str(text.data["text/plain"])
    return text_box("Result", escape(said), "chainrule-value") if said.strip() else ""
