"""Markdown that an object displays is a result, not a page: nothing in it runs, is included, or is called."""

from __future__ import annotations

import importlib.util
import re
from typing import TYPE_CHECKING

import pytest

from building import skip_or_fail

if TYPE_CHECKING:
    from projects import Project

CONFIG = """site_name: Test
theme: {name: mkdocs, highlightjs: false}
plugins: [search, macros, chainrule]
markdown_extensions:
  - admonition
  - attr_list
  - md_in_html
  - tables
  - pymdownx.arithmatex: {generic: true}
  - pymdownx.inlinehilite
  - pymdownx.snippets: {base_path: [.], auto_append: []}
  - pymdownx.superfences
"""
ATTACKS = {
    "runs no fence": ("```autograd\nprint('R' + 'AN')\n```", "RAN"),
    "runs no inline value": ("It is `#!autograd 'R' + 'AN'`.", "RAN"),
    "runs no value in a formula": ("$x = `#!autograd 'R' + 'AN'`$", "RAN"),
    "includes no file": ('--8<-- "secret.txt"', "SECRET"),
    "includes no file in a fence": ('```text\n--8<-- "secret.txt"\n```', "SECRET"),
    "calls no macro": ("{{ 'MA' + 'CRO' }}", "MACRO"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_displayed_markdown(attack: str, project: Project) -> None:
    if importlib.util.find_spec("mkdocs_macros") is None:
        skip_or_fail("mkdocs-macros-plugin is not installed")
    text, result = ATTACKS[attack]
    project.configure(CONFIG)
    (project.root / "secret.txt").write_text("SECRET\n")
    codes = ", ".join(map(str, map(ord, text)))
    source = f"class M:\n    def _repr_markdown_(self):\n        return ''.join(map(chr, [{codes}]))\n\nM()"
    project.page("index.md", f"# A\n\n```autograd\n{source}\n```\n")
    run = project.build("--strict")
    assert run.returncode == 0, run.stderr
    shown = re.sub("<[^>]*>", "", project.html().partition("chainrule-result")[2])
    assert result not in shown
