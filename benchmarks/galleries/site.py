"""The temporary site of a gallery, and its build by the real `mkdocs build`."""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import TYPE_CHECKING

from benchmarks.galleries.cells import markdown
from benchmarks.sites.processes import environment, run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from benchmarks.galleries.pages import Page

THEMES = {
    "material": """theme:
  name: material
  font: false
  palette:
    - {media: "(prefers-color-scheme: light)", scheme: default}
    - {media: "(prefers-color-scheme: dark)", scheme: slate}
""",
    "plain": "theme: {name: mkdocs, color_mode: auto}\n",
}
SETTINGS = """site_name: Gallery
plugins:
  - chainrule: {timeout: %d}
nav: [index.md]
not_in_nav: "*"
"""


def write(folder: Path, pages: Sequence[Page], beside: Mapping[str, Path], theme: str, timeout: int) -> None:
    """Write a project, whose blocks find the files beside it."""
    for name, path in beside.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder / name)
    for page in pages:
        file = folder / "docs" / f"{page.name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(markdown(list(page.cells)), "utf-8")
    (folder / "docs" / "index.md").write_text("# Gallery\n", "utf-8")
    (folder / "mkdocs.yml").write_text(SETTINGS % timeout + THEMES[theme], "utf-8")


def variables(product: Path, *more: Path) -> dict[str, str]:
    """Return an environment in which a checkout is the product, and its random numbers and hashes repeat."""
    paths = [*more, product / "engine", product / "plugin"]
    return {**environment(), "PYTHONPATH": os.pathsep.join(map(str, paths)), "PYTHONHASHSEED": "0"}


def build(folder: Path, surroundings: dict[str, str], log: Path) -> dict[str, float]:
    """Build a project from nothing, and return what it cost.

    Raises:
        RuntimeError: It failed, as the log says.
    """
    shutil.rmtree(folder / ".cache", ignore_errors=True)
    command = [sys.executable, "-m", "mkdocs", "build"]
    if (script := _beside("mkdocs")) is not None:
        command[:3] = [sys.executable, str(script)]
    logged = ["sh", "-c", 'exec "$@" >"$0" 2>&1', str(log), *command]
    cost = run(logged, folder, surroundings)
    found = {"wall": cost.wall, "cpu": cost.cpu, "memory": cost.memory}
    (folder / "build.json").write_text(json.dumps(found), "utf-8")
    return found


def _beside(name: str) -> Path | None:
    from pathlib import Path

    script = Path(sys.executable).with_name(name)
    return script if script.is_file() else None
