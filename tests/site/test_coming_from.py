"""The pages "Coming from …": what they say to write does what was there before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from building import REPOSITORY
from mkdocs_chainrule.foreign import advice
from projects import CONFIG, Project

if TYPE_CHECKING:
    from pathlib import Path

PAGES = REPOSITORY / "docs" / "coming-from"
BOTH = CONFIG.replace("[chainrule]", "[chainrule, markdown-exec]") + (
    "markdown_extensions: [tables, pymdownx.superfences]\n"
)
BEFORE = """# Squares

```python exec="on" source="above" session="n"
squares = [n * n for n in range(5)]
print(squares)
```

```python exec="on" session="n"
print(f"The sum is **{sum(squares)}**.")
```

```python exec="on" session="n"
print("| n | square |")
print("|---|---|")
for n, square in enumerate(squares):
    print(f"| {n} | {square} |")
```

```python exec="on" session="n" html="yes"
print("<b>done</b>")
```
"""
AFTER = """# Squares

```autograd
squares = [n * n for n in range(5)]
print(squares)
```

The sum is **`#!autograd sum(squares)`**.

```autograd source="none"
class Table:
    def _repr_markdown_(self):
        rows = [f"| {n} | {square} |" for n, square in enumerate(squares)]
        return "\\n".join(["| n | square |", "|---|---|", *rows])


Table()
```

```autograd source="none"
class Done:
    def _repr_html_(self):
        return "<b>done</b>"


Done()
```
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.configure()
    return project


def test_a_page_moves_over_from_markdown_exec(project: Project) -> None:
    pytest.importorskip("markdown_exec")
    project.configure(BOTH)
    project.page("index.md", BEFORE)
    project.page("after.md", AFTER)
    run = project.build("--strict")
    assert run.returncode == 0, run.stderr
    for html in (project.html(), project.html("after/index.html")):
        assert "[0, 1, 4, 9, 16]" in html
        assert re.search(r"The sum is <strong>(<span[^>]*>)?30(</span>)?</strong>\.", html)
        assert re.search(r"<td>4</td>\s*<td>16</td>", html)
        assert "<b>done</b>" in html


def test_what_is_left_of_markdown_exec_is_told(project: Project) -> None:
    project.page("index.md", BEFORE)
    run = project.build("--strict")
    assert run.returncode == 1
    assert re.findall(r"docs/index\.md:(\d+): this fence does not run, since no plugin", run.stderr) == [
        "3",
        "8",
        "12",
        "19",
    ]


def test_options_of_the_page_are_told_on_a_fence() -> None:
    table = (PAGES / "markdown-exec.md").read_text("utf-8").partition("## Options")[2]
    first = [row.split("|")[1] for row in table.split("\n") if row.startswith("| `")]
    options = [option for cell in first for option in re.findall(r'`(\w+)="([^"]*)"', cell)]
    ours = {("source", "above"), ("title", "…")}
    assert len(options) > 8
    assert [option for option in options if option not in ours and not advice(*option)] == []


def test_before_and_after_stand_on_each_page() -> None:
    for page in sorted(PAGES.glob("*.md")):
        text = page.read_text("utf-8")
        assert "Before" in text, page.name
        assert "```autograd" in text, page.name
        assert f"coming-from/{page.name}" in (REPOSITORY / "mkdocs.yml").read_text("utf-8")
