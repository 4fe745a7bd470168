"""The Markdown extension by itself: `markdown.markdown(text, extensions=["chainrule"])`."""

from __future__ import annotations

import logging
import re
from html.parser import HTMLParser
from itertools import permutations

import markdown
import pymdownx
import pytest

FENCE = "```autograd\nprint(6 * 7)\n```"


def convert(text: str, *others: str, **configs: dict) -> str:
    return markdown.markdown(text, extensions=["chainrule", *others], extension_configs=configs)


def values(html: str) -> list[str]:
    """What inline expressions and expressions at the end of a block came to, in page order."""
    return re.findall(r'class="chainrule-(?:inline mathjax_ignore|text chainrule-value)"[^>]*>([^<]*)<', html)


def test_a_fence_shows_its_source_and_what_it_printed() -> None:
    html = convert(FENCE)
    assert '<div class="highlight"><pre>' in html
    assert ">42</pre>" in html
    assert html.index("highlight") < html.index(">42</pre>")


def test_an_expression_stands_in_its_sentence() -> None:
    assert values(convert("It is `#!autograd 1 / 3:.3f`, or `:::autograd 2 ** 10`.")) == ["0.333", "1024"]


def test_fences_and_expressions_run_in_page_order() -> None:
    first, second = ("```autograd\nw = 1\n```", "```autograd\nw = 2\n```")
    page = f"{first}\n`#!autograd w`\n\n{second}\n`#!autograd w`\n\n# `#!autograd w + 1`"
    assert values(convert(page)) == ["1", "2", "3"]


def test_each_conversion_is_a_page_of_its_own() -> None:
    md = markdown.Markdown(extensions=["chainrule"])
    assert ">1</pre>" in md.convert("```autograd\nx = 1\nprint(x)\n```")
    assert "NameError" in md.reset().convert("```autograd\nx\n```")


@pytest.mark.parametrize("order", [*permutations(["chainrule", "pymdownx.superfences", "extra"])])
def test_the_order_of_extensions_does_not_matter(order: tuple[str, ...]) -> None:
    assert ">42</pre>" in markdown.markdown(FENCE, extensions=[*order])


def test_an_author_keeps_her_own_settings() -> None:
    def shout(source: str, *_: object, **__: object) -> str:
        return f"<b>{source.upper()}</b>"

    fences = [{"name": "loud", "class": "loud", "format": shout}]
    spans = [{"name": "loud", "class": "loud", "format": shout}]
    html = convert(
        f"```loud\nhello\n```\n`#!loud inline`\n\n{FENCE}",
        "pymdownx.superfences",
        "pymdownx.inlinehilite",
        "pymdownx.highlight",
        **{
            "pymdownx.superfences": {"custom_fences": fences},
            "pymdownx.inlinehilite": {"custom_inline": spans},
            "pymdownx.highlight": {"css_class": "mine"},
        },
    )
    assert "<b>HELLO</b>" in html
    assert "<b>INLINE</b>" in html
    assert '<div class="mine"><pre>' in html
    assert ">42</pre>" in html


def test_only_what_is_alive_runs() -> None:
    commented = "<!--\n```autograd\nprint('comment')\n```\n-->"
    indented = "text\n\n    ```autograd\n    print('indented')\n    ```"
    literal = "````text\n```autograd\nprint('literal')\n```\n````"
    dormant = "```autograd run='no'\nprint('told not to')\n```"
    html = convert(f"{commented}\n\n{indented}\n\n{literal}\n\n{dormant}")
    assert "chainrule-stdout" not in html
    assert "literal" in html
    assert "```autograd\nprint('indented')" in html


def test_an_expression_that_is_only_shown_does_not_run() -> None:
    html = convert(
        "Write ``  `#!autograd 6 * 7` `` or:\n\n    `#!autograd 6 * 7`\n\n<!-- `#!autograd 6 * 7` -->"
    )
    assert "42" not in html
    assert html.count("#!autograd 6 * 7") == 3


def test_hidden_lines_run_and_are_not_shown() -> None:
    html = convert("```autograd\nsecret = 41  # hide\nprint(secret + 1)\nprint('# hide')\n```")
    assert ">42\n# hide</pre>" in html
    assert "41" not in html


