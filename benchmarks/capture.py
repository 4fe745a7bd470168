"""What reaches the page of what a block does: a list of probes, ours beside notebooks that mkdocs-jupyter runs.

All probes stand on one page, each below a heading of its own, with the source hidden, so that what is found
was shown by the run. An expectation asks only that the reader sees the thing, not how a tool draws it.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import yaml
from rich.table import Table
from rich.text import Text

from benchmarks.sites.processes import environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

PICTURE = r'<svg(?![^>]*aria-hidden)[^>]*>|<img[^>]*src="[^"]+"'
ANSI_RED = r"<span[^>]*(ansi|ink)-red[^>]*>hue(?s:.*?)</span>"


@dataclass(frozen=True)
class Probe:
    """Some code, and what a reader is to see of it.

    Attributes:
        title: What is probed.
        cells: The code, a fence or cell each.
        text: What the text of the page has to say, a pattern; "" stands for anything.
        markup: What its HTML has to hold, a pattern.
        without: What its text may not say, a pattern.
        pictures: How many pictures there are; None for any number.
    """

    title: str
    cells: tuple[str, ...]
    text: str = ""
    markup: str = ""
    without: str = ""
    pictures: int | None = 0


def _shown_as(method: str, answer: str) -> str:
    return f"class C:\n    def __repr__(self): return 'pl' + 'ain'\n    def {method}(self, **_): return {answer}\nC()"


PLOT = "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\n"
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
BAR = (
    "import sys\nfor n in range(0, 101, 10):\n    sys.{stream}.write('\\r' + f'{{n}} % of the way')\n"
    "sys.{stream}.write('\\n');"
)
ORDER = """import os, sys
for n in range(2):
    display(f"d{n}")
    print(f"p{n}")
    os.write(1, b"c%d\\n" % n)
    print(f"e{n}", file=sys.stderr)
