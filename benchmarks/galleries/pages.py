"""Which examples of a gallery become pages, and which files lie beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from benchmarks.galleries.cells import Cell, of_notebook, of_script

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

IMPORT = re.compile(r"^\s*(?:from|import) (\w+)", re.MULTILINE)
NO_DATA = {".py", ".ipynb", ".rst", ".pyc"}


@dataclass(frozen=True)
class Gallery:
    """Where a library keeps its examples.

    Attributes:
        examples: Patterns of paths below its source.
        left_out: Patterns of names that its authors do not run either, and why.
        data: The variable that names the folder of the data sets which it would fetch, where we have stand-ins.
    """

    examples: tuple[str, ...]
    left_out: Mapping[str, str]
    data: str = ""


GALLERIES = {
    "matplotlib": Gallery(
        ("galleries/*/**/*.py",),
        {
            "*sgskip*": "its authors do not run it either",
            "*/user_interfaces/*": "it opens windows of a toolkit",
        },
    ),
    "seaborn": Gallery(("examples/*.py", "doc/_docstrings/*.ipynb"), {}, "SEABORN_DATA"),
    "networkx": Gallery(("examples/**/*.py",), {"*/mayavi2_*": "it opens a window of Mayavi"}),
}


@dataclass(frozen=True)
class Page:
    """An example; its name is its path below the source, without the ending."""

    name: str
    cells: tuple[Cell, ...]

    @property
    def blocks(self) -> list[str]:
        """The code, in parts."""
        return [cell.text for cell in self.cells if cell.is_code]

    @property
    def file(self) -> str:
        """The name as one of a file."""
        return self.name.replace("/", "-")


def pages(gallery: Gallery, source: Path, only: str = "*", first: int | None = None) -> list[Page]:
    """Return the examples whose name fits a pattern, so many at most."""
    found = [page for page in _all(gallery, source) if fnmatch(page.name, only)]
    return found[:first]


def _all(gallery: Gallery, source: Path) -> Iterator[Page]:
    for path in _paths(gallery, source):
        name = path.relative_to(source).with_suffix("").as_posix()
        if not any(fnmatch(name, pattern) for pattern in gallery.left_out):
            read = of_notebook if path.suffix == ".ipynb" else of_script
            yield Page(name, tuple(read(path.read_text("utf-8"))))


def left_out(gallery: Gallery, source: Path) -> dict[str, str]:
    """Return the examples that become no page, each with the reason."""
    names = [path.relative_to(source).with_suffix("").as_posix() for path in _paths(gallery, source)]
    return {
        name: why for name in names for pattern, why in gallery.left_out.items() if fnmatch(name, pattern)
    }


def _paths(gallery: Gallery, source: Path) -> list[Path]:
    return sorted({path for pattern in gallery.examples for path in source.glob(pattern)})


def beside(gallery: Gallery, source: Path) -> dict[str, Path]:
    """Return the files that lie beside the examples, and the modules, by their path as an example names them."""
    found: dict[str, Path] = {}
    scripts = [path for path in _paths(gallery, source) if path.suffix == ".py"]
    imported = {name for path in scripts for name in IMPORT.findall(path.read_text("utf-8"))}
    for folder in sorted({path.parent for path in _paths(gallery, source)}):
        for path in sorted(folder.rglob("*")):
            is_data = path.suffix not in NO_DATA and path.name != "matplotlibrc"
            if path.is_file() and (is_data or (path.suffix == ".py" and path.stem in imported)):
                found.setdefault(path.relative_to(folder).as_posix(), path)
    return found
