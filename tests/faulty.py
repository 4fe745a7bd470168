"""The kit of faults: blocks that do to their process what a block can do, from two pages of the tests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PAGES = Path(__file__).parent / "pages"
SILENT = {"syntax error", "syntax error that the compiler finds", "indentation error"}


@dataclass(frozen=True)
class Fault:
    """A block that fails.

    Attributes:
        line: The line of the source that has to be named, from 1.
        message: A pattern of what has to be said.
    """

    source: str
    kind: str
    message: str

    @property
    def line(self) -> int:
        return self.source.split("# here")[0].count("\n") + 1

    @property
    def timeout(self) -> float:
        if self.kind != "timeout":
            return 30.0
        return (
            5.0 if "import numpy" in self.source else 0.5
        )  # where it has to be loaded first, that takes time


def _sections(page: str) -> dict[str, str]:
    _, *parts = re.split(r"^## ", (PAGES / page).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {heading: body for heading, _, body in (part.partition("\n") for part in parts)}


def _source(section: str) -> str:
    return re.search(r"```autograd\n(.*)\n```", section, re.DOTALL)[1]


def _fault(section: str) -> Fault:
    kind, message = re.search(r"^(\w+): `(.*)`$", section, re.MULTILINE).groups()
    return Fault(_source(section), kind, message)


FAULTS = {name: _fault(section) for name, section in _sections("faults.md").items()}
ENDURED = {name: _source(section) for name, section in _sections("endured.md").items()}


def processes(*words: str) -> list[str]:
    """The command lines of running processes that hold all the words."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if all(word in command for word in words):
            found.append(" ".join(command))
    return found
