"""A site of what libraries showed, built once for each theme, and once without HTML."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from libraries import CASES, RECORDED
from projects import Project
from shown import THEMES

if TYPE_CHECKING:
    from pathlib import Path

RECALL = """# Libraries

```autograd setup="yes"
import json
from pathlib import Path


class Recorded:
    def __init__(self, data, metadata):
        self.data, self.metadata = data, metadata

    def __repr__(self):
        return self.data.get("text/plain", "")

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.data, self.metadata


def recall(package, name):
    library = json.loads(Path(f"recorded/{package}.json").read_text("utf-8"))
    for bundle in library["shown"][name]:
        display(Recorded(**bundle))
```
"""
CELL = '## {}\n\n```autograd source="none"\n{}\n```\n'
CONFIG = "site_name: T\n{}plugins: [search, {{chainrule: {{timeout: 120, memory: 8 GiB, allow_html: {}}}}}]\n"


@pytest.fixture(scope="session")
def recalled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Project]:
    """Sites of all that is recorded, by their themes; `text` is the plain theme without HTML."""
    built = {}
    for name, theme, allowed in (
        *((name, theme, "yes") for name, theme in THEMES.items()),
        ("text", "", "no"),
    ):
        project = Project(tmp_path_factory.mktemp(name))
        shutil.copytree(RECORDED, project.root / "recorded")
        project.configure(CONFIG.format(theme or THEMES["plain"], allowed))
        cells = [
            CELL.format(case.title, f"recall({case.package!r}, {case.name!r})")
            for case in CASES
            if case.recorded
        ]
        project.page("index.md", "\n".join([RECALL, *cells]))
        run = project.build("--strict")
        assert run.returncode == 0, run.stderr
        (project.root / "said.txt").write_text(run.stderr, encoding="utf-8")
        built[name] = project
    return built


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    """What the libraries that are installed show now: with HTML, and without."""
    project = Project(tmp_path_factory.mktemp("asked"))
    for package in {case.package for case in CASES if case.is_installed}:
        cells = [CELL.format(case.title, case.source) for case in CASES if case.package == package]
        project.page(f"{package}.md", "\n".join([f"# {package}", *cells]))
    project.page("index.md", "# Home\n")
    for allowed in ("yes", "no"):
        project.configure(CONFIG.format(THEMES["plain"], allowed) + f"site_dir: html-{allowed}\n")
        run = project.build()
        assert "ERROR" not in run.stderr, run.stderr
    return {
        case.package: tuple(
            project.root / f"html-{allowed}" / case.package / "index.html" for allowed in ("yes", "no")
        )
        for case in CASES
        if case.is_installed
    }
