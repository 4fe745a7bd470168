"""Generated sites build in each dialect that is installed, and what a command costs is counted."""

from __future__ import annotations

import sys

import pytest
from benchmarks.sites.builds import Pairs, compare
from benchmarks.sites.generate import CONTENTS, DIALECTS, markdown, write_site
from benchmarks.sites.processes import Cost, run
from benchmarks.sites.scenarios import SCENARIOS, Scenario
from benchmarks.sites.serving import serve_in_turn


@pytest.mark.parametrize("content", CONTENTS)
def test_dialects_differ_in_heads_only(content):
    sources = [CONTENTS[content].source(3, block) for block in range(2)]
    plain = markdown(DIALECTS["unexecuted"], 3, sources)
    assert plain.count("```python\n") == 2
    assert markdown(DIALECTS["chainrule"], 3, sources) == plain.replace("```python\n", "```autograd\n")


@pytest.mark.slow
def test_the_same_site_is_built_by_both_and_what_ran_is_looked_for(tmp_path):
    scenario = Scenario("two", "2 pages", pages=2, blocks=2, content="small")
    found = compare(tmp_path, scenario, "chainrule", pairs=1, theme="mkdocs")
    assert not found.reason
    assert found.ratio("wall") > 0
    assert (tmp_path / "chainrule" / "site" / "page-0001" / "index.html").exists()


def test_a_tool_that_is_not_installed_has_a_reason(tmp_path):
    scenario = Scenario("one", "1 page", pages=1, blocks=1, content="small")
    assert "failed" in compare(tmp_path, scenario, "mkdocs-jupyter", pairs=1, theme="mkdocs").reason


def test_figures_are_medians_of_pairs():
    ours = tuple(Cost(wall, 1.0, 10.0) for wall in (2.0, 4.0, 9.0))
    found = Pairs("chainrule", ours, (Cost(1.0, 0.5, 5.0),) * 3)
    assert (found.ratio("wall"), found.ratio("cpu"), found.wall, found.extra) == (4.0, 2.0, 4.0, 3.0)


@pytest.mark.skipif(sys.platform != "linux", reason="orphans come to us on Linux only")
def test_the_time_of_orphans_is_counted(tmp_path):
    burn = "import time\nwhile time.process_time() < 0.3: pass"
    parent = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {burn!r}])"
    assert run([sys.executable, "-c", parent], tmp_path).cpu >= 0.3


def test_every_scenario_has_its_content_and_notebooks_are_notebooks(tmp_path):
    assert {scenario.content for scenario in SCENARIOS} <= set(CONTENTS)
    write_site(tmp_path, DIALECTS["mkdocs-jupyter"], CONTENTS["plot"], pages=1, blocks=1, theme="material")
    assert '"cell_type": "code"' in (tmp_path / "docs" / "index.ipynb").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="processes are counted in /proc")
def test_a_server_shows_edits_and_leaves_nothing(tmp_path):
    base, ours = serve_in_turn(tmp_path, ["unexecuted", "chainrule"], rebuilds=1, blocks=1, theme="mkdocs")
    assert base.runs == 0
    assert base.stop < 60
    assert ours.stop < 60
