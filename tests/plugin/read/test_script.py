"""A page's code as one file: exact, complete, and it runs."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from mkdocs_chainrule.read.script import script
from mkdocs_chainrule.session.block import Block, Place
from projects import CONFIG

if TYPE_CHECKING:
    from pathlib import Path

    from projects import Project


def fence(source: str, line: int = 1, **options: object) -> Block:
    return Block(source, "fence", Place("docs/a.md", line), (), options)


def run(code: str, folder: Path) -> str:
    (folder / "page.py").write_text(code, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "page.py"], cwd=folder, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


def test_each_block_is_a_cell_that_says_where_it_stands():
    code = script("A page", [fence("a = 1\n\n\n", 3), fence("b = a", 9)])
    assert code == "# A page\n\n# %% docs/a.md:3\na = 1\n\n# %% docs/a.md:9\nb = a\n"


def test_what_is_no_code_that_runs_is_left_out():
    inline = Block("a", "inline", Place("docs/a.md", 2))
    assert "a" not in script("", [inline, fence("x = 1", run=False), fence("y = 1")]).replace("docs/a.md", "")
    assert script("A page", [inline]) == script("A page", [fence("x = 1", run=False)]) == ""


def test_a_title_is_one_comment():
    assert script("A\nprint(1)", [fence("1")]).startswith("# A print(1)\n\n# %%")


def test_display_prints_where_there_is_no_notebook(tmp_path):
    assert run(script("", [fence("display(1 + 1)")]), tmp_path) == "2\n"
    assert "= print" not in script("", [fence("displayed = 1")])


def test_a_seed_of_a_block_is_said():
    assert "start from 3 here" in script("", [fence("1", seed=3)])


def test_what_must_fail_is_caught_and_stays_exact(tmp_path):
    source = 'text = """a\n  b\n"""\n\nif text:\n    print(text, end="")\n    1 / 0'
    code = script("", [fence(source, expect="ZeroDivisionError"), fence("print('after')")])
    assert run(code, tmp_path) == "a\n  b\nZeroDivisionError('division by zero')\nafter\n"


def test_what_cannot_be_read_is_a_comment(tmp_path):
    code = script("", [fence("1 +\n(", expect="SyntaxError"), fence("print('after')")])
    assert run(code, tmp_path) == "after\n"


def test_what_sets_up_a_notebooks_pictures_is_a_comment(tmp_path):
    source = "%matplotlib inline\ntext = '\\n%config'\nprint(text.strip())"
    code = script("", [fence(source), fence("if True:\n    %config X.y = 1\n    print(1 / 0)", expect="X")])
    assert "\n# %matplotlib inline\n" in code
    assert run(code, tmp_path) == "%config\nZeroDivisionError('division by zero')\n"


PAGE = """# Page & code

```autograd
from chainrule import Value  # hide
a = Value(2.0)
```

```autograd
print((a * a).backward().data)
```

It is `#!autograd a`.
"""


def link(html: str) -> str:
    return re.search(r'<a href="([^"]*)" download>This page as .py</a>', html)[1]


def test_a_page_offers_its_code(project: Project):
    project.page("index.md", PAGE)
    project.page("deep/down.md", PAGE)
    project.page("prose.md", "# Prose\n")
    assert project.build("--strict").returncode == 0
    for name in ("index.html", "deep/down/index.html"):
        file = (project.root / "site" / name).parent / link(project.html(name))
        assert run(file.read_text("utf-8"), project.root) == "4.0\n"
    assert "This page as" not in project.html("prose/index.html")
    assert (
        file.resolve().relative_to(project.root.resolve()).as_posix() == "site/assets/chainrule/deep/down.py"
    )


@pytest.mark.slow
def test_its_code_holds_the_set_up_and_hidden_lines(project: Project):
    project.configure(
        "site_name: T\ntheme: {name: mkdocs, highlightjs: false}\nplugins: [{chainrule: {setup: s.py}}]\n"
    )
    (project.root / "s.py").write_text("ready = True\n")
    project.page("index.md", PAGE + "\n```autograd setup='yes'\nlast = ready\n```\n")
    assert project.build("--strict").returncode == 0
    code = (project.root / "site" / link(project.html())).read_text("utf-8")
    assert code.startswith("# Page & code\n\n# %% s.py:1\nready = True\n\n# %% docs/index.md:3\nfrom chain")
    assert "import Value  # hide\n" in code
    assert code.endswith("last = ready\n")


FENCES = {
    "plain.md": "```autograd\n1\n```\n",
    "no.md": "```autograd\n1\n```\n\n```autograd download='no'\n2\n```\n",
    "unrun.md": "```autograd\n1\n```\n\n```autograd run='no' download='no'\n2\n```\n",
    "yes.md": "```autograd\n1\n```\n\n```autograd download='yes'\n2\n```\n",
}


@pytest.mark.parametrize(
    ("option", "offered"),
    [
        ("", {"plain", "yes"}),
        ("chainrule: {download: no}", {"yes"}),
        ("chainrule: {download: yes}", {"plain", "yes"}),
    ],
)
def test_a_site_or_a_fence_keeps_its_code_to_itself(project: Project, option: str, offered: set[str]):
    project.configure(CONFIG.replace("chainrule", option or "chainrule"))
    project.page("index.md", "# Home\n\n`#!autograd 1`\n")
    for name, text in FENCES.items():
        project.page(name, f"# Page\n\n{text}")
    assert project.build("--strict").returncode == 0
    files = {path.stem for path in (project.root / "site").rglob("*.py")}
    links = {name for name in ("plain", "no", "unrun", "yes") if ".py" in project.html(f"{name}/index.html")}
    assert (files, links) == (offered, offered)
