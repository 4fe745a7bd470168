"""What blocks show, looked at in a real browser: two themes, light and dark, narrow and wide."""

from __future__ import annotations

import http.server
import re
import shutil
import threading
from typing import TYPE_CHECKING

import pytest

from browsing import MERMAID, graphs
from building import REPOSITORY, mkdocs, serve, skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.browser

AXE = REPOSITORY / "tests" / "node" / "node_modules" / "axe-core" / "axe.min.js"
THEMES = {
    "material": """
theme:
  name: material
  font: false
  features: [navigation.instant, content.code.copy]
  palette:
    - {media: "(prefers-color-scheme: light)", scheme: default, toggle: {icon: material/eye, name: Dark}}
    - {media: "(prefers-color-scheme: dark)", scheme: slate, toggle: {icon: material/eye, name: Light}}
""",
    "plain": "theme: {name: mkdocs, color_mode: auto, highlightjs: false}\n",
}
CONFIG = """
site_name: Test
plugins: [search, {chainrule: {mermaid_js: js/mermaid.min.js}}]
markdown_extensions: [pymdownx.highlight]
"""
PLOT = """
```autograd caption="A line through points"
import matplotlib.pyplot as plt
import numpy as np

x = np.linspace(-3, 3, 65)
plt.scatter(x, 2 * x + np.sin(9 * x), s=14, label="data")
plt.plot(x, 2 * x, color="C1", label="fit $w x$")
plt.xlabel("x")
plt.legend()
```
"""
GRAPH = """
```autograd
from chainrule import Value

a, b, c = Value(2.0), Value(-3.0), Value(10.0)
d = a * b + c
d.backward()
```
"""
WIDE = """
```autograd graph="{form}"
import numpy as np
v = a
for i in range(8):
    v = np.tanh(v * b)
v.backward()
```
"""
PAGES = {
    "index.md": "# First\n" + GRAPH + PLOT + WIDE.format(form="mermaid") + "[Second](second.md)\n",
    "second.md": "# Second\n" + GRAPH + PLOT + PLOT + WIDE.format(form="svg") + "[First](index.md)\n",
    "still.md": "# Still\n"
    + GRAPH.replace("autograd", 'autograd graph="svg"')
    + PLOT
    + """
```autograd source="tabbed"
plt.imshow(np.eye(3))
```

```autograd
plt.scatter(*np.random.default_rng(0).normal(size=(2, 4000)), s=3)
```

```autograd source="folded"
from chainrule import Chart
chart = Chart("x", "y")
for i in range(9):
    chart.push(i, i * i)
chart
```

```autograd graph="dot"
d
```

```autograd source="below"
print("\\x1b[31mred \\x1b[32;1mgreen\\x1b[0m \\x1b[44mground\\x1b[0m", "<b>text</b>")
import warnings
warnings.warn("careful")
[1, 2]
```

```autograd expect="ZeroDivisionError"
1 / 0
```

The value is `#!autograd d`.
""",
    "graphs.md": """# Graphs

```autograd graph="svg"
import random
import numpy as np
from chainrule import Value, mse, nn, relu

random.seed(1)
values = [Value(random.uniform(-1, 1), label=f"x{i}") for i in range(24)]
for _ in range(120):
    a, b = random.choice(values[-6:]), random.choice(values[-20:])
    values.append(np.tanh(a) if random.random() < 0.2 else a * b)
sum(values[1:], values[0]).backward()
```

```autograd
model = nn.Sequential(nn.Linear(2, 3), relu, nn.Linear(3, 1), np.tanh)
model.graph(np.linspace(-1, 1, 8).reshape(4, 2))
```

```autograd graph="svg" alt="The loss of a small network"
loss = mse(model(np.ones((4, 2))), np.zeros((4, 1)))
loss.backward()
```

```autograd
w, b = Value(0.5), Value(0.1)
sum(((w * x + b - 2 * x) ** 2 for x in range(40)), Value(0.0)).backward()
```

```autograd
v = Value(1.0)
for _ in range(40):
    v = np.tanh(v * w + b) * 1.5
v.backward()
```
""",
    "broken.md": """# Broken

```autograd
def f():
    return boom

print(1)
f()
```

```autograd
2
```
""",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the built sites go to."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def address(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The pages above, built with each theme, and served: instant navigation wants to know where."""
    root = tmp_path_factory.mktemp("show")
    (root / "docs" / "js").mkdir(parents=True)
    for name, text in PAGES.items():
        (root / "docs" / name).write_text(text, "utf-8")
    if MERMAID.exists():
        shutil.copy(MERMAID, root / "docs" / "js")
    with serve(site) as url:
        for theme, config in THEMES.items():
            (root / f"{theme}.yml").write_text(f"{CONFIG}{config}site_url: {url}{theme}/\n", "utf-8")
            built = mkdocs("build", "-f", f"{theme}.yml", "-d", site / theme, cwd=root)
            assert built.returncode == 0, built.stderr
            lines = built.stderr.split("\n")
            assert not [line for line in lines if "ERROR" in line and not EXPECTED.search(line)]
        yield url


SCHEMES = {
    "material": "s => document.body.setAttribute('data-md-color-scheme', s === 'dark' ? 'slate' : 'default')",
    "plain": "s => document.documentElement.setAttribute('data-bs-theme', s)",
}
EXPECTED = re.compile(r"docs/broken\.md")
# The plain theme's colour modes look for the highlighter, which is off: it asks a public CDN.
THEIRS = ["Cannot set properties of null (setting 'disabled')"]
ONE_OF_EACH = """[...document.querySelectorAll("chain-rule")].every(
  graph => graph.querySelectorAll(".chainrule-tools").length === 1)"""


def drawn(visitor):
    """The page, once its graphs are drawn and nothing went wrong."""
    graphs(visitor.page)
    assert visitor.external == []
    assert [text for text in visitor.console if text not in THEIRS] == []
    return visitor.page


@pytest.mark.slow
@pytest.mark.parametrize("page", ["second/", "still/", "broken/", "graphs/"])
@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing(visit, address, theme, page):
    if not AXE.exists():
        skip_or_fail("axe is missing (npm ci --prefix tests/node)")
    shown = drawn(visit(f"{address}{theme}/{page}", reduced_motion="reduce"))
    shown.evaluate("document.querySelectorAll('.chainrule-fold').forEach(fold => { fold.open = true; })")
    shown.add_script_tag(path=AXE)
    for scheme in ("light", "dark"):
        shown.evaluate(SCHEMES[theme], scheme)
        shown.wait_for_timeout(300)  # the themes fade
        found = shown.evaluate("axe.run({include: ['.chainrule'], exclude: ['.highlight']})")
        told = [(v["id"], n["html"], n["failureSummary"]) for v in found["violations"] for n in v["nodes"]]
        assert told == [], scheme


TEXT_SIZES = """() => {
  const roots = [...document.querySelectorAll(".chainrule-result *")].flatMap(e => e.shadowRoot ?? []);
  const texts = [document, ...roots].flatMap(root =>
    [...root.querySelectorAll("svg text, svg p, .chainrule-result :is(p, pre, td, summary, figcaption)")]);
  return texts.filter(t => t.textContent.trim() && t.getClientRects().length).map(t => {
    const scale = t.getScreenCTM ? t.getScreenCTM().d : 1;
    const turn = t.getScreenCTM ? Math.hypot(t.getScreenCTM().b, scale) : 1;
    return parseFloat(getComputedStyle(t).fontSize) * turn;
  });
}"""


@pytest.mark.parametrize("page", ["second/", "still/", "graphs/"])
@pytest.mark.parametrize("theme", THEMES)
def test_text_is_never_under_eleven_pixels_nor_the_page_too_wide(visit, address, theme, page):
    shown = drawn(visit(f"{address}{theme}/{page}"))
    for width in (360, 768, 1440):
        shown.set_viewport_size({"width": width, "height": 900})
        sizes = shown.evaluate(TEXT_SIZES)
        assert sizes
        assert min(sizes) >= 10.95
        assert shown.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", THEMES)
def test_a_graph_is_used_by_keyboard_alone(visit, address, theme):
    shown = drawn(visit(f"{address}{theme}/", permissions=["clipboard-read", "clipboard-write"]))
    box = shown.locator("chain-rule").nth(1).locator("> .chainrule-scroll")
    for _ in range(80):
        shown.keyboard.press("Tab")
        if box.evaluate("box => box === document.activeElement"):
            break
    wide = box.evaluate("box => box.scrollWidth")
    shown.keyboard.press("+")
    assert box.evaluate("box => box.scrollWidth") > wide
    left = box.evaluate("box => box.scrollLeft")
    shown.keyboard.press("ArrowRight")
    shown.wait_for_function("left => document.activeElement.scrollLeft > left", arg=left)
    shown.keyboard.press("0")
    assert box.evaluate("box => box.scrollWidth") == wide
    for _ in range(5):
        shown.keyboard.press("Tab")
    shown.keyboard.press("Enter")
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.activeElement.textContent") == "Copy Mermaid"
    shown.keyboard.press("Enter")
    assert "graph LR" in shown.evaluate("navigator.clipboard.readText()")
    shown.keyboard.press("Enter")
    shown.keyboard.press("Escape")
    assert shown.evaluate("document.activeElement.textContent") == "Copy or save"
    assert shown.locator(".chainrule-menu[open]").count() == 0


@pytest.mark.parametrize("theme", THEMES)
def test_a_mouse_moves_and_zooms_a_graph(visit, address, theme):
    shown = drawn(visit(f"{address}{theme}/second/"))
    box = shown.locator("chain-rule").last.locator("> .chainrule-scroll")
    box.hover(position={"x": 300, "y": 30})
    corner = box.bounding_box()
    x, y = corner["x"] + 300, corner["y"] + 30
    shown.mouse.down()
    shown.mouse.move(x - 120, y)
    shown.mouse.up()
    assert box.evaluate("box => box.scrollLeft") == 120
    wide = box.evaluate("box => box.scrollWidth")
    shown.keyboard.down("Control")
    shown.mouse.wheel(0, -100)
    shown.keyboard.up("Control")
    shown.wait_for_function(
        "wide => [...document.querySelectorAll('.chainrule-scroll')].some(b => b.scrollWidth > wide)",
        arg=wide,
    )


def touch(session, kind: str, *points: tuple[float, float]) -> None:
    touched = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})


