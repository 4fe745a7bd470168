"""What is told to who builds: nothing of a block steers a terminal, or looks like another message."""

from __future__ import annotations

import ast
import os
import pty
import re
import subprocess
import sys
from contextlib import suppress
from logging import WARNING
from pathlib import Path
from typing import TYPE_CHECKING

from building import REPOSITORY
from mkdocs_chainrule.errors import Problem
from mkdocs_chainrule.session.block import Place
from mkdocs_chainrule.telling import lines, plain

if TYPE_CHECKING:
    from projects import Project

CONTROL = (
    "\x1b]0;PWNED\x07\x1b[2J\x9b31m\rback\x08\x7f\u202ebidi\u2066\u2028\nERROR   -  forged\x85"
    "ERROR   -  forged too"
)
PAGE = f"""# Terminal

```autograd
evil = {CONTROL!r}
class Evil(Exception): pass
Evil.__qualname__ = evil
```

```autograd
raise ValueError(evil)
```

```autograd
error = Evil(evil)
error.add_note(evil)
raise ExceptionGroup(evil, [error]) from KeyError(evil)
```

```autograd
raise Evil
```

```autograd
exec(compile("def f(): 1/0\\nf()", "docs/" + evil, "exec"))
```

```autograd
raise SyntaxError(evil, ("docs/" + evil, 1, 1, evil))
```

```autograd
import os, sys
for name in ("/dev/tty", "/dev/stderr", "/proc/self/fd/2"):
    try:
        open(name, "w").write(evil)
    except OSError:
        pass
os.write(2, evil.encode())
```

```autograd
class Formula:
    def _repr_latex_(self): return r"$\\nonsense{{" + evil + "}}$"
Formula()
```

```autograd
import matplotlib.pyplot as plt
plt.title(evil + "梯");
```

`#!autograd {{}}[evil]`
"""
HEAD = '\n```autograd timeout="\x1b[2J" seed="\u202e" zoom="\x9b"\n1\n```\n'


def on_terminal(root: Path) -> tuple[int, str]:
    """Build with a terminal as all three streams; return how it ended, and all that the terminal got.

    A dumb one: our own bar would steer another.
    """
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "dumb", "COLUMNS": "200", "NO_MKDOCS_2_WARNING": "1"}
    run = subprocess.Popen(
        [Path(sys.executable).with_name("mkdocs"), "build"],
        cwd=root,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    got = b""
    with suppress(OSError):  # the end of a terminal
        while data := os.read(ours, 65536):
            got += data
    os.close(ours)
    return run.wait(), got.decode("utf-8")


def test_nothing_of_a_block_steers_the_terminal(project: Project) -> None:
    project.configure(
        (project.root / "mkdocs.yml").read_text().replace("[chainrule]", "[chainrule: {on_error: continue}]")
    )
    project.page("index.md", PAGE + HEAD)
    code, got = on_terminal(project.root)
    assert code == 0, got
    assert got.count("PWNED") > 8
    own = re.sub(r"\x1b\[[\d;]*m|\r\n", "\n", got)  # MkDocs' colours and line ends
    assert re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\u2066-\u2069]", own) == []
    assert not re.findall(r"^ERROR +-  forged", own, re.MULTILINE)
    assert "\\x1b]0;PWNED\\x07\\x1b[2J" in own


def test_lines_of_ours_stay_lines() -> None:
    told = lines(Problem(Place("docs/a.md", 3), "first\n  second\nWARNING -  third", WARNING))
    assert told.split("\n") == ["docs/a.md:3: first", "  second", "  WARNING -  third"]
    assert plain("\ud800 ok") == "\\ud800 ok"
    assert len(plain("x" * 10**6)) < 3000


def test_all_is_told_by_one() -> None:
    by, speaks = {}, {}
    for path in (REPOSITORY / "plugin" / "mkdocs_chainrule").rglob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        attributes = [node for node in nodes if isinstance(node, ast.Attribute)]
        names = {node.attr for node in attributes} | {node.id for node in nodes if isinstance(node, ast.Name)}
        by[path.name] = names & {"getLogger", "get_plugin_logger", "print", "basicConfig"}
        of_log = {
            node.attr for node in attributes if isinstance(node.value, ast.Name) and node.value.id == "log"
        }
        speaks[path.name] = of_log - {"isEnabledFor"}
    # The two that there are hosts for name the logger; the third listens.
    assert {name for name, found in by.items() if found} == {"alone.py", "plugin.py", "on_import.py"}
    assert {name for name, found in speaks.items() if found} == {"telling.py"}
