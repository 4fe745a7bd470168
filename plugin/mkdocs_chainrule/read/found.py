"""The blocks of a build, found while its pages are read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.read.lines import Stamps
from mkdocs_chainrule.read.placeholders import Marks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkdocs_chainrule.errors import Problem
    from mkdocs_chainrule.session.block import Block


@dataclass(frozen=True, slots=True)
class Found:
    """A block as its page was read: the source as the theme highlights it, what is wrong with its options."""

    block: Block
    source_html: str = ""
    problems: tuple[Problem, ...] = ()


class Pages:
    """The pages of a build, as they are read; and whatever is to be told of them."""

    def __init__(self, root: Path, options: Mapping[str, Any]) -> None:
        self._root, self.options = root, options
        self.has_formulas = False  # whether a script of the site sets what stands between dollar signs
        self.page = ""  # the file now being read, as its places name it
        self.stamps, self.marks = Stamps(), Marks()
        self.blocks: dict[str, Found] = {}  # by the keys of the marks that stand for them
        self._problems: dict[str, list[Problem]] = {}

    def name(self, path: str | Path) -> str:
        """Return a file's path as places write it: from the folder of mkdocs.yml, with forward slashes.

        A link in it counts as a folder or file of its own, where that is inside.
        """
        name = os.path.relpath(path, self._root)
        if _leads_out(name):
            real = os.path.relpath(os.path.realpath(path), os.path.realpath(self._root))
            name = name if _leads_out(real) else real
        return Path(name).as_posix()

    def is_outside(self, path: str | Path) -> bool:
        """Tell whether a file is not in the folder of mkdocs.yml."""
        return _leads_out(self.name(path))

    def add(self, key: str, found: Found, *, formula: bool = False) -> str:
        """Keep a block that a page holds, and return the mark to put in its place."""
        self.blocks[key] = found
        return self.marks.placeholder(key, inline=found.block.kind == "inline", formula=formula)

    def on(self, html: str) -> list[str]:
        """Return the keys of the blocks on a page that has been read, in its order."""
        return [key for key in self.marks.live(html) if key in self.blocks]

    def report(self, page: str, *problems: Problem) -> None:
        """Keep something to tell the author; even nothing, for a page that others are to follow."""
        self._problems.setdefault(page, []).extend(problems)

    @property
    def problems(self) -> list[Problem]:
        """What to tell the author, page by page; what pages share (a setup file that fails) once."""
        return list(dict.fromkeys(chain.from_iterable(self._problems.values())))

    def clear(self) -> None:
        """Forget all blocks and problems."""
        self.blocks.clear()
        self._problems.clear()


def _leads_out(name: str) -> bool:
    return Path(name).parts[:1] == (os.pardir,)
