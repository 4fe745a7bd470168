"""What is wrong with a gallery's pages: figure by figure, and page by page."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from benchmarks.galleries import product
from benchmarks.galleries.comparing import (
    LIMIT,
    LIMIT_WITH_IMAGE,
    contrasts,
    lost_in_the_dark,
    pixels,
    share_of_unlike_cells,
    uncoloured,
    unlike_texts,
)
from benchmarks.galleries.looking import SCHEMES, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.galleries.gallery import Run
    from benchmarks.galleries.pages import Page

OURS, CHOSEN = (re.compile(pattern, re.IGNORECASE) for pattern in (product.OURS, product.CHOSEN))
PLACES = re.compile(r"\S*(?:\.md|\.py|block \d+)(?:[:,]? ?(?:line )?\d+)?:?|0x[0-9a-f]+")
MEGABYTE = 1_000_000
SECONDS = 3.0


@dataclass
class Figure:
    """One figure, here and there.

    Attributes:
        share: Of the cells of pixels that differ; None where they were not compared.
        limit: What of them may.
        again: The share by which the reference differs from itself, where it was drawn twice.
        texts: How many lines of text the reference has.
        faults: What is wrong with its texts: the kind, and of which.
        contrast: In each scheme the contrasts of texts in ink to their grounds; None is not known.
    """

    page: str
    number: int
    block: int
    here: dict[str, Any]
    there: dict[str, Any]
    share: float | None = None
    limit: float = LIMIT
    again: float | None = None
    texts: int = 0
    faults: list[tuple[str, str]] = field(default_factory=list)
    contrast: dict[str, list[tuple[str, float | None]]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.page} {self.number}"

    @property
    def is_random(self) -> bool:
        """Whether the reference itself is another at each run."""
        return self.again is not None and self.again > self.limit / 2

    @property
    def is_unlike(self) -> bool:
        return self.share is not None and self.share > self.limit and not self.is_random

    @property
    def is_large(self) -> bool:
        """Whether it has more than a megabyte, and no image of more pixels that accounts for it."""
        return self.here["bytes"] > max(MEGABYTE, 4 * self.there.get("images", 0))

    @property
    def is_slow(self) -> bool:
        return self.there.get("ours", 0.0) > max(SECONDS, 2 * self.there.get("agg", 0.0))


@dataclass
class Found:
    """One page, here and there.

    Attributes:
        failures: What failed here.
        theirs: What failed there.
        ours: Lines on the page about our choices.
        only_here: Other lines that are printed here only.
        figures: Those of the page that the reference has too.
        count: How many figures are here and there.
        dead: References to nothing.
    """

    page: str
    blocks: int
    failures: list[str]
    theirs: list[str]
    ours: list[str]
    only_here: list[str]
    figures: list[Figure]
    count: tuple[int, int]
    dead: list[str]

    def data(self) -> dict[str, Any]:
        """Return all of it as JSON has it, but for the texts."""
        told = asdict(self)
        for figure in told["figures"]:
            figure["there"].pop("texts", None)
            for scheme in SCHEMES:
                figure["here"].get(scheme, {}).pop("texts", None)
        return told


def found(run: Run, page: Page) -> Found:
    """Return what is to be said of a page."""
    here, there = run.looked(page), run.referred(page)
    figures = here.get("figures", [])
    printed = [line for text in here.get("printed", ()) for line in text.splitlines()]
    theirs = {_said(line) for line in there["printed"].splitlines()}
    only_here = [line for line in printed if _said(line) not in theirs]
    suspects = printed if there["layout"] else only_here
    ours = [line for line in printed if OURS.search(line) or (CHOSEN.search(line) and line in suspects)]
    places = here.get("places", [])
    failures = [
        f"{place}: {message}" for place, message in zip(places, here.get("failures", ()), strict=False)
    ]
    if "unseen" in here:
        failures.append(f"the page cannot be looked at: {here['unseen']}")
    return Found(
        page.name,
        len(page.blocks),
        failures,
        there["failures"],
        ours,
        [line for line in only_here if line not in ours],
        [
            _figure(run, page, number, ours, reference)
            for number, (ours, reference) in enumerate(_pairs(figures, there["figures"]), 1)
        ],
        (len(figures), there["count"]),
        [f"figure {number}: {name}" for number, each in enumerate(figures, 1) for name in each["dead"]],
    )


def _said(line: str) -> str:
    """Return a line without places and addresses, which differ."""
    return PLACES.sub("", line).strip()


def _pairs(
    ours: list[dict[str, Any]], theirs: list[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Return the figures that belong together: in each block the first to the first, and so on."""
    for block in dict.fromkeys(figure["block"] for figure in ours):
        yield from zip(
            (figure for figure in ours if figure["block"] == block),
            (figure for figure in theirs if figure["block"] == block),
            strict=False,
        )


