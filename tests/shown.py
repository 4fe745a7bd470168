"""Pages with figures, the sites that are built of them, and what tests of them in the browser ask."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from browsing import MERMAID
from building import first_now, mkdocs, serve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pytest
    from playwright.sync_api import Locator, Page

    from browsing import Visitor

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
BOTH = first_now("material", "plain")  # of a browser a theme is enough at first
CONFIG = """
site_name: Test
plugins: [search, {chainrule: {mermaid_js: js/mermaid.min.js}}]
markdown_extensions: [pymdownx.highlight, pymdownx.details]
"""
SCHEMES = {
    "material": "s => document.body.setAttribute('data-md-color-scheme', s === 'dark' ? 'slate' : 'default')",
    "plain": "s => document.documentElement.setAttribute('data-bs-theme', s)",
}
# The plain theme's colour modes look for the highlighter, which is off: it asks a public CDN.
THEIRS = ["Cannot set properties of null (setting 'disabled')"]
PLOT = """
```autograd caption="A line through points"
import matplotlib.pyplot as plt
import numpy as np

x = np.linspace(-3, 3, 65)
plt.scatter(x, 2 * x + np.sin(9 * x), s=14, label="data")
plt.plot(x, 2 * x, color="C1", label="fit $w x$")
plt.text(3, 6, "named", color="C1")
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
TREE = """
```autograd{options}
from chainrule import Value
a, b, c, f = Value(2.0), Value(-3.0), Value(10.0), Value(-2.0)
e = a * b
d = e + c
L = d * f
L.backward()
```
"""
# Wider than any page from left to right, and taller than a screen from top to bottom.
WIDE = """
```autograd graph="{form}" direction="{direction}"
import numpy as np
v = a
for i in range(8):
    v = np.tanh(v * b)
v.backward()
```
"""
STILL = f"""# Still
{GRAPH.replace("autograd", 'autograd graph="svg"')}
{PLOT}

```autograd source="tabbed"
plt.imshow(np.eye(3))
```

```autograd
for stars in np.random.default_rng(0).normal(size=(4, 2, 700)):
    plt.scatter(*stars, s=3, marker="*")
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
"""
GRAPHS = """# Graphs

```autograd
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

```autograd caption="A network"
model = nn.Sequential(nn.Linear(2, 3), relu, nn.Linear(3, 1), np.tanh)
model.graph(np.linspace(-1, 1, 8).reshape(4, 2))
```

```autograd alt="The loss of a small network"
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
"""
HIDDEN = f"""# Hidden

??? note "A graph that is opened"

    ```autograd graph="svg" direction="LR"
    import numpy as np
    from chainrule import Value

    a, b = Value(2.0), Value(-3.0)
    v = a
    for i in range(8):
        v = np.tanh(v * b)
    v.backward()
    ```

    ```autograd graph="mermaid"
    v
    ```

{GRAPH}
"""
BROKEN = """# Broken

```autograd
def f():
    return boom

print(1)
f()
```

