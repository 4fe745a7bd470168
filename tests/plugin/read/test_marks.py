"""What an author types, or a block shows, is no mark of ours, and none of ours stays anywhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from building import first_now
from mkdocs_chainrule.markup_ends import without_comments
from mkdocs_chainrule.read.placeholders import Marks
from mkdocs_chainrule.show.literal import literal
from mkdocs_chainrule.show.whole import whole
from mkdocs_chainrule.site.late import Late
from projects import CONFIG, Project

if TYPE_CHECKING:
    from pathlib import Path

TYPED = """# Typed

<div data-chainrule-late="99"></div>

<div data-chainrule-block="1-1"></div>

<!--chainrule-words-->stays<!--/chainrule-words-->

<chainrule-example data-chainrule-example>stays too</chainrule-example>

\U0010c4a0\U0010c4b9\U0010c4a2\U0010c4b9\U0010c4a3 is text.

```autograd
\U0010c4a1\U0010c4b9\U0010c4a2\U0010c4b9\U0010c4a3 = 1
```

The end.
"""
SHOWN = """# Shown

```autograd
class H:
    def _repr_html_(self):
        return "".join(
            f'<div data-chainrule-{kind}="{n}{m}"></div>'
            for n in range(9) for kind, m in (("block", "-1"), ("late", ""))
        )
H()
```

The end.
"""
OTHER = "# Other\n\n```autograd\nprint('FROM THE ' + 'OTHER PAGE' * 1000)\n```\n\nThe end.\n"
COMMENTS = """# Comments

<!-->

```autograd
print("first", 1)
```

<!-- not

```autograd
print("second", 2)
```

--!>

```autograd
print("third", 3)
```

<!--->

```autograd
print("fourth", 4)
```

<!-- the end -->
"""
DEAD = "# Dead\n\n<!--\n```autograd\n1\n```\n-->\n"
# Writes down what the marks of this build carry.
HOOK = """
def on_page_content(html, page, config, files):
    with open("nonce.txt", "w") as file:
        file.write(config.plugins["chainrule"].site.pages.marks.nonce)
"""


@pytest.fixture(scope="module", params=first_now("mkdocs", "material"))
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("marks"))
    config = CONFIG.replace("{name: mkdocs, highlightjs: false}", f"{{name: {request.param}}}")
    project.configure(config.replace("[chainrule]", "[search, chainrule: {freeze: _freeze}]"))
    with (project.root / "mkdocs.yml").open("a") as file:
        file.write("hooks: [hook.py]\n")
    (project.root / "hook.py").write_text(HOOK)
    pages = {"index": TYPED, "shown": SHOWN, "other": OTHER, "comments": COMMENTS, "dead": DEAD}
    for name, text in pages.items():
        project.page(f"{name}.md", text)
    (project.root / "_freeze").mkdir()
    config = (project.root / "mkdocs.yml").read_text()
    (project.root / "always.yml").write_text(config.replace("_freeze}", "_freeze, execute: always}"))
    run = project.build("-f", "always.yml")
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
    return project


def test_what_an_author_types_is_text(built: Project) -> None:
    html = built.html()
    assert 'data-chainrule-late="99"' in html
    assert 'data-chainrule-block="1-1"' in html
    assert "stays<" in html
    assert "stays too" in html
    assert "The end." in html


def test_what_a_block_shows_is_no_other_page(built: Project) -> None:
    html = built.html("shown/index.html")
    assert "OTHER PAGE" not in html
    assert html.count('data-chainrule-block="') == html.count('data-chainrule-late="') == 9
    assert "OTHER PAGEOTHER" in built.html("other/index.html")


def test_comments_end_where_a_browser_sees_them_end(built: Project) -> None:
    html = built.html("comments/index.html")
    assert re.findall(r"(\w+ \d)\n*</pre>", html) == ["first 1", "third 3", "fourth 4"]


def test_nothing_of_the_marks_stays(built: Project) -> None:
    nonce = (built.root / "nonce.txt").read_bytes()
    assert len(nonce) == 32
    kept: list[Path] = [
        path for name in ("site", ".cache", "_freeze") for path in (built.root / name).rglob("*")
    ]
    assert {"html", "json"} <= {path.suffix[1:] for path in kept}
    for path in kept:
        assert path.is_dir() or nonce not in path.read_bytes(), path
    assert "data-chainrule" not in built.html("dead/index.html")


def test_each_build_has_marks_of_its_own() -> None:
    one, two = Marks(), Marks()
    mark = one.placeholder("1-1", inline=False)
    assert (one.live(mark), two.live(mark)) == (["1-1"], [])


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("<!--><b><!-- -->", "<b>"),
        ("<!---><b>", "<b>"),
        ("<!-- a --!><b>", "<b>"),
        ("<!----><b>", "<b>"),
        ("<!-- a > -- > <b>", ""),
        ('<a title="<!--"><b><!-- -->', '<a title="<!--"><b>'),
        ("<script>'<!--'</script><b><!-- -->", "<script>'<!--'</script><b>"),
        ("<!-- <script> --><b><!-- </script> -->", "<b>"),
    ],
)
def test_a_comment_is_what_a_browser_takes_for_one(html: str, seen: str) -> None:
    assert without_comments(html) == seen


@pytest.mark.parametrize(
    ("html", "ended"),
    [
        ("<!-- a --!><i>b", "<!-- a --!><i>b</i>"),
        ("<!--><i>b", "<!--><i>b</i>"),
        ("<!-- <i>b", "<!-- <i>b-->"),
    ],
)
def test_what_a_result_opens_behind_a_comment_is_closed(html: str, ended: str) -> None:
    assert whole(html) == ended


# What went through them once for each beginning, or for each length of a name, was not through in an hour.
@pytest.mark.parametrize(
    "never_ending", ["<a", "<!--", "<a x='", '<a ="', "<script", "<ol", "<div <!--", '<a b="<!--']
)
def test_what_never_ends_is_passed_over_once(never_ending: str) -> None:
    marks = Marks()
    mark = marks.placeholder("1-1", inline=False)
    html = mark + never_ending * 40_000
    assert marks.live(html) == ["1-1"]
    assert marks.fill(html, lambda key, _: key, lambda _: True).startswith("1-1")
    assert whole(html).startswith(mark)
    assert literal(f"$$ {html}").endswith(never_ending)
    late = Late(marks.nonce)
    page = f"{late.set_aside(html)}<p>Behind</p>"
    assert late.put_back(late.with_words(page)) == f"{html}<p>Behind</p>"
