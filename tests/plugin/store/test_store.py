"""A stored result is answered while all that it came from is as it was, and never after."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mkdocs_chainrule.disk import read_sealed
from mkdocs_chainrule.run.pool import Pool
from mkdocs_chainrule.session.block import Block, Place, Session
from mkdocs_chainrule.session.versions import Versions
from mkdocs_chainrule.store.store import Store, key
from sessions import fence, inline, session, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mkdocs_chainrule.session.block import Outputs

READER = """
import os, mine
try: import optional
except ImportError: optional = None
with open("data.csv") as file: print(file.read(), mine.X, os.environ.get("ASKED"), optional)
try: print(open("absent.txt").read())
except OSError: print("absent")
open("written.txt", "a").write("x")
names = os.listdir("folder")
print(os.path.getsize("sized.txt"))
"""


class Project:
    """A folder with what the session reads, its processes and its store."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.pool = Pool(root, workers=2)
        self.folder = root / ".cache"

    def reset(self) -> None:
        for path in self.root.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.write("mine.py", "import behind\nX = behind.X\n")
        self.write("behind.py", "X = 1\n")
        self.write("data.csv", "1,2")
        self.write("folder/one.txt", "")
        self.write("sized.txt", "1")

    def write(self, name: str, content: str) -> None:
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)

    def store(self) -> Store:
        """The store as a new build sees it."""
        return Store(self.folder, self.root)

    def run(self, blocks: Session) -> Outputs:
        return self.pool.submit(blocks).result(timeout=60)

    def build(self, blocks: Session) -> bool:
        """Run what the store does not answer, and tell whether it ran."""
        store = self.store()
        if store.look_up(blocks) is not None:
            return False
        store.save(blocks, self.run(blocks))
        return True


@pytest.fixture(scope="module")
def one_project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    project = Project(tmp_path_factory.mktemp("project"))
    yield project
    project.pool.shutdown()


