"""A page of the built site in Chromium: its figures, each alone at its natural size, its text and its failures."""

from __future__ import annotations

import functools
import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from benchmarks.first_sight import served
from benchmarks.galleries import product

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import Page as Tab

SCRIPT = Path(__file__).with_name("looking.js")
STYLE = ".gallery-no-text :is(text, .gallery-text) { visibility: hidden !important }"
VIEW = {"width": 1400, "height": 1000}
MOST_PIXELS = 6000  # along a side
PATIENCE = 60_000  # milliseconds for a page
SCHEMES = ("light", "dark")


def unseen() -> tuple[type[Exception], ...]:
    """Return what a page or a figure raises that Chromium cannot show, which is told of it."""
    from playwright.sync_api import Error

    return Error, ValueError, OSError


class Looker:
    """Two tabs on one site, one for each scheme."""

    def __init__(self, tabs: dict[str, Tab], address: str, site: Path) -> None:
        self.tabs, self.address, self.site = tabs, address, site

    def colours(self, name: str, variables: Sequence[str]) -> dict[str, dict[str, str]]:
        """Return what the variables are in each scheme, on a page that has a block."""
        found = {}
        for scheme, tab in self.tabs.items():
            self._go(tab, name)
            found[scheme] = tab.evaluate(
                "([host, names]) => gallery.colours(host, names)", [".chainrule", list(variables)]
            )
        return found

    def look(self, name: str, pictures: Path, file: str) -> dict[str, Any]:
        """Return what a page shows, and keep each figure's picture without text, in both schemes."""
        tab = self.tabs["light"]
        self._go(tab, name)
        figures = tab.evaluate(
            "([block, result]) => gallery.figures(block, result)", [product.BLOCK, product.RESULT]
        )
        said = {
            "failures": tab.locator(product.FAILURE).locator(product.MESSAGE).all_inner_texts(),
            "places": tab.locator(product.FAILURE).locator("p:nth-of-type(2)").all_inner_texts(),
            "printed": tab.locator(product.PRINTED).all_inner_texts(),
            "figures": figures,
        }
        for scheme, each in self.tabs.items():
            if scheme != "light" and figures:
                self._go(each, name)
                each.evaluate(
                    "([block, result]) => gallery.figures(block, result)", [product.BLOCK, product.RESULT]
                )
            for number, figure in enumerate(figures):
                path = pictures / f"{file}-{number + 1}-{scheme}.png"
                try:
                    figure[scheme] = self.shot(each, number, path, figure["frame"])
                except unseen() as error:
                    figure[scheme] = {"error": str(error).splitlines()[0]}
        for figure in figures:
            figure["bytes"] += sum(map(self._bytes, set(figure["files"])))
        return said

    def shot(
        self, tab: Tab, number: int, path: Path, frame: list[int], *, has_text: bool = False
    ) -> dict[str, Any]:
        """Show one figure alone and take its picture."""
        size = frame[2] - frame[0], frame[3] - frame[1]
        if not 0 < max(size) <= MOST_PIXELS:
            raise ValueError(f"a size of {size[0]}×{size[1]} px")
        tab.set_viewport_size(
            {side: max(VIEW[side], pixels) for side, pixels in zip(VIEW, size, strict=True)}
        )
        told = tab.evaluate("([number, isOpened]) => gallery.stage(number, isOpened)", [number, not has_text])
        tab.evaluate("isHidden => gallery.hideText(isHidden)", not has_text)
        clip = {"x": 0, "y": 0, "width": size[0], "height": size[1]}
        tab.screenshot(path=path, clip=clip, timeout=PATIENCE)
        return {**told, "picture": path.name}

    def open(self, name: str, scheme: str) -> Tab:
        """Open a page and find its figures."""
        self._go(self.tabs[scheme], name)
        self.tabs[scheme].evaluate(
            "([block, result]) => gallery.figures(block, result)", [product.BLOCK, product.RESULT]
        )
        return self.tabs[scheme]

    def _go(self, tab: Tab, name: str) -> None:
        tab.set_viewport_size(VIEW)
        tab.goto(f"{self.address}{name}/", wait_until="load", timeout=PATIENCE)
        tab.add_script_tag(path=SCRIPT)
        tab.add_style_tag(content=STYLE)

    def _bytes(self, link: str) -> int:
        file = self.site / unquote(urlsplit(link).path).lstrip("/")
        return file.stat().st_size if file.is_file() else 0


@contextmanager
def looker(site: Path, browser: str) -> Iterator[Looker]:
    """Open a browser on a built site, and let nothing out of it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, served(site) as address:
        arguments = ["--headless", "--no-sandbox", "--disable-gpu"]
        chromium = playwright.chromium.launch(executable_path=browser, args=arguments)
        tabs = {}
        for scheme in SCHEMES:
            context = chromium.new_context(viewport=VIEW, color_scheme=scheme)
            context.route("**/*", functools.partial(_answer, address))
            tabs[scheme] = context.new_page()
            tabs[scheme].set_default_timeout(PATIENCE)
        try:
            yield Looker(tabs, address, site)
        finally:
            chromium.close()


def _answer(address: str, route: Any) -> None:
    is_own = route.request.url.startswith((address, "data:", "blob:"))
    return route.continue_() if is_own else route.abort()


def read(path: Path) -> Any:
    """Return what a file of JSON holds."""
    return json.loads(path.read_text("utf-8"))
