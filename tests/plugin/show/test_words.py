"""Output and errors as a reader meets them, looked at in a real browser: two themes, narrow and wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from building import REPOSITORY, mkdocs, serve, skip_or_fail
from shown import BOTH, THEMES

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = REPOSITORY / "tests" / "node" / "node_modules" / "axe-core" / "axe.min.js"
CONFIG = "site_name: Test\nplugins: [search, chainrule]\nmarkdown_extensions: [pymdownx.highlight]\n"
OUTPUT = r"""# Output

```autograd
import sys
print("\x1b[31mred \x1b[32;1mgreen\x1b[0m \x1b[33myellow\x1b[0m \x1b[34mblue\x1b[0m", "<b>text</b>")
print("a warning of some kind", file=sys.stderr)
6 * 7
```

```autograd
for n in range(12):
    print(f"step {n}: the loss is {1 / (n + 1):.6f}, and its gradient is {-1 / (n + 1) ** 2:.6f}")
```

```autograd
for n in range(12):
    print(f"{n:4}    {n * n:12}    {n ** 3:16}    {n ** 5:20}")
```

```autograd
for n in range(412):
    print("line", n)
```

```autograd
"word " * 900
```

```autograd
import numpy as np
np.arange(64.0).reshape(8, 8) / 7
```

```autograd
class Table:
    def __init__(self, rows, columns):
        self.shape = rows, columns
    def _repr_html_(self):
        rows, columns = self.shape
        head = "".join(f"<th>column {n}</th>" for n in range(columns))
        row = "".join(f"<td>{n * 3.25}</td>" for n in range(columns))
        return f"<table><thead><tr>{head}</tr></thead><tbody>{f'<tr>{row}</tr>' * rows}</tbody></table>"
display(Table(4, 30), Table(300, 3))
```

```autograd
class Text:
    def _repr_markdown_(self):
        return "Some *text*.\n\n" + "|".join(f"column{n}" for n in range(30)) + "\n" + "|".join("-" * 30)
Text()
```
"""
ERRORS = """# Errors

```autograd on_error="continue"
learning_rate = 0.1

lerning_rate * 2
```

```autograd source="folded" on_error="continue"
x = 1
def deep(k):
    table = {"a": 1}
    return table[k]
y = 2

deep("b")
```

```autograd on_error="continue"
try:
    {}["a missing key with a name that is rather long, so that no telephone can show it in one line"]
except KeyError as error:
    raise ValueError("could not be read") from error
```

```autograd expect="ShapeError"
import numpy as np
from chainrule import Value

inputs = Value(np.ones((8, 3)))
weights = Value(np.ones((4, 2)))
inputs @ weights
```

```autograd timeout="0.3"
while True: pass
```

```autograd
1
```
"""
SCHEMES = {
    "material": "s => document.body.setAttribute('data-md-color-scheme', s === 'dark' ? 'slate' : 'default')",
    "plain": "s => document.documentElement.setAttribute('data-bs-theme', s)",
}
OPEN = "document.querySelectorAll('details').forEach(fold => { fold.open = true; })"
SCROLLS = """[...document.querySelectorAll(".chainrule pre, .chainrule-rich")]
  .filter(box => !box.closest(".highlight"))
  .map(box => [box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight, !box.tabIndex])"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The two pages above, built with each theme, and served."""
    root, site = tmp_path_factory.mktemp("words"), tmp_path_factory.mktemp("site")
    (root / "docs").mkdir()
    (root / "docs" / "index.md").write_text(OUTPUT, "utf-8")
    (root / "docs" / "errors.md").write_text(ERRORS, "utf-8")
    for theme, config in THEMES.items():
        (root / f"{theme}.yml").write_text(CONFIG + config, "utf-8")
        built = mkdocs("build", "-f", f"{theme}.yml", "-d", site / theme, cwd=root)
        assert built.returncode == 0, built.stderr
    with serve(site) as url:
        yield url


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("page", ["", "errors/"])
@pytest.mark.parametrize("theme", BOTH)
def test_what_scrolls_has_focus_and_the_page_does_not(visit, address, theme, page, width):
    shown = visit(f"{address}{theme}/{page}", width=width).page
    shown.evaluate(OPEN)
    boxes = shown.evaluate(SCROLLS)
    assert len(boxes) >= 5
    assert [has_focus for scrolls, has_focus in boxes if scrolls and not has_focus] == []
    if width == 360:
        assert [scrolls for scrolls, has_focus in boxes if has_focus and not scrolls] == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", BOTH)
def test_a_long_output_has_a_height_and_says_how_long_it_is(visit, address, theme):
    shown = visit(f"{address}{theme}/").page
    boxes = shown.locator(".chainrule-long")
    label = "box => getComputedStyle(box, '::before').content"
    labels = [boxes.nth(n).evaluate(label) for n in range(boxes.count())]
    for text, found in zip(
        ("Output, 412 lines", "4,502 characters", "Result, 300 rows"), labels, strict=True
    ):
        assert text in found
    assert all(boxes.nth(n).bounding_box()["height"] <= 620 for n in range(boxes.count()))
    first = boxes.first
    first.focus()
    shown.keyboard.press("End")
    shown.wait_for_function("box => box.scrollTop > 5000", arg=first.element_handle())


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("page", ["", "errors/"])
@pytest.mark.parametrize("theme", BOTH)
def test_axe_finds_nothing(visit, address, theme, page, width):
    if not AXE.exists():
        skip_or_fail("axe is missing (npm ci --prefix tests/node)")
    shown = visit(f"{address}{theme}/{page}", reduced_motion="reduce", width=width).page
    shown.evaluate(OPEN)
    shown.add_script_tag(path=AXE)
    for scheme in ("light", "dark"):
        shown.evaluate(SCHEMES[theme], scheme)
        shown.wait_for_timeout(300)  # the themes fade
        found = shown.evaluate("axe.run({include: ['.chainrule'], exclude: ['.highlight']})")
        told = [(v["id"], n["html"], n["failureSummary"]) for v in found["violations"] for n in v["nodes"]]
        assert told == [], scheme
