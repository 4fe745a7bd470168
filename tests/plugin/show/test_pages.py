"""What blocks show, looked at in a real browser: two themes, light and dark, narrow and wide."""

from __future__ import annotations

import http.server
import threading

import pytest

from browsing import MERMAID, graphs
from building import skip_or_fail
from shown import BOTH, SCHEMES, TEXT_SIZES, ready

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(
    "page",
    [
        "second/",
        "still/",
        "graphs/",
    ],
)
@pytest.mark.parametrize("theme", BOTH)
def test_text_is_never_under_eleven_pixels_nor_the_page_too_wide(visit, address, theme, page):
    for width in (360, 768, 1440):
        shown = ready(visit(f"{address}{theme}/{page}", width=width))
        sizes = shown.evaluate(TEXT_SIZES)
        assert sizes
        assert min(sizes) >= 10.95
        assert shown.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", BOTH)
def test_the_code_of_a_page_is_taken_along(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/second/"))
    with shown.expect_download() as download:
        shown.get_by_role("link", name="This page as .py").click()
    assert download.value.suggested_filename == "second.py"
    assert "d.backward()" in download.value.path().read_text("utf-8")


@pytest.mark.parametrize("page", ["second/", "still/", "graphs/", "hidden/"])
def test_ids_are_unique_on_a_page(visit, address, page):
    shown = visit(f"{address}plain/{page}").page
    ids = shown.evaluate("[...document.querySelectorAll('.chainrule [id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("theme", BOTH)
def test_pictures_follow_the_scheme_without_being_drawn_again(visit, address, theme):
    shown = ready(visit(f"{address}{theme}/second/"))
    colours = """() => [".chainrule-plot text", "chain-rule svg text", ".chainrule-plot path[stroke^=var]"]
      .map(selector => getComputedStyle([...document.querySelectorAll(selector)].at(-1)))
      .map(style => style.fill + style.stroke)"""
    light = shown.evaluate(colours)
    shown.evaluate(SCHEMES[theme], "dark")
    dark = shown.evaluate(colours)
    assert all(a != b for a, b in zip(light, dark, strict=True))
    shown.evaluate(SCHEMES[theme], "light")
    assert shown.evaluate(colours) == light


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_in_a_plot_have_the_colour_that_they_were_drawn_in(visit, address, scheme):
    shown = visit(f"{address}plain/still/", color_scheme=scheme).page
    fills = shown.evaluate("""() => Object.fromEntries([...document.querySelectorAll(".chainrule-plot text")]
      .map(text => [text.textContent, getComputedStyle(text).fill]))""")
    line = shown.evaluate("""() => getComputedStyle(
      document.querySelector(".chainrule-plot path[stroke='#dc772f']")).stroke""")
    assert fills["named"] == line
    assert fills["x"] not in {line, "rgb(0, 0, 0)"}


def test_tabs_and_folds_work_without_scripts(visit, address):
    shown = visit(f"{address}plain/still/", java_script_enabled=False).page
    block = shown.locator(".chainrule-tabs")
    source, result = block.locator(".chainrule-source"), block.locator(".chainrule-result")
    assert result.is_visible()
    assert not source.is_visible()
    block.get_by_text("Source", exact=True).click()
    assert source.is_visible()
    assert not result.is_visible()
    shown.keyboard.press("ArrowLeft")
    assert result.is_visible()


def test_a_large_picture_stands_in_a_file_and_follows_the_page(visit, site, address):
    shown = ready(visit(f"{address}plain/still/", color_scheme="dark"))
    image = shown.locator(".chainrule-plot img")
    image.scroll_into_view_if_needed()
    shown.wait_for_function("() => document.querySelector('.chainrule-plot img').naturalWidth > 0")
    assert (site / "plain" / "still" / image.get_attribute("src")).resolve().is_file()
    dark = image.screenshot()
    shown.evaluate(SCHEMES["plain"], "light")
    assert image.screenshot() != dark


VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", event => {
  const ours = event.target.closest?.(".chainrule");
  if (ours || /chainrule/.test(event.sourceFile)) violations.push(event.target.outerHTML);
});
"""


def test_a_strict_policy_needs_no_exception_for_our_markup(site, address, chromium):  # noqa: ARG001 - built
    if not MERMAID.exists():
        skip_or_fail("the Node packages are missing (npm ci --prefix tests/node)")

    class Strict(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(site))

        def end_headers(self):
            self.send_header("Content-Security-Policy", "default-src 'self'")
            super().end_headers()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Strict) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = chromium.new_page()
        page.add_init_script(VIOLATIONS)
        page.goto(f"http://127.0.0.1:{server.server_port}/plain/still/", wait_until="networkidle")
        assert page.evaluate("violations") == []
        assert page.locator(".chainrule-tools").count()
        assert "a -> data 2 -> grad -3" in graphs(page)[0]  # even Mermaid draws, and has its colours
        fill = page.evaluate(
            "getComputedStyle(document.querySelector('.chainrule-drawn').shadowRoot.querySelector('rect')).fill"
        )
        assert fill != "rgb(0, 0, 0)"
        page.close()
        server.shutdown()
