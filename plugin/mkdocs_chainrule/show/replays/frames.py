"""An animation: frames that are seen one at a time; without a script, some of them side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.show.figure import MOST_INLINE, show_figure
from mkdocs_chainrule.show.markup import element
from mkdocs_chainrule.show.replays.player import moments, playing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkdocs_chainrule.show.settings import ShowSettings

_MOST = 5 * MOST_INLINE  # characters up to which all frames stand in the page


def show_frames(data: Any, metadata: Mapping[str, Any], settings: ShowSettings) -> str | None:
    """Return an animation that plays, or None if there are no frames; its last frame only, if none plays.

    Only the last one is described: the others show what it went through.
    """
    try:
        frames, numbers, count = list(map(str, data["frames"])), list(data["numbers"]), int(data["count"])
        names = [f"Frame {int(number):,} of {count:,}" for number, _ in zip(numbers, frames, strict=True)]
    except (KeyError, TypeError, ValueError):
        return None
    if len(frames) < 2 or not settings["replay"]:
        return show_figure(frames[-1], metadata, settings) if frames else None
    most = min(MOST_INLINE, _MOST // len(frames))
    chosen = moments(len(frames))
    shown = []
    for index, (svg, name) in enumerate(zip(frames, names, strict=True)):
        is_last = index == len(frames) - 1
        place = replace(settings, prefix=f"{settings.prefix}-f{index}")
        place = place if is_last else replace(place, remark=str)  # what is said of one is said of all
        about = {**metadata, "alt": f"{name}. {metadata.get('alt', '')}".rstrip() if is_last else name}
        picture = show_figure(svg, about, place, most)
        if picture is None:
            return None
        looks = ["chainrule-moment"] * (index in chosen) + ["chainrule-now"] * is_last
        shown.append(element("figure", picture, element("figcaption", name), class_=" ".join(looks) or None))
    return playing(names[-1], settings["alt"] or "", element("div", *shown, class_="chainrule-frames"))
