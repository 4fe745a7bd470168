"""The blocks of a site: found while its pages are read, run page by page, put where they were found."""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.errors import failure_problem
from mkdocs_chainrule.pieces import Shelves, shelf_of
from mkdocs_chainrule.read.lines import Stamps
from mkdocs_chainrule.read.placeholders import fill, live, placeholder
from mkdocs_chainrule.read.script import script
from mkdocs_chainrule.session.block import Session
from mkdocs_chainrule.session.failures import is_expected
from mkdocs_chainrule.show import show
from mkdocs_chainrule.show.drawings import Drawings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from mkdocs_chainrule.errors import Problem
    from mkdocs_chainrule.read.found import Found
    from mkdocs_chainrule.session.block import Block, Output
    from mkdocs_chainrule.session.outputs import Outputs
    from mkdocs_chainrule.show import ShowSettings
    from mkdocs_chainrule.store.plan import Answers, Plan

_NOT_RUN = {"skipped", "unrun"}
_NOTE = re.compile(r"#[ \t]*\(\d+\)!?[ \t]*$", re.MULTILINE)  # Material's code annotations


@dataclass(frozen=True, slots=True)
class Shown:
    """What a block showed.

    Attributes:
        prefix: Start of its ids.
        identity: What tells its Output from any other.
    """

    output: Output
    prefix: str
    identity: str