@pytest.mark.parametrize(
    ("options", "shown"),
    [('run="no"', []), ('output="none"', ["7"]), ('setup="yes"', ["7"]), ("", ["7", "7"])],
)
def test_options_say_what_runs_and_what_is_shown(options: str, shown: list[str]) -> None:
    html = convert(f"```autograd {options}\nx = 7\nx\n```\n\n```autograd on_error='continue'\nx\n```")
    assert values(html) == shown
    assert ("NameError" in html) == (options == 'run="no"')


def test_title_lines_and_classes_go_to_the_source() -> None:
    html = convert(
        '```{.autograd .wide #me title="A title" hl_lines="1" linenums="5"}\nprint(1)\n```', "attr_list"
    )
    assert 'id="me"' in html
    assert '"wide highlight"' in html
    assert "A title" in html
    assert 'class="hll"' in html
    assert re.search(r"linenos.*5", html, re.DOTALL)


def test_an_error_is_told_with_its_line_and_its_frames(caplog: pytest.LogCaptureFixture) -> None:
    blocks = ("def f(x):\n    return x / 0", "\nf(1)", "1")
    page = "# A\n\n" + "\n\n".join(f"```autograd\n{block}\n```" for block in blocks)
    html = convert(page, chainrule={"page": "docs/a.md"})
    assert "docs/a.md:5" in html
    (record,) = caplog.records
    assert record.getMessage().split("\n") == [
        "docs/a.md:5: ZeroDivisionError: division by zero",
        "  docs/a.md:10, in <module>",
        "    f(1)",
        "  docs/a.md:5, in f",
        "    return x / 0",
        "  1 later block of this page did not run",
    ]
    assert record.levelno == logging.ERROR


@pytest.mark.parametrize(
    ("head", "answer"),
    [
        ("```autograd timeout=2", 'values must be quoted: write ```autograd timeout="2"'),
        ("> ~~~ autograd timeout=2 title='A'", "write ~~~ autograd timeout=\"2\" title='A'"),
        ("```autograd !", 'write the options of ```autograd ! as name="value"'),
    ],
)
def test_a_head_that_is_dropped_is_told(head: str, answer: str, caplog: pytest.LogCaptureFixture) -> None:
    prefix = "> " if head.startswith(">") else ""
    convert(f"text\n\n{head}\n{prefix}1\n{prefix}{head.strip('> ')[:3]}\n", chainrule={"page": "docs/a.md"})
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage().startswith("docs/a.md:3: this is not read as a fence")
    assert answer in record.getMessage()


@pytest.mark.parametrize("around", ["    {}", "<!-- {} -->", "````text\n{}\n```\n````", "<pre>\n{}\n</pre>"])
def test_a_dropped_head_that_is_only_shown_is_not_told(around: str, caplog: pytest.LogCaptureFixture) -> None:
    html = convert(f"text\n\n{around.format('```autograd timeout=2')}\n\ntext")
    assert caplog.records == []
    assert html.count("autograd timeout=2") == 1


@pytest.mark.skipif(pymdownx.__version_info__ < (10, 10), reason="this version has no such setting")
def test_relaxed_headers_do_not_hide_what_is_wrong(caplog: pytest.LogCaptureFixture) -> None:
    relaxed = {"pymdownx.superfences": {"relaxed_headers": True}}
    convert("```autograd timeout=2\n1\n```", "pymdownx.superfences", **relaxed)
    assert (
        'its options are not read, since values must be quoted: write ```autograd timeout="2"' in caplog.text
    )


def test_an_unknown_option_is_told_and_the_block_runs(caplog: pytest.LogCaptureFixture) -> None:
    html = convert('\n```autograd tiemout="2"\nprint(6 * 7)\n```')
    assert ">42</pre>" in html
    assert [r.getMessage() for r in caplog.records] == [
        'page.md:2: unknown option tiemout="2"; did you mean timeout?'
    ]


def test_options_of_the_extension_are_those_of_the_plugin() -> None:
    html = convert("```autograd\nwhile True: pass\n```", chainrule={"timeout": "500 ms", "page": "a.md"})
    assert "ran longer than 0.5 s" in html


