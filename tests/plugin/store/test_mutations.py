"""Build, change one thing, build: whose sessions run, and nothing is stale.

Whole MkDocs builds in this process, one after another, so that one pool serves them all.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from mkdocs_chainrule.session.data import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

CONFIG = """site_name: Mutations
theme: {{name: mkdocs, highlightjs: false}}
plugins:
  - chainrule: {{{options}}}
{more}"""
LINE_IDS = "markdown_extensions:\n  - pymdownx.highlight: {line_spans: __span, anchor_linenums: true}\n"
PLAIN = """# Plain

Prose.

```autograd
x = 2
```

```autograd
print(x * 21)
```

It is `#!autograd x + 1`.
"""
WARNING = """# Warning

Prose.

```autograd
import warnings

warnings.warn("careful", stacklevel=1)
```

```autograd
import traceback

try:
    1 / 0
except ZeroDivisionError:
    traceback.print_exc()
```
"""
PAGES = {
    "index.md": PLAIN,
    "warning.md": WARNING,
    "data.md": """# Data

```autograd
from pathlib import Path

Path("data.csv").read_text()
```

```autograd
try:
    found = Path("absent.txt").read_text()
except FileNotFoundError:
    found = "absent"
found
```
""",
    "module.md": "# Module\n\n```autograd\nimport mine\n\nmine.X\n```\n",
    "editable.md": "# Editable\n\n```autograd\nimport workshop\n\nworkshop.X\n```\n",
    "installed.md": "# Installed\n\n```autograd\nimport toolbox\n\ntoolbox.X\n```\n",
    "optional.md": """# Optional

```autograd
try:
    import later
except ImportError:
    later = 0
later
```
""",
    "variable.md": "# Variable\n\n```autograd\nimport os\n\nos.environ.get('ASKED')\n```\n",
    "declared.md": '# Declared\n\n```autograd depends="notes/*.txt, env:DECLARED"\n"notes"\n```\n',
    "always.md": '# Always\n\n```autograd cache="no"\n"always"\n```\n',
}
ALL = {f"docs/{name}" for name in PAGES}
ALWAYS = {"docs/always.md"}
INDEX = {"docs/index.md"}
ANSWER = r'"text":"42\n"'


@dataclass
class Book:
    """A project that is built again and again."""

    root: Path
    elsewhere: Path
    ran: set[str] = field(default_factory=set)
    failed: int = 0

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, page: str, old: str, new: str) -> None:
        path = self.root / "docs" / page
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def configure(self, options: str = "source: above", more: str = "") -> None:
        self.write("mkdocs.yml", CONFIG.format(options=options, more=more))

    def reset(self, pages: Mapping[str, str] = PAGES) -> None:
        for folder in (self.root, self.elsewhere):
            for path in folder.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.configure()
        for name, text in pages.items():
            self.write(f"docs/{name}", text)
        self.write("data.csv", "1,2")
        self.write("mine.py", "import behind\n\nX = behind.X\n")
        self.write("behind.py", "X = 'behind'\n")
        self.write("notes/one.txt", "one")
        for name, text in {
            "src/workshop.py": "X = 'workshop'\n",
            "site-packages/toolbox.py": "X = 'toolbox'\n",
            "site-packages/toolbox-1.0.dist-info/METADATA": "Name: toolbox\nVersion: 1.0\n",
        }.items():
            (self.elsewhere / name).parent.mkdir(parents=True, exist_ok=True)
            (self.elsewhere / name).write_text(text)

    def build(self, site: str = "site") -> dict[str, bytes]:
        """Build, and return the site's files by name."""
        config = load_config(str(self.root / "mkdocs.yml"), site_dir=str(self.root / site))
        config.plugins.on_startup(command="build", dirty=False)
        mkdocs_build(config)
        sessions: Any = config.plugins["chainrule"].site.runs
        self.ran = {each.session.page for each in sessions if each.source is None}
        built = self.root / site
        return {
            path.relative_to(built).as_posix(): path.read_bytes()
            for path in sorted(built.rglob("*"))
            if path.is_file() and "sitemap" not in path.name
        }

    def forget(self) -> None:
        shutil.rmtree(self.root / ".cache")

    def end(self) -> None:
        """End the processes."""
        plugin: Any = load_config(str(self.root / "mkdocs.yml")).plugins["chainrule"]
        plugin.on_shutdown()
        plugin.pool = None

    def entries(self) -> list[Path]:
        return [path for path in self.root.rglob(".cache/**/*.json") if path.parent.name != "shown"]


