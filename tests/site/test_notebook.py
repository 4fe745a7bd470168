"""The documentation itself, built and read in the browser: every graph is drawn, every number is right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from browsing import graphs
from building import REPOSITORY, first_now, mkdocs, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

PAGES = sorted(
    page.relative_to(REPOSITORY / "docs").with_suffix("").as_posix().removesuffix("index").rstrip("/")
    for page in (REPOSITORY / "docs").rglob("*.md")
)
PLAIN = """\
INHERIT: {config}
theme:
  name: mkdocs
  color_mode: auto
"""


@pytest.fixture(scope="module", params=first_now("material", "plain"))
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """The documentation, built in each theme and served."""
    folder = tmp_path_factory.mktemp(request.param)
    config = REPOSITORY / "mkdocs.yml"
    if request.param == "plain":
        for name in ["docs", "benchmarks"]:  # what its blocks read
            (folder / name).symlink_to(REPOSITORY / name)
        plain = folder / "mkdocs.yml"
        plain.write_text(PLAIN.format(config=config))
        config = plain
    run = mkdocs("build", "--strict", "-f", config, "--site-dir", folder / "site", cwd=REPOSITORY)
    assert run.returncode == 0, run.stderr
    with serve(folder / "site") as address:
        yield address, folder / "site"


pytestmark = [pytest.mark.browser, pytest.mark.slow]  # the whole site is built for them


@pytest.mark.slow
def test_every_page_is_drawn_without_an_error(site: tuple[str, Path], visit: Callable) -> None:
    address, _ = site
    visitor = visit(address)
    for page in PAGES:
        visitor.page.emulate_media(color_scheme="light")
        visitor.page.goto(f"{address}{page}/")
        light = graphs(visitor.page)
        assert all(light), page
        visitor.page.emulate_media(color_scheme="dark")
        visitor.page.reload()
        assert graphs(visitor.page) == light, page
        assert visitor.console == [], page
        assert [url for url in visitor.external if "mermaid" not in url] == [], page


# Every picture of a graph that we drew: for each of its nodes the rows that it shows.
OURS = """() => [...document.querySelectorAll(".chainrule-picture svg")].map(
  svg => [...svg.querySelectorAll("g")].map(
    group => [...group.children].filter(part => part.localName === "text").map(text => text.textContent)
  ).filter(rows => rows.length))"""


def shown(rows: Iterable[str]) -> tuple[str, ...]:
    """Return what a node says, however it is drawn: label, data, gradient, numbers to four digits."""
    return tuple(map(_shown, rows))


def _shown(row: str) -> str:
    text = re.sub(r"^(data|grad|∂) *", "", row).replace("\N{MINUS SIGN}", "-").replace("·", "*")
    return f"{float(text):.4g}" if re.fullmatch(r"-?\d+(\.\d+)?", text) else text


@dataclass
class Read:
    """A page of the notebook: the nodes of each graph, those that Mermaid drew as it wrote them, the text."""

    graphs: list[list[tuple[str, ...]]]
    mermaid: list[list[str]]
    text: str

    def has(self, *nodes: str) -> bool:
        """Tell whether one of the graphs has all of these nodes, with the parts of each by spaces."""
        wanted = {shown(node.split()) for node in nodes}
        return any(wanted <= set(drawn) for drawn in self.graphs)

    def counts(self, node: str) -> set[int]:
        """Return how often a node stands in the graphs that have it."""
        return {drawn.count(shown(node.split())) for drawn in self.graphs} - {0}


def read(site: tuple[str, Path], visit: Callable, page: str) -> Read:
    browsed = visit(f"{site[0]}{page}/").page
    by_mermaid = graphs(browsed)
    drawn = [*([text.split(" -> ") for text in nodes] for nodes in by_mermaid), *browsed.evaluate(OURS)]
    return Read([list(map(shown, nodes)) for nodes in drawn], by_mermaid, browsed.inner_text("body"))


def test_the_slopes(site: tuple[str, Path], visit: Callable) -> None:
    page = read(site, visit, "notebook/what-is-h")
    for number in ["-3.000000000010772", "2.0000000000042206", "0.9999999999976694", "3.999699999999999"]:
        assert number in page.text
    assert "h = 0.001  slope 2.00300" in page.text
    assert "the slope is 0." in page.text


def test_the_value_tree(site: tuple[str, Path], visit: Callable) -> None:
    page = read(site, visit, "notebook/value-tree")
    assert page.has("a 2", "b -3", "c 10", "e -6", "d 4", "*", "+")
    assert page.has("a 2 -3", "b -3 2", "c 10 1", "e -6 1", "d 4 1", "*", "+")
    assert {
        "a -> data 2 -> grad -3",
        "b -> data -3 -> grad 2",
        "c -> data 10 -> grad 1",
        "e -> data -6 -> grad 1",
        "d -> data 4 -> grad 1",
        "*",
        "+",
    } in map(set, page.mermaid)
    assert page.has("a 3 2", "+", "6 1")
    assert page.has("a 3 6", "*", "9 1")


def test_the_bigger_tree(site: tuple[str, Path], visit: Callable) -> None:
    page = read(site, visit, "notebook/bigger-tree")
    assert {
        "a -> data 2 -> grad 6",
        "b -> data -3 -> grad -4",
        "c -> data 10 -> grad -2",
        "f -> data -2 -> grad 4",
        "e -> data -6 -> grad -2",
        "d -> data 4 -> grad -2",
        "L -> data -8 -> grad 1",
        "*",
        "+",
    } in map(set, page.mermaid)
    assert page.has("a -2 -3", "b 3 -8", "product -6 1", "total 1 -6", "g -6 1")
    assert "dL/dd · dd/dc = -2.000000 · 1.000000 = -2.000000" in page.text
    assert "so L should fall by 0.72. It fell by 0.726." in page.text


def test_the_neuron(site: tuple[str, Path], visit: Callable) -> None:
    page = read(site, visit, "notebook/neuron")
    assert page.has("o 0.7071 1", "x1 2 -1.5", "w1 -3 1", "x2 0 0.5", "w2 1 0", "b 6.881 0.5", "tanh")
    assert "0.70710678" in page.text
    assert page.text.count("6.881373587019543") >= 2
    assert "0.4999" not in page.text


def test_the_line(site: tuple[str, Path], visit: Callable) -> None:
    text = read(site, visit, "notebook/linear-fit").text
    w, b = map(float, re.search(r"^w = (\S+), b = (\S+)$", text, re.MULTILINE).groups())
    assert abs(w - 2) < 1e-6
    assert abs(b) < 1e-5
    assert abs(float(re.search(r"^predict\(2\) = (\S+)", text, re.MULTILINE)[1]) - 4) < 1e-5
    walked = re.search(r"^by walking: +(w = .*)$", text, re.MULTILINE)[1]
    assert re.search(r"^closed form: +(w = .*)$", text, re.MULTILINE)[1] == walked
    assert 0.8 < float(re.search(r"^R² = (\S+)$", text, re.MULTILINE)[1]) < 1
    assert 0.028 < float(re.search(r"^limit: .* = (\S+)$", text, re.MULTILINE)[1]) < 0.031


def test_the_network(site: tuple[str, Path], visit: Callable) -> None:
    text = read(site, visit, "notebook/tanh-network").text
    assert 0.7 < float(re.search(r"^f\(1\) = ([\d.]+)", text, re.MULTILINE)[1]) < 0.8


def test_the_traps_are_drawn_wrong_and_right(site: tuple[str, Path], visit: Callable) -> None:
    page = read(site, visit, "notebook/traps")
    assert page.counts("a 3 3") == {2}
    assert page.counts("a 3 6") == {1}
    assert page.has("a -2 3", "a -2 -6", "b 3 -2", "b 3 -6")
    assert page.has("a -2 -3", "b 3 -8")
    assert page.has("x 0.5 0.7864")
    assert page.has("x 0.5 1.573")
    assert page.has("a 2 0", "b -3 0", "-6 0")
    assert page.has("a 2 -3", "b -3 2", "-6 1")
    assert page.has("x 2", "x -3", "-6")


def test_the_home_page_shows_what_it_types(site: tuple[str, Path], visit: Callable) -> None:
    source = (REPOSITORY / "docs" / "index.md").read_text(encoding="utf-8")
    typed = re.search(r"^````markdown\n(.*?)\n````$", source, re.DOTALL | re.MULTILINE)[1]
    assert source.count(typed) == 2
    page = read(site, visit, "")
    assert page.has("a 2 -3", "b -3 2", "c 10 1", "e -6 1", "d 4 1")
    assert "the slope is -3.000." in page.text


@pytest.mark.parametrize("width", [1440, 360])
def test_the_home_page_stands_side_by_side_or_stacked(
    site: tuple[str, Path], visit: Callable, width: int
) -> None:
    page = visit(site[0], width=width).page
    left, right = (box.bounding_box() for box in page.locator(".beside").first.locator("> div").all())
    if width == 1440:
        assert left["x"] + left["width"] <= right["x"]
    else:
        assert left["y"] + left["height"] <= right["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
def test_each_page_of_the_notebook_begins_with_a_picture(site: tuple[str, Path], visit: Callable) -> None:
    for path in sorted((REPOSITORY / "docs" / "notebook").glob("*.md")):
        page = visit(f"{site[0]}notebook/{path.stem.removesuffix('index')}").page
        page.set_viewport_size({"width": 1440, "height": 800})
        box = page.locator("chain-rule, .chainrule-plot").first.bounding_box()
        assert box["y"] + min(box["height"] / 2, 150) < 800, (path.stem, box)


def test_plots_are_part_of_the_page(site: tuple[str, Path], visit: Callable) -> None:
    plots = {"what-is-h": 2, "bigger-tree": 1, "neuron": 2, "linear-fit": 5, "tanh-network": 7, "traps": 1}
    for page, figures in plots.items():
        visitor = visit(f"{site[0]}notebook/{page}/")
        assert (
            visitor.page.locator(":is(.chainrule-plot, .chainrule-chart) svg[role=img]").count() == figures
        ), page