"l" + str(n)"""
ORDER_ACROSS = """import os, sys
for n in range(2):
    print(f"e{n}", file=sys.stderr)
    os.write(1, b"c%d\\n" % n)"""
PROBES = (
    Probe("print", ("print('six times seven', 6 * 7)",), "six times seven 42"),
    Probe("sys.stdout.write", ("import sys\nsys.stdout.write(f'total {6 * 7}');",), "total 42"),
    Probe("sys.stderr", ("import sys\nprint('total', 6 * 7, file=sys.stderr)",), "total 42"),
    Probe("fd 1, os.write", ("import os\nos.write(1, b'4' + b'2 bytes\\n');",), "42 bytes"),
    Probe("fd 2, os.write", ("import os\nos.write(2, b'4' + b'2 bytes\\n');",), "42 bytes"),
    Probe("fd 1 from C, puts", ("import ctypes\nctypes.CDLL(None).puts(b'4' + b'2 from C');",), "42 from C"),
    Probe(
        "fd 2 from C, perror", ("import ctypes\nctypes.CDLL(None).perror(b'4' + b'2 from C');",), "42 from C"
    ),
    Probe(
        "a child process",
        ("import subprocess\nsubprocess.run(['expr', '6', '*', '7']);",),
        r"(?<!\d)42(?!\d)",
    ),
    Probe("warnings", ("import warnings\nwarnings.warn(f'careful {6 * 7}')",), "UserWarning: careful 42"),
    Probe(
        "warnings name no folder of the machine",
        ("import warnings\nwarnings.warn(f'careful {6 * 7}')",),
        "careful 42",
        without=r"(?<![\w.])/(tmp|home|root|Users|usr)/",
    ),
    Probe("logging", ("import logging\nlogging.warning(f'careful {6 * 7}')",), "WARNING:root:careful 42"),
    Probe("the last expression", ("6 * 7",), r"(?<!\d)42(?!\d)"),
    Probe("None as the last", ("None",), without="None"),
    Probe("a trailing ;", ("6 * 7;",), without="42"),
    Probe("a trailing ; and a comment", ("6 * 7;  # hush",), without="42"),
    Probe("display()", ("display(6 * 7)",), r"(?<!\d)42(?!\d)"),
    Probe(
        "displays, both streams, C and a value in order",
        (ORDER,),
        r"d0.*p0.*c0.*e0.*d1.*p1.*c1.*e1.*l1",
    ),
    Probe("fd 1 behind sys.stderr, in order", (ORDER_ACROSS,), r"e0.*c0.*e1.*c1"),
    Probe("plt.show()", (PLOT + "plt.show()",), pictures=1, without=r"Line2D|<"),
    Probe("two plt.show()", (PLOT + "plt.show()\nplt.plot([1])\nplt.show()",), pictures=2),
    Probe("a figure left open", (PLOT + "plt.title('left');",), pictures=1),
    Probe("two figures left open", (PLOT + "plt.figure()\nplt.plot([1]);",), pictures=2),
    Probe("a figure left open, no ;", (PLOT,), pictures=1, without=r"Line2D"),
    Probe("a figure as the last, once", (PLOT + "plt.gcf()",), pictures=1),
    Probe(
        "what a figure shows, in words", (PLOT + "plt.title('Loss');",), "", r'(alt|label)="[^"]*Loss', "", 1
    ),
    Probe(
        "top-level await",
        ("import asyncio\nasync def f(x):\n    await asyncio.sleep(0)\n    return x\nawait f(6) * 7",),
        r"(?<!\d)42(?!\d)",
    ),
    Probe(
        "inspect.getsource of a function",
        ("def f():\n    return 6 * 7  # so it is", "import inspect\nprint(inspect.getsource(f))"),
        r"def f\(\):\s+return 6 \* 7  # so it is",
    ),
    Probe(
        "inspect.getsource of a class",
        ("class C:\n    m = 6  # here", "import inspect\nprint(inspect.getsource(C))"),
        r"class C:\s+m = 6  # here",
    ),
    Probe(
        "pickle of a class of the block",
        ("class P:\n    x = 6", "import pickle\nprint('x', pickle.loads(pickle.dumps(P())).x * 7)"),
        "x 42",
    ),
    Probe(
        "dataclasses",
        ("import dataclasses\n@dataclasses.dataclass\nclass D:\n    x: int = 6\nD(6 * 7)",),
        r"D\(x=42\)",
    ),
    Probe('__name__ == "__main__"', ("if __name__ == '__main__': print('main', 6 * 7)",), "main 42"),
    Probe("a progress bar on stdout", (BAR.format(stream="stdout"),), "100 % of the way", without=r"\b90 %"),
    Probe("a progress bar on stderr", (BAR.format(stream="stderr"),), "100 % of the way", without=r"\b90 %"),
    Probe("ANSI colours", ("print('\\x1b[31mhue\\x1b[0m', 6 * 7)",), "hue 42", ANSI_RED, r"\[31m|\x1b"),
    Probe(
        "typing.get_type_hints",
        (
            "import typing\nclass T:\n    x: 'U'\nclass U: pass\nprint('is', typing.get_type_hints(T)['x'] is U)",
        ),
        "is True",
    ),
    Probe("_repr_html_", (_shown_as("_repr_html_", "'<b>bo' + 'ld</b>'"),), "bold", "<b>bold</b>", "plain"),
    Probe(
        "_repr_svg_",
        (_shown_as("_repr_svg_", '\'<svg xmlns="http://www.w3.org/2000/svg" width="9"></svg>\''),),
        without="plain",
        pictures=1,
    ),
    Probe(
        "_repr_png_",
        (_shown_as("_repr_png_", f"__import__('base64').b64decode('{DOT}')"),),
        without="plain",
        pictures=1,
    ),
    Probe(
        "_repr_markdown_",
        (_shown_as("_repr_markdown_", "'**bo' + 'ld**'"),),
        "bold",
        "<strong>bold</strong>",
        "plain",
    ),
    Probe(
        "_repr_latex_",
        (_shown_as("_repr_latex_", "'$x^' + '2$'"),),
        r"(\\\[|\\\(|\$)x\^2|\bx2\b",
        "",
        "plain",
    ),
    Probe(
        "_repr_mimebundle_",
        (_shown_as("_repr_mimebundle_", "{'text/html': '<b>bo' + 'ld</b>', 'text/plain': 'pl' + 'ain'}"),),
        "bold",
        "<b>bold</b>",
        "plain",
    ),
    Probe(
        "from __future__ import annotations",  # the last: it stays on for the rest of a page
        ("from __future__ import annotations\ndef g(x: NotThere): ...\ng.__annotations__['x']",),
        "'NotThere'",
    ),
)
CONFIG = {"site_name": "Probes", "theme": {"name": "mkdocs"}, "markdown_extensions": ["pymdownx.highlight"]}
OURS = {"chainrule": {"on_error": "continue", "source": "none"}}
THEIRS = {"mkdocs-jupyter": {"execute": True, "no_input": True}}


def outcomes(folder: Path, script: Path | None = None) -> list[str]:
    """Build the probes with Chainrule, or with mkdocs-jupyter beside that `mkdocs`; "" where all is shown.

    Raises:
        RuntimeError: The site does not build.
    """
    name, text = ("index.ipynb", _notebook()) if script else ("index.md", _markdown())
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / name).write_text(text, encoding="utf-8")
    config = yaml.safe_dump({**CONFIG, "plugins": [THEIRS if script else OURS]})
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")
    _build(folder, script or Path(sys.executable).with_name("mkdocs"))
    page = (folder / "site" / "index.html").read_text(encoding="utf-8")
    parts = re.split(r'<h2[^>]*\bid="probe-\d+"', page, flags=re.IGNORECASE)[1:-1]
    if len(parts) != len(PROBES):
        raise RuntimeError(f"{len(PROBES)} probes were to be on the page, {len(parts)} are")
    return [missing(probe, part) for probe, part in zip(PROBES, parts, strict=True)]


def missing(probe: Probe, part: str) -> str:
    """Return what is wrong with a probe's part of the page; "" if nothing is."""
    part = re.sub(r"(?s)<(script|style)\b.*?</\1>", "", part.partition("</h2>")[2])
    text = html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"(?s)<svg.*?</svg>", "", part)))
    pictures = len(re.findall(PICTURE, part))
    wrong = {
        "says something else": not re.search(probe.text, text, re.DOTALL),
        "shown as something else": not re.search(probe.markup, part, re.DOTALL),
        "shows what it should not": bool(probe.without and re.search(probe.without, text)),
        f"{pictures} pictures": probe.pictures not in {None, pictures},
    }
    found = "; ".join(words for words, holds in wrong.items() if holds)
    if not found:
        return ""
    said = " ".join(re.sub("-{5,}", "", text).split())
    return f"{found}: {said[:60] or 'no text'}"


def _build(folder: Path, script: Path) -> None:
    done = subprocess.run(
        [script, "build", "--quiet"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{script.name} build failed:\n{(done.stdout + done.stderr)[-2000:]}")


def _markdown() -> str:
    parts = ["# Probes"]
    for number, probe in enumerate(PROBES):
        parts += [f"## Probe {number}", *(f"```autograd\n{cell}\n```" for cell in probe.cells)]
    return "\n\n".join([*parts, f"## Probe {len(PROBES)}\n"])


def _notebook() -> str:
    cells = [_cell("markdown", "# Probes")]
    for number, probe in enumerate(PROBES):
        cells += [_cell("markdown", f"## Probe {number}"), *(_cell("code", cell) for cell in probe.cells)]
    cells.append(_cell("markdown", f"## Probe {len(PROBES)}"))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps(
        {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 4}
    )


def _cell(kind: str, source: str) -> dict[str, object]:
    more = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": source, **more}


def capture(console: Console, script: Path | None) -> bool:
    """Print which probes reach the page, mkdocs-jupyter beside us where it is, and tell whether all of ours do."""
    with TemporaryDirectory() as temporary, console.status("building"):
        found = {"chainrule": outcomes(Path(temporary) / "ours")}
        if script:
            found["mkdocs-jupyter"] = outcomes(Path(temporary) / "theirs", script)
    console.print(table(found))
    if not script:
        console.print("mkdocs-jupyter is left out: --jupyter says where its `mkdocs` is")
    return not any(found["chainrule"])


def table(found: Mapping[str, list[str]]) -> Table:
    """Return the probes, a column for each tool."""
    counts = {tool: f"{outcome.count('')} of {len(PROBES)}" for tool, outcome in found.items()}
    answer = Table(title=f"capture: {len(PROBES)} probes", title_justify="left")
    answer.add_column("probe")
    for tool, count in counts.items():
        answer.add_column(f"{tool}\n{count}", overflow="fold")
    for probe, *row in zip(PROBES, *found.values(), strict=True):
        answer.add_row(probe.title, *(Text(words or "yes") for words in row))
    return answer