@pytest.fixture(scope="module")
def one_book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    root, elsewhere = tmp_path_factory.mktemp("book"), tmp_path_factory.mktemp("elsewhere")
    folders = [str(elsewhere / "src"), str(elsewhere / "site-packages")]
    with pytest.MonkeyPatch.context() as patch:
        # What an editable install and an installed distribution come to: folders on the path.
        patch.setenv("PYTHONPATH", os.pathsep.join(folders))
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")  # MkDocs writes the time of the build
        for folder in folders:
            patch.syspath_prepend(folder)
        yield Book(root, elsewhere)
    config = load_config(str(root / "mkdocs.yml"))
    config.plugins.on_shutdown()


@pytest.fixture
def book(one_book: Book, monkeypatch: pytest.MonkeyPatch) -> Book:
    for name in ("ASKED", "UNREAD", "DECLARED"):
        monkeypatch.setenv(name, "first")
    one_book.reset()
    return one_book


def set_variable(name: str) -> Callable[[Book], object]:
    return lambda _: os.environ.__setitem__(name, "second")


def add_above(page: str, lines: int) -> Callable[[Book], object]:
    return lambda book: book.edit(page, "Prose.", "Prose.\n" + "More of it.\n" * lines)


def add_below(page: str) -> Callable[[Book], object]:
    return lambda book: book.write(f"docs/{page}", PAGES[page] + "\nThe end.\n" * 5)


def add_fence(book: Book) -> None:
    book.edit("index.md", "It is", "```autograd\nprint('more')\n```\n\nIt is")


def remove_fence(book: Book) -> None:
    book.edit("index.md", "```autograd\nprint(x * 21)\n```\n", "")


def reorder(book: Book) -> None:
    text = "# Plain\n\n```autograd\nprint('first')\n```\n\n```autograd\nx = 2\n```\n"
    book.write("docs/index.md", text)


def rename(book: Book) -> None:
    (book.root / "docs/index.md").rename(book.root / "docs/renamed.md")
    book.write("docs/index.md", "# Without code\n")


def develop(book: Book) -> None:
    (book.elsewhere / "src/workshop.py").write_text("X = 'newer'\n")


def release(book: Book) -> None:
    folder = book.elsewhere / "site-packages"
    (folder / "toolbox-1.0.dist-info").rename(folder / "toolbox-2.0.dist-info")
    (folder / "toolbox-2.0.dist-info/METADATA").write_text("Name: toolbox\nVersion: 2.0\n")


def sealed(data: object) -> str:
    """The text of a file of ours that holds such data."""
    content = json.dumps(data)
    return f"{digest(content.encode())}\n{content}"


def alter(change: Callable[[str], str]) -> Callable[[Book], object]:
    def change_entry(book: Book) -> None:
        (path,) = [path for path in book.entries() if ANSWER in path.read_text()]
        path.write_text(change(path.read_text()))

    return change_entry