@pytest.fixture
def project(one_project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    for name in ("ASKED", "UNREAD", "OTHER"):
        monkeypatch.setenv(name, "yes")
    one_project.reset()
    return one_project


def test_what_is_stored_is_what_was_shown(project: Project) -> None:
    blocks = session(
        "print('a')",
        "import matplotlib.pyplot as plt\nplt.plot([1])",
        "from chainrule import Value\nValue(2.0)",
    )
    outputs = project.run(blocks)
    project.store().save(blocks, outputs)
    stored = project.store().look_up(blocks)
    assert stored is not None
    assert [output.items for output in stored] == [output.items for output in outputs]
    assert {output.seconds for output in stored} == {0.0}


def touch(project: Project) -> None:
    os.utime(project.root / "data.csv")


def swap(project: Project, content: str) -> None:
    path = project.root / "data.csv"
    before = path.stat()
    project.write("other", content)
    os.utime(project.root / "other", ns=(before.st_atime_ns, before.st_mtime_ns))
    (project.root / "other").replace(path)


def rename(project: Project) -> None:
    """A module that was there is gone."""
    (project.root / "behind.py").rename(project.root / "mine2.py")
    project.write("mine.py", "X = 1\n")


# What changes, and whether the session has to run again.
MUTATIONS: dict[str, tuple[Callable[[Project], object], bool]] = {
    "nothing": (lambda _: None, False),
    "a touched file": (touch, False),
    "an unread file": (lambda p: p.write("other.csv", "3"), False),
    "an unread variable": (lambda _: os.environ.__setitem__("UNREAD", "x"), False),
    "a written file": (lambda p: p.write("written.txt", "other"), False),
    "a data file": (lambda p: p.write("data.csv", "1,3"), True),
    "a data file that is gone": (lambda p: (p.root / "data.csv").unlink(), True),
    "a file that appears": (lambda p: p.write("absent.txt", ""), True),
    "a local module": (lambda p: p.write("mine.py", "import behind\nX = 2\n"), True),
    "a module behind a module": (lambda p: p.write("behind.py", "X = 2\n"), True),
    "a module that is gone": (rename, True),
    "a module that appears": (lambda p: p.write("optional.py", ""), True),
    "a file in a listed folder": (lambda p: p.write("folder/two.txt", ""), True),
    "a read variable": (lambda _: os.environ.__setitem__("ASKED", "no"), True),
    "a read variable that is gone": (lambda _: os.environ.pop("ASKED"), True),
    "a written file that is gone": (lambda p: (p.root / "written.txt").unlink(), True),
    "another file of the same size and date": (lambda p: swap(p, "9,9"), True),
    "another file of the same content": (lambda p: swap(p, "1,2"), False),
    "a size that was asked": (lambda p: p.write("sized.txt", "12"), True),
    "a content whose size was asked": (lambda p: p.write("sized.txt", "2"), False),
    "the store": (lambda p: shutil.rmtree(p.folder), True),
}  # fmt: skip


@pytest.mark.parametrize("what", MUTATIONS)
def test_a_change_runs_its_readers(project: Project, what: str) -> None:
    reader, other = session(READER), session("print('reads nothing')")
    assert project.build(reader)
    assert project.build(other)
    change, runs = MUTATIONS[what]
    change(project)
    assert project.build(reader) is runs
    assert project.build(other) is (what == "the store")
    if what == "a data file that is gone":  # now the session fails, and failures are not kept
        return
    assert not project.build(reader)
    (fresh,), (stored,) = project.run(reader), project.store().look_up(reader) or ()
    assert fresh.items == stored.items


BEFORE = session("x = 1", "print(x)")


@pytest.mark.parametrize(
    ("what", "after", "runs"),
    [
        ("prose above", session(fence("x = 1", 30), fence("print(x)", 40)), False),
        ("a showing option", session("x = 1", "print(x)", caption="c", graph="svg"), False),
        ("the first block", session("x = 2", "print(x)"), True),
        ("the last block", session("x = 1", "print(x, x)"), True),
        ("a comment", session("x = 1  # one", "print(x)"), True),
        ("the order", session("print(x)", "x = 1"), True),
        ("a block more", session("x = 1", "print(x)", "3"), True),
        ("a block less", session("x = 1"), True),
        ("an inline value", session("x = 1", inline("print(x)")), True),
        ("a running option", session("x = 1", "print(x)", timeout=2.0), True),
        ("the seed", session("x = 1", "print(x)", seed=2), True),
        ("the page", Session("docs/other.md", BEFORE.blocks), True),
    ],
)
def test_a_change_of_the_page_runs_it_if_it_bears_on_running(
    project: Project, what: str, after: Session, *, runs: bool
) -> None:
    assert project.build(BEFORE)
    assert (project.store().look_up(after) is None) is runs, what


@pytest.mark.parametrize(
    "source",
    [
        "import warnings\nwarnings.warn('careful')",
        "import traceback\ntry: 1 / 0\nexcept ZeroDivisionError: traceback.print_exc()",
        "import sys\nprint(f'{__file__}:{sys._getframe().f_lineno}')",
    ],
)
def test_lines_are_inputs_where_the_output_names_them(project: Project, source: str) -> None:
    here, moved = session(fence(source, 3)), session(fence(source, 9))
    assert project.build(here)
    assert not project.build(here)
    assert project.build(moved)
    assert "docs/page.md" in text((project.store().look_up(moved) or ())[0])


@pytest.mark.parametrize(
    "blocks",
    [
        session("1 / 0"),
        session("1", "import os; os._exit(0)"),
        session("while True: pass", timeout=0.3),
        session("1", "2", cache=False),
        session("open('data.csv').read()\nopen('data.csv', 'w').write('3')"),
    ],
)
def test_what_is_never_stored(project: Project, blocks: Session) -> None:
    assert project.build(blocks)
    assert project.build(blocks)
    assert not list(project.folder.rglob("*.json"))


def test_an_expected_exception_is_stored(project: Project) -> None:
    blocks = session("1 / 0", expect="ZeroDivisionError")
    assert project.build(blocks)
    stored = project.store().look_up(blocks)
    assert stored is not None
    assert stored[0].failure is not None
    assert project.store().look_up(session(fence("1 / 0", 9, expect="ZeroDivisionError"))) is None


def declared(what: str) -> Session:
    return session("1", depends=what)


@pytest.mark.parametrize(
    ("what", "change", "runs"),
    [
        ("data.csv", lambda p: p.write("data.csv", "9"), True),
        ("*.csv, folder/*", lambda p: p.write("folder/two.txt", "9"), True),
        ("**/*.txt", lambda p: p.write("folder/one.txt", "9"), True),
        ("*.csv", lambda p: p.write("folder/two.txt", "9"), False),
        ("module:mine", lambda p: p.write("mine.py", "X = 3\n"), True),
        ("module:mine", lambda p: p.write("behind.py", "X = 3\n"), False),
        ("module:not_there", lambda p: p.write("not_there.py", ""), True),
        ("env:ASKED", lambda _: os.environ.__setitem__("ASKED", "no"), True),
        ("env:ASKED", lambda _: os.environ.__setitem__("OTHER", "no"), False),
        (".", lambda p: p.write("data.csv", "9"), True),
        (".", lambda p: p.write("folder/deep.txt", "9"), True),
        (".", lambda p: p.write(".hidden", "9"), False),
        ("./", lambda p: p.write("new.txt", "9"), True),
        ("folder", lambda p: p.write("folder/two.txt", "9"), True),
        ("folder/", lambda p: p.write("data.csv", "9"), False),
        ("nothing", lambda p: p.write("nothing/new.txt", "9"), True),
        (f"{'long' * 100}/*.txt", lambda p: p.write("data.csv", "9"), False),
        ("pipe", lambda p: p.write("data.csv", "9"), False),
    ],
)
def test_what_is_declared_is_an_input(
    project: Project, what: str, change: Callable[[Project], object], *, runs: bool
) -> None:
    assert project.build(declared(what))
    assert not project.build(declared(what))
    change(project)
    assert project.build(declared(what)) is runs


@pytest.mark.parametrize("what", ["pipe", "device"])
def test_what_has_no_end_is_no_input_and_told(project: Project, what: str) -> None:
    os.mkfifo(project.root / "pipe")
    (project.root / "device").symlink_to("/dev/zero")
    assert project.build(declared(what))
    store = project.store()
    assert store.look_up(declared(what)) is not None
    (problem,) = store.problems
    assert str(problem).startswith(
        f"docs/page.md:3: depends names {what}, which is neither a file nor a folder"
    )
    assert project.build(declared("*"))
    assert not project.build(declared("*"))


def test_a_package_that_is_declared(project: Project) -> None:
    project.write("package/__init__.py", "")
    project.write("package/part.py", "1")
    assert project.build(declared("module:package"))
    project.write("package/part.py", "2")
    assert project.build(declared("module:package"))


def entry_of(project: Project) -> Path:
    (path,) = project.folder.rglob("*.json")
    return path


def alter(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    seal, _, content = path.read_text().partition("\n")
    stored = json.loads(content)
    change(stored)
    path.write_text(f"{seal}\n{json.dumps(stored)}")


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_text(""),
        lambda path: path.write_text("null"),
        lambda path: path.write_text("{}"),
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        lambda path: path.write_bytes(b"\xff" + path.read_bytes()),
        lambda path: alter(path, lambda e: e["entry"]["outputs"][0]["items"][0].update(text="forged")),
        lambda path: alter(path, lambda e: e["entry"].pop("inputs")),
        lambda path: alter(path, lambda e: e.update(seen=0)),
    ],
)
def test_an_entry_that_is_damaged_is_made_anew_with_a_note(
    project: Project, damage: Callable[[Path], object]
) -> None:
    blocks = session("print('true')")
    assert project.build(blocks)
    damage(entry_of(project))
    store = project.store()
    assert store.look_up(blocks) is None
    (problem,) = store.problems
    assert str(problem).startswith("docs/page.md: its stored result is")
    assert project.build(blocks)
    assert not project.build(blocks)


