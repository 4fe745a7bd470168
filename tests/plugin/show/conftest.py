"""The pages of `shown`, built once with each theme, and served."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from building import serve
from shown import CONFIG, PAGES, THEMES, build

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_EXPECTED = re.compile(r"docs/broken\.md")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the built sites go to."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="session")
def address(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the sites are served: instant navigation wants to know before they are built."""
    configs = {theme: CONFIG + config for theme, config in THEMES.items()}
    with serve(site) as url:
        for said in build(tmp_path_factory.mktemp("show"), site, url, PAGES, configs).values():
            lines = said.split("\n")
            assert not [line for line in lines if "ERROR" in line and not _EXPECTED.search(line)]
        yield url
