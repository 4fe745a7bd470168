"""The kept results as tables and pictures, for the page of the documentation that shows them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.record import RESULTS
from benchmarks.tables import AIM, duration, mebibytes, multiple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    Rows = Iterable[Sequence[str]]

OURS = {"chainrule", "chainrule-jit"}
MOST = 3  # workloads in one table: more are lost on a phone
NOTHING = "–"
OUTCOME = {True: "met", False: "<strong>missed</strong>", None: "not measured"}
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
        [found["key"], found["title"], duration(timings(found)["numpy"]["seconds"])]
        for found in part("engines")["workloads"]
    ]
    return Markdown(table(["workload", "what it is", ">plain NumPy, a step"], {"": rows}))


def ratios() -> Markdown:
    """Return every engine on every workload, as multiples of plain NumPy; few workloads a table."""
    found = part("engines")["workloads"]
    return Markdown("".join(_ratios(found[start : start + MOST]) for start in range(0, len(found), MOST)))


def _ratios(found: list[dict[str, Any]]) -> str:
    measured = [
        {name: multiple(timing["ratio"]) for name, timing in timings(each).items() if name != "numpy"}
        for each in found
    ]
    return _by_engine(found, measured, "CPU time of a step, plain NumPy = 1")


def nodes() -> Markdown:
    """Return the time of a node, where a workload is a graph of single numbers."""
    found = [each for each in part("engines")["workloads"] if any(row["nodes"] for row in each["rows"])]
    cells = [
        {
            row["engine"]: _node(row)
            for row in each["rows"]
            if row["engine"] != "numpy" and (row["nodes"] or "Error" in row["reason"])
        }
        for each in found
    ]
    return Markdown(_by_engine(found, cells, "CPU time of a node"))


def _node(row: dict[str, Any]) -> str:
    return duration(row["timing"]["seconds"] / row["nodes"]) if row["timing"] else row["reason"]


def _by_engine(workloads: list[dict[str, Any]], cells: list[dict[str, str]], caption: str) -> str:
    """Return a table with a row for each engine that has a cell of any workload."""
    engines = dict.fromkeys(name for each in cells for name in each)
    rows = [[name, *(each.get(name, "") for each in cells)] for name in engines]
    return table(["engine", *(f">{each['key']}" for each in workloads)], {"": rows}, caption)


def timings(workload: dict[str, Any]) -> dict[str, Any]:
    """Return the timings of a workload by engine, of those that have one."""
    return {row["engine"]: row["timing"] for row in workload["rows"] if row["timing"]}


def picture(key: str) -> Figure:
    """Draw the engines on one workload as dots, the fastest above, beside the line of plain NumPy; ours are bold."""
    import matplotlib.pyplot as plt

    from chainrule.charts import style

    [found] = [each for each in part("engines")["workloads"] if each["key"] == key]
    measured = sorted(timings(found).items(), key=lambda item: -item[1]["ratio"])
    figure, axes = plt.subplots(figsize=style.ONE, layout="constrained")
    style.quiet(axes)
    axes.axvline(1, color=style.ink(), linestyle="--", linewidth=1.2)
    for row, (name, timing) in enumerate(measured):
        _dot(axes, row, name, timing["ratio"])
    axes.set(xscale="log", xlabel="CPU time of a step, plain NumPy = 1")
    axes.xaxis.set_major_formatter(lambda value, _: multiple(value))
    axes.xaxis.set_minor_formatter("")
    axes.set_yticks(range(len(measured)), [name for name, _ in measured])
    axes.tick_params(axis="y", length=0)
    axes.margins(x=0.46, y=0.08)
    for label in axes.get_yticklabels():
        label.set(**_look(label.get_text()))
    return figure


def _dot(axes: Axes, row: int, name: str, ratio: float) -> None:
    """Draw one engine, and write its figure at the right, but where the line is close there."""
    look, side = _look(name), -1 if 0.3 < ratio < 1 else 1
    axes.plot(ratio, row, "o", color=look["color"], markersize=7)
    axes.annotate(
        multiple(ratio),
        (ratio, row),
        xytext=(8 * side, 0),
        textcoords="offset points",
        ha="left" if side > 0 else "right",
        va="center",
        **look,
    )


def _look(engine: str) -> dict[str, str]:
    from chainrule.charts import style

    if engine.startswith("chainrule"):
        return {"color": "C0", "weight": "bold"}
    return {"color": style.ink(), "weight": "normal"}


def goals() -> Markdown:
    """Return the goals of the engines, and of importing and fitting."""
    found = part("engines")
    rows = [[goal["workload"], *_goal(goal)] for goal in found["goals"]]
    rows += [_cost(cost) for cost in found["costs"]]
    return Markdown(table(["what", "goal", ">measured", "outcome"], {"": rows}))


def memory() -> Markdown:
    """Return what memory a step takes at its peak, by engine."""
    rows = [
        [each["engine"], mebibytes(each["bytes"]), multiple(each["ratio"])]
        for each in part("engines")["memory"]
    ]
    heads = ["engine", ">MiB", ">plain NumPy = 1"]
    return Markdown(table(heads, {"": rows}, "Memory of a step of W4 at its peak"))


def _cost(cost: dict[str, Any]) -> list[str]:
    measured = duration(cost["seconds"])
    if cost["limit"] is None:
        return [cost["title"], "", measured, ""]
    return [cost["title"], f"≤\N{NO-BREAK SPACE}{duration(cost['limit'])}", measured, OUTCOME[cost["met"]]]


def _goal(goal: dict[str, Any]) -> tuple[str, str, str]:
    say = UNITS[goal["figure"]]
    beside = BESIDE[goal["figure"]].format(**goal)
    measured = "" if goal["measured"] is None else say(goal["measured"])
    outcome = (AIM if goal["aim"] else OUTCOME)[goal["met"]]
    return f"{goal['engine']} ≤\N{NO-BREAK SPACE}{say(goal['limit'])}{beside}", measured, outcome


def sites() -> Markdown:
    """Return the sites, each tool beside the same pages unexecuted."""
    heads = ["tool", ">seconds", ">more", ">unexecuted = 1", "goal"]
    groups = {
        scenario["title"]: [_site(scenario, tool) for tool in scenario["tools"]]
        for scenario in part("sites")["scenarios"]
    }
    return Markdown(table(heads, groups))


def _site(scenario: dict[str, Any], tool: dict[str, Any]) -> list[str]:
    if "reason" in tool:
        return [tool["tool"], "", "", "", "did not build"]
    figures = [tool["tool"], f"{tool['seconds']:.2f}", f"{tool['extra']:.2f}", multiple(tool["wall"])]
    if scenario["limit"] is None or tool["tool"] != "chainrule":
        return [*figures, ""]
    limit = f"{scenario['limit']:g} s more" if scenario["figure"] == "extra" else multiple(scenario["limit"])
    return [*figures, f"≤\N{NO-BREAK SPACE}{limit}, {OUTCOME[tool['met']]}"]


def serve() -> Markdown:
    """Return what a server of 50 plot pages does."""
    found = part("sites")["serve"]
    rows = [_served(goal) for goal in found["goals"]]
    rows.append(
        [
            "blocks that ran for prose edits",
            "none",
            f"{found['prose_runs']}",
            OUTCOME[not found["prose_runs"]],
        ]
    )
    return Markdown(table(["what", "goal", ">measured", "outcome"], {"": rows}))


def _served(goal: dict[str, Any]) -> list[str]:
    words, unit = SERVE[goal["figure"]]
    measured = f"{goal['measured']:.3g}".replace("-", "\N{MINUS SIGN}")
    return [words, f"≤\N{NO-BREAK SPACE}{goal['limit']:g}{unit}", f"{measured}{unit}", OUTCOME[goal["met"]]]


def table(heads: Sequence[str], groups: Mapping[str, Rows], caption: str = "") -> str:
    """Return a table as HTML, of cells that are HTML already; our own rows are marked.

    Args:
        heads: Of the columns; that of numbers begins with ">".
        groups: Rows under a title each, or under none.
        caption: What the figures are.

    Example:
        >>> table(["engine", ">time"], {"": [["numpy", "1 s"]]}).count("<th ")
        3
    """
    looks = [' class="number"' if head.startswith(">") else "" for head in heads]
    names = [
        f'<th scope="col"{look}>{head.removeprefix(">")}</th>'
        for head, look in zip(heads, looks, strict=True)
    ]
    bodies = [
        f"<tbody>{_title(title, len(heads))}{''.join(_row(row, looks) for row in rows)}</tbody>"
        for title, rows in groups.items()
    ]
    over = f"<caption>{caption}</caption>" if caption else ""
    head = f"<thead><tr>{''.join(names)}</tr></thead>"
    return f'<table class="figures">{over}{head}{"".join(bodies)}</table>\n\n'


def _title(title: str, width: int) -> str:
    return f'<tr><th colspan="{width}" scope="rowgroup">{title}</th></tr>' if title else ""


def _row(row: Sequence[str], looks: Sequence[str]) -> str:
    name, *cells = row
    ours = ' class="ours"' if name in OURS else ""
    figures = [f"<td{look}>{cell or NOTHING}</td>" for cell, look in zip(cells, looks[1:], strict=True)]
    return f'<tr{ours}><th scope="row">{name}</th>{"".join(figures)}</tr>'
