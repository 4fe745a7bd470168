"""Whatever a block shows: a page comes of it, in a bounded time, and what cannot be drawn is told."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from mkdocs_chainrule.run.spawned import descendants
from mkdocs_chainrule.session.block import (
    FRAMES,
    GRAPH,
    REPLAY,
    Block,
    Bundle,
    Failure,
    Missing,
    Output,
    Place,
    Stream,
)
from mkdocs_chainrule.show import ShowSettings, draw, show
from mkdocs_chainrule.show.wall import is_large, weight
from projects import Project

BLOCK = Block("x", "fence", Place("docs/page.md", 3), options={})
APART = b"show.wall.apart"
BOKEH = "application/vnd.chainrule.bokeh+json"
FIGURE = {"chainrule": {"kind": "figure"}}
GRAPH_DATA = {"version": 1, "zoom": "scalar", "edges": [], "nodes": [{"id": "v1", "kind": "input"}]}


def drawn(*items: Any, **settings: Any) -> tuple[str, Output | None]:
    """The HTML of items, and the Output as it is to be kept where one of them could not be shown."""
    kept: list[Output] = []
    html = draw(BLOCK, Output(items), ShowSettings(unshown=kept.append, **settings))
    return html, (kept[0] if kept else None)


def nested(depth: int, inner: Any = 1) -> Any:
    data = inner
    for _ in range(depth):
        data = [data]
    return data


HARD = {
    "a graph that stands for infinitely many": Bundle(
        {
            GRAPH: {**GRAPH_DATA, "nodes": [{"id": "v1", "kind": "input", "count": float("inf")}]},
            "text/plain": "G",
        }
    ),
    "a graph whose program is none": Bundle({GRAPH: {**GRAPH_DATA, "program": [1]}, "text/plain": "G"}),
    "JSON that a page cannot hold": Bundle(
        {"application/vnd.plotly.v1+json": {"data": [float("nan")]}, "text/plain": "G"}
    ),
    "data that are nested": Bundle({"application/json": nested(5000), "text/plain": "G"}),
    "Markdown with lists in lists": Bundle(
        {"text/markdown": "".join("    " * n + "- x\n" for n in range(400)), "text/plain": "G"}
    ),
}


@pytest.mark.parametrize("name", HARD)
def test_what_cannot_be_drawn_is_text_and_told(name: str) -> None:
    html, kept = drawn(Stream("stdout", "before\n"), HARD[name], Bundle({"text/plain": "after"}))
    assert kept is not None
    assert kept.failure is not None
    assert (kept.failure.kind, kept.failure.place) == ("unshown", BLOCK.place)
    assert "cannot be drawn" in kept.failure.message
    assert kept.items[1] == Bundle({"text/plain": "G"})
    assert [text in html for text in ("before", ">G<", "after", "Not shown", "docs/page.md:3")] == [True] * 5
    again, nothing = drawn(*kept.items)
    assert ">G<" in again
    assert nothing is None


@pytest.mark.parametrize(
    "item",
    [
        Bundle({"image/svg+xml": '<svg width="1.2.3"/>', "text/plain": "figure"}, FIGURE),
        Bundle(
            {"image/svg+xml": f'<svg width="{"9" * 500}pt" viewBox="a b"/>', "text/plain": "figure"}, FIGURE
        ),
        Bundle({FRAMES: {"frames": 1}, REPLAY: {"version": 1}, GRAPH: None, "text/plain": "plain"}),
        Bundle(
            {BOKEH: {"item": {}, "scripts": ["https://cdn.bokeh.org/b.js"] * 90_000}, "text/plain": "plot"}
        ),
        Bundle({BOKEH: {"item": {}, "scripts": [f"https://{'a' * 90_000}"]}, "text/plain": "plot"}),
        Stream("stdout", "a" * 40_000 + "\b" * 40_000),
        Stream("stdout", "x\x1b[" + "9" * 9000 + "A"),
        Stream("stdout", "x" * 50_000 + "\x1b[1K" * 50_000),
        Stream("stdout", "\n" * 50_000 + "\x1b[2J" * 50_000 + "x"),
        Bundle({"text/html": "<b>" * 3_000 + "<i>" * 3_000 + "</b>" * 3_000}),
    ],
    ids=[
        "width",
        "long width",
        "other kinds",
        "many scripts",
        "a long script",
        "backspaces",
        "far up",
        "wiped rows",
        "wiped screens",
        "looks",
    ],
)
def test_what_is_odd_is_drawn(item: Any) -> None:
    html, kept = drawn(item)
    assert kept is None
    assert html


def test_what_takes_long_is_stopped_and_the_rest_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mkdocs_chainrule.show.settings.SECONDS", 0.6)
    slow = Bundle({"text/markdown": "[" * 200_000, "text/plain": "slow"})
    html, kept = drawn(slow, slow, Bundle({"text/plain": "after"}))
    assert kept is not None
    assert kept.failure is not None
    assert "takes longer than" in kept.failure.message
    assert "after" in html
    assert html.count(">slow<") == 2


@pytest.mark.slow
def test_what_is_drawn_apart_is_as_it_is_here() -> None:
    rows = "".join(f"| {n} | *x* |\n" for n in range(400))
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><path d="{}"/></svg>'
    pixels = (
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="data:image/png;base64,iVBORw0KGgo="/>{}</svg>'
    )
    files: dict[str, bytes] = {}

    def save(name: str, content: bytes) -> str:
        files[name] = content
        return f"../assets/{name}"

    html, kept = drawn(
        Bundle({"text/markdown": f"| a | b |\n|---|---|\n{rows}"}),
        Bundle({"image/svg+xml": svg.format("M0 0" * 600_000)}, FIGURE),
        Bundle({"image/svg+xml": pixels.format("<g/>" * 600_000)}, FIGURE),
        save=save,
        prefix="p",
    )
    assert kept is None
    assert html.count("<em>x</em>") == 400
    assert sorted(name.rpartition(".")[2] for name in files) == ["png", "svg"]
    assert all(f"../assets/{name}" in html for name in files)
    assert "chainrule-" + "0" not in html


def test_an_inline_value_and_a_caption_are_within_the_wall() -> None:
    from mkdocs_chainrule.pieces import Shelves
    from mkdocs_chainrule.read.found import Found
    from mkdocs_chainrule.site.results import Result, rendered

    def broken(*_: Any) -> str:
        raise RecursionError

    kept: list[Output] = []
    result = Result(Output((Stream("stdout", "x"),)), "p", "identity")
    html = rendered(
        Found(BLOCK, "<pre>source</pre>"),
        "",
        result,
        ShowSettings(unshown=kept.append),
        Shelves(None),
        aside=broken,
    )
    assert html == "<pre>source</pre>"
    assert isinstance(kept[0].failure, Failure)


def test_what_is_missing_is_said_in_its_place() -> None:
    html, kept = drawn(Missing("cut after 1 MiB", "its output was cut after 1 MiB: print less"))
    assert ">[cut after 1 MiB]<" in html
    assert kept is None
    note = "[cut after 1 MiB of output; max_output sets the limit]\n"
    assert note.strip() in drawn(Stream("stderr", note))[0]


def test_small_things_are_drawn_here() -> None:
    assert not is_large("text/markdown", "x" * 2000, {})
    assert is_large("text/markdown", "x" * 2001, {})
    assert is_large(GRAPH, GRAPH_DATA, {"zooms": [[0] * 100_000]})
    assert is_large("image/svg+xml", "x" * 100_000, {})
    assert not is_large("image/svg+xml", "x" * 100_000, {"kind": "figure"})
    assert not is_large("image/png", "x" * 10_000_000, {})
    assert weight({"a": nested(50_000)}, 1000) > 1000


def test_a_value_in_a_line_is_text() -> None:
    inline = Block("x", "inline", Place("docs/page.md", 3))
    html = show(
        inline, "", Output((Bundle({"text/plain": "\x1b[1mé\x1b[0m"}), Missing("a", "b"))), ShowSettings()
    )
    assert "é" in html


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_what_draws_apart_ends_with_the_build(ending: signal.Signals, tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.configure()
    shown = "class Long:\n    def _repr_markdown_(self): return '[a](' * 15_000\nLong()"
    project.page("index.md", f"# Page\n\n```autograd\n{shown}\n```\n")
    command = [Path(sys.executable).with_name("mkdocs"), "build"]
    build = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE)
    mine, deadline = [], time.monotonic() + 30
    while not mine:
        assert time.monotonic() < deadline
        mine = [pid for pid in descendants(build.pid) if APART in _command(pid)]
        time.sleep(0.02)
    time.sleep(0.5)  # until it draws
    build.send_signal(ending)
    build.communicate(timeout=10)
    deadline = time.monotonic() + 5
    while any(APART in _command(pid) for pid in mine):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
