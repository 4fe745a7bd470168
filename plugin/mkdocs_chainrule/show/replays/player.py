"""The figure around what plays; its controls come with the script, its last sentence stands there before."""

from __future__ import annotations

from mkdocs_chainrule.show.markup import element, escape

MOMENTS = 4  # frames that are shown side by side, where there is no script and on paper


def playing(sentence: str, name: str, *content: str, below: str = "") -> str:
    """Return content as a figure of this name that a script can play, its last frame's sentence under it."""
    words = element("p", escape(sentence), class_="chainrule-sentence")
    player = element("div", words, class_="chainrule-player")
    figure = element("figure", *content, player, below, aria_label=name or None)
    return element("chain-rule", figure, class_="chainrule-replay", data_search_exclude=True)


def moments(count: int) -> list[int]:
    """Return the frames that tell the story by themselves: evenly spread, the first and the last among them.

    Examples:
        >>> moments(10), moments(2)
        ([0, 3, 6, 9], [0, 1])
    """
    if count <= MOMENTS:
        return list(range(count))
    return [round(index * (count - 1) / (MOMENTS - 1)) for index in range(MOMENTS)]
