"""What a figure shows, in words: the alternative text that is written from its axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_NAMES = 6


def describe(figure: Figure) -> str:
    """Return what the figure shows: for each axes its kind, its labels, its ranges, its named parts."""
    title = figure.get_suptitle()
    parts = [_axes(axes) for axes in figure.axes if axes.get_label() != "<colorbar>"]
    if len(parts) > 1:
        parts = [f"Part {number}: {part}" for number, part in enumerate(parts, 1)]
    words = [text.get_text() for text in figure.texts if text.get_text() != title]
    heading = [f"{title.rstrip('.')}."] if title else []
    return " ".join(heading + parts + words) or "An empty figure."


def _axes(axes: Axes) -> str:
    title = axes.get_title() or axes.get_title("left") or axes.get_title("right")
    kinds = _join([_count(name, number) for name, number in _kinds(axes) if number]) or "empty axes"
    sentences = [f"{title}: {kinds}" if title else kinds.capitalize()]
    sentences += [_axis(name, axis) for name in "xyz" if (axis := getattr(axes, f"{name}axis", None))]
    legend = axes.get_legend()
    if names := [text.get_text() for text in legend.get_texts()] if legend else []:
        sentences.append(f"legend: {_first(names)}")
    if words := [text.get_text() for text in axes.texts if text.get_text()]:
        sentences.append(f"text: {_first(words)}")
    return f"{'; '.join(sentences)}."


def _kinds(axes: Axes) -> Iterator[tuple[str, int]]:
    bars = sum(len(c) for c in axes.containers if hasattr(c, "patches"))
    drawn = [(line.get_linestyle() == "None", len(np.atleast_1d(line.get_xdata()))) for line in axes.lines]
    yield "line", sum(count > 0 and not only_marks for only_marks, count in drawn)
    scattered = [c for c in axes.collections if type(c).__name__ == "PathCollection"]
    points = sum(len(np.atleast_1d(c.get_offsets())) for c in scattered)
    yield "point", points + sum(count for only_marks, count in drawn if only_marks)
    yield "bar", bars
    others = [type(c).__name__.removesuffix("Collection") for c in axes.collections]
    yield "filled area", sum(name in {"FillBetweenPoly", "Poly", "Poly3D"} for name in others)
    yield "contour", sum(name.endswith("ContourSet") for name in others)
    yield "field of arrows", sum(name == "Quiver" for name in others)
    yield "mesh", sum(name == "QuadMesh" for name in others)
    yield "image", len(axes.images)
    yield "wedge", sum(type(patch).__name__ == "Wedge" for patch in axes.patches)


def _count(name: str, number: int) -> str:
    plural = name.replace("field", "fields") if name.startswith("field") else f"{name}s"
    return f"{number} {name if number == 1 else plural}"


def _join(words: list[str]) -> str:
    return ", ".join([*words[:-2], " and ".join(words[-2:])])


def _axis(name: str, axis: Any) -> str:
    low, high = axis.get_view_interval()
    label = axis.get_label().get_text()
    what = f"{name} ({label})" if label else name
    if type(axis.get_major_locator()).__name__ in {"StrCategoryLocator", "FixedLocator"}:
        categories = [text.get_text() for text in axis.get_ticklabels()]
        if any(categories):
            return f"{what}: {_first(categories)}"
    scale = "" if axis.get_scale() == "linear" else f", {axis.get_scale()} scale"
    return f"{what} from {low:.3g} to {high:.3g}{scale}"


def _first(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"{', '.join(names[:_MOST_NAMES])}{more}"
