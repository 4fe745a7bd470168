"""Whole builds, through the `mkdocs` console script, in turn with the same pages unexecuted."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.sites.generate import CONTENTS, DIALECTS, write_site
from benchmarks.sites.processes import Cost, run

if TYPE_CHECKING:
    from benchmarks.sites.scenarios import Scenario

SLOW = 20.0  # seconds: a tool that takes longer is built once


@dataclass(frozen=True)
class Pairs:
    """A tool's builds, each beside an unexecuted one."""

    tool: str
    ours: tuple[Cost, ...] = ()
    base: tuple[Cost, ...] = ()
    reason: str = ""  # why there are none

    def ratio(self, figure: str) -> float:
        """Return the median of the ratios of `wall`, `cpu` or `memory`."""
        return median(
            getattr(a, figure) / getattr(b, figure) for a, b in zip(self.ours, self.base, strict=True)
        )

    @property
    def wall(self) -> float:
        """The median seconds of a build."""
        return median(cost.wall for cost in self.ours)

    @property
    def extra(self) -> float:
        """The median seconds over unexecuted."""
        return median(a.wall - b.wall for a, b in zip(self.ours, self.base, strict=True))


class Site:
    """One generated project, and how to build it."""

    def __init__(self, folder: Path, tool: str, scenario: Scenario, theme: str, python: Path) -> None:
        self.folder, self.tool, self.scenario = folder / tool, tool, scenario
        self.command = [str(python.with_name("mkdocs")), "build", "--quiet"]
        self.content = CONTENTS[scenario.content]
        write_site(
            self.folder,
            DIALECTS[tool],
            self.content,
            pages=scenario.pages,
            blocks=scenario.blocks,
            theme=theme,
        )

    def build(self) -> Cost:
        """Build it, cold or warm as the scenario asks."""
        if not self.scenario.warm:
            shutil.rmtree(self.folder / ".cache", ignore_errors=True)
        return run(self.command, self.folder)

    def prove(self) -> Cost:
        """Build once, cold, and look for the blocks' results.

        Raises:
            RuntimeError: They are not there, so a time would mean nothing.
        """
        cost = self.build()
        page = (self.folder / "site" / "index.html").read_text(encoding="utf-8")
        if self.tool != "unexecuted" and self.content.proof not in page:
            raise RuntimeError(f"no block ran: {self.content.proof!r} is not on the page")
        return cost


def compare(
    folder: Path, scenario: Scenario, tool: str, *, pairs: int, theme: str, python: Path | None = None
) -> Pairs:
    """Build a scenario by a tool and unexecuted, in turn, with one interpreter."""
    python = python or Path(sys.executable)
    base, site = (Site(folder, each, scenario, theme, python) for each in ("unexecuted", tool))
    try:
        both = [(site.prove(), base.prove())]
    except RuntimeError as error:
        return Pairs(tool, reason=str(error))
    if both[0][0].wall < SLOW:
        both = [(site.build(), base.build()) for _ in range(pairs)]
    return Pairs(tool, tuple(ours for ours, _ in both), tuple(other for _, other in both))
