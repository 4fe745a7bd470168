"""From a checkout to a static host: a restored store, two builds at once, any path, the same bytes."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from browsing import MERMAID, graphs
from building import REPOSITORY, mkdocs
from mkdocs_chainrule.store.plan import STORE
from projects import Project

CONFIG = """site_name: Publishing
site_url: https://example.org/book/
theme: {{name: material, font: false}}
plugins:
  - search
  - chainrule: {{workers: {workers}}}
{more}"""
PAGE = """# Page {n}

```autograd
from chainrule import Value

a = Value(2.0)
(a * a + {n}).backward()
```

```autograd graph="svg"
a * {n}
```

```autograd
import matplotlib.pyplot as plt
import numpy as np

plt.plot(np.random.default_rng({n}).normal(size=20))
```

```autograd
import random

print({{"a", "b", "c", "d"}}, random.random(), np.random.rand())
```
"""
OWN = "javascripts/mermaid.min.js"
BLOCKS = 4
PAGES = 5


def workflows() -> list[Any]:
    page = (REPOSITORY / "docs/how-to/freeze-and-publish.md").read_text(encoding="utf-8")
    return [yaml.safe_load(text) for text in re.findall(r'```yaml title="[^"]*"\n(.*?)```', page, re.DOTALL)]


def test_the_workflows_restore_the_store_and_build_strictly() -> None:
    publish, preview = workflows()
    steps = [step for job in (*publish["jobs"].values(), *preview["jobs"].values()) for step in job["steps"]]
    assert [step["run"] for step in steps if "mkdocs build" in step.get("run", "")] == [
        "mkdocs build --strict"
    ] * 2
    (store,) = [step["with"]["path"] for step in steps if "cache@" in step.get("uses", "")]
    assert store == STORE
    assert preview["permissions"] == {"contents": "read"}


def project(root: Path, *, workers: int = 2, more: str = "") -> Project:
    site = Project(root)
    for n in range(PAGES):
        site.page("index.md" if n == 0 else f"page{n}.md", PAGE.format(n=n))
    site.configure(CONFIG.format(workers=workers, more=more))
    return site


def contents(root: Path) -> dict[str, bytes]:
    """Every file of a site, less the date that plain MkDocs writes into its sitemap."""
    site = root / "site"
    files = {str(file.relative_to(site)): file.read_bytes() for file in site.rglob("*") if file.is_file()}
    for name in [name for name in files if name.endswith(".gz")]:
        files[name] = gzip.decompress(files[name])
    return {name: re.sub(rb"<lastmod>.*?</lastmod>", b"", data) for name, data in files.items()}


def differing(one: dict[str, bytes], two: dict[str, bytes]) -> list[str]:
    return [name for name in one.keys() | two.keys() if one.get(name) != two.get(name)]


@pytest.mark.slow
def test_a_restored_store_runs_nothing_in_another_checkout(tmp_path: Path) -> None:
    here = project(tmp_path / "here")
    assert here.build("--strict").returncode == 0
    there = project(tmp_path / "there")
    shutil.copytree(here.root / STORE, there.root / STORE)
    run = there.build("--strict")
    assert run.returncode == 0
    assert f"ran 0 blocks, none failed, {PAGES * BLOCKS} from the store" in run.stderr
    assert differing(contents(here.root), contents(there.root)) == []


@pytest.mark.slow
def test_clean_builds_are_the_same_bytes_wherever_whenever_and_however(tmp_path: Path) -> None:
    sites = []
    for name, workers, umask, environment in (
        ("one", 1, 0o022, {"TZ": "UTC", "PYTHONHASHSEED": "1"}),
        ("another/two", 4, 0o077, {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "2", "LC_ALL": "C"}),
    ):
        site = project(tmp_path / name, workers=workers)
        before = os.umask(umask)
        try:
            run = mkdocs("build", "--strict", cwd=site.root, **environment)
        finally:
            os.umask(before)
        assert run.returncode == 0, run.stderr
        assert f"ran {PAGES * BLOCKS} blocks" in run.stderr
        sites.append(contents(site.root))
    assert differing(*sites) == []


@pytest.mark.slow
def test_two_builds_at_once_and_one_that_is_killed(tmp_path: Path) -> None:
    site = project(tmp_path / "book")
    command = [Path(sys.executable).with_name("mkdocs"), "build", "--strict", "--site-dir"]
    quiet: Any = {"cwd": site.root, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    for patience in (0.8, 1.6, 2.4):  # killed before, while and after its blocks run, or thereabouts
        shutil.rmtree(site.root / ".cache", ignore_errors=True)
        killed = subprocess.Popen([*command, tmp_path / "killed"], start_new_session=True, **quiet)
        time.sleep(patience)
        killed.kill()
        killed.wait()
        both = [subprocess.Popen([*command, tmp_path / name], **quiet) for name in ("left", "right")]
        assert [each.wait(timeout=120) for each in both] == [0, 0]
        run = site.build("--strict")
        assert run.returncode == 0
        assert f"ran 0 blocks, none failed, {PAGES * BLOCKS} from the store" in run.stderr
        assert "stored result is" not in run.stderr
        left, right = (
            {p.name: p.read_bytes() for p in (tmp_path / name).rglob("*.html")} for name in ("left", "right")
        )
        assert left == right


@pytest.mark.slow
@pytest.mark.parametrize("more", ["", "use_directory_urls: false\n"])
def test_every_address_is_relative(tmp_path: Path, more: str) -> None:
    """So that the site works below a path, and from a disk."""
    site = project(tmp_path, more=more)
    site.configure(CONFIG.format(workers=2, more="  - offline\n" if more else ""))
    assert site.build("--strict").returncode == 0
    pages = list((site.root / "site").rglob("*.html"))
    seen = 0
    for page in pages:
        if page.name == "404.html":
            continue
        for url in re.findall(r'(?:href|src)="([^"]*assets/chainrule[^"]*)"', page.read_text()):
            assert not url.startswith(("/", "http"))
            assert (page.parent / url).exists(), (page, url)
            seen += 1
    assert seen >= 3 * PAGES


@pytest.mark.slow
def test_the_site_is_read_from_a_disk(tmp_path: Path, visit: Any) -> None:
    site = project(tmp_path)
    site.configure(CONFIG.format(workers=2, more="  - offline\n").replace("workers: 2", f"mermaid_js: {OWN}"))
    (site.root / "docs" / OWN).parent.mkdir()
    shutil.copy(MERMAID, site.root / "docs" / OWN)
    assert site.build("--strict").returncode == 0
    visitor = visit((site.root / "site/page2.html").as_uri())
    drawn = graphs(visitor.page)
    assert len(drawn) == 2
    assert all(any("4" in text for text in graph) for graph in drawn)
    visitor.page.get_by_role("button", name="Zoom in").last.click()
    script = visitor.page.locator("a[download]").first.evaluate("link => link.href")
    assert script.startswith("file:")
    assert Path(script.removeprefix("file://")).read_text().startswith("#")
    node = "getComputedStyle(document.querySelector('.chainrule')).getPropertyValue('--chainrule-ink')"
    assert visitor.page.evaluate(node) != ""  # the style was found
    theirs = [url for url in visitor.external if "iframe-worker" in url]  # Material's search on a disk
    assert visitor.external == theirs
    assert len(visitor.console) == len(theirs)
