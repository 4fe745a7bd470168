"""One figure of the reference: drawn by Agg without its text, and what of it is to be found on the page."""

from __future__ import annotations

import io
import math
import signal
import time
import unicodedata
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.image import _ImageBase
from matplotlib.mathtext import MathTextParser

from benchmarks.galleries import product

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

DPI = 96  # pixels of a page in an inch
ROUNDING = 2.0  # pixels by which a size may differ
LONGEST = 5.0  # seconds of CPU, and twice what Agg takes, after which a draw is stopped: it is slow
MOST_PADDING = 0.5  # inches around a figure that is cut to what is seen of it


def measured(
    figure: Figure, size: tuple[float, float] | None, picture: Path, *, is_ours: bool
) -> dict[str, Any]:
    """Draw a figure as the page of this size shows it, and say what it holds and what drawing costs."""
    product.clear_images(figure)
    agg = _seconds(lambda: _save(figure))  # which makes its layout too
    cut, how = _cut(figure, size)
    with _text_aside() as texts:
        picture.write_bytes(_save(figure, bbox_inches=cut))
    inches = cut.size if cut is not None else figure.get_size_inches()
    return {
        "size": [float(side) * DPI for side in inches],
        "cut": how,
        "texts": [text for text in texts if _is_within(text, *inches * DPI)],
        "images": _image_pixels(figure),
        "agg": agg,
        "ours": _seconds(lambda: _draw(figure), LONGEST + 2 * agg) if is_ours else 0.0,
        "picture": picture.name,
    }


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


def _cut(figure: Figure, size: tuple[float, float] | None) -> tuple[Bbox | None, str]:
    """Return what of a figure the page shows, in inches, and in words: all, or what is seen and some padding."""
    whole = figure.get_size_inches()
    if size is None:
        return None, "is not there"
    wanted = [side / DPI for side in size]
    if all(abs(a - b) * DPI <= ROUNDING for a, b in zip(wanted, whole, strict=True)):
        return None, "whole"
    seen = figure.get_tightbbox(figure._get_renderer())  # noqa: SLF001 - also of a canvas that is not Agg's
    paddings = [(a - b) / 2 for a, b in zip(wanted, seen.size, strict=True)]
    padding = sum(paddings) / 2
    if abs(paddings[0] - paddings[1]) * DPI <= ROUNDING and 0 <= padding <= MOST_PADDING:
        return seen.padded(padding), "tight"
    return None, "of another size"


@contextmanager
def _text_aside() -> Iterator[list[dict[str, Any]]]:
    """Let Agg draw no text, and note it instead."""
    noted: list[dict[str, Any]] = []

    def note(renderer, gc, x, y, s, prop, angle, ismath=False, **_) -> None:  # noqa: PLR0917 - Agg's signature
        width = renderer.get_text_width_height_descent(s, prop, ismath)[0]
        turned = math.radians(angle)
        end = [x + width * math.cos(turned), y - width * math.sin(turned)]
        colour = [round(255 * part) for part in gc.get_rgb()[:3]]
        shown = _characters(s, prop) if ismath else s
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


def _characters(text: str, prop: Any) -> str:
    return "".join(chr(glyph[2]) for glyph in MathTextParser("path").parse(text, 72, prop).glyphs)


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
