"""Each figure has its own caption, id and alternative text; figures are numbered; links read as numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import markdown
import pytest

from building import first_now
from projects import CONFIG
from sessions import run

if TYPE_CHECKING:
    from projects import Project

NUMBERED = CONFIG.replace("chainrule]", "chainrule: {numbered: yes}]")
TWO = """import matplotlib.pyplot as plt

for n in (1, 2):
    plt.figure()
    plt.plot([n, 2])
"""
PAGE = f"""# Page

See [](#fig-one), [](#fig-graph), [](other.md#fig-far) and [text](#fig-two).

```autograd caption="One & first | Two" alt="The one | The two" id="fig-one | fig-two"
{TWO}```

```autograd
plt.plot([3, 4])
display(plt.gcf(), caption="Three", alt="The three", id="fig-three")
plt.plot([5, 6])
```

```autograd caption="A graph" id="fig-graph"
from chainrule import Value
print("printed")
Value(2.0) * 3
```

```autograd
plt.plot([7, 8])
```
"""
OTHER = """# Other

```{.autograd #fig-far caption="Far away"}
import matplotlib.pyplot as plt
plt.plot([1, 2])
print("with words")
```

[](index.md#fig-two) and [](#fig-far)
"""


def figures(html: str) -> list[tuple[str, str]]:
    """The ids and captions of a page."""
    captions = r'<figcaption>(?:<p class="chainrule-caption">)?([^<]*)<'
    return re.findall(rf'id="(fig-[^"]*)".*?{captions}', html, re.DOTALL)


def test_each_picture_has_its_own(project: Project) -> None:
    project.page("index.md", PAGE)
    project.page("other.md", OTHER)
    run = project.build("--strict")
    assert run.returncode == 0, run.stderr
    html = project.html()
    assert figures(html) == [
        ("fig-one", "One &amp; first"),
        ("fig-two", "Two"),
        ("fig-three", "Three"),
        ("fig-graph", "A graph"),
    ]
    assert re.findall(r'aria-label="(The [^"]*)"', html) == ["The one", "The two", "The three"]
    assert '<a href="#fig-one">One &amp; first</a>, <a href="#fig-graph">A graph</a>' in html
    assert '<a href="other/#fig-far">Far away</a> and <a href="#fig-two">text</a>' in html
    assert "no such anchor" not in run.stderr
    assert "does not contain an anchor" not in run.stderr


@pytest.mark.slow
def test_figures_are_numbered_on_request(project: Project) -> None:
    project.configure(NUMBERED)
    project.page("index.md", PAGE)
    project.page("other.md", OTHER)
    assert project.build("--strict").returncode == 0
    html = project.html()
    captions = [caption for _, caption in figures(html)]
    assert captions == ["Figure 1: One &amp; first", "Figure 2: Two", "Figure 3: Three", "Figure 4: A graph"]
    assert '<a href="#fig-one">Figure 1</a>, <a href="#fig-graph">Figure 4</a>' in html
    assert '<a href="other/#fig-far">Figure 1</a>' in html
    other = project.html("other/index.html")
    assert figures(other) == [("fig-far", "Figure 1: Far away")]
    assert '<a href="../#fig-two">Figure 2</a> and <a href="#fig-far">Figure 1</a>' in other


@pytest.mark.parametrize(("config", "numbered"), first_now((CONFIG, True), (NUMBERED, False)))
def test_a_fence_decides_for_its_page(project: Project, config: str, *, numbered: bool) -> None:
    project.configure(config)
    answer = "yes" if numbered else "no"
    project.page("index.md", PAGE + f"\n```autograd run='no' numbered='{answer}'\n1\n```\n")
    project.page("other.md", OTHER)
    assert project.build("--strict").returncode == 0
    assert ("Figure 4: A graph" in project.html()) == numbered
    assert ("Figure 1: Far" in project.html("other/index.html")) != numbered


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("[](#fig-lost)", "docs/index.md: [](#fig-lost) names no figure: give one the id"),
        (f"```autograd id='fig-a | fig-a'\n{TWO}```", "docs/index.md: two figures have the id fig-a"),
        (
            f"```autograd caption='a | b | c'\n{TWO}```",
            "docs/index.md:3: it has 2 pictures and captions for 3",
        ),
        ("```autograd id='loss'\n1\n```", 'id takes what begins with fig-, such as "fig-loss"'),
    ],
)
def test_what_does_not_fit_is_told(project: Project, page: str, told: str) -> None:
    project.page("index.md", f"# P\n\n{page}\n")
    assert told in project.build().stderr


def test_a_link_may_name_what_a_block_says(project: Project) -> None:
    fence = "```autograd\nclass Term:\n    _repr_html_ = lambda _: '<dl><dt id=term>'\n\nTerm()\n```\n"
    project.configure(f"{CONFIG}validation: {{links: {{anchors: warn}}}}\n")
    project.page("index.md", f"# P\n\n{fence}\n[a](index.md#term) [b](index.md#nowhere)\n")
    told = project.build().stderr
    assert "#nowhere" in told
    assert "#term" not in told


def test_an_id_of_the_authors_own_is_hers(project: Project) -> None:
    project.configure(f"{CONFIG}markdown_extensions: [attr_list]\n")
    project.page("index.md", "# P\n\n![x](x.png){#fig-own}\n\n[](#fig-own)\n\n```autograd\n1\n```\n")
    (project.root / "docs/x.png").write_bytes(b"")
    run = project.build("--strict")
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("display(1, 2, caption='x')", "TypeError: caption= is of one object"),
        ("display(1, id='x')", "ValueError: id='x': let it begin with \"fig-\""),
    ],
)
def test_display_says_what_it_cannot_do(call: str, message: str) -> None:
    (output,) = run(call)
    assert output.failure is not None
    assert output.failure.message.startswith(message)


def test_without_mkdocs() -> None:
    html = markdown.markdown(
        "```autograd caption='C' id='fig-a' numbered='yes'\n1\n```\n\n[](#fig-a)", extensions=["chainrule"]
    )
    assert '<figure class="chainrule-result mathjax_ignore" id="fig-a">' in html
    assert "<figcaption>Figure 1: C</figcaption>" in html
    assert '<a href="#fig-a">Figure 1</a>' in html
