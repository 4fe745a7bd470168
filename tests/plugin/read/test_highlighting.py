"""Sources as the theme highlights them: made once, and made anew whenever they would come out otherwise."""

from __future__ import annotations

import json
from hashlib import sha256
from inspect import signature
from typing import TYPE_CHECKING

import pytest
from markdown import markdown
from pymdownx.highlight import Highlight

from building import first_now, mkdocs

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """site_name: Sources
theme: {{name: mkdocs, highlightjs: false}}
plugins: [chainrule]
markdown_extensions:
  - pymdownx.superfences
  - pymdownx.highlight: {{{settings}}}
"""
HTML_TITLE = "auto_title: true, auto_title_map: {Python: {title: '<b>P</b>', mode: html}}"
FENCE = "```autograd {options}\n{source}\n```\n"


class Project:
    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "docs").mkdir()
        self.configure("line_spans: __span, anchor_linenums: true")

    def configure(self, settings: str) -> None:
        (self.root / "mkdocs.yml").write_text(CONFIG.format(settings=settings))

    def write(self, *fences: str) -> None:
        (self.root / "docs/index.md").write_text("# Sources\n\n" + "\n".join(fences))

    def build(self, site: str) -> str:
        done = mkdocs("build", "--strict", "--site-dir", site, cwd=self.root)
        assert done.returncode == 0, done.stderr
        html = (self.root / site / "index.html").read_text()
        return html.partition("Build Date")[0]

    def shelf(self) -> Path:
        (path,) = (self.root / ".cache/plugin/chainrule/shown").iterdir()
        return path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_a_source_that_did_not_change_is_not_highlighted_again(project: Project) -> None:
    project.write(FENCE.format(options="", source="x = 2"))
    project.build("site")
    shelf = project.shelf()
    _, _, content = shelf.read_bytes().partition(b"\n")
    pieces = json.loads(content)
    (piece,) = pieces.values()
    piece["html"] = "<p>from the shelf</p>"
    content = json.dumps(pieces).encode()
    shelf.write_bytes(sha256(content).hexdigest().encode() + b"\n" + content)
    assert "from the shelf" in project.build("site")
    shelf.write_bytes(b"0" * 64 + b"\n" + content)  # no longer what was written
    assert "from the shelf" not in project.build("site")


@pytest.mark.parametrize(
    "change",
    first_now(
        lambda project, fence: project.write("```python\n1\n```\n", fence),  # which takes the first number
        lambda project, fence: project.write(fence, FENCE.format(options="", source="y = 3")),
        lambda project, fence: project.write(fence.replace('"One"', '"Two"')),
        lambda project, fence: project.write(fence.replace('linenums="1"', 'linenums="7"')),
        lambda project, _: project.configure("linenums_style: pymdownx-inline"),
        lambda project, _: project.configure("use_pygments: false"),
        lambda project, _: project.configure("auto_title: true"),
        lambda project, _: (project.configure(HTML_TITLE), project.build("site")),
    ),
)
def test_it_looks_as_if_it_were_made_now(project: Project, change) -> None:
    fence = FENCE.format(options='title="One" linenums="1"', source="x = 2")
    untitled = FENCE.format(options="", source="x = 3")
    project.write(fence, untitled)
    project.build("site")
    change(project, fence)
    warm = project.build("warm")
    project.shelf().unlink()
    assert warm == project.build("fresh")


@pytest.mark.skipif(
    "title_mode" not in signature(Highlight).parameters, reason="this version's titles are text"
)
@pytest.mark.slow
def test_a_title_may_be_html(project: Project) -> None:
    project.configure(HTML_TITLE)
    project.write(FENCE.format(options="", source="x = 2"))
    for site in ("cold", "warm"):
        assert '<span class="filename"><b>P</b></span>' in project.build(site)


@pytest.mark.parametrize("linenums", ["", ' linenums="1"'], ids=["block", "table"])
def test_a_title_is_text_whatever_pygments_makes_of_it(
    monkeypatch: pytest.MonkeyPatch, linenums: str
) -> None:
    monkeypatch.setattr("pygments.formatters.html.html_escape", str, raising=False)  # as older ones do
    html = markdown(f"```autograd run='no' title='<b>\"&'{linenums}\nx\n```", extensions=["chainrule"])
    assert '<span class="filename">&lt;b&gt;&quot;&amp;</span>' in html
    assert "<b>" not in html
