"""Fences that were meant to run and do not: each is told once, with its line and how it is to be written."""

from __future__ import annotations

import logging
import re

import markdown
import pytest

from projects import CONFIG, Project

HEADS = [
    ("```Autograd", "```autograd"),
    ("```AUTOGRAD timeout=2", '```autograd timeout="2"'),
    ("```autogard", "```autograd"),
    ("```autogrd", "```autograd"),
    ("```auto-grad", "```autograd"),
    ("```auto_grad", "```autograd"),
    ("```{autograd}", "```autograd"),
    ('```{autograd, on-error="continue"}', '```autograd on_error="continue"'),
    ("```{ .Autograd timeout=2 }", '```autograd timeout="2"'),
    ("```{.python .autograd}", "```autograd"),
    ("```chainrule", "```autograd"),
    ("```chain-rule", "```autograd"),
    ("```python autograd", "```autograd"),
    ("~~~ py autograd", "~~~autograd"),
    ('```autograd on-error="continue"', '```autograd on_error="continue"'),
    ("```autograd on-error=continue timeout=2", '```autograd on_error="continue" timeout="2"'),
    ("```autograd timeout=“2”", '```autograd timeout="2"'),
    ('```python exec="on"', "```autograd, or list markdown-exec in mkdocs.yml"),
    ('```{.python exec="on" source="above"}', "```autograd, or list markdown-exec in mkdocs.yml"),
]


def told(text: str, caplog: pytest.LogCaptureFixture, *others: str, **configs: dict) -> list[str]:
    caplog.clear()
    markdown.markdown(text, extensions=["chainrule", "attr_list", *others], extension_configs=configs)
    assert all(record.levelno == logging.WARNING for record in caplog.records)
    return [record.getMessage() for record in caplog.records]


def closed(head: str) -> str:
    return f"{head}\nprint(1)\n{head[:3]}"


@pytest.mark.parametrize(("head", "right"), HEADS)
def test_a_head_that_does_not_run_is_told_with_the_right_one(
    head: str, right: str, caplog: pytest.LogCaptureFixture
) -> None:
    (message,) = told(f"# A\n\n{closed(head)}\n\ntext\n", caplog)
    assert message.startswith("page.md:3: this ")
    assert message.endswith(f"write {right}")


@pytest.mark.parametrize("right", sorted({right for _, right in HEADS}))
def test_what_is_told_to_write_runs(right: str, caplog: pytest.LogCaptureFixture) -> None:
    assert told(closed(right.partition(",")[0]), caplog) == []


@pytest.mark.parametrize(
    "head",
    [
        "```python",
        "```yaml",
        "```autohotkey",
        "```text title='autograd'",
        "```python title='an autograd fence'",
        "```python exec='off'",
        "```",
        "```mermaid",
        "```{.python #autograd-code}",
        "```autoit",
    ],
)
def test_other_heads_are_nobodys_business(head: str, caplog: pytest.LogCaptureFixture) -> None:
    assert told(closed(head), caplog) == []


@pytest.mark.parametrize("around", ["<!--\n{}\n-->", "````text\n{}\n````"])
@pytest.mark.parametrize("head", ["```Autograd", "```python autograd", "```chainrule"])
def test_a_slip_that_is_only_shown_is_not_told(
    head: str, around: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert told(f"text\n\n{around.format(closed(head))}\n\ntext", caplog) == []


@pytest.mark.parametrize("name", ["chainrule", "Autograd", "autogard", "python"])
def test_a_fence_that_another_takes_is_theirs(name: str, caplog: pytest.LogCaptureFixture) -> None:
    def shout(source: str, *_: object, **__: object) -> str:
        return f"<b>{source.upper()}</b>"

    fences = {"custom_fences": [{"name": name, "class": name, "format": shout}]}
    settings = {"pymdownx.superfences": fences}
    assert told(closed(f"```{name}"), caplog, "pymdownx.superfences", **settings) == []


@pytest.mark.parametrize("preserve_tabs", [False, True])
def test_lines_of_slips_are_right(preserve_tabs: bool, caplog: pytest.LogCaptureFixture) -> None:
    parts = [
        closed("```autograd"),
        closed("```python autograd"),
        "- a\n\n    ```Autograd\n    1\n    ```",
        "b",
    ]
    tabs = {"pymdownx.superfences": {"preserve_tabs": preserve_tabs}}
    messages = told("\n\n".join([*parts, closed("```chainrule")]), caplog, "pymdownx.superfences", **tabs)
    assert [message.split(":")[1] for message in messages] == ["5", "11", "17"]


def test_an_indented_fence_outside_a_list_is_told(caplog: pytest.LogCaptureFixture) -> None:
    fence = "    ```autograd\n    1 < 2\n    ```"
    (message,) = told(f"text\n\n{fence}\n\ntext\n\n- a\n\n{fence}\n", caplog)
    assert message.startswith("page.md:3: this fence does not run, since it is indented outside a list")
    assert "begin its lines at the margin" in message


@pytest.mark.parametrize(
    "text",
    [
        "    Write\n\n    ```autograd\n    1\n    ```\n\n    in a page.",
        "````markdown\n```autograd\n1\n```\n````",
        "    ```python\n    1\n    ```",
        "1. a\n\n    ```autograd\n    1\n    ```",
    ],
)
def test_an_example_of_a_fence_is_not_told(text: str, caplog: pytest.LogCaptureFixture) -> None:
    assert told(f"text\n\n{text}\n\ntext", caplog) == []


@pytest.mark.parametrize(
    ("option", "instead"),
    [
        ('exec="on"', 'exec="on" is of markdown-exec: an autograd fence runs'),
        ('session="a"', "the blocks of a page share their names"),
        ('html="yes"', "display(HTML(text))"),
        ('result="text"', "what a block prints is shown as text"),
        ('source="tabbed-left"', 'write source="tabbed"'),
        ('source="material-block"', 'write source="above"'),
        ('returncode="1"', 'expect="SystemExit"'),
        ('workdir="docs"', "runs in the folder of mkdocs.yml"),
        ('tabs="a|b"', 'source="tabbed"'),
        ('echo="false"', 'is of Quarto: write source="none"'),
        ("python", "python is no option"),
    ],
)
def test_options_of_other_tools_are_told_with_ours(
    option: str, instead: str, caplog: pytest.LogCaptureFixture
) -> None:
    (message,) = told(closed(f"```autograd {option}"), caplog)
    assert message.startswith("page.md:1: ")
    assert instead in message
    assert "did you mean" not in message


EXEC = '# A\n\n```python exec="on"\nprint("*ran*")\n```\n\n```autograd\n6 * 7\n```\n'


def test_in_a_build_a_slip_is_one_warning(project: Project) -> None:
    project.page("index.md", f"---\ntitle: B\n---\n{EXEC}\n```Autograd\n1\n```\n")
    run = project.build("--strict")
    assert run.returncode == 1
    assert re.findall(
        r"WARNING -  mkdocs_chainrule: (docs/index.md:\d+: this fence does not run)", run.stderr
    ) == [
        "docs/index.md:6: this fence does not run",
        "docs/index.md:14: this fence does not run",
    ]


def test_beside_markdown_exec_each_runs_its_own(project: Project) -> None:
    pytest.importorskip("markdown_exec")
    both = CONFIG.replace("[chainrule]", "[chainrule, markdown-exec]")
    project.configure(f"{both}markdown_extensions: [pymdownx.superfences]\n")
    project.page("index.md", EXEC)
    run = project.build("--strict")
    assert run.returncode == 0, run.stderr
    assert "<em>ran</em>" in project.html()
    assert ">42</pre>" in project.html()
