"""The blocks of a site: found while its pages are read, run page by page, put where they were found.

Each part is a file: what `read/found.py` holds goes to `runs.py`, and what comes of it to `results.py`. Most
blocks pass straight through. The others are the reason for what stands here besides:

    a page without blocks            has no session: nothing starts, and its HTML stays as it is
    a block with run="no"            is found, is in no session, and its source takes its place
    a fence in a comment, or in code is found, since SuperFences asks for it; but its mark is not live
    a block that an answer knows     shows that at once, and is kept by all but what knew it
    a block that must not run        is answered too, by a failure that shows its source and why
    a setup file                     begins every session; what it shows is nobody's
    a page that fails                tells of its first block, and how many that held up
    a result that cannot be drawn    is a failure as well: so nothing keeps it until all pages are filled
    a dirty build                    reads only what changed: the other pages have no content to fill
    an excerpt of Material's blog    is read again when all have run: it takes over what its post showed
    print-site's copy of a page      is filled once more, with ids and pictures of its own
    a mark in an attribute           becomes plain text; one in a formula, a number as TeX has it
    notes behind an annotated source come along with it, as Material expects them there
    a picture                        is dealt with as other plugins deal with one (`lightbox.py`)
    a large result                   waits (`late.py`) until search and the like have read the page; its words
                                     stand by meanwhile, once
    a build in `serve`               clears this; processes, store and shelves on disk stay
"""

from __future__ import annotations

import time
from concurrent.futures import Future, wait
from dataclasses import replace
from functools import partial
from logging import INFO, WARNING
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.errors import Problem
from mkdocs_chainrule.pieces import Shelves
from mkdocs_chainrule.read.found import Pages
from mkdocs_chainrule.read.script import script
from mkdocs_chainrule.session.block import Place
from mkdocs_chainrule.site.late import Late
from mkdocs_chainrule.site.results import adopted, is_annotated, rendered, results_of
from mkdocs_chainrule.site.runs import session_of, settled, start, tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from mkdocs_chainrule.session.block import Block, Output
    from mkdocs_chainrule.show import ShowSettings
    from mkdocs_chainrule.site.results import Result
    from mkdocs_chainrule.site.runs import PageRun
    from mkdocs_chainrule.store.plan import Plan


