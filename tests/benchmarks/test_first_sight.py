"""The walk through a built site says what is seen of its graphs, and finds what is not as it should be."""

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
    chromium = shutil.which("chromium")
    if chromium is None or not MERMAID.exists():
        skip_or_fail("Chromium or the Node packages are missing")
    return CliRunner().invoke(main, ["sight", str(site), "--browser", chromium, "--mermaid", str(MERMAID)])


def test_what_is_as_it_should_be_passes(site):
    result = walk(site)
    assert result.exit_code == 0, result.output
    assert "0 are not as they should be" in result.output
    assert "1 pages asked for Mermaid" in result.output


def test_what_is_cut_is_named(site):
    style = site / "assets" / "chainrule" / "chainrule.css"
    style.write_text(f"{style.read_text('utf-8')}\n.chainrule-frame {{ height: 60px }}", "utf-8")
    result = walk(site)
    assert result.exit_code == 1
    assert "home 1 at 360 px, file: 7 nodes are not whole" in result.output
