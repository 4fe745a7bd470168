"""Values in formulas, headings, tables, links and attributes: none is dropped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import markdown
import pytest

from mkdocs_chainrule.read.formulas import in_formula

if TYPE_CHECKING:
    from projects import Project


def convert(text: str, *, generic: bool = True) -> str:
    return markdown.markdown(
        f"```autograd\nx = 3.0\nword = 'a_b'\n```\n\n{text}",
        extensions=["chainrule", "pymdownx.arithmatex", "tables", "toc"],
        extension_configs={"pymdownx.arithmatex": {"generic": generic}},
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a $f = `#!autograd 2 * x` + 1$ b", r"\(f = {6.0} + 1\)"),
        (r"a \(f = `#!autograd 2 * x`\) b", r"\(f = {6.0}\)"),
        ("$$\nf'(3) = `#!autograd 2 * x`\n$$", "\\[\nf'(3) = {6.0}\n\\]"),
        (r"\[ f = `#!autograd x:.2f` \]", r"\[ f = {3.00} \]"),
        ("- $e^`#!autograd -x`$", r"\(e^{-3.0}\)"),
        ("$`#!autograd x / 1e6`$", r"\({3 \times 10^{-6}}\)"),
        ("$n = `#!autograd word`$", r"\(n = \text{a\_b}\)"),
        ("$`#!autograd x` < `:::autograd x + 1`$", r"\({3.0} &lt; {4.0}\)"),
    ],
)
def test_a_value_in_a_formula_is_there(text: str, shown: str) -> None:
    html = convert(text)
    assert shown in html
    assert "autograd" not in html.partition("</pre>")[2]
    assert not re.search("[\U0010c4a0-\U0010c4ff]", html)


def test_a_formula_that_is_a_script_has_it_too() -> None:
    assert '<script type="math/tex">f = {6.0}</script>' in convert("$f = `#!autograd 2 * x`$", generic=False)


@pytest.mark.parametrize("text", ["It costs $5, `#!autograd x` times $6.", r"\$`#!autograd x`\$ is it"])
def test_a_price_is_no_formula(text: str) -> None:
    html = convert(text)
    assert '<span class="chainrule-inline' in html
    assert "{3.0}" not in html


@pytest.mark.parametrize(
    "text", ["    $`#!autograd x`$", "``$`#!autograd x`$``", "```text\n$`#!autograd x`$\n```"]
)
def test_a_formula_that_is_only_shown_stays(text: str) -> None:
    assert "$`#!autograd x`$" in re.sub("<[^>]*>", "", convert(text))


def test_an_error_in_a_formula_has_its_line(caplog: pytest.LogCaptureFixture) -> None:
    html = convert("$$\na = `#!autograd y`\n$$")
    assert "page.md:7: NameError: name 'y' is not defined" in caplog.text
    assert r"\text{page.md:7: NameError" in html


def test_numbers_are_written_as_tex_has_them() -> None:
    assert [in_formula(text) for text in ("-3", "50%", "nan", "2e+20", r"\x{")] == [
        "{-3}",
        r"{50\%}",
        r"\text{nan}",
        r"{2 \times 10^{20}}",
        r"\text{ x\{}",
    ]


def test_tables_links_and_attributes_have_values() -> None:
    link = "[go `#!autograd 7 * x`](https://e.org 'at `#!autograd 8 * x`')"
    html = convert("| a |\n|---|\n| `#!autograd 5 * x` |\n\n" + link)
    assert re.search(r"<td><span class=.chainrule-inline[^>]*>15.0</span></td>", html)
    assert 'title="at 24.0"' in html
    assert re.search(r"go <span class=.chainrule-inline[^>]*>21.0</span></a>", html)


HEADINGS = """```autograd
x = 3.0
```

# The slope is `#!autograd x`

[TOC]

## At `#!autograd "<b> & "` & more

## Of `#!autograd y`
"""


def test_a_heading_has_its_value_everywhere(project: Project) -> None:
    project.configure("site_name: T\ntheme: material\nplugins: [search, chainrule]\n")
    project.page("index.md", "# Home\n")
    project.page("a.md", HEADINGS)
    project.page("b.md", f"---\ntitle: Own\n---\n{HEADINGS}")
    project.build()
    html = project.html("a/index.html")
    assert "<title>The slope is 3.0 - T</title>" in html
    entries = re.findall(r'<a href="#[^"]*" class="md-nav__link">(.*?)</a>', html, re.DOTALL)
    words = {" ".join(re.sub("<[^>]*>", "", entry).split()) for entry in entries}
    assert words >= {"At &lt;b&gt; &amp; &amp; more", "Of"}
    assert '<li><a href="#the-slope-is">The slope is 3.0</a>' in html
    assert "The slope is 3.0" in project.html()  # in the navigation of another page
    assert "<title>Own - T</title>" in project.html("b/index.html")
    assert '"title":"The slope is 3.0"' in project.html("search/search_index.json").replace('": "', '":"')
