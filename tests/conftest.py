"""Fixtures that tests of several folders share, and `--golden`, which rewrites what goldens compare with."""

from __future__ import annotations

import difflib
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from browsing import CHROMIUM, MERMAID, Visitor
from building import skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser


# A deadline is a timed assertion, which a busy machine fails.
settings.register_profile("unhurried", settings(deadline=None))
settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="rewrite the golden files; run nothing else")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--golden"):
        items[:] = [item for item in items if "golden" in getattr(item, "fixturenames", ())]


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, Path], None]:
    """Compare a text with a file, or write the file: `golden(text, path)`."""

    def compare(text: str, path: Path) -> None:
        if request.config.getoption("--golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        kept = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        changes = difflib.unified_diff(kept, text.splitlines(), str(path), "what we write", lineterm="")
        if shown := "\n".join(changes):
            pytest.fail(f"{shown}\n\nIf that is as it should be: make golden", pytrace=False)

    return compare


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        skip_or_fail("there is no Chromium on the path")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """Open an address in a fresh browser context: `visit(url, color_scheme="dark", width=1440)`."""
    if not MERMAID.exists():
        skip_or_fail("the Node packages are missing (npm ci --prefix tests/node)")
    contexts = []

    def open_page(url: str, *, color_scheme: str = "light", width: int = 1280, **options: object) -> Visitor:
        viewport = {"width": width, "height": 900}
        context = chromium.new_context(color_scheme=color_scheme, viewport=viewport, **options)
        contexts.append(context)
        visitor = Visitor(context.new_page())
        visitor.page.goto(url, wait_until="load")
        return visitor

    yield open_page
    for context in contexts:
        context.close()
