"""What blocks showed, to be put where they stand: on their own page, on an excerpt of it, on one to print."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from mkdocs_chainrule.pieces import shelf_of
from mkdocs_chainrule.show import show
from mkdocs_chainrule.show.captions import captions
from mkdocs_chainrule.show.drawings import drawn
from mkdocs_chainrule.show.wall import guarded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from mkdocs_chainrule.pieces import Shelves
    from mkdocs_chainrule.read.found import Found
    from mkdocs_chainrule.session.block import Block, Output
    from mkdocs_chainrule.show import ShowSettings
    from mkdocs_chainrule.show.captions import Caption
    from mkdocs_chainrule.site.runs import PageRun

_NOTE = re.compile(r"#[ \t]*\(\d+\)!?[ \t]*$", re.MULTILINE)  # Material's code annotations


@dataclass(frozen=True, slots=True)
class Result:
    """What a block showed, with the start of its ids, and what tells its Output from any other.

    Attributes:
        captions: What is said of what it showed, in page order.
        first: The number of its first figure; 0 where figures have none.
    """

    output: Output
    prefix: str
    identity: str
    captions: tuple[Caption, ...] = ()
    first: int = 0


def results_of(run: PageRun, *, numbered: bool) -> dict[str, Result]:
    """Return what a page's own blocks showed, by their keys."""
    prefix, outputs = shelf_of(run.session.page), run.outputs
    skipped = len(outputs) - len(run.keys)
    own = zip(run.keys, run.session.blocks[skipped:], outputs[skipped:], strict=True)
    results, first = {}, 1 if numbered else 0
    for n, (key, block, output) in enumerate(own, 1):
        said = _captions(block, output, first)
        results[key] = Result(output, f"{prefix}-{n}", f"{outputs.digest}-{n}", said, first)
        first += len(said) if numbered else 0
    return results


def _captions(block: Block, output: Output, first: int) -> tuple[Caption, ...]:
    options = block.options
    if block.kind == "inline" or options["setup"] or options["output"] == "none":
        return ()
    return tuple(one for one in captions(block, output, first).values() if one.is_named)


def adopted(
    keys: Iterable[str], blocks: Mapping[str, Found], runs: Iterable[PageRun], results: Mapping[str, Result]
) -> dict[str, Result]:
    """Return results for blocks that were read after all have run: those of the page that they begin.

    The keys of one reading have what stands before the hyphen in common.
    """
    found = {}
    for _, group in groupby(keys, lambda key: key.split("-")[0]):
        excerpt = [key for key in group if blocks[key].block.options["run"]]
        origin = next((run.keys for run in runs if _begins_with(run.keys, excerpt, blocks)), ())
        for key, original in zip(excerpt, origin, strict=False):
            result = results[original]
            found[key] = replace(result, prefix=f"{result.prefix}-excerpt")
    return found


def _begins_with(keys: Sequence[str], excerpt: Sequence[str], blocks: Mapping[str, Found]) -> bool:
    page = [_alike(blocks[key]) for key in keys[: len(excerpt)]]
    return page == [_alike(blocks[key]) for key in excerpt]


def _alike(found: Found) -> object:
    return found.block.source, found.block.kind, found.block.options


def is_annotated(found: Found) -> bool:
    """Tell whether a list behind the source explains lines of it: Material looks for it right there."""
    return found.block.options["source"] != "none" and bool(_NOTE.search(found.block.source))


def rendered(
    found: Found,
    notes: str,
    result: Result | None,
    settings: ShowSettings,
    shelves: Shelves,
    *,
    aside: Callable[[str], str],
) -> str:
    """Return a block as it stands on a page; the settings' prefix sets ids apart from its own page's."""
    source = found.source_html + notes
    if result is None:
        return source
    own = replace(settings, prefix=result.prefix + settings.prefix, first=result.first)
    identity = result.identity
    block, output = found.block, result.output

    def make() -> str:
        return show(block, source, output, own, lambda *what: aside(drawn(shelves, identity, *what)))

    return guarded(block, source, output, own, make)
