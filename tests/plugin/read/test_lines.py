"""Every fence is named by the line of the file that its author has to open, whatever moved it."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

from building import REPOSITORY, first_now, skip_or_fail
from mkdocs_chainrule.read.lines import Stamps, first_line
from mkdocs_chainrule.session.block import Place

if TYPE_CHECKING:
    from pathlib import Path

    from projects import Project

PAGES = REPOSITORY / "tests" / "pages"
CONFIG = """
site_name: Torture
theme: {name: material, font: false}
plugins: [macros, chainrule: {on_error: continue}]
markdown_extensions:
  - admonition
  - attr_list
  - def_list
  - footnotes
  - md_in_html
  - tables
  - pymdownx.tabbed
  - pymdownx.snippets: {base_path: [docs]}
"""
TABS = CONFIG + "  - pymdownx.superfences: {preserve_tabs: true}\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("config", first_now(CONFIG, TABS), ids=["plain", "preserve_tabs"])
@pytest.mark.parametrize("builder", first_now("mkdocs", "properdocs"))
def test_every_line_of_every_fence_stands_where_it_is_said_to(project, builder, config, newline) -> None:
    torture(project, config, newline)
    project.build(script=builder)
    blocks = project.recorded["pages"]["docs/torture.md"]
    assert sum(block["source"].count("ID=") for block in blocks) == 23
    assert [block["kind"] for block in blocks].count("inline") == 2
    for block in blocks:
        assert "autograd" in written(project.root, block["place"])
        for code, place in zip(block["source"].split("\n"), block["lines"], strict=True):
            if code.strip():  # an empty line is nobody's
                assert same(code, written(project.root, place)), (code, place)


def test_nothing_of_the_stamps_is_left(project) -> None:
    torture(project, CONFIG, "\n")
    project.build()
    for path in (project.root / "site").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search("[\U0010c4a0-\U0010c4ff]", text)
        assert "data-chainrule-block" not in text


def torture(project: Any, config: str, newline: str) -> None:
    if not all(map(find_spec, ("mkdocs_macros", "properdocs"))):
        skip_or_fail("mkdocs-macros-plugin or properdocs is not installed")
    project.configure(config)
    project.record()
    for path in (PAGES / "torture.md", *(PAGES / "inc").iterdir()):
        project.page(path.relative_to(PAGES).as_posix(), path.read_text(encoding="utf-8"), newline=newline)


def written(root: Path, place: list[Any]) -> str:
    file, line = place
    return (root / file).read_text(encoding="utf-8").split("\n")[line - 1]


def same(code: str, line: str) -> bool:
    """Whether a line as it runs came from a line as it is written: only indentation and macros differ."""
    return code.strip().removesuffix("0").removesuffix("1") in line.replace("{{ i }}", "")


def test_a_stamp_says_file_and_line() -> None:
    stamps = Stamps()
    text = stamps.page("x\n> ~~~ {.autograd}\n> ~~~\n`#!autograd w.grad`", "docs/a.md", 7)
    assert text.split("\n")[0] == "x"
    assert stamps.line(text.split("\n")[1]) == ("> ~~~ {.autograd}", Place("docs/a.md", 8))
    span = text.split("\n")[3].removeprefix("`#!autograd ").removesuffix("`")
    assert stamps.expression(span) == ("w.grad", Place("docs/a.md", 10))
    assert stamps.strip(text) == "x\n> ~~~ {.autograd}\n> ~~~\n`#!autograd w.grad`"


def test_what_an_author_types_is_no_stamp() -> None:
    stamps = Stamps()
    typed = Stamps().page("```autograd", "docs/b.md", 3)
    assert stamps.strip(typed) == typed
    assert stamps.line(stamps.page(typed, "docs/a.md", 7)) == (typed, Place("docs/a.md", 7))


@pytest.mark.parametrize("text", ["```python\nautograd\n```", "autograd", "```autogradient", "# autograd"])
def test_what_is_no_fence_has_no_stamp(text: str) -> None:
    assert Stamps().page(text, "docs/a.md", 1) == text


def test_notation_of_snippets_is_left_alone() -> None:
    listing = ["--8<--", "a.md", "--8<--", '--8<-- "b.py"', ";--8<--", "x = 1"]
    marked = Stamps().snippet(listing, "docs/a.md")
    assert marked[:5] == listing[:5]
    assert marked[5] != listing[5]


def test_lines_after_an_inclusion_in_a_fence_are_stamped() -> None:
    page = ["```autograd", '--8<-- "a.py"', "", "x = 1", "y = 2", "```", "x = 1"]
    stamped = Stamps().page("\n".join(page), "docs/a.md", 1).split("\n")
    assert [i for i, (old, new) in enumerate(zip(page, stamped, strict=True)) if old != new] == [0, 3]


def test_a_page_that_is_not_the_end_of_its_file_has_no_first_line() -> None:
    assert first_line("---\r\na: 1\r\n---\r\n# A", "# A") == 4
    assert first_line("# A", "# B") is None


def test_inline_code_without_an_expression_has_its_line(project: Project) -> None:
    project.page("index.md", "# A\n\nText `#!autograd `.\n")
    run = project.build()
    assert "docs/index.md:3: SyntaxError: inline code holds one expression" in run.stderr
