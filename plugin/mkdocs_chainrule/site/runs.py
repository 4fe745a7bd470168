"""A session for each page: run, or answered by what knows it from an earlier build; and what came of all."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import Future
from dataclasses import dataclass, replace
from logging import INFO, WARNING
from typing import TYPE_CHECKING

from mkdocs_chainrule.errors import Problem, failure_problem
from mkdocs_chainrule.session.block import Missing, Outputs, Session
from mkdocs_chainrule.session.failures import is_expected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mkdocs_chainrule.session.block import Block, Output
    from mkdocs_chainrule.store.plan import Answers, Plan

_NOT_RUN = {"skipped", "unrun"}


@dataclass(frozen=True, slots=True)
class PageRun:
    """The session of a page, under way or over."""

    session: Session
    keys: tuple[str, ...]  # of the page's own blocks: in the session, what setup runs stands before them
    promised: Future[Outputs] | Outputs
    source: Answers | None = None  # what knew its Outputs from an earlier build

    @property
    def outputs(self) -> Outputs:
        """What the session shows, waited for."""
        return self.promised.result() if isinstance(self.promised, Future) else self.promised

    @property
    def problems(self) -> list[Problem]:
        """One report for each block that failed by itself, and for all that a page does not hold."""
        return [*_failures(self.session, self.outputs), *_missing(self.session, self.outputs)]


def session_of(page: str, blocks: Iterable[Block], seed: int) -> Session:
    """Return a page's session, which starts from the seed of the site, or from its first block's own."""
    first, *others = blocks
    if first.options["seed"] is None:
        first = replace(first, options={**first.options, "seed": seed})
    return Session(page, (first, *others))


def start(plan: Plan, session: Session, keys: Iterable[str]) -> PageRun:
    """Start a session, unless its Outputs are known: then all that keep Outputs see them at once."""
    known = plan.answer(session)
    if known is None:
        return PageRun(session, tuple(keys), plan.runner().submit(session))
    source, outputs = known
    plan.keep(session, outputs, source)
    outputs.origin = None  # nobody asks again, and of many pages it is much
    return PageRun(session, tuple(keys), outputs, source)


def settled(run: PageRun, unshown: Mapping[str, Output]) -> PageRun:
    """Return a page's run with what could not be shown of it, by the keys of its blocks."""
    outputs = run.outputs
    if unshown.keys().isdisjoint(run.keys):
        return run
    skipped = len(outputs) - len(run.keys)
    own = (unshown.get(key, output) for key, output in zip(run.keys, outputs[skipped:], strict=True))
    return replace(run, promised=Outputs((*outputs[:skipped], *own), outputs.reads, remarks=outputs.remarks))


def tally(runs: Iterable[PageRun], seconds: float) -> str:
    """Say what sessions came to that are over; nothing where no block ran, now or before."""
    counts: Counter[str] = Counter()
    failed = in_part = 0
    for run in runs:
        counts[run.source.name if run.source else ""] += _counted(run.outputs)
        failed += sum(1 for _ in _failures(run.session, run.outputs))
        in_part += sum(any(isinstance(item, Missing) for item in output.items) for output in run.outputs)
    if not counts.total():
        return ""
    ran = counts.pop("", 0)
    came_to = [f"{failed or 'none'} failed"] if failed or not in_part else []
    came_to += [f"{in_part} shown in part"] if in_part else []
    came_to += [f"{number} from {name}" for name, number in counts.items() if number]
    return f"ran {ran} {'block' if ran == 1 else 'blocks'}, {', '.join(came_to)}, in {seconds:.1f} s"


def _counted(outputs: Outputs) -> int:
    """Return how many blocks ran, now or before."""
    kinds = (output.failure.kind for output in outputs if output.failure is not None)
    return len(outputs) - sum(kind in _NOT_RUN for kind in kinds)


def _missing(session: Session, outputs: Iterable[Output]) -> Iterator[Problem]:
    for block, output in zip(session.blocks, outputs, strict=True):
        for item in output.items:
            if isinstance(item, Missing):
                yield Problem(block.place, item.why, WARNING if item.is_result else INFO)


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
