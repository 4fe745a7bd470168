"""How long a reader waits for a graph of 200 nodes, and what the page shifts and asks for meanwhile."""

from __future__ import annotations

import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.sites.processes import run

SITE = """
site_name: Reading
theme: {name: material, font: false}
plugins: [chainrule]
"""
PAGE = """# A graph

```autograd graph="svg" source="none"
from __future__ import annotations

import random
import numpy as np
from chainrule import Value

EXPRESSION
expression(200)
```
"""
WATCH = """
window.shifted = 0;
new PerformanceObserver(list => list.getEntries().forEach(entry => { shifted += entry.value; }))
  .observe({type: "layout-shift", buffered: true});
const look = () => {
  const drawn = document.querySelector("chain-rule svg")?.getBoundingClientRect().height;
  drawn ? window.seen = performance.now() : requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


@dataclass(frozen=True)
class Wait:
    """Medians of fresh browsers: ms until the graph is there, layout shift; and requests that left the site."""

    milliseconds: float
    shift: float
    external: int

    def __str__(self) -> str:
        return (
            f"200 nodes on a Material page: visible after {self.milliseconds:.0f} ms (goal 600), "
            f"layout shift {self.shift:.4f} (goal 0.01), {self.external} external requests (goal 0)"
        )


def read(browser: Path, expression: str, rounds: int) -> Wait:
    """Build a page with 200 nodes drawn, and open it in fresh browsers.

    Args:
        browser: Chromium's executable.
        expression: The source of a function that returns a graph of a size.
        rounds: How often.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "docs").mkdir()
        (root / "mkdocs.yml").write_text(SITE, encoding="utf-8")
        (root / "docs" / "index.md").write_text(PAGE.replace("EXPRESSION", expression), encoding="utf-8")
        run([str(Path(sys.executable).with_name("mkdocs")), "build", "--strict"], root)
        found = [_visit(browser, (root / "site" / "index.html").as_uri()) for _ in range(rounds)]
    times, shifts, external = zip(*found, strict=True)
    return Wait(statistics.median(times), statistics.median(shifts), max(external))


def _visit(browser: Path, address: str) -> tuple[float, float, int]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_page(viewport={"width": 1440, "height": 900})
        external: list[str] = []
        page.on("request", lambda request: request.url.startswith("http") and external.append(request.url))
        page.add_init_script(WATCH)
        page.goto(address, wait_until="load")
        page.wait_for_function("window.seen")
        page.wait_for_timeout(500)
        seen, shifted = page.evaluate("[seen, shifted]")
        chromium.close()
    return seen, shifted, len(external)
