"""Two builds of the documentation give the same bytes."""

from __future__ import annotations

import gzip
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from building import REPOSITORY, mkdocs

if TYPE_CHECKING:
    from pathlib import Path


def contents(site: Path) -> dict[str, bytes]:
    """Every file of a site, less the date that plain MkDocs writes into its sitemap."""
    files = {str(file.relative_to(site)): file.read_bytes() for file in site.rglob("*") if file.is_file()}
    for name in [name for name in files if name.endswith(".gz")]:
        files[name] = gzip.decompress(files[name])  # the header holds the time
    return {name: re.sub(rb"<lastmod>.*?</lastmod>", b"", data) for name, data in files.items()}


def checkout(folder: Path) -> Path:
    """What the documentation is made of, in a folder of its own, where nothing is stored yet."""
    for name in ["docs", "benchmarks"]:
        shutil.copytree(REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ["engine", "plugin"]:  # what the reference reads
        (folder / name).symlink_to(REPOSITORY / name)
    shutil.copy(REPOSITORY / "mkdocs.yml", folder)
    return folder


@pytest.mark.slow
def test_two_clean_builds_are_the_same_bytes(tmp_path: Path) -> None:
    sites = []
    for seed, (name, zone) in enumerate([("one", "UTC"), ("another/two", "Asia/Tokyo")]):
        folder = checkout(tmp_path / name)
        run = mkdocs("build", "--strict", cwd=folder, TZ=zone, PYTHONHASHSEED=str(seed))
        assert run.returncode == 0, run.stderr
        assert "from the store" not in run.stderr
        sites.append(contents(folder / "site"))
    one, two = sites
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []
