"""How many of our own files one passes who follows one thing from its call to its result.

Each is followed in an interpreter of its own by `sys.setprofile`, its imports done before:

- the first call of a new jitted function, and a Value drawn as SVG: each is done once, and followed when it is
  done anew;
- a page of two blocks, a graph and a number, built by MkDocs with nothing in the store: followed when it is done
  first, with the plugin imported, as MkDocs does before a build begins. Threads count, workers do not.

A file is passed that begins a function, a class or a module meanwhile. What the build of a page loads on its way
is passed as well; it is marked where nothing of it was called. What `jit` writes stands in no file.
"""

from __future__ import annotations

import atexit
import json
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from inspect import CO_NEWLOCALS
from pathlib import Path
from typing import TYPE_CHECKING

import chainrule
import mkdocs_chainrule

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from rich.console import Console

PAGE = """# A page

```autograd
from chainrule import Value
a = Value(2.0)
a * a
```

```autograd
6 * 7
```
"""


@dataclass(frozen=True)
class Way:
    """One thing to follow.

    Attributes:
        prepare: Imports what it needs, and returns what does it, anew at each call.
        limit: The most files that it may pass.
    """

    title: str
    prepare: Callable[[], Callable[[], object]]
    limit: int


def compiled() -> Callable[[], object]:
    """The first call of a new jitted function."""
    from chainrule import jit

    def call() -> object:
        return jit(lambda x: x * x + 1)(3.0)

    call()
    return call


def drawn() -> Callable[[], object]:
    """A Value, made and drawn."""
    from chainrule import Value
    from mkdocs_chainrule.show.graphs.pictures import svg

    def draw() -> object:
        x = Value(3.0, label="x")
        return svg((x * x + 1).backward().graph(), "passed")

    draw()
    return draw


def built() -> Callable[[], object]:
    """A site of one page."""
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    import mkdocs_chainrule.plugin  # noqa: F401 - as MkDocs does before a build begins

    folder = Path(tempfile.mkdtemp(prefix="chainrule-passed-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "docs").mkdir()
    (folder / "docs" / "index.md").write_text(PAGE, encoding="utf-8")
    (folder / "mkdocs.yml").write_text("site_name: Passed\nplugins: [search, chainrule]\n", encoding="utf-8")

    def make() -> None:
        config = load_config(str(folder / "mkdocs.yml"))
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
        config.plugins.on_shutdown()
        if "42" not in (folder / "site" / "index.html").read_text(encoding="utf-8"):
            raise RuntimeError("no block ran: its result is not on the page")

    return make


WAYS = {
    "jit": Way("first call of jit(lambda x: x * x + 1)", compiled, 17),
    "page": Way("a cold page of two blocks, in the process that builds", built, 50),
    "svg": Way("a Value to SVG", drawn, 19),
}


def follow(way: Way) -> dict[str, bool]:
    """Return our own files that this passes, from the package on, and of each whether a function was called."""
    run = way.prepare()
    called: dict[str, bool] = {}

    def profile(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            code = frame.f_code
            is_function = bool(code.co_flags & CO_NEWLOCALS)
            called[code.co_filename] = called.get(code.co_filename, False) or is_function

    threading.setprofile(profile)
    sys.setprofile(profile)
    try:
        run()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    ours = [Path(package.__file__).parent for package in (chainrule, mkdocs_chainrule)]
    return {
        Path(file).relative_to(package.parent).as_posix(): is_function
        for file, is_function in sorted(called.items())
        for package in ours
        if package in Path(file).parents
    }


def passed(name: str) -> dict[str, bool]:
    """Follow one way in an interpreter of its own."""
    code = f"import json; from benchmarks.passed import *; print(json.dumps(follow(WAYS[{name!r}])))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def report(console: Console, ways: list[str] | None) -> bool:
    """Print the files of each way; tell whether all are within their limits."""
    is_met = True
    for name in ways or WAYS:
        way, files = WAYS[name], passed(name)
        within = len(files) <= way.limit
        is_met = is_met and within
        called = sum(files.values())
        console.print(
            f"{way.title}: {len(files)} files, functions called in {called} "
            f"(goal ≤ {way.limit}, {'met' if within else 'missed'})",
            highlight=False,
        )
        for file, is_called in files.items():
            console.print(f"  {file}{'' if is_called else '  loaded'}", markup=False, highlight=False)
    return is_met