@dataclass(frozen=True, slots=True)
class Running:
    """A page's session under way, with the keys of the blocks that the page asked for.

    Attributes:
        outputs: What it shows, or will show.
        source: What knew the outputs from an earlier build; None if the session runs.
    """

    session: Session
    keys: tuple[str, ...]
    outputs: Future[Outputs] | Outputs
    source: Answers | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What running a site came to.

    Attributes:
        blocks: How many ran.
        failed: How many failed, now or when they ran.
        known: How many did not run, by the name of what knew them.
        seconds: From the first session to the last.
    """

    blocks: int
    failed: int
    known: Mapping[str, int]
    seconds: float

    def __str__(self) -> str:
        blocks = f"{self.blocks} {'block' if self.blocks == 1 else 'blocks'}"
        known = "".join(f", {number} from {name}" for name, number in self.known.items())
        return f"ran {blocks}, {self.failed or 'none'} failed{known}, in {self.seconds:.1f} s"


class Site:
    """The blocks of one build.

    Attributes:
        root: The folder of mkdocs.yml, from which places are written.
        plan: Where Outputs come from.
        shelves: Pieces of pages as earlier builds made them.
        drawings: What Outputs look like.
        options: The plugin's options, parsed.
        stamps: Where lines stand.
        page: The file now being read, as its places name it.
        running: The sessions under way.
    """

    def __init__(
        self,
        root: Path,
        plan: Plan,
        options: Mapping[str, Any],
        setup: Iterable[Block] = (),
    ) -> None:
        self.root = root
        self.plan = plan
        self.shelves = Shelves(plan.store.folder / "shown" if plan.store else None)
        self.drawings = Drawings(self.shelves)
        # What did not run here may be a stranger's.
        may_be_html = options["allow_html"] and options["execute"] != "never"
        self.options = {**options, "allow_html": may_be_html}
        self.stamps = Stamps()
        self.page = ""
        self.running: list[Running] = []
        self._setup = tuple(setup)
        self._problems: dict[str, list[Problem]] = {}
        self._found: dict[str, Found] = {}
        self._shown: dict[str, Shown] = {}
        self._started = 0.0

    def name(self, path: str | Path) -> str:
        """Return a file's path as places write it: from the folder of mkdocs.yml, with forward slashes."""
        return Path(os.path.relpath(path, self.root)).as_posix()

    def add(self, key: str, found: Found) -> str:
        """Keep a block that a page holds, and return the mark to put in its place."""
        self._found[key] = found
        return placeholder(key, inline=found.block.kind == "inline")

    @property
    def problems(self) -> list[Problem]:
        """What to tell the author, page by page; what pages share (a setup file that fails) once."""
        return list(dict.fromkeys(chain.from_iterable(self._problems.values())))

    def report(self, problem: Problem, page: str) -> None:
        """Keep something to tell the author."""
        self._problems.setdefault(page, []).append(problem)

    def submit(self, page: str, html: str) -> None:
        """Start the session of a page that has been read."""
        self._problems.setdefault(page, [])
        keys = [key for key in live(html) if key in self._found]
        for problem in chain.from_iterable(self._found[key].problems for key in keys):
            self.report(problem, page)
        keys = [key for key in keys if self._found[key].block.options["run"]]
        if not keys:
            return
        self._started = self._started or time.monotonic()
        session = Session(page, self._sown((*self._setup, *(self._found[key].block for key in keys))))
        self.running.append(self._start(session, tuple(keys)))

    def collect(self, wait: Callable[[list[Future[Any]]], object] = wait) -> Summary:
        """Wait for all sessions, and gather what they showed and what went wrong.

        Args:
            wait: Waits for futures, and may say what it waits for.
        """
        wait([running.outputs for running in self.running if isinstance(running.outputs, Future)])
        ran: Counter[str] = Counter()
        failed = 0
        for running in self.running:
            outputs = running.outputs.result() if isinstance(running.outputs, Future) else running.outputs
            failures = list(_failures(running.session, outputs))
            for problem in failures:
                self.report(problem, running.session.page)
            self._keep(running, outputs)
            if running.source is None:
                self.plan.keep(running.session, outputs, None)
            ran[running.source.name if running.source else ""] += _counted(outputs)
            failed += len(failures)
        seconds = time.monotonic() - self._started if self._started else 0.0
        return Summary(ran.pop("", 0), failed, {name: n for name, n in ran.items() if n}, seconds)

    def fill(self, html: str, settings: ShowSettings, place: str = "") -> str:
        """Return a page with every block that has run in its place.

        Args:
            html: The page.
            settings: How blocks are shown.
            place: What sets ids apart from those of the page itself, where its blocks stand elsewhere too.
        """
        keys = live(html)
        if not keys:
            return html
        self._adopt(key for key in keys if key in self._found and key not in self._shown)
        return fill(html, lambda key, notes: self._show(key, notes, settings, place), self._is_annotated)

    def script(self, page: str, title: str) -> str:
        """Return a page's code as one file that runs; nothing for a page without code that runs."""
        keys = next((running.keys for running in self.running if running.session.page == page), ())
        own = [self._found[key].block for key in keys]
        has_code = any(block.kind == "fence" for block in own)
        return script(title, (*self._setup, *own)) if has_code else ""

    def clear(self) -> None:
        """Forget all blocks, problems and pieces."""
        self.running, self._started = [], 0.0
        self._problems.clear()
        self._found.clear()
        self._shown.clear()
        self.shelves.clear()

    def _start(self, session: Session, keys: tuple[str, ...]) -> Running:
        known = self.plan.answer(session)
        if known is None:
            return Running(session, keys, self.plan.runner().submit(session))
        source, outputs = known
        self.plan.keep(session, outputs, source)
        outputs.origin = None  # nobody asks again, and of many pages it is much
        return Running(session, keys, outputs, source)

    def _sown(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Let the session start from the seed of the site, unless its first block has one of its own."""
        first = blocks[0]
        if first.options["seed"] is None:
            first = replace(first, options={**first.options, "seed": self.options.get("seed", 0)})
        return (first, *blocks[1:])

    def _keep(self, running: Running, outputs: Outputs) -> None:
        prefix = shelf_of(running.session.page)
        own = zip(running.keys, outputs[len(self._setup) :], strict=True)
        for n, (key, output) in enumerate(own, 1):
            self._shown[key] = Shown(output, f"{prefix}-{n}", f"{outputs.digest}-{n}")

    def _adopt(self, keys: Iterable[str]) -> None:
        """Give blocks that were read again, after all have run, the outputs of the page they come from.

        Material's blog reads each post once more for its excerpts, which are the beginning of the post.
        """
        for _, group in groupby(keys, lambda key: key.split("-")[0]):
            excerpt = [key for key in group if self._found[key].block.options["run"]]
            origin = next((r.keys for r in self.running if self._begins_with(r.keys, excerpt)), ())
            for key, original in zip(excerpt, origin, strict=False):
                shown = self._shown[original]
                self._shown[key] = replace(shown, prefix=f"{shown.prefix}-excerpt")

    def _begins_with(self, keys: tuple[str, ...], excerpt: list[str]) -> bool:
        pairs = list(zip(keys, excerpt, strict=False))
        return len(pairs) == len(excerpt) and all(self._same(*pair) for pair in pairs)

    def _same(self, one: str, other: str) -> bool:
        a, b = self._found[one].block, self._found[other].block
        return (a.source, a.kind, a.options) == (b.source, b.kind, b.options)

    def _is_annotated(self, key: str) -> bool:
        found = self._found.get(key)
        return (
            found is not None
            and found.block.options["source"] != "none"
            and bool(_NOTE.search(found.block.source))
        )

    def _show(self, key: str, notes: str, settings: ShowSettings, place: str) -> str:
        if key not in self._found:
            return ""
        block, source = self._found[key].block, self._found[key].source_html + notes
        if key not in self._shown:
            return source
        shown = self._shown[key]
        drawn = partial(self.drawings.draw, shown.identity)
        return show(block, source, shown.output, replace(settings, prefix=shown.prefix + place), drawn)


def _counted(outputs: Outputs) -> int:
    """Return how many blocks ran, now or before."""
    kinds = (output.failure.kind for output in outputs if output.failure is not None)
    return len(outputs) - sum(kind in _NOT_RUN for kind in kinds)


def _failures(session: Session, outputs: Iterable[Output]) -> Iterator[Problem]:
    """Yield one report for each block that failed by itself, with the number of those it held up."""
    failure, skipped = None, 0
    for block, output in zip(session.blocks, outputs, strict=True):
        if output.failure is None or output.failure.kind == "unrun" or is_expected(block, output.failure):
            continue
        if output.failure.kind == "skipped":
            skipped += 1
            continue
        if failure:
            yield failure_problem(failure, skipped)
        failure, skipped = output.failure, 0
    if failure:
        yield failure_problem(failure, skipped)