def test_two_fingers_zoom_a_graph_and_one_scrolls_it(visit, address):
    shown = drawn(visit(f"{address}material/graphs/", width=360, has_touch=True))
    box = shown.locator("chain-rule").first.locator("> .chainrule-scroll")
    box.scroll_into_view_if_needed()
    corner = box.bounding_box()
    x, y = corner["x"] + 160, corner["y"] + 100
    wide, down = box.evaluate("box => [box.scrollWidth, scrollY]")
    session = shown.context.new_cdp_session(shown)
    touch(session, "touchStart", (x - 20, y), (x + 20, y))
    for step in range(1, 11):
        touch(session, "touchMove", (x - 20 - 4 * step, y), (x + 20 + 4 * step, y))
    touch(session, "touchEnd")
    assert box.evaluate("box => box.scrollWidth") / wide == pytest.approx(3, abs=0.3)
    assert shown.evaluate("[visualViewport.scale, scrollY]") == [1, down]
    left = box.evaluate("box => box.scrollLeft")
    touch(session, "touchStart", (x, y))
    for step in range(1, 11):
        touch(session, "touchMove", (x - 10 * step, y))
    touch(session, "touchEnd")
    shown.wait_for_function(
        "left => document.querySelector('chain-rule > .chainrule-scroll').scrollLeft > left + 50", arg=left
    )


