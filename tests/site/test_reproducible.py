"""Two builds of the documentation give the same bytes."""

from __future__ import annotations

import gzip
import re
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


@pytest.mark.slow
def test_two_builds_are_the_same_bytes(tmp_path: Path) -> None:
    sites = []
    for name, zone in [("one", "UTC"), ("two", "Asia/Tokyo")]:
        run = mkdocs(
            "build",
            "--strict",
            "--site-dir",
            tmp_path / name,
            cwd=REPOSITORY,
            TZ=zone,
            PYTHONHASHSEED=str(len(sites)),
        )
        assert run.returncode == 0, run.stderr
        sites.append(contents(tmp_path / name))
    one, two = sites
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []
