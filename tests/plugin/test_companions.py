"""Beside the plugins that authors use most: one strict build with all of them."""

from __future__ import annotations

import json
import re
import shutil
from ctypes.util import find_library
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import pytest

from building import skip_or_fail

if TYPE_CHECKING:
    from projects import Project

CONFIG = """
site_name: Companions
site_url: https://example.org/
theme: {name: material, font: false}
nav: [index.md, Guide: [guide/index.md, guide/more.md], tags.md, blog/index.md]
markdown_extensions: [attr_list, toc: {permalink: true}]
plugins:
  - search
  - tags
  - blog
  - macros
  - include-markdown
  - section-index
  - rss: {match_path: blog/posts/.*, date_from_meta: {as_creation: date, default_time: "1:00"}, use_git: no}
  - social
  - mike
  - offline
  - chainrule
  - print-site
"""
LANGUAGES = """
site_name: Languages
theme: {name: material, font: false}
plugins:
  - search
  - i18n: {languages: [{locale: en, name: English, default: true}, {locale: fr, name: French}]}
  - chainrule
"""
GRAPH = "```autograd\nfrom chainrule import Value\n\na = Value(2.0)\na * a\n```\n"
SVG = '```autograd graph="svg"\na * a\n```\n'
HOME = """---
tags: [one]
---
# Home

```autograd
print("home" + "made")
```

{% include-markdown "part.txt" %}

{% for n in range(2) %}
`#!autograd {{ n }} + 100`
{% endfor %}
"""
POST = """---
date: 2024-01-0{n}
---
# Post {n}

```autograd
w = {n} * 100
print("first", w)
```

Value `#!autograd w + 1`.

{graph}

<!-- more -->

```autograd
w = 5
print("later", w)
```
"""
MODULES = (
    "mkdocs_macros",
    "mkdocs_include_markdown_plugin",
    "mkdocs_section_index",
    "mkdocs_rss_plugin",
    "mkdocs_print_site_plugin",
    "mkdocs_static_i18n",
    "mike",
    "cairosvg",
)

pytestmark = pytest.mark.slow


@pytest.fixture
def companions(project: Project) -> Project:
    if missing := [name for name in MODULES if find_spec(name) is None]:
        skip_or_fail(f"not installed: {', '.join(missing)} (pip install -e '.[companions]')")
    if find_library("cairo") is None:
        skip_or_fail("the library cairo, which social cards are drawn with, is missing")
    return project


def lend_fonts(root: Path) -> None:
    """Give social cards fonts, which they would otherwise download."""
    folder = root / ".cache/plugin/social/fonts/Roboto"
    folder.mkdir(parents=True)
    for style, file in {"Regular": "DejaVuSans.ttf", "Bold": "DejaVuSans-Bold.ttf"}.items():
        shutil.copy(Path(mpl.get_data_path(), "fonts/ttf", file), folder / f"{style}.ttf")


def texts(project: Project, *suffixes: str) -> dict[str, str]:
    site = project.root / "site"
    files = (path for path in site.rglob("*") if path.suffix in suffixes)
    return {path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in files}


def assert_complete(project: Project) -> None:
    for name, text in texts(project, ".html", ".json", ".xml", ".js").items():
        assert "data-chainrule-block" not in text or name.endswith("chainrule.js"), name
        assert not re.search("[\U0010c4a0-\U0010c4a3]", text), name  # stamps of lines


def test_one_strict_build_with_all(companions: Project) -> None:
    project = companions
    lend_fonts(project.root)
    project.configure(CONFIG)
    project.page("index.md", HOME)
    project.page("part.txt", '```autograd\nprint("in" + "cluded")\n```\n')
    project.page("guide/index.md", f"# Guide\n\n{GRAPH}\n{SVG}")
    project.page("guide/more.md", "# More\n\n## `#!autograd 40 + 2` in a heading\n")
    project.page("tags.md", "# Tags\n\n<!-- material/tags -->\n")
    project.page("blog/index.md", "# Blog\n")
    for number in (1, 2):
        project.page(f"blog/posts/p{number}.md", POST.format(n=number, graph=GRAPH + SVG))

    run = project.build("--strict")

    assert run.returncode == 0, run.stderr
    assert_complete(project)
    pages = texts(project, ".html")
    for text in ("homemade", "included", ">100</span>", ">101</span>"):
        assert text in pages["index.html"]
    for name in ("blog/index.html", "blog/archive/2024.html"):
        assert [f"first {n}00" in pages[name] for n in (1, 2)] == [True, True]
        assert ">201</span>" in pages[name]
        assert "later 5" not in pages[name]
    search = json.loads((project.root / "site/search/search_index.json").read_text(encoding="utf-8"))
    assert any("homemade" in entry["text"] for entry in search["docs"])
    for text in ("homemade", "included", "42</span> in a heading", "a -&gt; data 2"):
        assert text in pages["print_page.html"]
    assert (project.root / "site/assets/images/social/index.png").exists()
    ids = {name: re.findall(r'\sid="(c[0-9a-f]{8}-[^"]*)"', page) for name, page in pages.items()}
    assert [name for name, found in ids.items() if len(found) != len(set(found))] == []
    posts = [name for name in pages if name.startswith("blog/2024")]
    for place, origins in {"print_page.html": ["guide/index.html"], "blog/index.html": posts}.items():
        assert all(ids[name] for name in (place, *origins))
        assert not any(set(ids[place]) & set(ids[name]) for name in origins)


def test_pages_in_two_languages(companions: Project) -> None:
    project = companions
    project.configure(LANGUAGES)
    project.page("index.md", "# Page\n\n```autograd\nprint('good' + 'day')\n```\n")
    project.page("index.fr.md", "# Page\n\n```autograd\nprint('bon' + 'jour')\n```\n")
    project.page("other.md", "# Other\n\n`#!autograd 6 * 7`\n")
    run = project.build("--strict")
    assert run.returncode == 0, run.stderr
    assert_complete(project)
    assert "goodday" in project.html()
    assert "bonjour" in project.html("fr/index.html")
    assert "42" in project.html("fr/other/index.html")

    project.page("index.fr.md", "# Page\n\n```autograd\nz\n```\n")
    assert "docs/index.fr.md:4: NameError" in project.build().stderr
