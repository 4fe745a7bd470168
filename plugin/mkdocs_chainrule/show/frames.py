"""An animation as small multiples: some of its frames side by side, which is all of it without a script."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.show.figure import show_figure
from mkdocs_chainrule.show.markup import element

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkdocs_chainrule.show.settings import ShowSettings

_SHOWN = 4


def show_frames(data: Any, metadata: Mapping[str, Any], settings: ShowSettings) -> str | None:
    """Return some frames of an animation, evenly spread, the last among them; None if there are none.

    Only the last one is described: the others show what it went through.
    """
    try:
        frames, numbers, count = list(data["frames"]), list(data["numbers"]), int(data["count"])
        chosen = _spread(len(frames))
        pictures = [
            _frame(str(frames[index]), f"frame {int(numbers[index])} of {count}", index, metadata, settings)
            for index in chosen
        ]
    except (KeyError, IndexError, TypeError, ValueError):
        return None
    return element("div", *pictures, class_="chainrule-frames") if all(pictures) and pictures else None


def _spread(count: int) -> list[int]:
    if count <= _SHOWN:
        return list(range(count))
    return [round(index * (count - 1) / (_SHOWN - 1)) for index in range(_SHOWN)]


def _frame(svg: str, name: str, index: int, metadata: Mapping[str, Any], settings: ShowSettings) -> str:
    about = {**metadata, "alt": f"{name[0].upper()}{name[1:]}. {metadata.get('alt', '')}".rstrip()}
    picture = show_figure(svg, about, replace(settings, prefix=f"{settings.prefix}-f{index}"))
    return element("figure", picture, element("figcaption", name)) if picture else ""
