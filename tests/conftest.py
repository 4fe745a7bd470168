"""What tests of several folders share: building sites with the real MkDocs, and a real browser."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Route

REPOSITORY = Path(__file__).parent.parent
MERMAID = Path(__file__).parent / "node" / "node_modules" / "mermaid11" / "dist" / "mermaid.min.js"
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


def skip_or_fail(reason: str) -> NoReturn:
    """Skip on a bare machine, and fail where everything must be there."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and under CI this may not be skipped")
    pytest.skip(reason)


def mkdocs(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the `mkdocs` console script, as an author does."""
    script = Path(sys.executable).with_name("mkdocs")
    return subprocess.run(
        [script, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a built site, and give its address."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


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


class Visitor:
    """A page of the browser that keeps what went wrong, and lets nothing out but to the site."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.console: list[str] = []
        self.external: list[str] = []
        page.add_init_script(OPEN_SHADOW_ROOTS)
        page.route("**/*", self._route)
        page.on("console", lambda message: message.type == "error" and self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(str(error)))

    def _route(self, route: Route) -> None:
        url = route.request.url
        if url.startswith(("http://127.0.0.1:", "data:", "blob:", "file:")):
            return route.continue_()
        self.external.append(url)
        if "mermaid" in url and url.endswith(".js"):
            return route.fulfill(path=MERMAID, content_type="text/javascript")
        return route.abort()


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
