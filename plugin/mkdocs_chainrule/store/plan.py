"""Where the Outputs of a build come from: what is asked before anything runs, and what keeps what ran.

    execute  freeze  command    asked, in order              what nothing answers
    auto     off     any        last build, store            runs
    auto     set     build      freeze                       is shown as source, and named
    auto     set     serve      last build, freeze, store    runs
    always   any     any        nothing                      runs
    never    any     any        freeze                       is shown as source

What runs is kept by all: failures for the next build, the rest in the store and, where one is set, in the
freeze.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from mkdocs_chainrule.errors import OptionError
from mkdocs_chainrule.store.around import surroundings
from mkdocs_chainrule.store.freeze import Freeze, Unrun
from mkdocs_chainrule.store.store import Store, is_cached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from concurrent.futures import Future

    from mkdocs_chainrule.errors import Problem
    from mkdocs_chainrule.serve.watching import Watch
    from mkdocs_chainrule.session.block import Outputs, Session
    from mkdocs_chainrule.store.last_build import LastBuild

    # All save what is worth keeping of a session's Outputs; what answers looks them up, under a user's name.
    Answers = LastBuild | Freeze | Store | Unrun
    Keeper = Answers | Watch

STORE = ".cache/plugin/chainrule"


class Runner(Protocol):
    """What runs sessions: a pool of processes here, or of machines."""

    def submit(self, session: Session) -> Future[Any]:  # of Outputs: futures are invariant
        """Start a session; its future holds one Output for each block, whatever the blocks did."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build does about each session.

    Attributes:
        runner: Makes what runs a session that has no answer.
        asked: What is asked for one, in order.
        keeps: What keeps the Outputs.
        store: The store, if it is among these.
    """

    runner: Callable[[], Runner]
    asked: tuple[Answers, ...] = ()
    keeps: tuple[Keeper, ...] = ()
    store: Store | None = None

    def answer(self, session: Session) -> tuple[Answers, Outputs] | None:
        """Return what knows a session, and its Outputs; None for one that is to run."""
        if self.keeps and not is_cached(session):  # runs at every build, if anything runs
            return None
        for answers in self.asked:
            if (outputs := answers.look_up(session)) is not None:
                return answers, outputs
        return None

    def keep(self, session: Session, outputs: Outputs, source: Answers | None) -> None:
        """Let all keep the Outputs of a session but the one that they come from."""
        for keeper in self.keeps:
            if keeper is not source:
                keeper.save(session, outputs)

    def size(self) -> str:
        """Let go of what is out of date, and say how much the store holds; nothing if there is none."""
        size = self.store.prune() if self.store else 0
        return f"; {STORE} holds {size / 1e6:.1f} MB" if size else ""

    @property
    def problems(self) -> list[Problem]:
        """What a user should know about what was asked."""
        sources = dict.fromkeys((*self.asked, *self.keeps))
        return [problem for source in sources for problem in source.problems]


def plan(
    root: Path,
    options: Mapping[str, Any],
    runner: Callable[[], Runner],
    last_build: LastBuild | None = None,
    watch: Watch | None = None,
    *,
    sites: Iterable[str] = (),
) -> Plan:
    """Return what the options ask for.

    Args:
        root: The folder of mkdocs.yml.
        options: The plugin's options, parsed.
        runner: Makes what runs sessions.
        last_build: The failures of the last build; None without MkDocs, where nothing but a freeze is kept.
        watch: What listens to files, if this is one of many builds while an author writes.
        sites: Folders that builds write to.
    """
    execute = options["execute"]
    around = surroundings(root, own_folders(options, sites), is_confined=execute == "never")
    store = Store(root / STORE, root, around) if last_build else None
    runs = execute != "never" and (execute == "always" or watch is not None)
    freeze = Freeze(root, options["freeze"], around, store, runs=runs) if options["freeze"] else None
    frozen = () if freeze is None else (freeze,)
    if execute == "never" or (freeze and not runs):
        level = logging.INFO if execute == "never" else logging.WARNING
        return Plan(runner, asked=(*frozen, Unrun(freeze, level)))
    asked = tuple(answers for answers in (last_build, freeze, store) if answers is not None)
    keeps = asked if watch is None else (*asked, watch)
    return Plan(runner, asked=() if execute == "always" else asked, keeps=keeps, store=store)


def own_folders(options: Mapping[str, Any], sites: Iterable[str]) -> list[str]:
    """Return the folders that builds write to, from the project's, or absolute."""
    return [path for path in (STORE, options["freeze"], *sites) if path]


def refuse_inside(docs: Path, root: Path, freeze: str | None) -> None:
    """Refuse a freeze among the pages, where MkDocs would publish it, and build again whenever it is written.

    Raises:
        OptionError: The folder of the freeze is inside that of the pages.
    """
    is_beside = root.resolve().is_relative_to(
        docs.resolve()
    )  # as mkdocs-same-dir has it: there is no other place
    if freeze and not is_beside and (root / freeze).resolve().is_relative_to(docs.resolve()):
        folder = Path(freeze).name
        message = f"`freeze: {freeze}` is among the pages, so it would be published: write `freeze: {folder}`"
        raise OptionError(message)
