"""The reference pages name what there is, and all of it."""

from __future__ import annotations

import re

import chainrule
from building import REPOSITORY
from chainrule.primitives.table import PRIMITIVES

MODULES = {"micrograd", "nn", "optim", "schedules"}


def test_every_public_name_stands_in_the_reference() -> None:
    page = (REPOSITORY / "docs/reference/engine.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^::: chainrule\.(\w+)$", page, re.MULTILINE)) == sorted(
        {*chainrule.__all__, "errors"}
    )


def test_every_public_name_is_documented_with_an_example() -> None:
    for name in set(chainrule.__all__) - MODULES - {"rng"}:
        text = getattr(chainrule, name).__doc__ or ""
        assert text.strip(), name
        assert ">>>" in text or name in PRIMITIVES, name
