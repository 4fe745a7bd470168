"""Fixtures of the plugin's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from projects import Project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with a configuration and no pages yet."""
    project = Project(tmp_path)
    project.configure()
    return project
