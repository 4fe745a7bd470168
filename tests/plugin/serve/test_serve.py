"""`mkdocs serve`: what failed is remembered, what is mended runs, and Ctrl-C leaves nothing."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, Queue
from typing import TYPE_CHECKING

import pytest

from building import skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projects import Project

pytestmark = pytest.mark.slow
LOOP = '# Loop\n\n{prose}```autograd timeout="1"\nimport helper\nwhile helper.hangs:\n    pass\n"done"\n```\n'


class Server:
    """A running `mkdocs serve`."""

    def __init__(self, root: Path) -> None:
        self.page = root / "docs" / "index.md"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self.process = subprocess.Popen(
            [
                Path(sys.executable).with_name("mkdocs"),
                "serve",
                "--dev-addr",
                self.address,
            ],
            cwd=root,
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.lines: Queue[str] = Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        with self.process.stderr as messages:
            for line in messages:
                self.lines.put(line)

    def quiet(self, seconds: float = 2.5) -> bool:
        """Tell whether no build begins for as long as MkDocs needs to look four times."""
        deadline = time.monotonic() + seconds
        said = []
        while (left := deadline - time.monotonic()) > 0:
            with contextlib.suppress(Empty):
                said.append(self.lines.get(timeout=left))
        assert not [line for line in said if "Building" in line], said
        return True

    def build(self, end: str = "Reloading browsers", *, touch: bool = True) -> str:
        """Return what the next build says, from its beginning to its end."""
        said, patience = "", 12
        while end not in said:
            try:
                said += self.lines.get(timeout=5)
            except Empty:
                patience -= 1
                assert patience, f"no build ended: {said}"
                if touch:
                    self.page.touch()  # MkDocs misses what changes before it has looked for the first time
        return said

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://{self.address}/{path}", timeout=10) as answer:
            return str(answer.read().decode())


@contextmanager
def serving(project: Project) -> Iterator[Server]:
    server = Server(project.root)
    try:
        yield server
    finally:
        os.killpg(server.process.pid, signal.SIGINT)
        assert server.process.wait(timeout=20) == 0
        server.reader.join(timeout=20)  # ends when nobody holds the pipe any more
        assert not server.reader.is_alive()


def ran(said: str) -> tuple[str, str]:
    found = re.search(r"ran (\d+) blocks?, (\w+) failed", said)
    assert found, said
    return found[1], found[2]


def test_a_failure_is_remembered_until_its_cause_may_have_gone(project: Project) -> None:
    (project.root / "helper.py").write_text("hangs = True\n")
    project.page("index.md", "# Home\n\n```autograd\nprint(6 * 7)\n```\n")
    project.page("loop.md", LOOP.format(prose=""))
    with serving(project) as server:
        first = server.build("Serving on")
        assert ran(first) == ("2", "1")
        assert re.search(r"docs/loop.md:[56]: ran longer than 1 s", first)

        project.page("loop.md", LOOP.format(prose="Two more\n\n"))
        moved = server.build()
        assert ran(moved) == ("0", "1")  # the good page is in the store, the endless loop is remembered
        assert re.search(r"docs/loop.md:[78]: ran longer than 1 s", moved)
        assert "Out of time" in server.get("loop/")

        (project.root / "helper.py").write_text("hangs = False\n")
        (project.root / "docs" / "index.md").touch()  # a block that was killed tells not what it read
        assert ran(server.build()) == ("1", "none")
        assert "done" in server.get("loop/")


def test_an_error_is_shown_until_it_is_mended(project: Project) -> None:
    (project.root / "helper.py").touch()
    project.page("index.md", "# Home\n\n```autograd\n6 * 7\n```\n")
    with serving(project) as server:
        assert ran(server.build("Serving on")) == ("1", "none")
        project.page("index.md", "# Home\n\n```autograd\nz\n```\n")
        assert "docs/index.md:4: NameError" in server.build()
        assert "NameError" in server.get("")
        project.page("index.md", "# Home\n\n```autograd\n7 * 7\n```\n")
        assert ran(server.build()) == ("1", "none")
        assert "49" in server.get("")


READER = """# Reader

```autograd
import mine
from pathlib import Path

"in the module", mine.X, "in the file", Path("data/a.csv").read_text()
```
"""
WRITER = """# Writer

```autograd
from pathlib import Path

with Path("docs/log.txt").open("a") as log:
    log.write("again")
Path("docs/new.txt").write_text("new")
"written"
```
"""


def test_what_blocks_read_is_watched_and_runs_its_readers_once(project: Project) -> None:
    (project.root / "data").mkdir()
    (project.root / "data" / "a.csv").write_text("one")
    (project.root / "mine.py").write_text("X = 1\n")
    project.page("index.md", "# Home\n\n```autograd\n6 * 7\n```\n")
    project.page("reader.md", READER)
    with serving(project) as server:
        assert ran(server.build("Serving on")) == ("2", "none")
        for name, content, seen in (
            ("mine.py", "X = 12345\n", "12345"),
            ("data/a.csv", "two", "two"),
            ("mine.py", "X = 678910\n", "678910"),
        ):
            (project.root / name).write_text(content)
            assert ran(server.build(touch=False)) == ("1", "none")
            assert seen in server.get("reader/")
            assert server.quiet()
        (project.root / "data" / "unread.csv").write_text("three")
        (project.root / "unread.py").write_text("Y = 1\n")
        assert server.quiet()
    with serving(project) as server:
        assert ran(server.build("Serving on")) == ("0", "none")
        (project.root / "mine.py").write_text("X = 11111\n")  # its reader was in the store
        assert ran(server.build(touch=False)) == ("1", "none")


BOTH = "site_name: T\ntheme: {name: mkdocs}\nwatch: ['.']\nplugins:\n  - chainrule: {freeze: _freeze}\n"
CLOCK = """# Clock