def _figure(run: Run, page: Page, number: int, ours: dict[str, Any], theirs: dict[str, Any]) -> Figure:
    made = Figure(page.name, number, ours["block"], ours, theirs)
    light = ours["light"]
    if theirs["kind"] == "picture" or "error" in light or "error" in theirs:
        return made
    pictures = run.kept("pictures")
    made.limit = LIMIT_WITH_IMAGE if theirs["images"] or ours["images"] else LIMIT
    colours = read(run.folder / "colours.json")["light"]
    own = [tuple(bytes.fromhex(colours[name][1:])) for name in (product.INK, product.GROUND)]
    made.share = share_of_unlike_cells(
        *(pixels(pictures / each["picture"], light["ground"], own[0]) for each in (light, theirs))
    )
    made.texts = sum(bool(text["letters"]) for text in theirs["texts"])
    made.faults = list(unlike_texts(light["texts"], theirs["texts"], own))
    if "error" not in ours["dark"]:
        follow = {tuple(bytes.fromhex(colour[1:])) for colour in colours.values()}
        made.faults += lost_in_the_dark(light["texts"], ours["dark"]["texts"], follow)
    of_ink = [uncoloured(text, own[:1]) for text in light["texts"]]
    for scheme in SCHEMES:
        if "error" not in ours[scheme]:
            texts = [text for text, is_ink in zip(ours[scheme]["texts"], of_ink, strict=False) if is_ink]
            made.contrast[scheme] = list(contrasts(texts, pictures / ours[scheme]["picture"]))
    return made


def drawn_again(run: Run, pages: list[Page], all_found: list[Found]) -> None:
    """Draw in plain Python once more what is unlike: where chance draws, it is unlike itself."""
    by_name = {page.name: page for page in pages}
    wrong = [each for each in all_found if any(figure.is_unlike or figure.faults for figure in each.figures)]
    run.refer([by_name[each.page] for each in wrong], "again")
    for each in wrong:
        again = run.referred(by_name[each.page], "again")["figures"]
        for figure, second in zip(each.figures, _in_order(each.figures, again), strict=True):
            if second is not None and figure.share is not None and "error" not in second:
                figure.again = _between(run.folder, figure, second)
                if _texts(second) != _texts(figure.there):
                    figure.again = 1.0


def _in_order(figures: list[Figure], again: list[dict[str, Any]]) -> Iterator[dict[str, Any] | None]:
    left = list(again)
    for figure in figures:
        second = next((each for each in left if each["block"] == figure.block), None)
        if second is not None:
            left.remove(second)
        yield second


def _between(folder: Path, figure: Figure, second: dict[str, Any]) -> float:
    ground = figure.here["light"]["ground"]
    first = pixels(folder / "pictures" / figure.there["picture"], ground)
    return share_of_unlike_cells(first, pixels(folder / "again" / second["picture"], ground))


def _texts(figure: dict[str, Any]) -> list[str]:
    return [text["said"] for text in figure["texts"]]
