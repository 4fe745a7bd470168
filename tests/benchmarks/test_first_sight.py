"""The walks through a built site say what is seen of its graphs, on screen and paper, and what is wrong."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from benchmarks.cli import main
from click.testing import CliRunner

from browsing import MERMAID
from building import mkdocs, skip_or_fail

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGE = """# A tree

Of two sums.

```autograd
from chainrule import Value

a, b, c = Value(2.0), Value(-3.0), Value(10.0)
d = a * b + c
d.backward()
```

```autograd graph="mermaid"
d
```
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(PAGE, "utf-8")
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: Sight\ntheme: {name: material, font: false}\nplugins: [chainrule]\n", "utf-8"
    )
    assert mkdocs("build", cwd=tmp_path).returncode == 0
    return tmp_path / "site"


def walk(site: Path):
    if not MERMAID.exists():
        skip_or_fail("the Node packages are missing")
    return run("sight", site, "--mermaid", str(MERMAID))


def run(command: str, site: Path, *options: str):
    chromium = shutil.which("chromium")
    if chromium is None:
        skip_or_fail("Chromium is missing")
    return CliRunner().invoke(main, [command, str(site), "--browser", chromium, *options])


def styled(site: Path, rule: str) -> None:
    style = site / "assets" / "chainrule" / "chainrule.css"
    style.write_text(f"{style.read_text('utf-8')}\n{rule}", "utf-8")


def test_what_is_as_it_should_be_passes(site):
    result = walk(site)
    assert result.exit_code == 0, result.output
    assert "0 are not as they should be" in result.output
    assert "1 pages asked for Mermaid" in result.output


def test_what_is_cut_is_named(site):
    styled(site, ".chainrule-frame { height: 60px }")
    result = walk(site)
    assert result.exit_code == 1
    assert "home 1 at 360 px, file: 7 nodes are not whole" in result.output


def test_a_shift_is_named_with_whose_it_is(site):
    page = site / "index.html"
    page.write_text(
        page.read_text("utf-8").replace("</body>", '<script src="late.js"></script></body>'), "utf-8"
    )
    (site / "late.js").write_text(
        "setTimeout(() => document.querySelector('h1').style.marginBottom = '300px', 50)", "utf-8"
    )
    result = walk(site)
    assert result.exit_code == 0, result.output
    assert "home: the theme's own scripts shift by" in result.output
    script = site / "assets" / "chainrule" / "chainrule.js"
    script.write_text(script.read_text("utf-8") + (site / "late.js").read_text("utf-8"), "utf-8")
    result = walk(site)
    assert result.exit_code == 1
    assert "home at 360 px, blocked: shifts by" in result.output


@pytest.fixture
def needs_pdftotext() -> None:
    if shutil.which("pdftotext") is None:
        skip_or_fail("there is no pdftotext on the path (Debian: poppler-utils)")


@pytest.mark.usefixtures("needs_pdftotext")
def test_graphs_are_whole_on_paper_and_what_is_not_is_named(site):
    result = run("paper", site)
    assert result.exit_code == 0, result.output
    assert "0 faults on 1 pages" in result.output
    styled(site, ".chainrule .chainrule-picture > svg { width: 100px !important }")
    result = run("paper", site)
    assert result.exit_code == 1
    assert "points, and no table" in result.output
