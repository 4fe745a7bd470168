"""Build and serve what the scenarios say, print tables, keep the results."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from rich.table import Table

from benchmarks import record
from benchmarks.sites.builds import Pairs, compare
from benchmarks.sites.scenarios import SCENARIOS, SERVE_LIMITS, Scenario
from benchmarks.sites.serving import Served, serve_in_turn

if TYPE_CHECKING:
    from rich.console import Console

SERVE = "serve"
PARTS = (*(scenario.key for scenario in SCENARIOS), SERVE)
PEERS = {"markdown-exec": ("small", "plot", "sleep"), "mkdocs-jupyter": ("small",)}  # a kernel for each page
VERSIONS = ("mkdocs-chainrule", "mkdocs", "mkdocs-material", "numpy", "matplotlib")


def sites(
    console: Console,
    only: list[str] | None,
    *,
    pairs: int,
    theme: str,
    rebuilds: int,
    peer_python: Path | None,
    save: bool,
) -> None:
    """Print what sites cost, the plugin beside its peers, each against unexecuted."""
    wanted = [each for each in SCENARIOS if (each.usual if only is None else each.key in only)]
    result: dict[str, Any] = {"pairs": pairs, "theme": theme, "scenarios": []}
    with TemporaryDirectory() as temporary, console.status("") as status:
        folder = Path(temporary)
        for scenario in wanted:
            rows = []
            for tool, python in _tools(scenario, peer_python):
                status.update(f"{scenario.key} {tool}")
                rows.append(compare(folder, scenario, tool, pairs=pairs, theme=theme, python=python))
            console.print(build_table(scenario, rows))
            result["scenarios"].append(scenario_result(scenario, rows))
        if only is None or SERVE in only:
            status.update(SERVE)
            served = serve_in_turn(
                folder, ["unexecuted", "chainrule"], rebuilds=rebuilds, blocks=pairs, theme=theme
            )
            result["serve"] = serve_result(*served)
            console.print(serve_table(result["serve"]))
    if save:
        versions = {name: found for name in VERSIONS if (found := record.version(name))}
        record.save("sites", result, versions)


def _tools(scenario: Scenario, peer_python: Path | None) -> list[tuple[str, Path | None]]:
    peers = PEERS if peer_python else {}
    return [
        ("chainrule", None),
        *((name, peer_python) for name, contents in peers.items() if scenario.content in contents),
    ]


def measured(scenario: Scenario, row: Pairs) -> float:
    """Return the figure that the scenario's goal is about."""
    return row.extra if scenario.figure == "extra" else row.ratio("wall")


def build_table(scenario: Scenario, rows: list[Pairs]) -> Table:
    """Return the tools on one scenario."""
    title = f"{scenario.key}: {scenario.title} (× unexecuted)"
    table = Table(title=title, title_justify="left")
    table.add_column("tool", no_wrap=True)
    for head in ("seconds", "more", "× wall", "× CPU", "× memory", "pairs", "goal"):
        table.add_column(head, justify="right")
    for row in rows:
        if row.reason:
            table.add_row(row.tool, row.reason)
            continue
        ratios = [f"{row.ratio(figure):.2f}" for figure in ("wall", "cpu", "memory")]
        goal = "" if scenario.limit is None or row.tool != "chainrule" else _goal(scenario, row)
        table.add_row(row.tool, f"{row.wall:.2f}", f"{row.extra:.2f}", *ratios, str(len(row.ours)), goal)
    return table


def _goal(scenario: Scenario, row: Pairs) -> str:
    unit = " s more" if scenario.figure == "extra" else ""
    return f"≤ {scenario.limit:g}{unit}, {'met' if measured(scenario, row) <= scenario.limit else 'missed'}"


def scenario_result(scenario: Scenario, rows: list[Pairs]) -> dict[str, Any]:
    """Return one scenario as JSON data."""
    return {
        "key": scenario.key,
        "title": scenario.title,
        "figure": scenario.figure,
        "limit": scenario.limit,
        "tools": [_tool_result(scenario, row) for row in rows],
    }


def _tool_result(scenario: Scenario, row: Pairs) -> dict[str, Any]:
    if row.reason:
        return {"tool": row.tool, "reason": row.reason.splitlines()[0]}
    ratios = {figure: round(row.ratio(figure), 3) for figure in ("wall", "cpu", "memory")}
    figures = {"pairs": len(row.ours), "seconds": round(row.wall, 3), "extra": round(row.extra, 3), **ratios}
    met = None if scenario.limit is None else measured(scenario, row) <= scenario.limit
    return {"tool": row.tool, **figures, "met": met}


def serve_result(base: Served, ours: Served) -> dict[str, Any]:
    """Return the figures of a served site, each with its goal."""
    figures = {
        "prose": ours.prose_seconds / base.prose_seconds,
        "block": ours.block_seconds - base.block_seconds,
        "growth": ours.growth - base.growth,
        "stop": ours.stop,
    }
    return {
        "prose_runs": ours.runs,
        "seconds": {
            each.tool: {"prose": round(each.prose_seconds, 3), "block": round(each.block_seconds, 3)}
            for each in (base, ours)
        },
        "goals": [
            {
                "figure": name,
                "measured": round(value, 3),
                "limit": SERVE_LIMITS[name],
                "met": value <= SERVE_LIMITS[name],
            }
            for name, value in figures.items()
        ],
    }


WORDS = {
    "prose": "a prose edit shows, × unexecuted",
    "block": "a block edit shows, seconds more",
    "growth": "memory, MiB a rebuild more",
    "stop": "Ctrl-C until no process is left, seconds",
}


def serve_table(result: dict[str, Any]) -> Table:
    """Return the figures of a served site."""
    table = Table(title=f"serve: 50 pages with one plot; {result['prose_runs']} blocks ran for prose edits")
    for head in ("figure", "measured", "goal", ""):
        table.add_column(head)
    for goal in result["goals"]:
        outcome = "met" if goal["met"] else "missed"
        table.add_row(WORDS[goal["figure"]], f"{goal['measured']:.3g}", f"≤ {goal['limit']:g}", outcome)
    return table