```autograd cache="no"
import time
from pathlib import Path

Path("beside.txt").write_text(str(time.time()))
import helper
print("now", time.time())
```

It was {}.
"""


def test_nothing_that_is_written_builds_a_site_that_watches_all(project: Project) -> None:
    project.configure(BOTH)
    (project.root / "helper.py").write_text("")
    project.page("index.md", "# Home\n\n```autograd\n6 * 7\n```\n")
    project.page("clock.md", CLOCK.format("one"))
    with serving(project) as server:
        server.build("Serving on")
        assert server.quiet(4)
        for number in range(3):  # a page that runs at every build, one that is stored, and mkdocs.yml
            project.page("clock.md", CLOCK.format(number))
            assert ran(server.build(touch=False)) == ("1", "none")
            assert server.quiet()
        project.page("index.md", "# Home\n\n```autograd\n7 * 7\n```\n")
        assert ran(server.build(touch=False)) == ("2", "none")
        assert server.quiet()
        project.configure(BOTH.replace("name: T", "name: U"))
        assert ran(server.build(touch=False)) == ("1", "none")
        assert server.quiet()
        (project.root / "helper.py").write_text("changed = True\n")
        assert ran(server.build(touch=False)) == ("1", "none")
        assert server.quiet()
    assert (project.root / "_freeze/docs/index.md.json").exists()


def needs(module: str) -> None:
    if find_spec(module) is None:
        skip_or_fail(f"not installed: {module} (pip install -e '.[companions]')")


GENERATED = """import mkdocs_gen_files

with mkdocs_gen_files.open("generated.md", "w") as page:
    print("# Generated\\n\\n```autograd\\nprint(6 * 7)\\n```\\n", file=page)
with mkdocs_gen_files.open("always.md", "w") as page:
    print("# Always\\n\\n```autograd cache='no'\\nprint(6 * 7)\\n```\\n", file=page)
"""


def test_pages_that_are_generated_are_built_once_a_save(project: Project) -> None:
    needs("mkdocs_gen_files")
    (project.root / "generate.py").write_text(GENERATED)
    project.configure(
        "site_name: T\ntheme: {name: mkdocs}\nwatch: ['.']\nplugins:\n"
        "  - gen-files: {scripts: [generate.py]}\n  - chainrule\n"
    )
    project.page("index.md", "# Home\n")
    with serving(project) as server:
        server.build("Serving on")
        assert server.quiet(4)
        project.page("index.md", "# Home\n\nMore.\n")
        assert ran(server.build(touch=False)) == ("1", "none")
        assert server.quiet()
        (project.root / "generate.py").write_text(GENERATED.replace("6 * 7", "6 * 8", 1))
        assert ran(server.build(touch=False)) == ("2", "none")
        assert server.quiet()


SAME_DIR = "site_name: T\ndocs_dir: .\ntheme: {name: mkdocs}\nplugins:\n  - same-dir\n"


def test_pages_beside_mkdocs_yml_are_built_once_a_save(project: Project) -> None:
    needs("mkdocs_same_dir")
    project.configure(SAME_DIR + "  - chainrule: {freeze: _freeze}\n")
    (project.root / "docs").rmdir() if (project.root / "docs").exists() else None
    page = project.root / "index.md"
    page.write_text("# Home\n\n```autograd cache='no'\n6 * 7\n```\n")
    (project.root / "other.md").write_text("# Other\n\n```autograd\n'stored'\n```\n")
    with serving(project) as server:
        server.build("Serving on")
        assert server.quiet(4)
        page.write_text("# Home\n\n```autograd cache='no'\n7 * 7\n```\n")
        assert ran(server.build(touch=False)) == ("1", "none")
        assert server.quiet()
    run = project.build("--strict")
    assert run.returncode == 0, run.stderr
    site = {path.name for path in (project.root / "site").rglob("*")}
    assert not any(name.endswith(".md.json") or name.startswith("_freeze") for name in site)


def test_what_a_block_writes_builds_nothing(project: Project) -> None:
    project.page("index.md", WRITER)
    with serving(project) as server:
        server.build("Serving on")
        assert server.quiet()
        project.page("index.md", WRITER.replace("again", "and again"))
        assert ran(server.build(touch=False)) == ("1", "none")
        assert server.quiet()
        project.page("index.md", WRITER.replace("```autograd", '```autograd cache="no"'))
        assert ran(server.build(touch=False)) == ("1", "none")
        assert server.quiet()
