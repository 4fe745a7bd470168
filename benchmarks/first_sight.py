"""What a reader of a built site sees of each graph at first, at three widths, and with whatever may be missing.

Whole in its frame at a text of 11 px is every graph of up to 16 drawn nodes on a phone, of up to 24 on wider
screens. Any other starts with its result in sight and is whole after one tap on Fit; without scripts it scrolls.
Nothing shifts but by the theme's own scripts, nobody asks for Mermaid before a page or a reader does, and no
Mermaid text stands outside its fold.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rich.table import Table

from benchmarks.crossings import crossings, pictures

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page
    from rich.console import Console

WHOLE = {360: 16, 768: 24, 1440: 24}  # drawn nodes, up to which a graph is whole, by the page's width
WAYS = ("online", "blocked", "file", "no scripts")
SMALLEST = 10.95  # pixels of text: 11, but for rounding
SHIFT = 0.01
WATCH = """
window.shifted = 0;
new PerformanceObserver(list => list.getEntries().forEach(entry => { shifted += entry.value; }))
  .observe({type: "layout-shift", buffered: true});
"""
# Each graph that is seen: where its drawing is, in its frame, and what else the rule asks.
LOOK = """() => [...document.querySelectorAll("chain-rule")].filter(graph => graph.offsetWidth).map(graph => {
  const box = [...graph.querySelectorAll(".chainrule-frame")].find(each => each.offsetWidth);
  if (!box) return null;
  const drawn = [box, ...[...box.querySelectorAll(".chainrule-drawn")].map(host => host.shadowRoot)]
    .flatMap(root => [...root.querySelectorAll("svg[role=img]")]).find(each => each.getClientRects().length);
  if (!drawn) return null;
  const ours = [...box.querySelectorAll("svg[role=img] g[id]")].filter(each => each.getClientRects().length);
  const within = element => {
    const [a, b] = [element.getBoundingClientRect(), box.getBoundingClientRect()];
    return a.left >= b.left - 1 && a.right <= b.left + box.clientWidth + 1 && b.right <= innerWidth + 1
      && a.top >= b.top - 1 && a.bottom <= b.top + box.clientHeight + 1;
  };
  const last = nodes => [...nodes].at(-1);
  const number = node => +node.id.match(/[0-9]+$/)[0];
  const nodes = [...drawn.querySelectorAll(drawn.querySelector(".node") ? ".node" : "g[id]")];
  const result = last(drawn.querySelectorAll(".node.output, g[stroke='var(--chainrule-5)'] > g[id]"))
    ?? last(drawn.querySelector(".node") ? nodes : nodes.sort((a, b) => number(a) - number(b)));
  const texts = [...drawn.querySelectorAll("text, .nodeLabel")].filter(text => text.textContent.trim());
  const pixels = text => parseFloat(getComputedStyle(text).fontSize) * (text.getScreenCTM?.().d ?? 1);
  const style = getComputedStyle(box);
  return {
    by: ours.length ? "us" : "Mermaid",
    nodes: nodes.length,
    isWhole: within(drawn),
    text: Math.min(...texts.map(pixels)),
    showsResult: within(result),
    scrolls: [style.overflowX, style.overflowY].every(each => each === "auto" || each === "scroll"),
  };
})"""
# Mermaid's text where it is seen, but in the fold that is for it.
RAW = """() => [...document.querySelectorAll("pre.mermaid, chain-rule *")].filter(element =>
  !element.closest(".chainrule-view-mermaid") && !element.children.length && element.getClientRects().length
  && /^\\s*(%%\\{|graph (LR|TB|TD)\\b|flowchart )/.test(element.textContent)).length"""


@dataclass(frozen=True)
class Graph:
    """One graph, seen once.

    Attributes:
        place: The page, and which of its graphs.
        text: The smallest, in pixels.
        after_fit: Whether one tap on Fit shows the whole; None where there is no such control.
    """

    place: str
    width: int
    way: str
    by: str
    nodes: int
    is_whole: bool
    text: float
    shows_result: bool
    scrolls: bool
    after_fit: bool | None

    @property
    def fault(self) -> str:
        """What the rule does not allow, if anything."""
        if self.text < SMALLEST:
            return f"text of {self.text:.1f} px"
        if self.is_whole:
            return ""
        if self.by == "us" and self.nodes <= WHOLE[self.width]:
            return f"{self.nodes} nodes are not whole"
        if self.way == "no scripts":
            return "" if self.scrolls else "does not scroll"
        if not self.shows_result:
            return "its result is out of sight"
        return "" if self.after_fit else "not whole after Fit"

    def __str__(self) -> str:
        if self.fault:
            return self.fault
        return f"whole, {self.text:.1f} px" if self.is_whole else f"result, Fit, {self.text:.1f} px"


@dataclass
class Seen:
    """What was seen of a site."""

    graphs: list[Graph] = field(default_factory=list)
    shifts: dict[str, float] = field(default_factory=dict)
    by_theme: dict[str, float] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    crossed: list[str] = field(default_factory=list)
    drawings: int = 0
    asked: Counter[str] = field(default_factory=Counter)


def sight(
    console: Console, site: Path, *, browser: str, mermaid: Path | None, only: str, ways: list[str]
) -> bool:
    """Print what readers see of a built site at first, and tell whether all of it is as it should be."""
    from playwright.sync_api import sync_playwright

    pages = sorted(page for page in site.rglob("*.html") if only in page.as_posix())
    seen = Seen()
    for page in pages:
        name = page_name(page, site)
        for picture in pictures(page.read_text("utf-8")):
            seen.drawings += 1
            seen.crossed += [f"{name}: {line}" for line in crossings(picture)]
    with sync_playwright() as playwright, served(site) as address:
        arguments = ["--headless", "--no-sandbox", "--disable-gpu"]
        chromium = playwright.chromium.launch(executable_path=browser, args=arguments)
        for way in ways:
            for width in WHOLE:
                _walk(
                    chromium,
                    seen,
                    [(page_name(page, site), page) for page in pages],
                    way=way,
                    width=width,
                    address=address,
                    mermaid=mermaid,
                )
        chromium.close()
    _print(console, seen)
    return not (seen.faults or seen.crossed or any(graph.fault for graph in seen.graphs))


def page_name(page: Path, site: Path) -> str:
    """Return what a page of a built site is called in a report: its address, or home."""
    return page.relative_to(site).as_posix().removesuffix("index.html") or "home"


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a folder, and give its address."""
    import functools
    import http.server
    import threading

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Handler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


def _walk(
    chromium: Browser,
    seen: Seen,
    pages: list[tuple[str, Path]],
    *,
    way: str,
    width: int,
    address: str,
    mermaid: Path | None,
) -> None:
    """Look at every page in one way, at one width."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        java_script_enabled=way != "no scripts",
        has_touch=width < 400,
    )
    page = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.add_init_script(WATCH)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route("**/*", lambda route: _answer(route, asked, way, mermaid))
    ours = context.new_page()
    ours.add_init_script(WATCH)
    ours.route("**/*", _without_theme)
    for name, path in pages:
        asked.clear()
        errors.clear()
        where = f"{name} at {width} px, {way}"
        url = path.as_uri() if way == "file" else address + ("" if name == "home" else name)
        page.goto(url, wait_until="load")
        page.wait_for_timeout(100)
        wants = page.locator("chain-rule[data-draw]").count()
        if wants and way == "online":
            page.locator(".chainrule-by-mermaid").first.wait_for(timeout=20_000)
        found = [graph for graph in page.evaluate(LOOK) if graph]
        if way != "no scripts":
            page.wait_for_timeout(200)
            shift = page.evaluate("shifted")
            if shift > SHIFT:  # ours, or the theme's?
                ours.goto(url, wait_until="load")
                ours.wait_for_timeout(300)
                own = ours.evaluate("shifted")
                seen.by_theme[name] = max(shift - own, seen.by_theme.get(name, 0))
                shift = own
            seen.shifts[name] = max(shift, seen.shifts.get(name, 0))
            if shift > SHIFT:
                seen.faults.append(f"{where}: shifts by {shift:.3f}")
        if raw := page.evaluate(RAW):
            seen.faults.append(f"{where}: {raw} raw texts of Mermaid")
        theirs = [url for url in asked if "mermaid" in url]
        seen.asked[name] += len(theirs)
        if theirs and not wants:
            seen.faults.append(f"{where}: asks for Mermaid unasked")
        seen.faults += [f"{where}: {error}" for error in errors if "chainrule" in error.lower()]
        seen.graphs += _graphs(page, found, name, width, way)
    context.close()


def _graphs(page: Page, found: list[dict[str, Any]], name: str, width: int, way: str) -> Iterator[Graph]:
    fits = page.locator("chain-rule:visible").filter(has=page.locator(".chainrule-frame:visible"))
    for number, graph in enumerate(found):
        fit = fits.nth(number).get_by_role("button", name="Fit", exact=True)
        after = None
        if not graph["isWhole"] and way != "no scripts" and fit.count():
            fit.tap() if width < 400 else fit.click()
            after = [each for each in page.evaluate(LOOK) if each][number]["isWhole"]
        yield Graph(
            f"{name} {number + 1}",
            width,
            way,
            graph["by"],
            graph["nodes"],
            graph["isWhole"],
            graph["text"],
            graph["showsResult"],
            graph["scrolls"],
            after,
        )


def _answer(route: Any, asked: list[str], way: str, mermaid: Path | None) -> None:
    url = route.request.url
    is_own = url.startswith(("http://127.0.0.1:", "data:", "blob:", "file:"))
    if "mermaid" in url.rpartition("/")[2]:
        asked.append(url)
        if way == "online" and mermaid:
            return route.fulfill(path=mermaid, content_type="text/javascript")
    return route.continue_() if is_own or way == "online" else route.abort()


def _without_theme(route: Any) -> None:
    is_theirs = route.request.resource_type == "script" and "chainrule" not in route.request.url
    return route.abort() if is_theirs else route.continue_()


def _print(console: Console, seen: Seen) -> None:
    ways = list(dict.fromkeys(graph.way for graph in seen.graphs))
    table = Table(title=f"At first sight: {', '.join(ways)}", title_justify="left")
    for head in ("graph", "nodes", *(f"{width} px" for width in WHOLE)):
        table.add_column(head, justify="right" if head == "nodes" else "left")
    for place in dict.fromkeys(graph.place for graph in seen.graphs):
        alike = [graph for graph in seen.graphs if graph.place == place]
        cells = [_cell([graph for graph in alike if graph.width == width]) for width in WHOLE]
        nodes = "/".join(map(str, sorted({graph.nodes for graph in alike})))
        table.add_row(place, nodes, *cells)
    console.print(table)
    broken = [graph for graph in seen.graphs if graph.fault]
    for graph in broken:
        console.print(
            f"{graph.place} at {graph.width} px, {graph.way}: {graph.fault}", markup=False, soft_wrap=True
        )
    for name, shift in seen.by_theme.items():
        console.print(f"{name}: the theme's own scripts shift by {shift:.3f}", markup=False, soft_wrap=True)
    for line in [*seen.faults, *seen.crossed]:
        console.print(line, markup=False, soft_wrap=True)
    whole = sum(graph.is_whole for graph in seen.graphs)
    console.print(
        f"{whole} of {len(seen.graphs)} sights are whole, {len(broken)} are not as they should be (goal 0); "
        f"layout shift up to {max(seen.shifts.values(), default=0):.4f} (goal {SHIFT}); "
        f"{sum(map(bool, seen.asked.values()))} pages asked for Mermaid; "
        f"{len(seen.crossed)} edges cross a node in {seen.drawings} drawings (goal 0)",
        soft_wrap=True,
        highlight=False,
    )


def _cell(graphs: list[Graph]) -> str:
    """Return what was seen at one width: once, where it was the same in all ways."""
    said: dict[str, list[str]] = {}
    for graph in graphs:
        said.setdefault(str(graph), []).append(graph.way)
    if len(said) == 1:
        return next(iter(said))
    return "\n".join(f"{text} ({', '.join(ways)})" for text, ways in said.items())
