"""Mutated messages, many to a build: none of them harms it; and builds that are killed leave nothing."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest
from benchmarks.fuzzing import site
from benchmarks.fuzzing.cases import Case, case_of
from benchmarks.fuzzing.mutating import MUTATIONS
from benchmarks.sites.killed import kills
from rich.console import Console

REPOSITORY = Path(__file__).parents[2]
MESSAGES = {
    "json": {"data": {"application/json": {"a": [1, "text"]}}, "metadata": {}},
    "written": "some text\n",
}


def test_a_case_is_made_of_its_seed_alone_and_all_kinds_come() -> None:
    cases = [case_of(seed, MESSAGES) for seed in range(400)]
    assert cases == [case_of(seed, MESSAGES) for seed in range(400)]
    assert MUTATIONS.keys() <= {name for case in cases for name in case.done}
    assert {case.route for case in cases} == {"display", "channel", "stdout", "inline"}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="what a build takes is told by /proc")
def test_no_message_harms_a_build() -> None:
    said = io.StringIO()
    assert site.fuzz_site(Console(file=said, width=200), 300, 20_000, REPOSITORY), said.getvalue()
    (past,) = re.findall(r"300 cases, (\d+) past the first parser", said.getvalue())
    assert int(past) >= 150


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="as above")
def test_what_harms_a_build_is_found(tmp_path: Path) -> None:
    batch, found = site.Batch(tmp_path, REPOSITORY), site.Found()
    hook = tmp_path / "hook.py"
    harm = "        if 'HARM' in repr(output):\n            raise SystemExit(1)\n        return _show("
    hook.write_text(hook.read_text().replace("        return _show(", harm))
    cases = [
        Case(n, "json", (), "display", b'{"data": {"text/plain": "%s"}, "metadata": {}}' % text, "")
        for n, text in enumerate((b"a", b"HARM", b"b"))
    ]
    site.fuzz_batch(batch, cases, found)
    assert [finding.case for finding in found.findings] == ["seed 1: json, as it is, by display"]
    assert found.past == 2


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="as above")
def test_killed_builds_and_servers_leave_nothing() -> None:
    left = kills(12, seed=3)
    assert left.is_nothing, left
    assert left.kills.total() == 12
