"""The house in figures: lines by room, the largest files, and the share of lines that explain, beside another checkout's."""

from __future__ import annotations

import ast
import io
import tokenize
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

HERE = Path(__file__).parent.parent
PACKAGES = ("engine/chainrule", "plugin/mkdocs_chainrule")
MOST_FILES, MOST_LINES, MOST_TEST_LINES = 20, 320, 600


@dataclass(frozen=True)
class File:
    """A Python file, its path from the top of the checkout."""

    path: Path
    text: str

    @property
    def lines(self) -> int:
        """Its lines, as `wc -l` counts them."""
        return self.text.count("\n")

    @property
    def explaining(self) -> int:
        """Those that hold a comment or are part of a docstring."""
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        comments = {token.start[0] for token in tokens if token.type == tokenize.COMMENT}
        return len(comments.union(*_docstrings(ast.parse(self.text))))


def read(checkout: Path, folder: str) -> list[File]:
    """Return the Python files under a folder of a checkout."""
    paths = sorted((checkout / folder).rglob("*.py"))
    return [
        File(path.relative_to(checkout), path.read_text(encoding="utf-8"))
        for path in paths
        if "node_modules" not in path.parts
    ]


def _docstrings(tree: ast.AST) -> Iterator[range]:
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str())):  # attributes have docstrings too
                yield range(node.lineno, (node.end_lineno or node.lineno) + 1)


def broken(checkout: Path = HERE) -> list[str]:
    """Return where the house is larger than it may be: folders of too many files, files of too many lines."""
    code = [file for package in PACKAGES for file in read(checkout, package)]
    tests = read(checkout, "tests")
    folders = Counter(file.path.parent for file in code)
    return [
        *(f"{folder}: {count} files" for folder, count in folders.items() if count > MOST_FILES),
        *(f"{file.path}: {file.lines} lines" for file in code if file.lines > MOST_LINES),
        *(f"{file.path}: {file.lines} lines" for file in tests if file.lines > MOST_TEST_LINES),
    ]


def report(console: Console, other: Path | None) -> None:
    """Print the figures, those of another checkout beside them."""
    checkouts = [HERE, *([other] if other else [])]
    for package in PACKAGES:
        found = [read(checkout, package) for checkout in checkouts]
        table = Table(title=package, title_justify="left")
        for head in ("room", "files", "lines", *(["lines there"] if other else [])):
            table.add_column(head, justify="left" if head == "room" else "right")
        rooms = [_rooms(files, package) for files in found]
        for room in sorted(set().union(*rooms)):
            here = [len([file for file in found[0] if _room(file, package) == room]), rooms[0][room]]
            table.add_row(room, *map(str, here), *(str(there[room]) for there in rooms[1:]))
        table.add_row("all", str(len(found[0])), *(str(each.total()) for each in rooms), style="bold")
        console.print(table)
        for checkout, files in zip(checkouts, found, strict=True):
            share = sum(file.explaining for file in files) / sum(file.lines for file in files)
            console.print(f"comments and docstrings: {share:.1%} of the lines of {checkout.name}")
        largest = sorted(found[0], key=lambda file: -file.lines)[:5]
        console.print("largest: " + ", ".join(f"{file.path.name} {file.lines}" for file in largest) + "\n")
    for line in broken():
        console.print(f"too large: {line}")


def _rooms(files: list[File], package: str) -> Counter[str]:
    rooms: Counter[str] = Counter()
    for file in files:
        rooms[_room(file, package)] += file.lines
    return rooms


def _room(file: File, package: str) -> str:
    inside = file.path.relative_to(package).parts
    return inside[0] + "/" if len(inside) > 1 else "at the top"
