"""Write sites: so many pages of so many blocks, in the dialect of each tool."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PROSE = (
    "The slope of a function says how much its value moves when its argument does. "
    "A derivative of a composed function is a product of such slopes, taken along the way. "
)
SAVE_FIGURE = """
from io import StringIO
text = StringIO()
plt.savefig(text, format="svg")
plt.close()
print(text.getvalue())
"""


@dataclass(frozen=True)
class Content:
    """What the blocks of a site do.

    Attributes:
        source: The block's code, by page and block number.
        proof: What its result looks like in HTML, so that no build is timed that did not run.
    """

    source: Callable[[int, int], str]
    proof: str


CONTENTS = {
    "small": Content(
        lambda page, block: f"n{block} = {page} + {block}\nprint('twice', 2 * n{block})\n", "twice 0"
    ),
    "graph": Content(
        lambda page, block: (
            f"from chainrule import Value\n\na, b = Value({page}.0), Value(-3.0)\nd = a * b + {block}.0\nd.backward()\n"
        ),
        "data -3",
    ),
    "plot": Content(
        lambda page, _: (
            "import matplotlib.pyplot as plt\nimport numpy as np\n\n"
            f"x = np.linspace(0, 6, 50)\nplt.plot(x, np.sin(x + {page}));\n"
        ),
        "<svg",
    ),
    "sleep": Content(lambda *_: "import time\n\ntime.sleep(0.5)\nprint('up at', 6 + 1)\n", "up at 7"),
}


@dataclass(frozen=True)
class Dialect:
    """How a tool wants its pages: the fence's head, the plugins, and what it needs said in code."""

    head: str
    plugins: tuple[object, ...]
    notebooks: bool = False
    figures: str = ""  # code that shows the open figure

    def plot_head(self) -> str:
        """Return the head of a fence that shows a figure."""
        return self.head + (' html="on"' if self.figures else "")


DIALECTS = {
    "unexecuted": Dialect("python", ("search",)),
    "chainrule": Dialect("autograd", ("search", {"chainrule": {"workers": 2}})),
    "markdown-exec": Dialect(
        'python exec="on" source="above"', ("search", "markdown-exec"), figures=SAVE_FIGURE
    ),
    "mkdocs-jupyter": Dialect("", ("search", {"mkdocs-jupyter": {"execute": True}}), notebooks=True),
}


def write_site(
    folder: Path, dialect: Dialect, content: Content, *, pages: int, blocks: int, theme: str
) -> None:
    """Write a whole project, in place of what is there."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "docs").mkdir(parents=True)
    config = {
        "site_name": "Benchmark",
        "theme": {"name": theme},
        "plugins": list(dialect.plugins),
        "markdown_extensions": ["pymdownx.highlight", "pymdownx.superfences"],
    }
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    for page in range(pages):
        sources = [content.source(page, block) for block in range(blocks)]
        name, write = ("ipynb", notebook) if dialect.notebooks else ("md", markdown)
        file = folder / "docs" / f"{page_name(page)}.{name}"
        file.write_text(write(dialect, page, sources), encoding="utf-8")


def page_name(page: int) -> str:
    """Return a page's name; the first one is the home page."""
    return "index" if page == 0 else f"page-{page:04}"


def markdown(dialect: Dialect, page: int, sources: list[str]) -> str:
    """Return a page of Markdown."""
    parts = [f"# Page {page}", PROSE]
    for source in sources:
        plot = "plt." in source
        head = dialect.plot_head() if plot else dialect.head
        parts += [f"```{head}\n{source}{dialect.figures if plot else ''}```", PROSE]
    return "\n\n".join(parts) + "\n"


def notebook(_: Dialect, page: int, sources: list[str]) -> str:
    """Return the same page as a notebook."""
    cells: list[dict[str, object]] = [_cell("markdown", f"# Page {page}\n\n{PROSE}")]
    for source in sources:
        cells += [_cell("code", source), _cell("markdown", PROSE)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps(
        {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 4}
    )


def _cell(kind: str, source: str) -> dict[str, object]:
    more = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": source, **more}
