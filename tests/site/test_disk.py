"""Small sites in whose folders something is odd: they are built, and what they show is true."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from benchmarks.fuzzing.disk import mutate

from building import mkdocs

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = "site_name: T\ntheme: {name: mkdocs}\nplugins: [search, chainrule]\n"
WRITER = """# A

```autograd
import json, pathlib
pathlib.Path('docs/gen').mkdir(exist_ok=True)
json.dump({'a': 1}, open('docs/gen/data.json', 'w'))
print('wrote')
```

[data](gen/data.json)
"""

pytestmark = pytest.mark.slow


def site(root: Path, **pages: str) -> Path:
    (root / "docs").mkdir()
    (root / "mkdocs.yml").write_text(CONFIG)
    for name, text in pages.items():
        (root / f"docs/{name}.md").write_text(text)
    return root


def fence(source: str, options: str = "") -> str:
    return f"# T\n\n```autograd{options}\n{source}\n```\n\nAfter.\n"


def test_another_zone_is_another_time(tmp_path: Path) -> None:
    root = site(tmp_path, index=fence("import time\nprint('V', time.localtime(0).tm_hour)"))
    for zone, hour in (("UTC", 0), ("Asia/Tokyo", 9), ("Asia/Tokyo", 9)):
        run = mkdocs("build", "--strict", cwd=root, TZ=zone)
        assert run.returncode == 0, run.stderr
        assert f"V {hour}" in (root / "site/index.html").read_text()
    assert "1 from the store" in run.stderr


def test_a_point_is_the_whole_project(tmp_path: Path) -> None:
    root = site(tmp_path, index=fence("print(open('data/a.txt').read())", ' depends="."'))
    (root / "data").mkdir()
    (root / "data/a.txt").write_text("first")
    for content, counted in (
        ("first", "ran 1"),
        ("first", "ran 0"),
        ("second", "ran 1"),
        ("second", "ran 0"),
    ):
        (root / "data/a.txt").write_text(content)
        run = mkdocs("build", "--strict", cwd=root)
        assert run.returncode == 0, run.stderr
        assert counted in run.stderr
        assert content in (root / "site/index.html").read_text()


def test_what_a_block_wrote_is_made_again(tmp_path: Path) -> None:
    root = site(tmp_path, index=WRITER)
    for number, counted in enumerate(("ran 1", "ran 0", "ran 1", "ran 0")):
        if number == 2:
            shutil.rmtree(root / "docs/gen")
        run = mkdocs("build", cwd=root)
        assert run.returncode == 0, run.stderr
        assert counted in run.stderr
        assert (root / "docs/gen/data.json").exists()
        assert (root / "site/gen/data.json").read_text() == '{"a": 1}'


def test_two_builds_are_the_same_bytes_whatever_was_in_the_store(tmp_path: Path) -> None:
    root = site(tmp_path, **{f"p{n}": fence(f"print({n}); {n}") for n in range(8)}, index=WRITER)

    def built() -> dict[str, bytes]:
        run = mkdocs("build", cwd=root, SOURCE_DATE_EPOCH="1700000000")
        assert run.returncode == 0, run.stderr
        return {
            str(path.relative_to(root)): path.read_bytes()
            for path in (root / "site").rglob("*")
            if path.is_file() and "sitemap" not in path.name
        }

    first = built()
    for store in (root / ".cache").rglob("*.json"):
        store.write_bytes(b"[" * 100_000)
    assert built() == first
    assert built() == first


def test_a_site_is_built_whatever_its_disk_holds(tmp_path: Path) -> None:
    """Forged results may look like anything; their pages are whole all the same."""
    pages = {f"p{n}": fence(f"print({n})\n'text {n}'") for n in range(12)}
    root = site(tmp_path, **pages, index=WRITER)
    for freeze in ("", "{freeze: _freeze, execute: always}"):
        (root / "mkdocs.yml").write_text(CONFIG.replace("chainrule]", f"chainrule: {freeze or '{}'}]"))
        assert mkdocs("build", cwd=root).returncode == 0
    for number, options in enumerate(("{}", "{freeze: _freeze}", "{freeze: _freeze, execute: never}")):
        (root / "mkdocs.yml").write_text(CONFIG.replace("chainrule]", f"chainrule: {options}]"))
        done = mutate(root, number)
        run = mkdocs("build", cwd=root)
        assert run.returncode == 0, (done, run.stderr[-3000:])
        assert "Traceback" not in run.stderr
        for name in pages:
            assert "After." in (root / f"site/{name}/index.html").read_text()
    assert not (root / "outside.svg").exists()
