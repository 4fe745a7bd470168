"""No path of the machine that builds is in what we, or Python, add to pages, files, messages and freezes."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

import pytest

from building import first_now, mkdocs
from mkdocs_chainrule.session.paths import short_text, short_tracebacks
from projects import CONFIG, Project

HOME = str(Path.home())
PAGE = """# Paths

```autograd
import json, os, sys, sysconfig, tempfile, threading, traceback, warnings, logging
from pathlib import Path
import helper
```

```autograd
open(Path("gone.csv").absolute())
```

```autograd
open(Path("gone.csv").resolve())
```

```autograd
open(Path.home() / "gone.csv")
```

```autograd
open(os.path.join(sys.prefix, "gone.csv"))
```

```autograd
open(os.path.join(tempfile.mkdtemp(), "gone.csv"))
```

```autograd
os.listdir(os.path.join(sysconfig.get_path("purelib"), "gone"))
```

```autograd
from json import gone
```

```autograd
json.loads("{")
```

```autograd
import broken
```

```autograd
try:
    helper.fail()
except OSError as error:
    raise ExceptionGroup("two", [error, ValueError("b")]) from error
```

```autograd
try:
    helper.fail()
except OSError:
    traceback.print_exc()
    logging.exception("told")
thread = threading.Thread(target=helper.fail)
thread.start()
thread.join()
```

```autograd
class Unraisable:
    def __del__(self): helper.fail()
Unraisable();
```

```autograd
helper.warn()
exec(compile("1 is 1", str(Path("docs/x.py").absolute()), "exec"))
```

```autograd
compile("(", str(Path("docs/x.py").absolute()), "exec")
```

Inline `#!autograd open(Path("gone.csv").absolute())`.
"""
HELPER = """import warnings
from pathlib import Path

def fail():
    open(Path("gone.csv").resolve())

def warn():
    warnings.warn(f"from {Path('x').resolve()}")
"""


def folders(root: Path) -> set[str]:
    names = {
        str(root),
        os.path.realpath(root),
        HOME,
        sys.prefix,
        sys.base_prefix,
        sysconfig.get_path("purelib"),
    }
    return names | {os.path.realpath(name) for name in names} | {"/tmp/"}


@pytest.mark.parametrize("kind", first_now("plain", "linked"))
def test_no_path_of_the_machine_is_added(tmp_path: Path, kind: str) -> None:
    root = tmp_path / "real"
    root.mkdir()
    if kind == "linked":
        (tmp_path / "link").symlink_to(root)
        root = tmp_path / "link"
    project = Project(root)
    project.configure(
        CONFIG.replace(
            "[chainrule]",
            "[chainrule: {on_error: continue, freeze: _freeze, execute: always, setup: %s}]"
            % (root / "start.py"),
        )
    )
    (root / "_freeze").mkdir()
    (root / "start.py").write_text("ready = 1\n")
    (root / "helper.py").write_text(HELPER)
    (root / "broken.py").write_text("def (\n")
    project.page("index.md", PAGE)
    project.page("fine.md", "# Fine\n\n```autograd\nimport helper\nready\n```\n")
    project.page("start.md", "# Start\n\n```autograd\ngone\n```\n")
    run = mkdocs("build", cwd=root)
    assert run.returncode == 0, run.stderr
    said = "\n".join(
        line for line in run.stderr.split("\n") if "mkdocs_chainrule" in line or line.startswith(" ")
    )
    texts = {"messages": said}
    for folder in ("site", "_freeze"):
        for path in (root / folder).rglob("*"):
            if path.suffix in {".html", ".json", ".py", ".xml", ".js"} and "/js/" not in str(path):
                texts[str(path.relative_to(root))] = path.read_text("utf-8")
    assert {"_freeze/docs/fine.json", "site/assets/chainrule/index.py"} <= texts.keys() or sorted(texts)
    found = [
        (name, folder, text[max(0, text.index(folder) - 60) :][:160])
        for name, text in texts.items()
        for folder in folders(root)
        if folder in text
    ]
    assert found == []
    assert said.count("'gone.csv'") >= 3
    assert "'~/gone.csv'" in said


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("no '/srv/book/a/b.csv'", "no 'a/b.csv'"),
        ("in /srv/book.", "in .."),
        ("/srv/books/a", "/srv/books/a"),
        (f"{HOME}/x", "~/x"),
        (os.__file__, "os.py"),
        (f"{sys.prefix}/share/x", "…/share/x"),
        ("https://x.org/srv/book/a", "https://x.org/srv/book/a"),
        ("1/2 of /", "1/2 of /"),
    ],
)
def test_a_path_is_short(text: str, short: str) -> None:
    assert short_text(text, "/srv/book") == short


def test_what_an_author_prints_stays() -> None:
    printed = "here is /srv/book/a.csv\n"
    trace = (
        'Traceback (most recent call last):\n  File "/srv/book/a.py", line 1, in f\n    open("/srv/book/x")\n'
    )
    text = f"{printed}{trace}FileNotFoundError: '/srv/book/x'\n{printed}"
    assert short_tracebacks(text, "/srv/book") == (
        f"{printed}{trace.replace('/srv/book/a.py', 'a.py')}FileNotFoundError: 'x'\n{printed}"
    )
