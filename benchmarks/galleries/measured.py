"""One figure of the reference: drawn by Agg without its text, and what of it is to be found on the page."""

from __future__ import annotations

import io
import math
import signal
import time
import unicodedata
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.cbook import _setattr_cm
from matplotlib.colors import to_rgba
from matplotlib.image import _ImageBase
from matplotlib.mathtext import MathTextParser
from matplotlib.transforms import Bbox
from PIL import Image

from benchmarks.galleries import product

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from matplotlib.figure import Figure

DPI = 96  # pixels of a page in an inch
ROUNDING = 2.0  # pixels by which an edge may differ
SLACK = 0.01  # pixels, so that no whole one is lost to rounding
LONGEST = 5.0  # seconds of CPU, and twice what Agg takes, after which a draw is stopped: it is slow
PADDING = 0.1  # inches around what is seen of a figure, by default
MOST_PADDING = 0.5  # inches around a figure that is cut to what is seen of it


def measured(
    figure: Figure, frame: tuple[int, int, int, int] | None, picture: Path, *, is_ours: bool
) -> dict[str, Any]:
    """Draw a figure as the page of this frame shows it, and say what it holds and what drawing costs."""
    product.clear_images(figure)
    with (
        _text_aside() as texts,
        mpl.rc_context({"path.snap": False}),
    ):  # first of all, as a page does: at each draw a layout may change
        image, corner = framed(figure, frame)
    how = _cut(figure, frame)
    agg = _seconds(lambda: _save(figure))
    image = image if how in {"whole", "tight"} else Image.open(io.BytesIO(_save(figure)))
    image.save(picture)
    for text in texts:
        text |= {end: [text[end][0] - corner[0], text[end][1] - corner[1]] for end in ("start", "end")}
    return {
        "size": list(image.size),
        "cut": how,
        "texts": [text for text in texts if _is_within(text, *image.size)],
        "images": _image_pixels(figure),
        "agg": agg,
        "ours": _seconds(lambda: _draw(figure), LONGEST + 2 * agg) if is_ours else 0.0,
        "picture": picture.name,
    }


def framed(figure: Figure, frame: tuple[int, int, int, int] | None) -> tuple[Image.Image, tuple[int, int]]:
    """Draw what of a figure lies in a frame of pixels, and return where that is in what was drawn.

    Pixels are counted from the figure's upper left corner, as on the page: there hatches begin. All of the figure
    is drawn, as what an author placed by inches or pixels would stand elsewhere in a part of it: only what lies
    beyond it, and is more than padding, moves that by whole inches. Lines stay where they are: Agg moves those
    that are level or upright to whole pixels, by half of one to the right and down on average, as only pixels can.
    """
    if frame is None:
        return Image.open(io.BytesIO(_save(figure))), (0, 0)
    left, top, right, bottom = frame
    width, height = figure.get_size_inches()
    columns, rows = (math.ceil(side * DPI - SLACK) for side in (width, height))
    padding = DPI * PADDING + 1
    beside, above = (math.ceil(-side / DPI) if side < -padding else 0 for side in (left, top))
    columns, rows = max(columns, right), bottom if bottom > rows + padding else rows
    low, far = height - (rows + SLACK) / DPI, (columns + SLACK) / DPI
    part = Bbox.from_extents(-beside, low, far, height + above)
    image = Image.open(io.BytesIO(_save(figure, bbox_inches=part)))
    x, y = left + beside * DPI, top + above * DPI
    ground = tuple(round(255 * channel) for channel in to_rgba(figure.get_facecolor()))
    cut = Image.new("RGBA", (right - left, bottom - top), ground)
    cut.paste(image, (-x, -y))
    return cut, (x, y)


def _save(figure: Figure, **how: Any) -> bytes:
    buffer = io.BytesIO()
    ground, edge = figure.get_facecolor(), figure.get_edgecolor()  # of its own: our rcParams save none
    figure.savefig(buffer, format="png", dpi=DPI, facecolor=ground, edgecolor=edge, **how)
    return buffer.getvalue()


def _draw(figure: Figure) -> None:
    with suppress(Exception):  # what the product cannot draw fails on its page
        product.draw(figure)


def _seconds(act: Callable[[], object], most: float = 0.0) -> float:
    """Return the seconds of CPU that an act takes; it is stopped after so many, if any."""

    def stop(*_: object) -> None:
        raise _TooLongError

    signal.signal(signal.SIGPROF, stop)
    start = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, most)
    try:
        with suppress(_TooLongError):
            act()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return time.process_time() - start


class _TooLongError(BaseException):
    """What no `except Exception` holds up."""


def _cut(figure: Figure, frame: tuple[int, int, int, int] | None) -> str:
    """Say what of a figure a frame of pixels holds: all, or what is seen and some padding, alike on each side."""
    if frame is None:
        return "is not there"
    width, height = figure.get_size_inches() * DPI
    if _are_near(frame, (0, 0, width, height)):
        return "whole"
    with _setattr_cm(figure, dpi=DPI):
        seen = figure.get_tightbbox()
    x0, y0, x1, y1 = seen.extents * DPI
    left, top, right, bottom = frame
    paddings = [x0 - left, height - y1 - top, right - x1, bottom - (height - y0)]
    padding = sum(paddings) / len(paddings)
    is_padded = 0 <= padding <= MOST_PADDING * DPI and _are_near(paddings, [padding] * 4)
    return "tight" if is_padded else "of another size"


def _are_near(sides: Sequence[float], others: Sequence[float]) -> bool:
    return all(abs(one - other) <= ROUNDING for one, other in zip(sides, others, strict=True))


@contextmanager
def _text_aside() -> Iterator[list[dict[str, Any]]]:
    """Let Agg draw no text, and note it instead."""
    noted: list[dict[str, Any]] = []

    def note(renderer, gc, x, y, s, prop, angle, ismath=False, **_) -> None:  # noqa: PLR0917 - Agg's signature
        width = renderer.get_text_width_height_descent(s, prop, ismath)[0]
        turned = math.radians(angle)
        end = [x + width * math.cos(turned), y - width * math.sin(turned)]
        colour = [round(255 * part) for part in gc.get_rgb()[:3]]
        shown = product.characters(MathTextParser("path").parse(s, 96, prop), s) if ismath else s
        noted.append(
            {
                "said": s,
                "letters": letters(shown),
                "colour": colour,
                "start": [float(x), float(y)],
                "end": end,
            }
        )

    kept = RendererAgg.draw_text
    RendererAgg.draw_text = note
    try:
        yield noted
    finally:
        RendererAgg.draw_text = kept


def letters(text: str) -> str:
    """Return the letters and digits of a text in alphabetic order, however it sets them.

    Examples:
        >>> letters("−1.5 𝑥²")
        '125x'
    """
    return "".join(sorted(filter(str.isalnum, unicodedata.normalize("NFKD", text))))


def _is_within(text: dict[str, Any], width: float, height: float) -> bool:
    """Tell whether a text is in the picture, as far as its line goes."""
    x, y = zip(text["start"], text["end"], strict=True)
    return max(x) > 0 and min(x) < width and max(y) > 0 and min(y) < height


def _image_pixels(figure: Figure) -> int:
    """Return how many pixels the images have that the author draws."""
    images = figure.findobj(lambda artist: isinstance(artist, _ImageBase) and artist.get_visible())
    arrays = (getattr(image, "get_array", lambda: None)() for image in images)
    return sum(array.shape[0] * array.shape[1] for array in arrays if array is not None and array.ndim >= 2)
