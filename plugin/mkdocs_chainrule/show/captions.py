"""What stands under pictures: a caption, a number, and an id by which links name them.

An author says it where a picture is shown, `display(figure, caption="…", alt="…", id="fig-…")`, or on the
fence: one text is for all that the block shows, and `First | Second` for its pictures, in their order.
Numbers run through the page, so what shows a block is told at which its own begin.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mkdocs_chainrule.session.block import CAPTION, GRAPH, Bundle
from mkdocs_chainrule.show.literal import literal
from mkdocs_chainrule.show.markup import element, escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mkdocs_chainrule.session.block import Block, Output

_BETWEEN = re.compile(r"\s+\|\s+")
_ID = re.compile(r"fig-[\w-]+")
_PICTURE = re.compile(r"image/|application/vnd\.")
_OPTIONS = ("caption", "alt", "id")


@dataclass(frozen=True, slots=True)
class Caption:
    """What is said of a picture, or of all that a block shows; `number` 0 is none."""

    text: str = ""
    alt: str = ""
    id: str = ""
    number: int = 0

    @property
    def is_named(self) -> bool:
        """Whether it is one that a number may count."""
        return bool(self.text or self.id)

    @property
    def label(self) -> str:
        """What a link to it reads, which names it by nothing else.

        Examples:
            >>> Caption("The loss", number=2).label, Caption("The loss").label, Caption().label
            ('Figure 2', 'The loss', 'figure')
        """
        return f"Figure {self.number}" if self.number else self.text or "figure"

    def __str__(self) -> str:
        return ": ".join(filter(None, (f"Figure {self.number}" if self.number else "", self.text)))


def captions(block: Block, output: Output, first: int = 0) -> Mapping[int | None, Caption]:
    """Return what is said of a block's items, by their places, and of all together, by None.

    Args:
        block: The block, whose options say some of it.
        output: What it showed, which may say more of a picture.
        first: The number of the first that is named; 0 for none.
    """
    given = {name: str(block.options.get(name) or "") for name in _OPTIONS}
    parts = {name: _BETWEEN.split(text.strip()) if text else [] for name, text in given.items()}
    found: dict[int | None, Caption] = {}
    for place, said in _each(output, {name: texts for name, texts in parts.items() if len(texts) > 1}):
        found[place] = Caption(said.get("caption", ""), said.get("alt", ""), said.get("id", ""))
    whole = {name: given[name] for name, texts in parts.items() if len(texts) == 1}
    if output.items and whole.keys() & {"caption", "id"}:
        found[None] = Caption(whole.get("caption", ""), "", whole.get("id", ""))
    numbers = iter(range(first, first + len(found)))
    return {
        place: Caption(one.text, one.alt, one.id, next(numbers)) if first and one.is_named else one
        for place, one in found.items()
    }


def said_of(block: Block, *names: str) -> int:
    """Return of how many pictures a fence says something, each for itself; 0 if it does of none."""
    texts = (str(block.options.get(name) or "").strip() for name in names or _OPTIONS)
    most = max(len(_BETWEEN.split(text)) for text in texts)
    return most if most > 1 else 0


def pictures(output: Output) -> list[int]:
    """Return the places of the items that are to be looked at."""
    return [place for place, item in enumerate(output.items) if is_picture(item)]


def is_picture(item: object) -> bool:
    """Tell whether an item is to be looked at: a figure, an image, a graph, and not text or a table."""
    return isinstance(item, Bundle) and any(map(_PICTURE.match, item.data))


def captioned(html: str, caption: Caption, class_: str, *, has_text: bool = False) -> str:
    """Return what is shown with what stands under it, unless that `has_text` itself, as a graph does."""
    if str(caption) and not has_text:
        below = element("figcaption", literal(escape(str(caption))))
        return element("figure", html, below, class_=class_, id=caption.id or None)
    return element("div", html, class_=class_, id=caption.id or None)


def is_graph(item: object) -> bool:
    """Tell whether an item is a graph, which has its caption under the picture itself."""
    return isinstance(item, Bundle) and GRAPH in item.data


def _each(output: Output, several: Mapping[str, list[str]]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield what is said of items one by one: by the fence, or where the item was shown, which counts."""
    order = {place: number for number, place in enumerate(pictures(output))}
    for place, item in enumerate(output.items):
        said: dict[str, str] = {}
        for name, texts in several.items():
            if (number := order.get(place, len(texts))) < len(texts):
                said[name] = texts[number]
        own = item.metadata.get(CAPTION) if isinstance(item, Bundle) else None
        if isinstance(own, dict):  # a stranger's freeze may hold anything
            said |= {name: str(own[name]) for name in _OPTIONS if own.get(name)}
        if "id" in said and not _ID.fullmatch(said["id"]):
            del said["id"]
        if said:
            yield place, said