@pytest.mark.parametrize(
    "head",
    [
        "```autograd title='<script>1</script>' caption='<img src=x onerror=1>' alt='\"><script>'",
        "``` {.autograd #a\"b .c\"d .x<script> title='<script>'}",
        '``` {.autograd #a"onclick="x" <script>=1}',
        "```autograd zzz='<script>'",
    ],
)
def test_options_are_never_markup(head: str) -> None:
    found: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.extend([tag, *(name for name, _ in attrs)])

    Tags().feed(convert(f"{head}\n'<script>alert(1)</script>'\n```\n\n`#!autograd '<script>'`", "attr_list"))
    assert {"script", "img", "onerror", "onclick"}.isdisjoint(found)
    assert set(found) >= {"div", "pre", "span"}


def test_a_list_of_annotations_stays_right_behind_the_source() -> None:
    html = convert("```autograd\nx = 1  # (1)!\nx\n```\n\n1. One.\n\n    1. Inner.\n\ntext\n\n1. Another.\n")
    source = html.index("</pre></div>")
    assert html[source:].startswith("</pre></div>\n<ol>")
    assert html.index("One.") < html.index("Inner.") < html.index("chainrule-result") < html.index("Another.")


def test_a_list_that_explains_nothing_stays_where_it_is() -> None:
    html = convert("```autograd\n1\n```\n\n1. One.\n")
    assert html.index("chainrule-result") < html.index("<ol>")


@pytest.mark.parametrize("preserve_tabs", [False, True])
def test_tabs_are_kept_where_they_are_wanted(preserve_tabs: bool) -> None:
    tabs = {"pymdownx.superfences": {"preserve_tabs": preserve_tabs}}
    html = convert("```autograd\nif True:\n\tx = '\t'\n\nx == chr(9)\n```", "pymdownx.superfences", **tabs)
    assert values(html) == [str(preserve_tabs)]


@pytest.mark.parametrize("preserve_tabs", [False, True])
def test_lines_are_right_behind_empty_and_dropped_fences(
    preserve_tabs: bool, caplog: pytest.LogCaptureFixture
) -> None:
    tabs = {"pymdownx.superfences": {"preserve_tabs": preserve_tabs}}
    empty = "```python\n```\n\n```autograd\n```"
    nested = "- a\n\n\t```autograd\n\tif 1:\n\t\ty\n\t```"
    indented = "text\n\n    ```autograd\n    z\n    ```"
    parts = [empty, "```autograd\n\nx\n```", nested, indented, "`#!autograd w`", "```autograd timeout=1"]
    convert("\n\n".join(parts), "pymdownx.superfences", chainrule={"on_error": "continue"}, **tabs)
    assert [record.getMessage().split(" name")[0].split(",")[0] for record in caplog.records] == [
        "page.md:27: this is not read as a fence",
        "page.md:21: this fence does not run",
        "page.md:9: NameError:",
        "page.md:16: NameError:",
        "page.md:25: NameError:",
    ]


def test_a_fence_that_is_never_closed_is_told(caplog: pytest.LogCaptureFixture) -> None:
    convert('text\n\n```autograd timeout="2"\n1\n')
    (record,) = caplog.records
    assert (
        "page.md:3: this is not read as a fence, since it is never closed: end it with" in record.getMessage()
    )


def test_an_option_that_stands_twice_is_told(caplog: pytest.LogCaptureFixture) -> None:
    convert('```autograd timeout="2" alt="a=b" timeout="90"\n1\n```')
    (record,) = caplog.records
    assert record.getMessage() == "page.md:1: timeout is set 2 times, and the last counts: write it once"


def test_in_an_attribute_stands_plain_text() -> None:
    image = '![It is `#!autograd 1 + 1` and `#!autograd "<b>"`](x.png "a `#!autograd 2 + 2`")'
    html = convert(f'{image}\n\nx="`#!autograd 3`"')
    assert 'alt="It is 2 and' in html
    assert "&lt;b&gt;" in html
    assert 'title="a 4"' in html
    assert values(html) == ["3"]


@pytest.mark.parametrize("name", ["chainrule", "mkdocs_chainrule.extension"])
def test_beside_extensions_that_process_parts_of_a_page(name: str) -> None:
    page = f"[TOC]\n\n# One `#!autograd 1 + 1`\n\n{FENCE}\n\n`#!autograd 5`"
    html = markdown.markdown(page, extensions=["toc", "tables", name])
    assert ">42</pre>" in html
    assert values(html).count("5") == 1
    assert "data-chainrule-block" not in html
