"""What a reader of a built site has on paper (A4): each graph whole on one page, at a text of 7 points.

What would be smaller is told by its table. No tools, no second direction and nothing of Mermaid's is printed, and
the body's text has one size on all pages.
"""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.table import Table

from benchmarks.first_sight import page_name, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page
    from rich.console import Console

LEAST = 6.9  # points: 7, but for rounding
ALIKE = 0.2  # points
POINTS = 72 / 96  # of a pixel
MARGIN = dict.fromkeys(("top", "bottom", "left", "right"), "1.5cm")
# Every text of a picture becomes a word of its own, and so does the first of a page: they are found on paper.
MARK = """() => {
  const graphs = [...document.querySelectorAll("chain-rule")];
  const told = graphs.map((graph, number) => {
    const pictures = [...graph.querySelectorAll(".chainrule-frame svg[role=img]")];
    pictures.forEach((svg, way) => [...svg.querySelectorAll("text")].forEach((text, place) => {
      text.textContent = `q${number}w${way}t${place}`;
    }));
    const seen = element => element && element.getClientRects().length > 0;
    return {
      isShown: seen(graph),
      texts: pictures.map(svg => svg.querySelectorAll("text").length),
      hasTable: [...graph.querySelectorAll(".chainrule-view-table")].some(seen),
      others: [...graph.querySelectorAll(".chainrule-tools, .chainrule-drawn, .chainrule-said")].filter(seen).length,
    };
  });
  const body = [...document.querySelectorAll("p")].find(each => each.getClientRects().length && !each.closest("chain-rule"));
  body?.prepend("qbody ");
  return [told, body ? parseFloat(getComputedStyle(body).fontSize) : 0];
}"""
WORD = re.compile(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(q\w+)</word>')
SIZE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)"')


class Word(NamedTuple):
    """A marked word: on which page, how tall its line is, in points, and whether it lies within the page."""

    page: int
    height: float
    is_inside: bool


def paper(console: Console, site: Path, *, browser: str, only: str) -> bool:
    """Print every page of a built site to PDF, and tell whether its graphs are on paper as they should be."""
    from playwright.sync_api import sync_playwright

    faults: list[str] = []
    sizes: dict[str, float] = {}
    said: dict[str, int] = defaultdict(int)
    with sync_playwright() as playwright, served(site) as address, TemporaryDirectory() as folder:
        arguments = ["--headless", "--no-sandbox", "--disable-gpu"]
        chromium = playwright.chromium.launch(executable_path=browser, args=arguments)
        page = chromium.new_page()
        for file in sorted(file for file in site.rglob("*.html") if only in file.as_posix()):
            name = page_name(file, site)
            page.goto(address + ("" if name == "home" else name), wait_until="load")
            page.wait_for_timeout(100)
            page.emulate_media(media="print")
            told, pixels = page.evaluate(MARK)
            words = _printed(page, Path(folder) / "page.pdf")
            page.emulate_media(media="screen")
            line = 1.0
            if "qbody" in words:
                sizes[name] = words["qbody"][0].height
                line = words["qbody"][0].height / (pixels * POINTS)
            for number, graph in enumerate(told):
                if graph["isShown"] and graph["texts"]:
                    how = _graph(number, graph, words, line)
                    said[how] += 1
                    if how not in {"whole", "told by its table"}:
                        faults.append(f"{name} {number + 1}: {how}")
        chromium.close()
    table = Table(title="On paper, A4", title_justify="left")
    table.add_column("graphs")
    table.add_column("number", justify="right")
    for how, count in said.items():
        table.add_row(how, str(count))
    console.print(table)
    common = median(sizes.values() or [0])
    for name, size in sizes.items():
        if abs(size - common) > ALIKE:
            faults.append(f"{name}: a line of text is {size:.1f} points high, and {common:.1f} elsewhere")
    for fault in faults:
        console.print(fault, markup=False, soft_wrap=True)
    console.print(f"{len(faults)} faults on {len(sizes)} pages (goal 0)", highlight=False)
    return not faults


def _graph(number: int, graph: dict[str, Any], words: dict[str, list[Word]], line: float) -> str:
    """Say how one graph came out."""
    ways = [
        (count, [words[name] for name in words if name.startswith(f"q{number}w{way}t")])
        for way, count in enumerate(graph["texts"])
    ]
    printed = [(count, found) for count, found in ways if found]
    if graph["others"]:
        return "its tools or Mermaid's drawing are printed"
    if len(printed) != 1:
        return f"{len(printed)} of its directions are printed"
    count, found = printed[0]
    all_words = [word for each in found for word in each]
    if len(all_words) != count:
        return f"{len(all_words)} of its {count} texts are printed"
    if len({word.page for word in all_words}) > 1 or not all(word.is_inside for word in all_words):
        return "cut by a page's end"
    if graph["hasTable"]:
        return "told by its table"
    least = min(word.height for word in all_words) / line
    return "whole" if least >= LEAST else f"text of {least:.1f} points, and no table"


def _printed(page: Page, path: Path) -> dict[str, list[Word]]:
    """Print a page and read its marked words back."""
    page.pdf(path=path, format="A4", margin=MARGIN)
    command = ["pdftotext", "-bbox", str(path), "-"]
    html = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    words: dict[str, list[Word]] = defaultdict(list)
    for text, word in _words(html):
        words[text].append(word)
    return words


def _words(html: str) -> Iterator[tuple[str, Word]]:
    for number, page in enumerate(re.split(r"(?=<page )", html)[1:]):
        head = SIZE.match(page)
        assert head is not None
        width, height = map(float, head.groups())
        for *box, text in WORD.findall(page):
            left, top, right, bottom = map(float, box)
            is_inside = 0 <= left < right <= width and 0 <= top < bottom <= height
            yield text, Word(number, bottom - top, is_inside)
