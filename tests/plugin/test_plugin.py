"""Whole builds: what the plugin does around the extension."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from building import mkdocs, serve
from projects import CONFIG, Project

if TYPE_CHECKING:
    from collections.abc import Callable

GRAPH = "```autograd\nfrom chainrule import Value\n\na = Value(2.0)\nb = a * a\nb\n```\n"


def values(html: str) -> list[str]:
    return re.findall(r'class="chainrule-(?:inline mathjax_ignore|text chainrule-value)"[^>]*>([^<]*)<', html)


def test_a_page_shows_what_its_blocks_came_to(project: Project) -> None:
    project.page(
        "index.md",
        "---\ntitle: A\n---\n# Page\n\n```autograd\nw = 6\nw * 7\n```\nIt is `#!autograd w:.1f`.\n",
    )
    run = project.build("--strict")
    assert run.returncode == 0, run.stderr
    assert values(project.html()) == ["42", "6.0"]
    assert re.search(r"ran 2 blocks, none failed, in \d+\.\d s", run.stderr)


def test_a_site_without_blocks_says_nothing(project: Project) -> None:
    project.page("index.md", "# Page\n")
    run = project.build("--strict")
    assert run.returncode == 0
    assert "chainrule" not in run.stderr


def test_pages_do_not_share_names(project: Project) -> None:
    project.page("index.md", "# A\n\n```autograd\nshared = 1\n```\n")
    project.page("b.md", "# B\n\n```autograd\n'shared' in globals()\n```\n")
    assert project.build("--strict").returncode == 0
    assert values(project.html("b/index.html")) == ["False"]


def test_all_errors_of_a_site_are_told_at_once(project: Project) -> None:
    project.page("index.md", "# A\n\n```autograd\nx = 1\ny = z\n```\n\n```autograd\nx\n```\n")
    project.page(
        "b.md", "# B\n\n```autograd timeot='1'\nx = 1\n```\n\n```autograd\nint('a')\n```\n\nThe end of B.\n"
    )
    run = project.build("--strict")
    assert run.returncode == 1
    assert re.findall(r"(ERROR|WARNING) +-  mkdocs_chainrule: (.*)", run.stderr) == [
        ("ERROR", "docs/index.md:5: NameError: name 'z' is not defined"),
        ("WARNING", 'docs/b.md:3: unknown option timeot="1"; did you mean timeout?'),
        ("ERROR", "docs/b.md:8: ValueError: invalid literal for int() with base 10: 'a'"),
    ]
    assert (
        "  docs/index.md:5, in <module>\n    y = z\n  1 later block of this page did not run\n" in run.stderr
    )
    assert "Traceback" not in run.stderr


def test_a_lenient_build_shows_errors_on_whole_pages(project: Project) -> None:
    project.page("index.md", "# A\n\n```autograd\ny = z\n```\n\n`#!autograd z`\n\nThe end of A.\n")
    run = project.build()
    assert run.returncode == 0
    assert "docs/index.md:4" in project.html()
    assert "NameError" in project.html()
    assert "The end of A." in project.html()


def test_no_path_of_the_machine_reaches_the_site(project: Project) -> None:
    project.page("index.md", "# A\n\n```autograd\nimport json\njson.loads('{')\n```\n")
    project.build()
    for path in (project.root / "site").rglob("*"):
        if path.suffix in {".html", ".json", ".xml"}:
            assert str(project.root) not in path.read_text(encoding="utf-8")


def test_an_expected_exception_is_no_error(project: Project) -> None:
    project.page(
        "index.md", "# A\n\n```autograd expect='ValueError'\nint('a')\n```\n\n```autograd\n1 + 1\n```\n"
    )
    run = project.build("--strict")
    assert run.returncode == 0, run.stderr
    assert "invalid literal" in project.html()
    assert "Expected error" in project.html()
    assert values(project.html()) == ["2"]


@pytest.mark.parametrize(
    ("source", "answer"),
    [("int([])", "expected ValueError, but there came TypeError"), ("1", "expected ValueError")],
)
def test_an_exception_that_does_not_come_is_an_error(project: Project, source: str, answer: str) -> None:
    project.page("index.md", f"# A\n\n```autograd expect='ValueError'\n{source}\n```\n")
    run = project.build("--strict")
    assert run.returncode == 1
    assert re.search(rf"docs/index.md:[34]: {answer}", run.stderr)
    assert "Expected error" not in project.html()


def test_a_build_from_elsewhere_names_places_from_the_folder_of_mkdocs_yml(project: Project) -> None:
    project.page(
        "guide/a.md", "# A\n\n```autograd\nfrom pathlib import Path\nPath('mkdocs.yml').exists()\n```\n"
    )
    project.page("index.md", "# A\n\n```autograd\nz\n```\n")
    run = mkdocs("build", "-f", f"{project.root.name}/mkdocs.yml", cwd=project.root.parent)
    assert run.returncode == 0
    assert "mkdocs_chainrule: docs/index.md:4: NameError" in run.stderr
    assert values(project.html("guide/a/index.html")) == ["True"]


@pytest.mark.slow
def test_a_dirty_build_runs_what_has_changed(project: Project) -> None:
    project.page("index.md", "# A\n\n```autograd\n1 + 1\n```\n")
    project.page("b.md", "# B\n\n```autograd\n2 + 2\n```\n")
    project.build()
    project.page("b.md", "# B\n\n```autograd\n3 + 3\n```\n")
    run = project.build("--dirty")
    assert run.returncode == 0, run.stderr
    assert "ran 1 block," in run.stderr
    assert values(project.html()) == ["2"]
    assert values(project.html("b/index.html")) == ["6"]


def test_the_setup_file_runs_before_each_page(project: Project) -> None:
    project.configure(CONFIG.replace("[chainrule]", "[chainrule: {setup: start.py}]"))
    (project.root / "start.py").write_text("print('unseen')\nanswer = 42\n")
    project.page("index.md", "# A\n\n`#!autograd answer`\n")
    project.page("b.md", "# B\n\n```autograd\nanswer + 1\n```\n")
    assert project.build("--strict").returncode == 0
    assert values(project.html()) == ["42"]
    assert values(project.html("b/index.html")) == ["43"]
    assert "unseen" not in project.html()


def test_a_setup_file_that_fails_is_told_once(project: Project) -> None:
    project.configure(CONFIG.replace("[chainrule]", "[chainrule: {setup: start.py}]"))
    (project.root / "start.py").write_text("x = 1\nx = y\n")
    project.page("index.md", "# A\n\n`#!autograd 1`\n")
    project.page("b.md", "# B\n\n`#!autograd 2`\n")
    run = project.build("--strict")
    assert run.returncode == 1
    assert run.stderr.count("start.py:2: NameError") == 1


@pytest.mark.parametrize(
    ("option", "answer"),
    [
        ("setup: gone.py", "gone.py: the setup file cannot be read (No such file or directory)"),
        ("setup: /dev/zero", "/dev/zero: the setup file is no regular file"),
        ("timeout: fast", "'fast': timeout takes a positive number of seconds"),
        ("graph: pie", "graph takes one of auto, mermaid, svg, dot"),
    ],
)
def test_a_wrong_configuration_ends_the_build_in_words(project: Project, option: str, answer: str) -> None:
    project.configure(CONFIG.replace("[chainrule]", f"[chainrule: {{{option}}}]"))
    project.page("index.md", "# A\n")
    run = project.build()
    assert run.returncode == 1
    assert answer in run.stderr
    assert "Traceback" not in run.stderr


def test_the_extension_may_be_listed_too(project: Project) -> None:
    project.configure(CONFIG + "markdown_extensions: [chainrule, pymdownx.superfences]\n")
    project.page("index.md", "# A\n\n```autograd\n1 + 1\n```\n")
    assert project.build("--strict").returncode == 0
    assert values(project.html()) == ["2"]


def test_a_theme_that_colours_code_in_the_browser_still_does(project: Project) -> None:
    project.configure(CONFIG.replace("highlightjs: false", "highlightjs: true"))
    project.page("index.md", "# A\n\n```autograd\n1 + 1\n```\n\n```bash\nls\n```\n")
    assert project.build("--strict").returncode == 0
    assert '<code class="language-python">1 + 1</code>' in project.html()
    assert '<code class="language-bash">ls</code>' in project.html()


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["mkdocs", "material"])
def test_mermaid_comes_from_the_site_if_it_is_there(project: Project, theme: str) -> None:
    plugins = "plugins: [chainrule: {mermaid_js: 'js/#1/mermaid.js'}]\n"
    project.configure(f"site_name: T\ntheme: {{name: {theme}}}\n{plugins}")
    project.page("js/#1/mermaid.js", "")
    project.page("index.md", "# A\n")
    project.page("own.md", '# C\n\n<pre class="mermaid"><code>graph LR</code></pre>\n')
    project.page("deep/b.md", f"# B\n\n{GRAPH}")
    run = project.build("--strict")
    assert run.returncode == 0, run.stderr
    html = project.html("deep/b/index.html")
    assert 'data-mermaid-url="../../js/%231/mermaid.js"' in html
    assert "unpkg.com" not in html
    assert "mermaid.js" not in project.html()
    assert ('<script src="../js/%231/mermaid.js">' in project.html("own/index.html")) == (theme == "material")


@pytest.mark.slow
def test_mermaid_may_come_from_an_address_of_the_authors(project: Project) -> None:
    project.configure(CONFIG.replace("[chainrule]", "[chainrule: {mermaid_js: 'https://here.example/m.js'}]"))
    project.page("deep/b.md", f"# B\n\n{GRAPH}")
    assert project.build("--strict").returncode == 0
    assert 'data-mermaid-url="https://here.example/m.js"' in project.html("deep/b/index.html")


@pytest.mark.parametrize(("path", "told"), [("js/mermaid.js", False), ("js/mermiad.js", True)])
def test_a_mermaid_that_is_not_in_the_site_is_told(project: Project, path: str, *, told: bool) -> None:
    project.configure(CONFIG.replace("[chainrule]", f"[chainrule: {{mermaid_js: {path}}}]"))
    project.page("index.md", "# A")
    project.page("js/mermaid.js", "")
    run = project.build("--strict")
    assert (f"mermaid_js: the site has no file {path}" in run.stderr) is told
    assert run.returncode == int(told)


def test_style_and_script_are_linked_from_every_depth(project: Project) -> None:
    project.page("index.md", "# A\n")
    project.page("deep/b.md", "# B\n")
    project.build("--strict")
    assert 'href="assets/chainrule/chainrule.css"' in project.html()
    assert 'href="../../assets/chainrule/chainrule.css"' in project.html("deep/b/index.html")
    assert (project.root / "site/assets/chainrule/chainrule.js").exists()


@pytest.mark.browser
def test_highlighting_copying_and_annotations_are_the_themes_own(project: Project, visit: Callable) -> None:
    theme = "{name: material, font: false, features: [content.code.copy, content.code.annotate]}"
    project.configure(f"site_name: T\ntheme: {theme}\nplugins: [chainrule]\n")
    project.page("index.md", "# A\n\n```autograd\nx = 6  # (1)!\nx * 7\n```\n\n1. A note.\n\nThe end.\n")
    assert project.build("--strict").returncode == 0
    with serve(project.root / "site") as address:
        page = visit(address).page
        page.wait_for_selector(".md-annotation", state="attached")
        assert page.locator(".chainrule-source .md-annotation").count() == 1
        assert (
            page.locator(".chainrule-source button.md-clipboard, .chainrule-source .md-code__button").count()
            == 1
        )
        assert page.locator(".chainrule-source .mi").first.inner_text() == "6"
        assert page.locator(".chainrule-value").inner_text().strip() == "42"


def test_the_plugin_listed_twice_is_refused_in_a_sentence(project: Project) -> None:
    project.configure(CONFIG.replace("[chainrule]", "[chainrule, chainrule]"))
    project.page("index.md", "```autograd\n1\n```\n")
    run = project.build()
    assert run.returncode == 1
    assert "list it once" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.slow
def test_the_extension_without_the_plugin_runs_and_counts(project: Project) -> None:
    project.configure(CONFIG.replace("[chainrule]", "[]") + "markdown_extensions: [chainrule]\n")
    project.page("index.md", "# Home\n\n```autograd\nprint(6 * 7)\n```\n")
    assert project.build("--strict").returncode == 0
    assert ">42</pre>" in project.html()
    project.page("index.md", "# Home\n\n```autograd\n1 / 0\n```\n")
    run = project.build("--strict")
    assert run.returncode == 1
    assert ":4: ZeroDivisionError" in run.stderr


def test_a_picture_is_in_its_page_and_not_in_the_way_of_search(project: Project) -> None:
    project.configure(CONFIG.replace("[chainrule]", "[search, chainrule]"))
    plot = "import matplotlib.pyplot as plt\n\nplt.plot([1, 2, 4])\nprint('said')"
    project.page("index.md", f"# Home\n\n```autograd\n{plot}\n```\n")
    assert project.build("--strict").returncode == 0
    assert project.html().count('role="img"') == 1
    index = (project.root / "site/search/search_index.json").read_text()
    assert "said" in index
    for text in (project.html(), index):
        assert "data-chainrule" not in text


LARGE = """
```autograd
import matplotlib.pyplot as plt
import numpy as np

for stars in np.random.default_rng(0).normal(size=(4, 2, 700)):
    plt.scatter(*stars, marker="*")
```

```autograd
print("x" * 9000)
```
"""


@pytest.mark.slow
def test_what_concerns_the_author_is_in_the_log_at_its_line_at_every_build(project: Project) -> None:
    project.configure(CONFIG.replace("[chainrule]", "[chainrule: {max_output: 8 KiB}]"))
    project.page("index.md", f"# A\n{LARGE}")
    for _ in range(2):  # drawn, and drawn before
        run = project.build("--strict")
        assert run.returncode == 0, run.stderr
        said = re.findall(
            r"(\w+) +-  mkdocs_chainrule: docs/index.md:(\d+): (a picture of|its output)", run.stderr
        )
        assert set(said) == {("INFO", "3", "a picture of"), ("INFO", "11", "its output")}
        assert len(said) == 2
    html = project.html()
    assert "[cut after 8 KiB]" in html
    assert "max_output" not in html
    assert "KB" not in html
