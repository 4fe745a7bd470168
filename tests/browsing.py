"""Looking at pages in the browser: what was drawn, what went wrong, what asked for the outside."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from building import REPOSITORY, skip_or_fail

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route

MERMAID = REPOSITORY / "tests" / "node" / "node_modules" / "mermaid11" / "dist" / "mermaid.min.js"
AXE = REPOSITORY / "tests" / "node" / "node_modules" / "axe-core" / "axe.min.js"
# How far the page has shifted by itself, in `window.shift`.
SHIFT = """new PerformanceObserver(list => list.getEntries().forEach(each => {
  if (!each.hadRecentInput) window.shift = (window.shift ?? 0) + each.value;
})).observe({type: "layout-shift", buffered: true})"""
CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Material draws Mermaid into a closed shadow root, where no test could look.
OPEN_SHADOW_ROOTS = """
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (init) { return attach.call(this, {...init, mode: "open"}); };
"""
# Of the views that are open: the texts of the nodes that Mermaid drew, or null where it is not done.
DRAWN = """() => [...document.querySelectorAll(".chainrule-view-mermaid[open]")].map(view => {
  const svg = view.querySelector(".chainrule-drawn")?.shadowRoot?.querySelector("svg");
  return svg && [...svg.querySelectorAll("g.node")].map(node => node.textContent.trim());
})"""


class Visitor:
    """A page of the browser that keeps what went wrong, and lets nothing out but to the site."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.console: list[str] = []
        self.asked: list[str] = []
        self.external: list[str] = []
        page.add_init_script(OPEN_SHADOW_ROOTS)
        page.route("**/*", self._route)
        page.on("console", lambda message: message.type == "error" and self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(str(error)))

    def _route(self, route: Route) -> None:
        url = route.request.url
        self.asked.append(url)
        if url.startswith(("http://127.0.0.1:", "data:", "blob:", "file:")):
            return route.continue_()
        if "/highlight.js/" in url:  # the plain theme's own highlighter, without which its dark mode fails
            script = url.endswith(".js")
            return route.fulfill(
                body="var hljs = {initHighlightingOnLoad() {}, highlightAll() {}};" if script else "",
                content_type="text/javascript" if script else "text/css",
            )
        self.external.append(url)
        if "mermaid" in url and url.endswith(".js"):
            return route.fulfill(path=MERMAID, content_type="text/javascript")
        return route.abort()


def graphs(page: Page, figure: Locator | None = None) -> list[list[str]]:
    """Open the Mermaid views of the page, or of one figure, and give the texts of all nodes that are drawn.

    Asked from here: `wait_for_function` asks within the page, by `eval`, which a strict policy forbids.
    """
    (figure or page).locator(".chainrule-view-mermaid:visible").evaluate_all(
        "views => views.forEach(view => { view.open = true; })"
    )
    end = time.monotonic() + 30
    while not all(drawn := page.evaluate(DRAWN)):
        assert time.monotonic() < end, f"not every graph is drawn: {drawn}"
        page.wait_for_timeout(50)
    return drawn


def violations(page: Page) -> list[tuple[str, str, str]]:
    """What axe finds wrong with what is ours on a page."""
    if not AXE.exists():
        skip_or_fail("axe is missing (npm ci --prefix tests/node)")
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run({include: ['.chainrule'], exclude: ['.highlight']})")
    return [(v["id"], n["html"], n["failureSummary"]) for v in found["violations"] for n in v["nodes"]]
