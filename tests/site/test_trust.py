"""What the docs' page on trust says, line by line: each names a test, and that test is there."""

from __future__ import annotations

import ast
import re

from building import REPOSITORY

PAGE = (REPOSITORY / "docs" / "how-to" / "trust.md").read_text("utf-8")
LINES = re.findall(r"^\|(?! ?-|.*shown by \|$)(.*)\|(.*)\|$", PAGE, re.MULTILINE)


def functions(file: str) -> set[str]:
    tree = ast.parse((REPOSITORY / file).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_each_line_names_a_test_that_is_there() -> None:
    assert len(LINES) >= 18
    for said, shown in LINES:
        file, _, name = shown.strip(" `").partition("::")
        assert said.strip().endswith("."), said
        assert name in functions(file), (said, shown)