```autograd
2
```
"""
LR_AUTO, LR_MERMAID = (WIDE.format(form=form, direction="LR") for form in ("auto", "mermaid"))
PAGES = {
    "index.md": f"# First\n{GRAPH}{PLOT}{LR_MERMAID}[Second](second.md)\n",
    # The id of a heading is a name in the page's scripts too.
    "second.md": f"# Second\n{GRAPH}{PLOT}{PLOT}\n## Mermaid\n{LR_AUTO}[First](index.md)\n",
    "still.md": STILL,
    "graphs.md": GRAPHS,
    "hidden.md": HIDDEN,
    "broken.md": BROKEN,
}


@contextmanager
def served(
    folders: pytest.TempPathFactory,
    pages: Mapping[str, str],
    config: str = CONFIG,
    site: Path | None = None,
    warned: str = "",
    **modules: str,
) -> Iterator[str]:
    """Build pages with each theme, in silence, and serve them, each theme in a folder of its name.

    They are built into a folder of their own unless given one; local modules are given by their names. What
    is `warned` of is meant.
    """
    docs, site = folders.mktemp("docs"), site or folders.mktemp("site")
    for name, code in modules.items():
        (docs / f"{name}.py").write_text(code, encoding="utf-8")
    with serve(site) as url:
        configs = {theme: config + own for theme, own in THEMES.items()}
        for said in build(docs, site, url, pages, configs).values():
            told = [line for line in said.splitlines() if not (warned and warned in line)]
            assert "WARNING" not in "\n".join(told), said
        yield url


def build(
    root: Path, site: Path, url: str, pages: Mapping[str, str], configs: Mapping[str, str]
) -> dict[str, str]:
    """Build pages with each configuration into a folder of its name; return what each build said."""
    (root / "docs" / "js").mkdir(parents=True)
    for name, text in pages.items():
        (root / "docs" / name).write_text(text, "utf-8")
    if MERMAID.exists():
        shutil.copy(MERMAID, root / "docs" / "js")
    said = {}
    for name, config in configs.items():
        (root / f"{name}.yml").write_text(f"{config}\nsite_url: {url}{name}/\n", "utf-8")
        built = mkdocs("build", "-f", f"{name}.yml", "-d", site / name, cwd=root)
        assert built.returncode == 0, built.stderr
        said[name] = built.stderr
    return said


UPGRADED = """() => [...document.querySelectorAll("chain-rule")].every(graph => graph.frames)"""
_READY = f"""{UPGRADED}
  && [...document.querySelectorAll("chain-rule[data-draw]")].every(graph =>
       !graph.offsetWidth || graph.querySelector(".chainrule-by-mermaid"))"""


def ready(visitor: Visitor) -> Page:
    """The page, once its figures are what they are until somebody touches them, and nothing went wrong."""
    visitor.page.wait_for_function(_READY)
    assert visitor.external == []
    said = [text for text in visitor.console if text not in THEIRS]
    assert said == [], said
    return visitor.page


def figure(page: Page, number: int = 0) -> Locator:
    """A graph of the page; -1 is the last."""
    return page.locator("chain-rule").nth(number)


def frame(graph: Locator) -> Locator:
    """The frame of its picture that is seen."""
    return graph.locator(".chainrule-frame:visible")


def tool(graph: Locator, name: str) -> Locator:
    """A control of its toolbar."""
    return graph.get_by_role("button", name=name, exact=True)


# Of a frame: the drawing in it that is seen.
_SVG = """const svg = [box, ...[...box.querySelectorAll(".chainrule-drawn")].map(host => host.shadowRoot)]
  .flatMap(root => [...root.querySelectorAll("svg[role=img]")]).find(each => each.getClientRects().length);"""
_WITHIN = """const within = element => {
  const [a, b] = [element.getBoundingClientRect(), box.getBoundingClientRect()];
  return a.left >= b.left - 1 && a.right <= b.left + box.clientWidth + 1
    && a.top >= b.top - 1 && a.bottom <= b.top + box.clientHeight + 1;
};"""
HEIGHT = "box => box.getBoundingClientRect().height"
WIDTH = f"box => {{ {_SVG} return svg.getBoundingClientRect().width; }}"
IS_WHOLE = f"box => {{ {_SVG} {_WITHIN} return within(svg); }}"
IS_NATURAL = f"""box => {{ {_SVG}
  const natural = parseFloat(svg.getAttribute("width")) * parseFloat(getComputedStyle(svg).fontSize);
  return Math.abs(svg.getBoundingClientRect().width / natural - 1) < .005; }}"""
SHOWS_RESULT = f"""box => {{ {_SVG} {_WITHIN}
  const outputs = svg.querySelectorAll(".node.output, g[stroke='var(--chainrule-5)'] > g[id]");
  const nodes = [...svg.querySelectorAll("g[id]")];
  const number = node => +node.id.match(/[0-9]+$/)[0];
  return within([...outputs].at(-1) ?? nodes.sort((a, b) => number(a) - number(b)).at(-1)); }}"""
# Of a page: how large its texts are, in pixels; those of a plot may be 8 where others are 11.
TEXT_SIZES = """() => {
  const roots = [...document.querySelectorAll(".chainrule-result *")].flatMap(e => e.shadowRoot ?? []);
  const texts = [document, ...roots].flatMap(root =>
    [...root.querySelectorAll("svg text, svg p"),
     ...root.querySelectorAll(".chainrule-result :is(p, pre, td, th, summary, figcaption, button)")]);
  return texts.filter(t => t.textContent.trim() && t.getClientRects().length).map(t => {
    const scale = t.getScreenCTM ? t.getScreenCTM().d : 1;
    const turn = t.getScreenCTM ? Math.hypot(t.getScreenCTM().b, scale) : 1;
    return parseFloat(getComputedStyle(t).fontSize) * turn * (t.closest(".chainrule-plot svg") ? 11 / 8 : 1);
  });
}"""
