"""A figure of the page beside that of the reference: its pixels in cells, and its texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from benchmarks.galleries.measured import ROUNDING, letters

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

CELL = 8  # pixels of a side
UNLIKE = 0.1  # of a channel
LIMIT, LIMIT_WITH_IMAGE = 0.005, 0.02  # of the cells
SHIFTS = (0, -1, 1)  # pixels by which rounding may move a picture
PLACE = 3.0  # pixels
SAME = 2  # of 255, in a channel
MOST_LINES = 12  # of a text that may be one on the page
READABLE = 4.5  # contrast of text
PLACES = np.array([1 << 16, 1 << 8, 1])  # of red, green and blue in one number
UNIFORM = 0.6  # of the pixels behind a text have one colour, or its ground is not known


def pixels(path: Path, ground: Sequence[int], ink: Sequence[int] = (0, 0, 0)) -> NDArray[np.float32]:
    """Return a picture over a ground, as channels from 0 to 1, and none darker than ink.

    A page's ink and black are one colour: on the page's own ground both are ink, and black on any other.
    """
    image = Image.open(path).convert("RGBA")
    under = Image.new("RGBA", image.size, (*ground, 255))
    channels = np.asarray(Image.alpha_composite(under, image).convert("RGB"), dtype=np.float32)
    return np.maximum(channels, np.array(ink, np.float32)) / 255


def share_of_unlike_cells(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> float:
    """Return which share of the cells differs, after the shift by a pixel that suits best."""
    theirs = _of_size(theirs, ours.shape[0], ours.shape[1])
    padded = np.pad(theirs, ((1, 1), (1, 1), (0, 0)), mode="edge")
    height, width = ours.shape[:2]
    mine = _cells(ours)
    shares = []
    for down in SHIFTS:
        for right in SHIFTS:
            moved = padded[1 + down : 1 + down + height, 1 + right : 1 + right + width]
            shares.append(float((np.abs(mine - _cells(moved)) > UNLIKE).any(axis=2).mean()))
            if not shares[-1]:
                return 0.0
    return min(shares)


def _cells(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the averages over cells; a rest at the edges is left out, unless there is nothing else."""
    height, width = (max(side // CELL, 1) for side in picture.shape[:2])
    whole = np.ascontiguousarray(picture[: height * CELL, : width * CELL])
    down, right = min(CELL, whole.shape[0]), min(CELL, whole.shape[1])
    rows = whole.reshape(height, down, -1).sum(axis=1)  # in two steps, as this is much faster
    return rows.reshape(height, width, right, 3).sum(axis=2) / (down * right)


def _of_size(picture: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    """Return a picture of this size: Agg drops a part of a pixel at the top, so the rest stays at the bottom."""
    if max(abs(picture.shape[0] - height), abs(picture.shape[1] - width)) > ROUNDING:
        image = Image.fromarray((picture * 255).astype(np.uint8)).resize(
            (width, height), Image.Resampling.BILINEAR
        )
        return np.asarray(image, dtype=np.float32) / 255
    above, beside = max(height - picture.shape[0], 0), max(width - picture.shape[1], 0)
    padded = np.pad(picture, ((above, 0), (0, beside), (0, 0)), mode="edge")
    return padded[padded.shape[0] - height :, :width]


def unlike_texts(
    page: Iterable[dict[str, Any]], reference: Iterable[dict[str, Any]], own: Iterable[Sequence[int]]
) -> Iterator[tuple[str, str]]:
    """Say what is wrong with the texts of a figure: `missing`, `colour` or `place`, and of which text.

    Args:
        page: The texts on the page.
        reference: Those of the reference, line by line.
        own: Colours that are one with exact black and white, by what they stand on: ink, and our own ground.
    """
    # Agg draws texts with effects as outlines, so the reference has none of them.
    there = [{**text, "letters": letters(text["said"])} for text in page if not text.get("hasEffects")]
    wanted = [text for text in reference if text["letters"]]
    pairs, lost = _pairs(wanted, there)
    for theirs, ours in pairs:
        if not _same_colour(theirs["colour"], ours["colour"], own):
            yield "colour", f"{theirs['said']!r} is {_hex(ours['colour'])}, not {_hex(theirs['colour'])}"
        if (distance := _distance(theirs, ours)) > PLACE:
            yield "place", f"{theirs['said']!r} is off by {distance:.0f} px"
    for theirs in lost:
        yield "missing", repr(theirs["said"])


def lost_in_the_dark(
    light: Iterable[dict[str, Any]], dark: Iterable[dict[str, Any]], follow: Container[Sequence[int]]
) -> Iterator[tuple[str, str]]:
    """Say which texts have another colour in the dark, although their author chose one.

    Args:
        light: The texts of a figure as the page shows them in the light.
        dark: The same in the dark.
        follow: Colours in the light that follow the scheme; so may greys, which libraries compute from ink.
    """
    for day, night in zip(light, dark, strict=False):
        is_grey = max(day["colour"]) - min(day["colour"]) <= SAME
        if not (is_grey or tuple(day["colour"]) in follow or _alike(day["colour"], night["colour"])):
            yield (
                "colour",
                f"{day['said']!r} is {_hex(night['colour'])} in the dark, not {_hex(day['colour'])}",
            )


def _pairs(
    wanted: list[dict[str, Any]], there: list[dict[str, Any]]
) -> tuple[list[tuple[dict[str, Any], dict[str, Any]]], list[dict[str, Any]]]:
    """Return which text is which: of the same letters the nearest; several lines may be one text."""
    close = sorted(
        (_distance(theirs, ours), number, place)
        for number, theirs in enumerate(wanted)
        for place, ours in enumerate(there)
        if theirs["letters"] == ours["letters"]
    )
    found: dict[int, int] = {}
    for _, number, place in close:
        if number not in found and place not in found.values():
            found[number] = place
    pairs = [(wanted[number], there[place]) for number, place in sorted(found.items())]
    left = [text for number, text in enumerate(wanted) if number not in found]
    free = [text for place, text in enumerate(there) if place not in found.values()]
    lost = []
    while left:
        for count in range(2, min(len(left), MOST_LINES) + 1):
            together = "".join(sorted("".join(text["letters"] for text in left[:count])))
            same = next((text for text in free if text["letters"] == together), None)
            if same is not None:
                pairs.append((left[0], same))
                free.remove(same)
                del left[:count]
                break
        else:
            lost.append(left.pop(0))
    return pairs, lost


def _distance(theirs: dict[str, Any], ours: dict[str, Any]) -> float:
    """Return how far apart two texts are where they are alike: at start, middle or end, as fonts differ in width."""
    start, end = np.array(theirs["start"]), np.array(theirs["end"])
    first, last = np.array(ours["start"]), np.array(ours["end"])
    both = ((start, first), (start, ours["origin"]), (end, last), ((start + end) / 2, (first + last) / 2))
    return min(float(np.hypot(*(a - b))) for a, b in both)


def _same_colour(theirs: Sequence[int], ours: Sequence[int], own: Iterable[Sequence[int]]) -> bool:
    return _alike(theirs, ours) or any(
        set(one) in ({0}, {255}) and any(_alike(colour, other) for colour in own)
        for one, other in ((theirs, ours), (ours, theirs))
    )


def _alike(a: Sequence[int], b: Sequence[int]) -> bool:
    return all(abs(x - y) <= SAME for x, y in zip(a, b, strict=True))


def _hex(colour: Sequence[int]) -> str:
    return "#" + bytes(colour).hex()


def uncoloured(text: dict[str, Any], own: Iterable[Sequence[int]]) -> bool:
    """Tell whether no author chose a text's colour in the light, nor effects that it stands on."""
    ink = ((0, 0, 0), *own)
    return not text.get("hasEffects") and any(_alike(colour, text["colour"]) for colour in ink)


def contrasts(texts: Iterable[dict[str, Any]], picture: Path) -> Iterator[tuple[str, float | None]]:
    """Return the contrast of each text to the ground behind it; None where that has no one colour.

    Args:
        texts: Those of the page, as one scheme shows them.
        picture: The figure in that scheme, without its text.
    """
    image = np.asarray(Image.open(picture).convert("RGB"))
    for text in texts:
        left, top, right, bottom = (round(side) for side in text["box"])
        behind = image[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)].reshape(-1, 3)
        if not len(behind):
            continue
        colours, counts = np.unique(behind @ PLACES, return_counts=True)
        most = counts.argmax()
        known = counts[most] / counts.sum() >= UNIFORM
        ground = int(colours[most]).to_bytes(3)
        yield text["said"], contrast(text["colour"], ground) if known else None


def contrast(a: Sequence[int], b: Sequence[int]) -> float:
    """Return the contrast of two colours, as WCAG 2 has it.

    Examples:
        >>> contrast((0, 0, 0), (255, 255, 255))
        21.0
    """
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return round((light + 0.05) / (dark + 0.05), 2)


def _luminance(colour: Sequence[int]) -> float:
    parts = (part / 255 for part in colour)
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))
