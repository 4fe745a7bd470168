"""The command: a gallery from its source to its report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from benchmarks.galleries.findings import drawn_again, found
from benchmarks.galleries.gallery import Run
from benchmarks.galleries.pages import GALLERIES, beside, left_out, pages
from benchmarks.galleries.report import keep
from benchmarks.galleries.sheet import sheets

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console


def gallery(
    console: Console,
    library: str,
    source: Path,
    *,
    to: Path,
    only: str,
    first: int | None,
    product: Path,
    theme: str,
    browser: str,
    seconds: int,
    sheet: int,
) -> None:
    """Build, look, run in plain Python, compare, and report."""
    kind = GALLERIES[library]
    chosen = pages(kind, source, only, first)
    run = Run(to, product, chosen, beside(kind, source), kind.data, browser, theme, seconds)
    to.mkdir(parents=True, exist_ok=True)
    cost = run.build()
    console.print(
        f"built {len(chosen)} pages: {cost['cpu']:.0f} s of CPU, {cost['wall']:.0f} s", highlight=False
    )
    run.look(console)
    run.refer(chosen)
    all_found = [found(run, page) for page in chosen]
    drawn_again(run, chosen, all_found)
    title = f"{library}'s gallery, {theme} theme"
    told = keep(to, title, all_found, cost, left_out(kind, source))
    table = Table(title=title, title_justify="left")
    table.add_column("what")
    table.add_column("found", justify="right")
    for name, value in told.items():
        table.add_row(name, str(value))
    console.print(table)
    if sheet:
        names = sheets(run, all_found, sheet)
        (to / "sheet.txt").write_text("\n".join(names) + "\n", "utf-8")
    console.print(f"{to / 'report.md'} names each", highlight=False, soft_wrap=True)