def test_another_version_of_what_is_imported(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    numeric, plain = session("import numpy"), session("1")
    assert project.build(numeric)
    assert project.build(plain)
    true_version = Versions.get
    monkeypatch.setattr(
        Versions, "get", lambda self, name: "0" if name == "numpy" else true_version(self, name)
    )
    assert project.build(numeric)
    assert not project.build(plain)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("1", set()),
        ("import numpy", {"numpy"}),
        ("import matplotlib.pyplot", {"matplotlib", "numpy", "pillow", "cycler"}),
        ("from chainrule import Value", {"numpy"}),
        ("import yaml", {"pyyaml"}),
        ("import PIL", {"pillow"}),
        ("import json, mine", set()),
    ],
)
def test_the_environment_is_what_was_imported_and_what_that_requires(
    project: Project, source: str, names: set[str]
) -> None:
    blocks = session(source)
    assert project.build(blocks)
    environment = read_sealed(entry_of(project))["entry"]["environment"]
    always = {"python", "mkdocs-chainrule"}
    assert set(environment) >= names | always
    if "matplotlib" not in names:
        assert set(environment) == names | always


def test_an_entry_tells_nothing_of_this_machine(project: Project) -> None:
    os.environ["ASKED"] = "a secret of mine"
    project.build(session(READER))
    text = entry_of(project).read_text()
    assert str(project.root) not in text.replace("a secret of mine", "", 1)
    assert "variables" in text
    inputs = read_sealed(entry_of(project))["entry"]["inputs"]
    assert inputs["variables"]["ASKED"] != "a secret of mine"


