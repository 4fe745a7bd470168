"""How soon a figure answers: a page's first key, a slider's handler, what it weighs, and whether anything shifts.

    python -m benchmarks.alive

One site of the plain theme: a computation of 50 nodes to step through, and one of 200 whose numbers move.
The figures are those of a machine that does nothing else.
"""

from __future__ import annotations

import gzip
import os
import re
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from benchmarks.first_sight import served

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import Browser, Page

RUNS = 9
FIRST_KEY, HANDLER, WEIGHT, SHIFT = 100, 16, 3_072, 0.01  # milliseconds, milliseconds, bytes, of the page
CONTROLS = (
    *("First", "Forward", "Back", "Speed", "Play", "Pause", "Last"),
    *("Zoom in", "Fit", "1:1, natural size"),
)
CONFIG = "site_name: Alive\ntheme: {name: mkdocs, highlightjs: false}\nplugins: [chainrule]\n"
STEPS = """# Steps

```autograd graph="steps"
import numpy as np
from chainrule import Value

a, b, c = Value(0.5), Value(-1.2), Value(0.3)
v = a
for at in range(6):
    u = v * b + (at + 1.5)
    v = np.tanh(u + c) * u if at % 2 else np.sin(u)
v.backward()
```
"""
NUDGE = """# Nudge

```autograd graph="nudge"
import random
import numpy as np
from chainrule import Value

chance = random.Random(1)
values = [Value(chance.uniform(-1, 1)) for _ in range(8)]
while 2 * len(values) - 8 < 200:
    x, y = chance.choice(values[-8:]), chance.choice(values[-20:])
    values.append(chance.choice([x + y, x * y, x - y, np.tanh(x)]))
(sum(values[-8:-1], values[-1])).backward()
```
"""
# From DOMContentLoaded until a key on the figure is answered: PageUp, again and again.
ASKED = """document.addEventListener("DOMContentLoaded", () => {
  const begun = performance.now();
  const ask = () => {
    const range = document.querySelector(".chainrule-player input");
    const before = range?.value;
    range?.dispatchEvent(new KeyboardEvent("keydown", {key: "PageUp", bubbles: true, cancelable: true}));
    if (range && range.value !== before) window.answered = performance.now() - begun;
    else setTimeout(ask);
  };
  ask();
});"""
# What shifts by itself: a picture that a reader zooms is not it.
WATCH = """window.shifted = 0;
new PerformanceObserver(list => list.getEntries().forEach(entry => { shifted += entry.hadRecentInput ? 0 : entry.value; }))
  .observe({type: "layout-shift", buffered: true});"""
MOVED = """() => [...document.querySelectorAll(".chainrule-row input[type=range]")].slice(0, 8).map((range, at) => {
  range.value = +range.value + .01 * (at + 1);
  const begun = performance.now();
  range.dispatchEvent(new Event("input", {bubbles: true}));
  return performance.now() - begun;
})"""


def build(root: Path) -> Path:
    """Build the two pages."""
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config

    (root / "docs").mkdir()
    (root / "mkdocs.yml").write_text(CONFIG, "utf-8")
    (root / "docs" / "index.md").write_text(STEPS, "utf-8")
    (root / "docs" / "nudge.md").write_text(NUDGE, "utf-8")
    build_site(load_config(str(root / "mkdocs.yml")))
    return root / "site"


def weight(html: str) -> tuple[int, int]:
    """Return how many nodes a page's graph has, and what its steps weigh, in bytes as they are sent.

    Examples:
        >>> weight('<g id="a-v1"/><ol><li>a.</li></ol><template class="chainrule-data">[]</template>')[0]
        1
    """
    nodes = set(re.findall(r' id="[^"]*-([a-z]\d+)"', html))
    parts = re.findall(r'<ol>.*?</ol>|<template class="chainrule-data">.*?</template>', html, re.DOTALL)
    return len(nodes), len(gzip.compress("".join(parts).encode(), 9))


def first_key(browser: Browser, address: str) -> float:
    """Return the milliseconds from DOMContentLoaded until a key was answered, of a first visit."""
    page = browser.new_page()
    page.add_init_script(ASKED)
    page.goto(address)
    page.wait_for_function("window.answered")
    found = float(page.evaluate("answered"))
    page.close()
    return found


def shift(browser: Browser, address: str, width: int) -> float:
    """Return by how much a page shifts from load through every control."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_selector(".chainrule-player input")
    for name in CONTROLS:
        page.get_by_role("button", name=name, exact=name != "Speed").first.click()
        page.wait_for_timeout(700)  # what shifts later than half a second after a click is not the reader's
    found = float(page.evaluate("shifted"))
    page.close()
    return found


def handler(page: Page) -> list[float]:
    """Return the milliseconds that a slider's handler takes, for some sliders."""
    page.wait_for_selector(".chainrule-row input[type=range]")
    return [float(each) for each in page.evaluate(MOVED)]


def report(browser: str = "/usr/bin/chromium", runs: int = RUNS) -> Iterator[str]:
    """Yield a line for each figure."""
    from playwright.sync_api import sync_playwright

    yield f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    with TemporaryDirectory() as folder:
        site = build(Path(folder))
        nodes, bytes_ = weight((site / "index.html").read_text("utf-8"))
        yield _line(f"steps of {nodes} nodes, words included", [bytes_], WEIGHT, "B gzipped")
        with served(site) as address, sync_playwright() as playwright:
            arguments = ["--headless", "--no-sandbox", "--disable-gpu"]
            chromium = playwright.chromium.launch(executable_path=browser, args=arguments)
            first_key(chromium, address)  # the browser's own first page
            keys = [first_key(chromium, address) for _ in range(runs)]
            yield _line(f"{nodes} nodes, from DOMContentLoaded to a key's answer", keys, FIRST_KEY, "ms")
            page = chromium.new_page()
            page.goto(f"{address}nudge/")
            moved = [each for _ in range(runs) for each in handler(page)]
            count = page.locator("svg:visible g[id]").count()
            yield _line(f"{count} nodes, a slider's handler", moved, HANDLER, "ms")
            for width in (360, 1440):
                yield _line(f"layout shift at {width} px", [shift(chromium, address, width)], SHIFT, "")
            chromium.close()
    yield f"load {os.getloadavg()[0]:.1f}"


def _line(what: str, found: Sequence[Any], limit: float, unit: str) -> str:
    met = "within" if median(found) <= limit else "above"
    among = f" ({min(found):.3g} to {max(found):.3g}, {len(found)} runs)" if found[1:] else ""
    return f"{what}: {median(found):.4g} {unit}".rstrip() + f"{among}, {met} {limit:g}"


if __name__ == "__main__":
    for line in report():
        print(line)
