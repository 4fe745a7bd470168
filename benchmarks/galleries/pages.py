"""Which examples of a gallery become pages, and which files lie beside them."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from benchmarks.galleries.cells import Cell, of_notebook, of_script

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Gallery:
    """Where a library keeps its examples.

    Attributes:
        examples: Patterns of paths below its source.
        left_out: Patterns of names that its authors do not run either, and why.
    """

    examples: tuple[str, ...]
    left_out: Mapping[str, str]


GALLERIES = {
    "matplotlib": Gallery(
        ("galleries/*/**/*.py",),
        {
            "*sgskip*": "its authors do not run it either",
            "*/user_interfaces/*": "it opens windows of a toolkit",
        },
    ),
    "seaborn": Gallery(("examples/*.py", "doc/_docstrings/*.ipynb"), {}),
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
    """Return the files that lie beside the examples, by their path as an example names them."""
    found = {}
    for folder in {path.parent for path in _paths(gallery, source)}:
        for path in folder.rglob("*"):
            if path.is_file() and path.suffix not in {".py", ".ipynb", ".rst", ".pyc"}:
                found.setdefault(path.relative_to(folder).as_posix(), path)
    return found