def test_a_wide_graph_shrinks_to_the_column_a_little_and_zooms_from_there(visit, address):
    shown = drawn(visit(f"{address}plain/still/", width=1000))
    graph = shown.locator("chain-rule").first
    width = graph.evaluate("graph => graph.querySelector('svg').getBoundingClientRect().width")
    shown.set_viewport_size({"width": 330, "height": 800})
    small = graph.evaluate("graph => graph.querySelector('svg').getBoundingClientRect().width")
    assert width * 0.91 <= small < width
    graph.locator("> .chainrule-scroll").focus()
    shown.keyboard.press("+")
    large = graph.evaluate("graph => graph.querySelector('svg').getBoundingClientRect().width")
    assert large == pytest.approx(1.25 * width, rel=0.01)
    shown.keyboard.press("0")
    assert graph.evaluate("graph => graph.querySelector('svg').getBoundingClientRect().width") == small


def test_a_tall_graph_is_first_seen_where_it_begins(visit, address):
    shown = drawn(visit(f"{address}material/graphs/", width=1200))
    seen = shown.evaluate("""() => {
      const box = document.querySelector("chain-rule > .chainrule-scroll");
      const {top, bottom} = box.getBoundingClientRect();
      const nodes = [...box.querySelectorAll("g[id]")].map(node => node.getBoundingClientRect());
      const first = nodes.reduce((a, b) => b.left < a.left ? b : a);
      return [box.scrollHeight > box.clientHeight, first.top >= top, first.bottom <= bottom];
    }""")
    assert seen == [True, True, True]


@pytest.mark.parametrize("theme", THEMES)
def test_each_zoom_of_a_model_is_there_and_one_is_seen(visit, address, theme):
    shown = drawn(visit(f"{address}{theme}/graphs/"))
    tabs = shown.locator(".chainrule-tabs")
    for name in ("Numbers", "Values", "Layers"):
        tabs.get_by_text(name, exact=True).click()
        panels = tabs.locator("> .chainrule-panel")
        assert [panels.nth(place).is_visible() for place in range(3)].count(True) == 1
        assert tabs.locator("chain-rule:visible").count() == 1


@pytest.mark.parametrize("theme", THEMES)
def test_the_code_of_a_page_is_taken_along(visit, address, theme):
    shown = drawn(visit(f"{address}{theme}/second/"))
    with shown.expect_download() as download:
        shown.get_by_role("link", name="This page as .py").click()
    assert download.value.suggested_filename == "second.py"
    assert "d.backward()" in download.value.path().read_text("utf-8")


