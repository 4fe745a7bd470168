"""The reference pages name what there is, and all of it."""

from __future__ import annotations

import re
from importlib import import_module
from xml.etree import ElementTree as ET

import chainrule
from building import REPOSITORY
from chainrule.primitives.table import PRIMITIVES
from mkdocs_chainrule.options import OPTIONS
from mkdocs_chainrule.show.markdown import show_markdown

MODULES = {"micrograd", "nn", "optim", "schedules"}
REFERENCE = REPOSITORY / "docs/reference"
ENGINE = {page.name: page.read_text(encoding="utf-8") for page in (REFERENCE / "engine").iterdir()}


def documented(page: str) -> list[str]:
    return re.findall(r"^::: chainrule\.([\w.]+)$", ENGINE[page], re.MULTILINE)


def test_every_public_name_stands_on_one_page_of_the_reference() -> None:
    names = [name for page in ENGINE for name in documented(page) if "." not in name]
    assert sorted(names) == sorted({*chainrule.__all__, "errors"})


def test_the_overview_names_each_page_and_what_stands_on_it() -> None:
    rows = re.findall(r"^\| \[[^]]+\]\((\w+\.md)\) \| (.*) \|$", ENGINE["index.md"], re.MULTILINE)
    told = {page: re.findall(r"\[`([\w.]+)`\]\[chainrule\.\1\]", names) for page, names in rows}
    assert told == {page: documented(page) for page in ENGINE if page != "index.md"}


def test_every_public_name_is_documented_with_an_example() -> None:
    for name in set(chainrule.__all__) - MODULES - {"rng"}:
        text = getattr(chainrule, name).__doc__ or ""
        assert text.strip(), name
        assert ">>>" in text or name in PRIMITIVES, name


def test_every_primitive_stands_in_a_table_of_its_module() -> None:
    page = (REPOSITORY / "docs/reference/primitives.md").read_text(encoding="utf-8")
    modules = [
        import_module(f"chainrule.primitives.{name}")
        for name in re.findall(r"^table\((\w+)\)$", page, re.MULTILINE)
    ]
    listed = [
        each.name for module in modules for each in vars(module).values() if each in PRIMITIVES.values()
    ]
    assert sorted(listed) == sorted(PRIMITIVES)


def test_every_option_stands_once_on_its_page_with_what_the_table_says() -> None:
    page = (REFERENCE / "options.md").read_text(encoding="utf-8")
    blocks = re.findall(r'^```autograd source="none"\n(.*?)\n```$', page, re.DOTALL | re.MULTILINE)
    names: dict[str, object] = {}
    exec(blocks[0], names)
    shown = "".join(show_markdown(eval(block, names).text, allow_html=True) for block in blocks[1:])
    described = ET.fromstring(f"<page>{shown}</page>")
    assert sorted(term.get("id") for term in described.iter("dt")) == sorted({row.name for row in OPTIONS})
    texts = ["".join(text.itertext()) for text in described.iter("dd")]
    assert len(texts) == len(OPTIONS)
    for option in OPTIONS:
        said = f"{option.meaning.replace('`', '')}{names['PLACES'][option.where]} · "
        default = f" · {option.written} unless set" if option.written else ""
        assert [text for text in texts if text.startswith(said) and text.endswith(default)], option.name
