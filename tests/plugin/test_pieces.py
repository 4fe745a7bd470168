"""Pieces of pages are made anew where the code that makes them has changed, in subfolders too."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from mkdocs_chainrule import pieces

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "name", ["show/graphs/steps.py", "show/live.js", "read/reader.py", "assets/words.json"]
)
def test_a_changed_file_is_another_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for each in ("show/graphs/steps.py", "show/live.js", "read/reader.py", "assets/words.json"):
        (tmp_path / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / each).touch()
    monkeypatch.setattr(pieces, "_HERE", tmp_path)
    keys = set()
    for time in (1, 2):
        os.utime(tmp_path / name, (time, time))
        pieces._version.cache_clear()
        keys.add(pieces.key_of("the same"))
    pieces._version.cache_clear()
    assert len(keys) == 2