# What changes, and the pages whose sessions run; all run that are not to be stored.
MUTATIONS: dict[str, tuple[Callable[[Book], object], set[str]]] = {
    "nothing": (lambda _: None, set()),
    "own block": (lambda b: b.edit("index.md", "x * 21", "x * 22"), INDEX),
    "earlier block": (lambda b: b.edit("index.md", "x = 2", "x = 3"), INDEX),
    "inline expression": (lambda b: b.edit("index.md", "x + 1", "x + 2"), INDEX),
    "comment only": (lambda b: b.edit("index.md", "x = 2", "x = 2  # two"), INDEX),
    "one line of prose": (lambda b: b.edit("index.md", "Prose.", "Other prose."), set()),
    "a line of prose above": (add_above("index.md", 1), set()),
    "many lines of prose above": (add_above("index.md", 30), set()),
    "prose below": (add_below("index.md"), set()),
    "prose beside a warning": (lambda b: b.edit("warning.md", "Prose.", "Other prose."), set()),
    "prose below a warning": (add_below("warning.md"), set()),
    "a line of prose above a warning": (add_above("warning.md", 1), {"docs/warning.md"}),
    "many lines of prose above a warning": (add_above("warning.md", 30), {"docs/warning.md"}),
    "front matter": (lambda b: b.write("docs/index.md", "---\ntitle: New\n---\n" + PLAIN), set()),
    "a page's name": (rename, {"docs/renamed.md"}),
    "the order of blocks": (reorder, INDEX),
    "a block more": (add_fence, INDEX),
    "a block less": (remove_fence, INDEX),
    "a running option": (lambda b: b.edit("index.md", "```autograd\nx", '```autograd seed="3"\nx'), INDEX),
    "a running option of the site": (lambda b: b.configure("timeout: 20"), ALL),
    "a showing option": (lambda b: b.edit("index.md", "```autograd\nx", '```autograd caption="c"\nx'), set()),
    "a showing option of the site": (lambda b: b.configure("source: below"), set()),
    "how sources are highlighted": (lambda b: b.configure(more=LINE_IDS), set()),
    "a style": (lambda b: b.configure(more="extra_css: [own.css]"), set()),
    "a local module": (lambda b: b.write("mine.py", "X = 'mine'\n"), {"docs/module.md"}),
    "a module behind a module": (lambda b: b.write("behind.py", "X = 'new'\n"), {"docs/module.md"}),
    "an editable install": (develop, {"docs/editable.md"}),
    "a distribution's version": (release, {"docs/installed.md"}),
    "a module that was missing": (lambda b: b.write("later.py", ""), {"docs/optional.md"}),
    "a data file": (lambda b: b.write("data.csv", "3,4"), {"docs/data.md"}),
    "a touched file": (lambda b: os.utime(b.root / "data.csv"), set()),
    "a file that was missing": (lambda b: b.write("absent.txt", "here"), {"docs/data.md"}),
    "a file that nobody reads": (lambda b: b.write("unread.txt", "here"), set()),
    "a variable the block read": (set_variable("ASKED"), {"docs/variable.md"}),
    "a variable it did not": (set_variable("UNREAD"), set()),
    "a declared file": (lambda b: b.write("notes/one.txt", "two"), {"docs/declared.md"}),
    "a declared file that appears": (lambda b: b.write("notes/two.txt", "two"), {"docs/declared.md"}),
    "a declared variable": (set_variable("DECLARED"), {"docs/declared.md"}),
    "the store, deleted": (lambda b: b.forget(), ALL),
    "an entry, truncated": (alter(lambda text: text[:-20]), INDEX),
    "an entry, altered": (alter(lambda text: text.replace(ANSWER, ANSWER.replace("42", "43"))), INDEX),
    "an entry, of another version": (alter(lambda _: sealed({"entry": {}, "saw": {}})), INDEX),
}  # fmt: skip
QUICK = {"nothing", "own block", "a line of prose above a warning", "a module behind a module"}


