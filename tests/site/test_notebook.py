"""The documentation itself, built and read in the browser: every graph is drawn, every number is right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from browsing import graphs
from building import REPOSITORY, mkdocs, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
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


@pytest.fixture(scope="module", params=["material", pytest.param("plain", marks=pytest.mark.slow)])
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


pytestmark = pytest.mark.browser


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


def texts(site: tuple[str, Path], visit: Callable, page: str) -> tuple[list[set[str]], str]:
    visitor = visit(f"{site[0]}{page}/")
    drawn = [set(nodes) for nodes in graphs(visitor.page)]
    return drawn, visitor.page.inner_text("body")


def test_the_value_tree(site: tuple[str, Path], visit: Callable) -> None:
    drawn, _ = texts(site, visit, "notebook/value-tree")
    before = {"a -> data 2", "b -> data -3", "c -> data 10", "e -> data -6", "d -> data 4", "*", "+"}
    after = {
        "a -> data 2 -> grad -3",
        "b -> data -3 -> grad 2",
        "c -> data 10 -> grad 1",
        "e -> data -6 -> grad 1",
        "d -> data 4 -> grad 1",
        "*",
        "+",
    }
    assert before in drawn
    assert after in drawn
    assert {"a -> data 3 -> grad 2", "+", "data 6 -> grad 1"} in drawn
    assert {"a -> data 3 -> grad 6", "*", "data 9 -> grad 1"} in drawn


def test_the_slopes(site: tuple[str, Path], visit: Callable) -> None:
    _, text = texts(site, visit, "notebook/what-is-h")
    for number in ["-3.000000000010772", "2.0000000000042206", "0.9999999999976694", "3.999699999999999"]:
        assert number in text


def test_the_bigger_tree(site: tuple[str, Path], visit: Callable) -> None:
    drawn, _ = texts(site, visit, "notebook/bigger-tree")
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
    } in drawn


def test_the_neuron(site: tuple[str, Path], visit: Callable) -> None:
    drawn, text = texts(site, visit, "notebook/neuron")
    nodes = next(nodes for nodes in drawn if "tanh" in nodes and any(n.startswith("o ->") for n in nodes))
    assert {
        "o -> data 0.707107 -> grad 1",
        "x1 -> data 2 -> grad -1.5",
        "w1 -> data -3 -> grad 1",
        "x2 -> data 0 -> grad 0.5",
        "w2 -> data 1 -> grad 0",
        "b -> data 6.88137 -> grad 0.5",
    } <= nodes
    assert "0.70710678" in text


def test_the_line(site: tuple[str, Path], visit: Callable) -> None:
    _, text = texts(site, visit, "notebook/linear-fit")
    w, b = map(float, re.search(r"^w = (\S+), b = (\S+)$", text, re.MULTILINE).groups())
    assert abs(w - 2) < 1e-6
    assert abs(b) < 1e-5
    assert abs(float(re.search(r"^predict\(2\) = (\S+)", text, re.MULTILINE)[1]) - 4) < 1e-5
    assert "R² = 1.000000000" in text


def test_the_network(site: tuple[str, Path], visit: Callable) -> None:
    _, text = texts(site, visit, "notebook/tanh-network")
    assert 0.7 < float(re.search(r"^f\(1\) = ([\d.]+)", text, re.MULTILINE)[1]) < 0.8


def test_the_traps(site: tuple[str, Path], visit: Callable) -> None:
    drawn, _ = texts(site, visit, "notebook/traps")
    assert {"a -> data -2 -> grad -3", "b -> data 3 -> grad -8"} <= set().union(*drawn)
    assert "x -> data 0.5 -> grad 1.5729" in set().union(*drawn)


def test_plots_are_part_of_the_page(site: tuple[str, Path], visit: Callable) -> None:
    for page, figures in [("charts", 2), ("linear-fit", 1), ("tanh-network", 2)]:
        visitor = visit(f"{site[0]}notebook/{page}/")
        assert visitor.page.locator("figure svg[role=img], svg[role=img]").count() >= figures, page
