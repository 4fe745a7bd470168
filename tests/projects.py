"""Small sites, built as an author builds them."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from building import REPOSITORY, mkdocs

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

PAGES = REPOSITORY / "tests" / "pages"
CONFIG = "site_name: Test\ntheme: {name: mkdocs, highlightjs: false}\nplugins: [chainrule]\n"


@dataclass(frozen=True)
class Project:
    """A folder with mkdocs.yml and docs."""

    root: Path

    def page(self, name: str, text: str, *, newline: str = "\n") -> None:
        path = self.root / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline=newline)

    def configure(self, config: str = CONFIG) -> None:
        (self.root / "mkdocs.yml").write_text(config, encoding="utf-8")

    def record(self) -> None:
        """Let the next build write down which blocks it found."""
        shutil.copy(PAGES / "recording.py", self.root)
        with (self.root / "mkdocs.yml").open("a", encoding="utf-8") as config:
            config.write("hooks: [recording.py]\n")

    def build(self, *arguments: str | Path, script: str = "mkdocs") -> subprocess.CompletedProcess[str]:
        return mkdocs("build", *arguments, cwd=self.root, script=script)

    def html(self, name: str = "index.html") -> str:
        return (self.root / "site" / name).read_text(encoding="utf-8")

    @property
    def recorded(self) -> dict[str, Any]:
        recorded: dict[str, Any] = json.loads((self.root / "recorded.json").read_text(encoding="utf-8"))
        return recorded