class Site:
    """The blocks of one build, from part to part."""

    def __init__(
        self, root: Path, plan: Plan, options: Mapping[str, Any], setup: Iterable[Block] = ()
    ) -> None:
        # What did not run here may be a stranger's.
        may_be_html = options["allow_html"] and options["execute"] != "never"
        self.pages = Pages(root, {**options, "allow_html": may_be_html})
        self.plan, self.late = plan, Late(self.pages.marks.nonce)
        self.runs: list[PageRun] = []
        self.shelves = Shelves(plan.store.folder / "shown" if plan.store else None)
        self._results: dict[str, Result] = {}
        self._choices: dict[str, set[str]] = {"download": set(), "numbered": set()}  # pages that have them
        self.figures: dict[str, dict[str, str]] = {}  # what links call them, by page and id
        self._machine: dict[str, Problem] = {}  # what is not of any page
        self._setup = tuple(setup)
        self._unshown: dict[str, Output] = {}  # as they may be kept, by the keys of their blocks
        self._started = self._seconds = 0.0

    def submit(self, page: str, html: str) -> None:
        """Start the session of a page that has been read."""
        keys = self.pages.on(html)
        found = [self.pages.blocks[key] for key in keys]
        self.pages.report(page, *(problem for each in found for problem in each.problems))
        for name, pages in self._choices.items():
            of_site = self.pages.options[name]  # which any fence turns round for its page
            if of_site != any(each.block.options[name] != of_site for each in found):
                pages.add(page)
        keys = [key for key in keys if self.pages.blocks[key].block.options["run"]]
        if keys:
            self._started = self._started or time.monotonic()
            session = session_of(page, (*self._setup, *self._blocks(keys)), self.pages.options["seed"])
            self.runs.append(start(self.plan, session, keys))

    def collect(self, wait: Callable[[list[Future[Any]]], object] = wait) -> None:
        """Wait for all sessions, and gather what they showed and what went wrong."""
        wait([run.promised for run in self.runs if isinstance(run.promised, Future)])
        for run in self.runs:
            self.pages.report(run.session.page, *run.problems)
            results = results_of(run, numbered=run.session.page in self._choices["numbered"])
            self._results |= results
            self._name_figures(run.session.page, results.values())
            for template, remark in run.outputs.remarks.items():
                self._machine.setdefault(template, Problem(Place("Matplotlib"), remark, INFO))
        self._seconds = time.monotonic() - self._started if self._started else 0.0

    def settle(self) -> str:
        """Keep what ran, once all pages are filled, and say what all came to."""
        self.runs = [settled(run, self._unshown) for run in self.runs]
        for run in self.runs:
            if not self._unshown.keys().isdisjoint(run.keys):
                self.pages.report(run.session.page, *run.problems)
            if run.source is None:
                self.plan.keep(run.session, run.outputs, None)
        return tally(self.runs, self._seconds)

    @property
    def written(self) -> set[str]:
        """The files that sessions wrote, which ran just now."""
        return {path for run in self.runs if run.outputs.reads for path in run.outputs.reads.written}

    def _name_figures(self, page: str, results: Iterable[Result]) -> None:
        named = self.figures.setdefault(page, {})
        for caption in (caption for result in results for caption in result.captions if caption.id):
            if caption.id in named:
                message = f"two figures have the id {caption.id}: links lead to the first"
                self.pages.report(page, Problem(Place(page), message, WARNING))
            named.setdefault(caption.id, caption.label)

    def miss_figure(self, page: str, name: str) -> None:
        """Tell of a link that names a figure which is nowhere."""
        message = f'[](#{name}) names no figure: give one the id, as in display(figure, id="{name}")'
        self.pages.report(page, Problem(Place(page), message, WARNING))

    def fill(
        self, html: str, settings: ShowSettings, apart: str = "", aside: Callable[[str], str] = str
    ) -> str:
        """Return a page with every block that has run in its place.

        Where blocks stand elsewhere than on their page, `apart` sets their ids apart from those there. What
        `aside` makes of each result stands there.
        """
        if not self.pages.marks.are_in(html):
            return html
        keys = self.pages.marks.live(html)
        blocks, results = self.pages.blocks, self._results
        late = [key for key in keys if key in blocks and key not in results]
        results |= adopted(late, blocks, self.runs, results)

        def shown(key: str, notes: str) -> str:
            if key not in blocks:
                return ""
            remark = partial(self._remark, blocks[key].block)
            unshown = partial(self._unshown.setdefault, key)
            own = replace(settings, prefix=apart, remark=remark, unshown=unshown)
            return rendered(blocks[key], notes, results.get(key), own, self.shelves, aside=aside)

        return self.pages.marks.fill(html, shown, lambda key: key in blocks and is_annotated(blocks[key]))

    def fill_for_search(self, html: str, settings: ShowSettings, aside: Callable[[str], str] = str) -> str:
        """Return a page likewise, but large results wait (`late.py`), and their words stand by."""
        whole = self.fill(html, settings, aside=lambda result: self.late.set_aside(aside(result)))
        return self.late.with_words(whole)

    def _remark(self, block: Block, remark: str, *, once: bool = False, asked: str = "") -> None:
        """Tell of a block, or of its page: what is told of the same place again is told once.

        That a fence has nothing of what it asked for is a warning; not of what is asked of all pages.
        """
        place = block.place
        is_own = asked and block.options.get(asked) != self.pages.options.get(asked)
        where = Place(place.file) if once else place
        self.pages.report(place.file, Problem(where, remark, WARNING if is_own else INFO))

    def script(self, page: str, title: str) -> str:
        """Return a page's code as one file that runs; nothing for a page without code to offer."""
        if page not in self._choices["download"]:
            return ""
        own = self._blocks(next((run.keys for run in self.runs if run.session.page == page), ()))
        has_code = any(block.kind == "fence" for block in own)
        return script(title, (*self._setup, *own)) if has_code else ""

    @property
    def problems(self) -> list[Problem]:
        """All that the author should know."""
        return [*self._machine.values(), *self.plan.problems, *self.pages.problems]

    def clear(self) -> None:
        """Forget all blocks, problems and pieces."""
        self.runs, self.late, self._started = [], Late(self.pages.marks.nonce), 0.0
        self._results.clear()
        self._unshown.clear()
        for pages in self._choices.values():
            pages.clear()
        self._machine.clear()
        self.figures.clear()
        self.pages.clear()
        self.shelves.clear()

    def _blocks(self, keys: Iterable[str]) -> list[Block]:
        return [self.pages.blocks[key].block for key in keys]
