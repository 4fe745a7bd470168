"""The files that one passes are found, in threads and in what is loaded on the way too."""

from __future__ import annotations

import pytest
from benchmarks.passed import passed


@pytest.mark.slow
def test_a_page_passes_the_parts_that_build_it():
    files = passed("page")
    assert files["mkdocs_chainrule/plugin.py"]
    assert files["mkdocs_chainrule/run/supervise.py"]  # in a thread
    assert "mkdocs_chainrule/show/graphs/graph.py" in files  # loaded for the first graph
    assert not [file for file in files if file.startswith("mkdocs_chainrule/worker/")]


def test_a_jitted_call_passes_the_compiler():
    files = passed("jit")
    assert all(files.values())
    assert "chainrule/compiler/call.py" in files