@pytest.mark.parametrize(
    "what", [pytest.param(what, marks=() if what in QUICK else pytest.mark.slow) for what in MUTATIONS]
)
def test_what_changed_runs_its_readers_and_nobody_else(book: Book, what: str) -> None:
    book.build()
    assert book.ran == ALL
    change, readers = MUTATIONS[what]
    change(book)
    built = book.build()
    assert book.ran == readers | ALWAYS
    book.forget()
    fresh = book.build("fresh")
    assert [name for name in built.keys() | fresh.keys() if built.get(name) != fresh.get(name)] == []


@pytest.mark.slow
def test_a_failing_block_runs_until_it_is_mended(book: Book) -> None:
    book.build()
    book.edit("index.md", "x = 2", "x = two")
    for _ in range(2):
        broken = book.build()
        assert book.ran == INDEX | ALWAYS
        assert b"NameError" in broken["index.html"]
    assert not [path for path in book.entries() if "NameError" in path.read_text()]
    book.edit("index.md", "x = two", "x = 2")
    mended = book.build()
    assert book.ran == ALWAYS  # what it was before is in the store
    assert b"NameError" not in mended["index.html"]


@pytest.mark.slow
def test_no_cache_for_a_site(book: Book) -> None:
    book.configure("cache: no")
    book.build()
    book.build()
    assert book.ran == ALL
    assert not book.entries()


def page(*lines: str) -> str:
    head = "import os, time\nfrom pathlib import Path\n\n"
    return "# Page\n\n```autograd\n{}{}\n```\n".format(head, "\n".join(lines))


# What is read by other ways than by opening it, each on a page of its own.
READERS = {
    "index.md": page("6 * 7"),
    "zone.md": page("time.localtime(0).tm_hour"),
    "bytes.md": page("os.environb.get(b'ASKED')"),
    "expanded.md": page("os.path.expandvars('$ASKED')"),
    "sized.md": page("os.path.getsize('sized.bin')"),
    "there.md": page("Path('sized.bin').exists()"),
    "stat.md": page("Path('sized.bin').stat().st_size"),
    "dated.md": page("os.path.getmtime('sized.bin')"),
    "content.md": page("Path('sized.bin').read_text()"),
    "linked.md": page("Path('current/data.csv').read_text()"),
    "target.md": page("os.readlink('current')"),
    "module.md": page("import sys", "sys.path.insert(0, 'current')", "import moving", "moving.X"),
    "toolbox.md": page("import toolbox", "toolbox.X"),
    "standard.md": page("import colorsys", "colorsys.__file__.endswith('colorsys.py')"),
    "version.md": page("from importlib.metadata import version", "version('toolbox')"),
    "absent.md": page(
        "from importlib import metadata",
        "try: found = metadata.version('gadget')",
        "except Exception: found = 0",
        "found",
    ),
    "writes.md": page("Path('docs/gen').mkdir(exist_ok=True)", "Path('docs/gen/data.json').write_text('{}')"),
    "moves.md": page("Path('new.part').write_text('x')", "os.replace('new.part', 'moved.txt');"),
    "asserts.md": page("try: assert False", "except AssertionError: print('asserts')"),
    "folder.md": page("1").replace("```autograd", '```autograd depends="whole"'),
    "colours.md": page("import matplotlib", "matplotlib.rcParams['lines.linewidth']"),
}
EVERY = {f"docs/{name}" for name in READERS}


def of(*names: str) -> set[str]:
    return {f"docs/{name}.md" for name in names}


def setting(name: str, value: str) -> Callable[[Book], object]:
    return lambda _: os.environ.__setitem__(name, value)


def swap(book: Book) -> None:
    """Another file of the same size and date stands there."""
    path, other = book.root / "sized.bin", book.root / "other.bin"
    other.write_text("54321")
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)


def rewrite(book: Book) -> None:
    """The same file has another content, of the same size and date."""
    path = book.root / "sized.bin"
    before = path.stat()
    path.write_text("54321")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def switch(book: Book) -> None:
    link = book.root / "current"
    link.unlink()
    link.symlink_to("two")


