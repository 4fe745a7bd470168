"""The page and the configuration that the README shows do what it says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from building import REPOSITORY, first_now, mkdocs, serve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def example(start: str) -> str:
    """The first fence of the README that opens with `start`."""
    found = re.search(rf"^{re.escape(start)}\n(.*?)^`{{3,}}$", README, re.DOTALL | re.MULTILINE)
    assert found, start
    return found[1]


def test_the_two_commands_exist() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    for command in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{command}:", makefile, re.MULTILINE)


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("theme", first_now("material", "mkdocs"))
def test_the_first_page_shows_its_graph(tmp_path: Path, visit: Callable, theme: str) -> None:
    page = re.search(r"^````markdown\n(.*?)^````$", README, re.DOTALL | re.MULTILINE)
    assert page
    quiet = "font: false" if theme == "material" else "highlightjs: false"
    (tmp_path / "mkdocs.yml").write_text(example("```yaml") + f"theme:\n  name: {theme}\n  {quiet}\n")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text(page[1])
    run = mkdocs("build", "--strict", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    with serve(tmp_path / "site") as address:
        visitor = visit(address)
        picture = visitor.page.locator("chain-rule svg[role=img]:visible")
        assert ["a", "2", "∂ −3"] in [
            node.locator("text").all_text_contents() for node in picture.locator("g[id]").all()
        ]
        text = visitor.page.locator(".chainrule-view-mermaid pre").text_content()
        assert text.startswith("graph LR\n")
        assert "a -> data 2 -> grad -3" in text
        assert visitor.external == []
        assert "The slope along a is -3.000." in visitor.page.inner_text("body")
        assert visitor.console == []
