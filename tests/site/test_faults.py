"""A block that fails, hangs or dies costs only itself, and the build says where."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from building import mkdocs

CONFIG = "site_name: Faults\ntheme: {name: mkdocs, highlightjs: false}\nplugins: [search, chainrule]\n"
GOOD = "# Good\n\n```autograd\nprint(6 * 7)\n```\n"
FAULTS = {
    "error.md": ("x = 1\nlerning_rate", 6, "NameError: name 'lerning_rate' is not defined"),
    "loop.md": ("print('before')\nwhile True: pass", 5, "longer than 1 s"),
    "exit.md": ("print('before')\nimport os; os._exit(0)", 5, "exit"),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    docs = tmp_path / "docs"
    docs.mkdir()
    (tmp_path / "mkdocs.yml").write_text(CONFIG)
    (docs / "index.md").write_text(GOOD)
    for name, (source, _, _) in FAULTS.items():
        (docs / name).write_text(f'# Bad\n\n\n```autograd timeout="1"\n{source}\n```\n\nThe end of {name}.\n')
    return tmp_path


def test_a_build_ends_and_its_pages_are_whole(project: Path) -> None:
    run = mkdocs("build", cwd=project)
    assert run.returncode == 0, run.stderr
    assert "42" in (project / "site" / "index.html").read_text()
    for name in FAULTS:
        page = (project / "site" / Path(name).stem / "index.html").read_text()
        assert f"The end of {name}" in page
        assert f"docs/{name}:" in page
    assert "before" in (project / "site/loop/index.html").read_text()


@pytest.mark.slow
def test_a_strict_build_names_every_place_and_fails(project: Path) -> None:
    run = mkdocs("build", "--strict", cwd=project)
    assert run.returncode == 1
    for name, (_, line, message) in FAULTS.items():
        said = re.search(rf"docs/{name}:(\d+): (.*)", run.stderr)
        assert said, run.stderr
        assert message in said[2]
        assert int(said[1]) in {line, line + 1}  # a killed block may know its line, or only where it starts
    assert "Traceback" not in run.stderr
