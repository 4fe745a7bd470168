"""The house stays one that can be read: no folder of many files, no file of many lines."""

from __future__ import annotations

from benchmarks.house import broken


def test_no_folder_and_no_file_is_too_large():
    assert broken() == []
