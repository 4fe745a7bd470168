"""Every fault of the kit in a site: the site is whole, and each fault is named at its line."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest

from building import mkdocs
from faulty import ENDURED, FAULTS, processes

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

CONFIG = """site_name: Faults
theme: {name: mkdocs, highlightjs: false}
plugins:
  - search
  - chainrule: {memory: 128}
"""
FIRST_LINE = 6  # of a page's code

pytestmark = pytest.mark.slow


def build(root: Path, pages: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    docs = root / "docs"
    docs.mkdir(exist_ok=True)
    (root / "mkdocs.yml").write_text(CONFIG)
    (docs / "index.md").write_text("# Good\n\n```autograd\nprint(6 * 7)\n```\n")
    for name, text in pages.items():
        (docs / f"{name}.md").write_text(text)
    return mkdocs("build", *arguments, cwd=root)


def page(source: str, timeout: float) -> str:
    return f'# Fault\n\nBefore.\n\n```autograd timeout="{timeout}"\n{source}\n```\n\nAfter.\n'


def slug(name: str) -> str:
    return re.sub(r"\W+", "-", name.lower())


def test_all_faults_each_on_its_page(tmp_path: Path) -> None:
    run = build(tmp_path, {slug(name): page(f.source, f.timeout) for name, f in FAULTS.items()}, "--strict")
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    for name, fault in FAULTS.items():
        place = f"docs/{slug(name)}.md:{FIRST_LINE + fault.line - 1}: "
        said = [line for line in run.stderr.splitlines() if place in line]
        assert len(said) == 1, (place, run.stderr)
        assert re.search(fault.message, said[0])


def test_the_pages_are_whole(tmp_path: Path) -> None:
    pages = {slug(name): page(f.source, f.timeout) for name, f in FAULTS.items()}
    pages |= {slug(name): page(source, 20.0) for name, source in ENDURED.items()}
    run = build(tmp_path, pages)
    assert run.returncode == 0, run.stderr
    assert "42" in (tmp_path / "site/index.html").read_text()
    for name in pages:
        html = (tmp_path / "site" / name / "index.html").read_text()
        assert "Before." in html
        assert "After." in html
        assert str(tmp_path) not in html
    for name, source in ENDURED.items():
        for argument in re.findall(r"'(60\d)'", source):
            assert not processes("sleep", argument), name
    assert not [
        line for line in run.stderr.splitlines() if any(f"docs/{slug(n)}.md" in line for n in ENDURED)
    ]
    assert not processes("mkdocs_chainrule.worker.forkserver", os.fspath(tmp_path))


def test_all_faults_on_one_page(tmp_path: Path) -> None:
    fences = [
        f'```autograd timeout="{f.timeout}" on_error="continue"\n{f.source}\n```' for f in FAULTS.values()
    ]
    run = build(tmp_path, {"all": "# All\n\n" + "\n\n".join(fences) + "\n\nAfter.\n"}, "--strict")
    assert run.returncode == 1
    # The first of them hangs, and ends the session: it is named, the others are counted.
    assert re.search(r"docs/all.md:\d+: ran longer than 0.5 s", run.stderr), run.stderr
    assert f"{len(FAULTS) - 1} later blocks" in run.stderr
    assert "Traceback" not in run.stderr