def test_a_project_may_move(project: Project, tmp_path: Path) -> None:
    blocks = session(READER)
    project.build(blocks)
    shutil.copytree(project.root, tmp_path / "moved")
    assert Store(tmp_path / "moved" / ".cache", tmp_path / "moved").look_up(blocks) is not None


def test_two_builds_at_once_share_it(project: Project) -> None:
    sessions = [session(f"print({n})") for n in range(3)]
    outputs = [project.run(each) for each in sessions]
    store = project.store()
    failures: list[BaseException] = []

    def build() -> None:
        try:
            own = project.store()
            for _ in range(50):
                for each, expected in zip(sessions, outputs, strict=True):
                    own.save(each, expected)
                    found = own.look_up(each)
                    assert found is not None
                    assert [o.items for o in found] == [o.items for o in expected]
            assert own.problems == []
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=build) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert not list(project.folder.rglob("*.part"))
    assert store.prune() > 0


def test_old_entries_are_pruned_and_used_ones_are_kept(project: Project) -> None:
    old, used = session("1"), session("2")
    project.build(old)
    project.build(used)
    month = time.time() - 31 * 86_400
    for path in project.folder.rglob("*.json"):
        os.utime(path, (month, month))
    assert project.store().look_up(used) is not None
    size = project.store().prune()
    assert size == entry_of(project).stat().st_size
    assert project.store().look_up(used) is not None
    assert project.store().look_up(old) is None
    assert Store(project.root / "nowhere", project.root).prune() == 0


LOOK_UP = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
sys.addaudithook(lambda event, _: print(event) if event in {{"subprocess.Popen", "os.fork"}} else None)
from mkdocs_chainrule.store.store import Store
from sessions import session
page = session("import matplotlib.pyplot as plt\\nplt.plot([1])")
found = Store(Path({folder!r}), Path({root!r})).look_up(page)
print(found is not None, sorted({{"numpy", "matplotlib", "chainrule"}} & set(sys.modules)))
"""


def test_looking_up_imports_no_numpy_and_starts_no_process(project: Project) -> None:
    project.build(session("import matplotlib.pyplot as plt\nplt.plot([1])"))
    tests = str(Path(__file__).parents[2])
    script = LOOK_UP.format(tests=tests, folder=str(project.folder), root=str(project.root))
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "True []\n"


def test_the_address_does_not_depend_on_places() -> None:
    lines = (Place("docs/page.md", 4),)
    here = Session("docs/page.md", (Block("1", "fence", Place("docs/page.md", 3), lines),))
    assert key(here) == key(session(fence("1", 99)))