def test_a_graph_is_saved_with_the_colours_it_has(visit, address):
    shown = drawn(visit(f"{address}plain/second/", color_scheme="dark"))
    graph = shown.locator("chain-rule").last
    graph.hover()
    graph.get_by_text("Copy or save").click()
    with shown.expect_download() as download:
        graph.get_by_role("button", name="Save SVG").click()
    svg = download.value.path().read_text("utf-8")
    assert svg.count('xmlns="http://www.w3.org/2000/svg"') == 1
    assert "rgb(230, 230, 234)" in svg


def test_full_screen_shows_the_graph_and_leaves_again(visit, address):
    shown = drawn(visit(f"{address}plain/"))
    graph = shown.locator("chain-rule").first
    graph.hover()
    graph.get_by_role("button", name="Full screen").click()
    shown.wait_for_function("document.fullscreenElement?.localName === 'chain-rule'")
    graph.get_by_role("button", name="Leave full screen").click()
    shown.wait_for_function("!document.fullscreenElement")


def test_instant_navigation_leaves_one_of_each(visit, address):
    visitor = visit(f"{address}material/")
    shown = drawn(visitor)
    shown.evaluate("window.same = true")
    for link in ("Second", "First", "Second", "First"):
        shown.locator("article").get_by_role("link", name=link, exact=True).click()
        shown.wait_for_function(
            "link => document.querySelector('h1')?.textContent.startsWith(link)", arg=link
        )
        drawn(visitor)
        assert shown.evaluate("window.same")
        assert shown.evaluate(ONE_OF_EACH)
    shown.go_back()
    shown.wait_for_function("document.querySelector('h1')?.textContent.startsWith('Second')")
    drawn(visitor)


@pytest.mark.parametrize("page", ["second/", "still/", "graphs/"])
def test_ids_are_unique_on_a_page(visit, address, page):
    shown = visit(f"{address}plain/{page}").page
    ids = shown.evaluate("[...document.querySelectorAll('.chainrule [id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("theme", THEMES)
def test_pictures_follow_the_scheme_without_being_drawn_again(visit, address, theme):
    shown = drawn(visit(f"{address}{theme}/second/"))
    colours = """() => [".chainrule-plot text", "chain-rule svg text", ".chainrule-plot svg path[stroke]"]
      .map(selector => getComputedStyle([...document.querySelectorAll(selector)].at(-1)))
      .map(style => style.fill + style.stroke)"""
    light = shown.evaluate(colours)
    shown.evaluate(SCHEMES[theme], "dark")
    dark = shown.evaluate(colours)
    assert all(a != b for a, b in zip(light, dark, strict=True))
    shown.evaluate(SCHEMES[theme], "light")
    assert shown.evaluate(colours) == light


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


def test_print_shows_all(visit, address):
    shown = drawn(visit(f"{address}plain/second/"))
    shown.locator("chain-rule").last.locator("> .chainrule-scroll").focus()
    shown.keyboard.press("+")
    shown.emulate_media(media="print")
    box = shown.locator("chain-rule").last.locator("> .chainrule-scroll")
    assert box.evaluate("box => getComputedStyle(box).overflow") == "visible"
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    assert not shown.locator(".chainrule-tools").first.is_visible()


def test_without_mermaid_the_source_stays(visit, site, address, tmp_path):  # noqa: ARG001 - built
    shutil.copytree(site / "plain", tmp_path / "plain", ignore=shutil.ignore_patterns("mermaid*"))
    with serve(tmp_path) as url:
        shown = visit(f"{url}plain/").page
        shown.wait_for_load_state("networkidle")
        assert "graph LR" in shown.locator("chain-rule pre.mermaid").first.inner_text()


VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", event => {
  const ours = event.target.closest?.(".chainrule");
  if (ours || /chainrule/.test(event.sourceFile)) violations.push(event.target.outerHTML);
});
"""


def test_a_large_picture_stands_in_a_file_and_follows_the_page(visit, site, address):
    visitor = visit(f"{address}plain/still/", color_scheme="dark")
    shown = drawn(visitor)
    image = shown.locator(".chainrule-plot img")
    assert image.evaluate("image => image.complete && image.naturalWidth > 0")
    assert (site / "plain" / "still" / image.get_attribute("src")).resolve().is_file()
    dark = image.screenshot()
    shown.evaluate(SCHEMES["plain"], "light")
    assert image.screenshot() != dark


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
        page.goto(f"http://127.0.0.1:{server.server_port}/plain/", wait_until="networkidle")
        assert "a -> data 2 -> grad -3" in graphs(page)[0]  # even Mermaid draws, and has its colours
        fill = page.evaluate(
            "getComputedStyle(document.querySelector('.mermaid').shadowRoot.querySelector('rect')).fill"
        )
        assert fill != "rgb(0, 0, 0)"
        page.close()
        server.shutdown()