def install(book: Book) -> None:
    folder = book.elsewhere / "site-packages/gadget-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Name: gadget\nVersion: 1.0\n")


def uncompile(book: Book) -> None:
    folders = list(book.root.rglob("__pycache__"))
    assert folders
    for folder in folders:
        shutil.rmtree(folder)


SIZED = ("sized", "stat", "dated", "content")
READ_MUTATIONS: dict[str, tuple[Callable[[Book], object], set[str]]] = {
    "nothing": (lambda _: None, set()),
    "the zone": (setting("TZ", "Asia/Tokyo"), of("zone")),
    "a variable": (setting("ASKED", "second"), of("bytes", "expanded")),
    "another variable": (setting("UNREAD", "second"), set()),
    "how Python runs": (setting("PYTHONOPTIMIZE", "1"), EVERY),
    "a size": (lambda b: b.write("sized.bin", "123456"), of(*SIZED)),
    "a date": (lambda b: os.utime(b.root / "sized.bin", (10**9, 10**9)), of("stat", "dated")),
    "a file that is gone": (lambda b: (b.root / "sized.bin").unlink(), of("there", *SIZED)),
    "a file in its place": (swap, of("content")),
    "a content of the same size and date": (rewrite, of("content")),
    "where a link leads": (switch, of("linked", "target", "module")),
    "a module before the installed": (lambda b: b.write("toolbox.py", "X = 'mine'\n"), of("toolbox")),
    "a module before that of Python": (lambda b: b.write("colorsys.py", ""), of("standard")),
    "a module that nobody imports": (lambda b: b.write("wave.py", ""), set()),
    "a version that is asked for": (release, of("version", "toolbox")),
    "a distribution that was missing": (install, of("absent")),
    "a file that was written": (lambda b: (b.root / "docs/gen/data.json").unlink(), of("writes")),
    "what Python compiled": (uncompile, set()),
    "a file that got its name later": (lambda b: (b.root / "moved.txt").unlink(), of("moves")),
    "a file in a declared folder": (lambda b: b.write("whole/deep/new.txt", "x"), of("folder")),
    "a hidden file in it": (lambda b: b.write("whole/.git/index", "x"), set()),
    "Matplotlib's parameters": (lambda b: b.write("matplotlibrc", "lines.linewidth: 7\n"), of("colours")),
}  # fmt: skip


@pytest.fixture(params=["forkserver", "spawn"])
def reading(
    one_book: Book, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Book]:
    """A book of pages that read, its processes started in one way or the other."""
    for name in ("ASKED", "UNREAD", "TZ"):
        monkeypatch.setenv(name, "UTC")
    for name in ("PYTHONOPTIMIZE", "PYTHONDONTWRITEBYTECODE", "MATPLOTLIBRC", "MPLCONFIGDIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("CHAINRULE_START", request.param)
    one_book.reset(READERS)
    one_book.end()
    one_book.write("sized.bin", "12345")
    for name, content in (("one", "1"), ("two", "2")):
        one_book.write(f"{name}/data.csv", content)
        one_book.write(f"{name}/moving.py", f"X = {content}\n")
    (one_book.root / "current").symlink_to("one")
    one_book.write("whole/deep/file.txt", "x")
    yield one_book
    one_book.end()


@pytest.mark.slow
@pytest.mark.parametrize("what", READ_MUTATIONS)
def test_what_is_read_by_other_ways_runs_its_readers_and_nobody_else(reading: Book, what: str) -> None:
    reading.build()
    assert reading.ran == EVERY
    change, readers = READ_MUTATIONS[what]
    change(reading)
    built = reading.build()
    assert reading.ran == readers
    reading.build()
    assert reading.ran == (of("content", "sized", "stat", "dated") if "gone" in what else set())
    reading.forget()
    fresh = reading.build("fresh")
    assert [name for name in built.keys() | fresh.keys() if built.get(name) != fresh.get(name)] == []
