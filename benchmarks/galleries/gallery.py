"""A whole gallery: its site built, looked at, and compared with the reference, page by page.

What a folder holds of it already is not made again, so that a run that was stopped goes on; for another
product take another folder.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.galleries import product, site
from benchmarks.galleries.looking import looker, read, unseen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from benchmarks.galleries.looking import Looker
    from benchmarks.galleries.pages import Page

ROOT = Path(__file__).parent.parent.parent
FRESH = 80  # pages, after which Chromium is started anew


@dataclass(frozen=True)
class Run:
    """One gallery of one product.

    Attributes:
        folder: Where all goes.
        product: The checkout that is measured.
        beside: Files that the examples read.
        data: The variable for the folder of the stand-ins for data sets, if there are any.
        seconds: At most, of a page in plain Python, and of a block in the build.
    """

    folder: Path
    product: Path
    pages: list[Page]
    beside: dict[str, Path]
    data: str
    browser: str
    theme: str
    seconds: int

    @property
    def project(self) -> Path:
        return self.folder / "project"

    @property
    def site(self) -> Path:
        return self.project / "site"

    def kept(self, kind: str) -> Path:
        """Return the folder for one kind of what is kept, made if need be."""
        folder = self.folder / kind
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def build(self) -> dict[str, float]:
        """Build the site, unless it is there."""
        told = self.project / "build.json"
        if told.exists():
            return read(told)
        site.write(self.project, self.pages, self.beside, self.theme, self.seconds)
        if self.data:
            from benchmarks.galleries import stand_ins

            stand_ins.write(self.folder / "data")
        return site.build(self.project, self.variables(), self.folder / "build.log")

    def variables(self, *paths: Path) -> dict[str, str]:
        """Return the environment of the build and, with our own folder among the paths, of plain Python."""
        data = {self.data: str(self.folder / "data")} if self.data else {}
        return {**site.variables(self.product, *paths), **data}

    def look(self, console: Console) -> None:
        """Look at every page, a part of them at a time."""
        todo = [page for page in self.pages if not (self.kept("looked") / f"{page.file}.json").exists()]
        for start in range(0, len(todo), FRESH):
            with looker(self.site, self.browser) as eye:
                self._colours(eye)
                for page in todo[start : start + FRESH]:
                    self._look(eye, page)
            console.print(f"looked at {min(start + FRESH, len(todo))} of {len(todo)} pages", highlight=False)

    def _look(self, eye: Looker, page: Page) -> None:
        try:
            said = eye.look(page.name, self.kept("pictures"), page.file)
        except unseen() as error:
            said = {"unseen": str(error).splitlines()[0]}
        (self.kept("looked") / f"{page.file}.json").write_text(json.dumps(said), "utf-8")

    def _colours(self, eye: Looker) -> None:
        """Ask once what the product's variables are."""
        told = self.folder / "colours.json"
        if not told.exists():
            script = (
                "import json; from benchmarks.galleries import product; print(json.dumps(product.roles()))"
            )
            answer = subprocess.run(
                [sys.executable, "-c", script],
                check=True,
                capture_output=True,
                env=self.variables(ROOT),
            )
            names = [*json.loads(answer.stdout).values(), product.INK, product.GROUND]
            told.write_text(json.dumps(eye.colours(self.pages[0].name, names)), "utf-8")

    def looked(self, page: Page) -> dict[str, Any]:
        """Return what was seen of a page."""
        return read(self.kept("looked") / f"{page.file}.json")

    def refer(self, pages: Iterable[Page], where: str = "reference") -> None:
        """Run pages in plain Python, two at a time; what fails in our rcParams, once more in Matplotlib's own."""
        todo = [page for page in pages if not (self.kept(where) / f"{page.file}.done").exists()]
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda number: self._refer(todo[number::2], where, number), range(2)))
        if where == "reference":
            self.refer([page for page in todo if self._came(page, where)["failures"]], "plain")

    def _refer(self, pages: list[Page], where: str, number: int) -> None:
        """Run some pages, and keep what came of each and what it printed."""
        if not pages:
            return
        jobs = self.kept(where) / f"jobs-{number}.json"
        jobs.write_text(json.dumps([self._job(page, where) for page in pages]), "utf-8")
        command = [sys.executable, "-m", "benchmarks.galleries.reference", str(jobs)]
        subprocess.run(command, check=True, env=self.variables(ROOT), stdin=subprocess.DEVNULL)
        for page in pages:
            shutil.rmtree(self.kept(where) / page.file)

    def _job(self, page: Page, where: str) -> dict[str, Any]:
        """Lay the files beside a page in a folder of its own, and return all that its process has to know."""
        out = self.kept(where)
        folder = out / page.file
        folder.mkdir(exist_ok=True)
        for name, path in self.beside.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder / name)
        return {
            "file": page.file,
            "plain": where == "plain",
            "blocks": page.blocks,
            "frames": self._frames(page),
            "shown": read(self.folder / "colours.json")["light"],
            "folder": str(folder),
            "log": str(out / f"{page.file}.log"),
            "out": str(out / f"{page.file}.jsonl"),
            "done": str(out / f"{page.file}.done"),
            "pictures": str(self.kept("pictures" if where == "reference" else where)),
            "seconds": 3 * self.seconds,  # as each figure is drawn three times
        }

    def _frames(self, page: Page) -> list[list[list[int]]]:
        """Return what of its figures a page shows, block by block: left, top, right and bottom."""
        frames: list[list[list[int]]] = [[] for _ in page.blocks]
        for figure in self.looked(page).get("figures", ()):
            if 0 <= figure["block"] < len(frames):
                frames[figure["block"]].append(figure["frame"])
        return frames

    def referred(self, page: Page, where: str = "reference") -> dict[str, Any]:
        """Return what came of a page in plain Python: what failed, failed in Matplotlib's own rcParams too."""
        told = self._came(page, where)
        if where == "reference" and told["failures"] and (self.kept("plain") / f"{page.file}.done").exists():
            plain = self._came(page, "plain")
            told |= {"failures": plain["failures"], "count": plain["count"]}
        return told

    def _came(self, page: Page, where: str) -> dict[str, Any]:
        out = self.kept(where)
        kept = out / f"{page.file}.jsonl"
        came = [json.loads(line) for line in kept.read_text("utf-8").splitlines()] if kept.exists() else []
        failures = [each["message"] for each in came if each["kind"] == "failure"]
        if not any(each["kind"] == "end" for each in came):
            failures.append(f"the process {(out / f'{page.file}.done').read_text('utf-8')}")
        figures = [each for each in came if each["kind"] in {"figure", "picture"}]
        return {
            "layout": any(each.get("layout", False) for each in came),
            "figures": figures,
            "count": len(figures),
            "failures": failures,
            "printed": (out / f"{page.file}.log").read_text("utf-8", "replace"),
        }
