"""The kept results as Markdown, for the page of the documentation that shows them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.record import RESULTS
from benchmarks.tables import AIM, duration, mebibytes, multiple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.figure import Figure

OUTCOME = {True: "met", False: "**missed**", None: "not measured"}
UNITS = {"ratio": multiple, "node": duration, "step": duration}
BESIDE = {"ratio": " {versus}", "node": " a node", "step": " a step"}
SERVE = {
    "prose": ("a prose edit shows, as a multiple of unexecuted", ""),
    "block": ("a block edit shows, later than unexecuted", " s"),
    "growth": ("memory kept by a rebuild, more than unexecuted", " MiB"),
    "stop": ("from Ctrl-C until no process is left", " s"),
}


@dataclass(frozen=True)
class Markdown:
    """Text that a page shows as Markdown."""

    text: str

    def _repr_markdown_(self) -> str:
        return self.text


def part(name: str) -> dict[str, Any]:
    """Return one part of the kept results."""
    return json.loads(RESULTS.read_text(encoding="utf-8"))[name]


def machine(name: str) -> Markdown:
    """Say when, where and with which versions a part was measured."""
    found = part(name)
    where = found["machine"]
    versions = ", ".join(f"{library} {version}" for library, version in found["versions"].items())
    return Markdown(
        f"Measured on {found['date']}: {where['processor']}, {where['cores']} cores, {where['system']}, "
        f"Python {where['python']}; {versions}. Medians of {found['pairs']} pairs."
    )


def workloads() -> Markdown:
    """Say what each workload is, and what a step of plain NumPy takes."""
    rows = [
        [f"**{found['key']}**", found["title"], duration(timings(found)["numpy"]["seconds"])]
        for found in part("engines")["workloads"]
    ]
    return Markdown(table(["", "workload", "plain NumPy, a step"], rows))


def ratios() -> Markdown:
    """Return every engine on every workload, as multiples of plain NumPy."""
    found = part("engines")["workloads"]
    measured = [timings(each) for each in found]
    engines = list(dict.fromkeys(name for each in measured for name in each if name != "numpy"))
    rows = [
        [name, *(multiple(each[name]["ratio"]) if name in each else "" for each in measured)]
        for name in engines
    ]
    return Markdown(table(["", *(each["key"] for each in found)], rows))


def nodes() -> Markdown:
    """Return the time of a node, where a workload is a graph of single numbers."""
    found = [each for each in part("engines")["workloads"] if any(row["nodes"] for row in each["rows"])]
    cells = [
        {row["engine"]: _node(row) for row in each["rows"] if row["nodes"] or "Error" in row["reason"]}
        for each in found
    ]
    engines = list(dict.fromkeys(name for each in cells for name in each if name != "numpy"))
    rows = [[name, *(each.get(name, "") for each in cells)] for name in engines]
    return Markdown(table(["CPU time of a node", *(each["key"] for each in found)], rows))


def _node(row: dict[str, Any]) -> str:
    return duration(row["timing"]["seconds"] / row["nodes"]) if row["timing"] else row["reason"]


def timings(workload: dict[str, Any]) -> dict[str, Any]:
    """Return the timings of a workload by engine, of those that have one."""
    return {row["engine"]: row["timing"] for row in workload["rows"] if row["timing"]}


def picture(key: str) -> Figure:
    """Draw the engines on one workload as bars, from the fastest to the slowest."""
    import matplotlib.pyplot as plt

    [found] = [each for each in part("engines")["workloads"] if each["key"] == key]
    measured = sorted(timings(found).items(), key=lambda item: -item[1]["ratio"])
    figure, axes = plt.subplots(figsize=(7, 0.4 * len(measured)))
    values = [timing["ratio"] for _, timing in measured]
    bars = axes.barh([name for name, _ in measured], values)
    axes.bar_label(bars, [multiple(value) for value in values], padding=4)
    axes.set(xscale="log", xlabel="CPU time of a step, plain NumPy = 1")
    axes.margins(x=0.15)
    return figure


def goals() -> Markdown:
    """Return the goals of the engines, and of importing and fitting."""
    found = part("engines")
    rows = [[goal["workload"], *_goal(goal)] for goal in found["goals"]]
    rows += [_cost(cost) for cost in found["costs"]]
    return Markdown(table(["what", "goal", "measured", ""], rows))


def memory() -> Markdown:
    """Return what memory a step takes at its peak, by engine."""
    rows = [
        [each["engine"], mebibytes(each["bytes"]), multiple(each["ratio"])]
        for each in part("engines")["memory"]
    ]
    return Markdown(table(["memory of a W4 step at its peak", "MiB", "plain NumPy = 1"], rows))


def _cost(cost: dict[str, Any]) -> list[str]:
    measured = duration(cost["seconds"])
    if cost["limit"] is None:
        return [cost["title"], "", measured, ""]
    return [cost["title"], f"≤ {duration(cost['limit'])}", measured, OUTCOME[cost["met"]]]


def _goal(goal: dict[str, Any]) -> tuple[str, str, str]:
    say = UNITS[goal["figure"]]
    beside = BESIDE[goal["figure"]].format(**goal)
    measured = "" if goal["measured"] is None else say(goal["measured"])
    outcome = (AIM if goal["aim"] else OUTCOME)[goal["met"]]
    return f"{goal['engine']} ≤ {say(goal['limit'])}{beside}", measured, outcome


def sites() -> Markdown:
    """Return the sites, each tool beside the same pages unexecuted."""
    heads = ["site", "tool", "seconds", "unexecuted = 1", "more", "goal", ""]
    rows = [_site(scenario, tool) for scenario in part("sites")["scenarios"] for tool in scenario["tools"]]
    return Markdown(table(heads, rows))


def _site(scenario: dict[str, Any], tool: dict[str, Any]) -> list[str]:
    start = [scenario["title"], tool["tool"]]
    if "reason" in tool:
        return [*start, "", "", "", "", "did not build"]
    figures = [f"{tool['seconds']:.2f}", multiple(tool["wall"]), f"{tool['extra']:.2f} s"]
    if scenario["limit"] is None or tool["tool"] != "chainrule":
        return [*start, *figures, "", ""]
    limit = f"{scenario['limit']:g} s more" if scenario["figure"] == "extra" else multiple(scenario["limit"])
    return [*start, *figures, f"≤ {limit}", OUTCOME[tool["met"]]]


def serve() -> Markdown:
    """Return what a server of 50 plot pages does."""
    found = part("sites")["serve"]
    rows = [_served(goal) for goal in found["goals"]]
    rows.append(
        ["blocks that ran for prose edits", "0", str(found["prose_runs"]), OUTCOME[not found["prose_runs"]]]
    )
    return Markdown(table(["what", "goal", "measured", ""], rows))


def _served(goal: dict[str, Any]) -> list[str]:
    words, unit = SERVE[goal["figure"]]
    return [words, f"≤ {goal['limit']:g}{unit}", f"{goal['measured']:.3g}{unit}", OUTCOME[goal["met"]]]


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table.

    Example:
        >>> print(table(["a", "b"], [["1", "2"]]))
        | a | b |
        |---|---|
        | 1 | 2 |
    """
    lines = [heads, *rows]
    text = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join([text[0], "|" + "---|" * len(heads), *text[1:]])
