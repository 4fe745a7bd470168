"""What a session reads is seen, in a forked worker and in a spawned one alike, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from building import first_now
from mkdocs_chainrule.run.pool import Pool
from mkdocs_chainrule.session.data import from_data, to_data
from mkdocs_chainrule.session.paths import is_local
from mkdocs_chainrule.session.reads import Reads
from sessions import session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="module", params=first_now("forkserver", "spawn"))
def reads(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Reads]]:
    """Run a block in a project, and return what it read."""
    root = tmp_path_factory.mktemp("project").resolve()
    for name, content in {
        "mine.py": "import behind, os\nX = os.environ.get('BY_MODULE')\n",
        "behind.py": "import colorsys\n",
        "later_compiled.py": "",
        "package/__init__.py": "from package import part\n",
        "package/part.py": "",
        "data.csv": "1,2\n",
        "folder/a.txt": "",
    }.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(content)
    (root / "link.csv").symlink_to("data.csv")
    pool = Pool(root, workers=1, start=request.param)

    def run(source: str) -> Reads:
        outputs = pool.submit(session(source)).result(timeout=60)
        assert outputs[0].failure is None, outputs
        assert outputs.reads is not None
        found = outputs.reads
        assert from_data(Reads, json.loads(json.dumps(to_data(found)))) == found
        files = {path.removeprefix(f"{root}/"): seen for path, seen in found.files.items()}
        folders = {path.removeprefix(f"{root}/"): digest for path, digest in found.folders.items()}
        asked = {path.removeprefix(f"{root}/"): said for path, said in found.asked.items()}
        return replace(found, files=files, folders=folders, asked=asked)

    yield run
    pool.shutdown()


@pytest.mark.parametrize(
    ("source", "files"),
    [
        ("1", set()),
        ("open('data.csv').read()", {"data.csv"}),
        ("open(b'data.csv', 'rb').read()", {"data.csv"}),
        ("from pathlib import Path\nPath('data.csv').read_text()", {"data.csv"}),
        ("import os\nos.open('data.csv', os.O_RDONLY)", {"data.csv"}),
        ("import numpy as np\nnp.loadtxt('data.csv', delimiter=',')", {"data.csv"}),
        ("import os\nos.chdir('folder')\nopen('a.txt').read()", {"folder/a.txt"}),
        ("open('data.csv', 'r+').read()", {"data.csv"}),
        ("open('data.csv', 'a').close()", set()),
        ("open('new.txt', 'w').write('x')\nopen('new.txt').read()", set()),
        ("try: open('absent.txt')\nexcept OSError: pass", {"absent.txt"}),
        ("import tempfile\ntempfile.TemporaryFile().read()", set()),
        ("import os\nopen(os.devnull).read()", set()),
        ("open(0).read()", set()),
        ("import mine", {"mine.py", "behind.py"}),
        ("import package", {"package/__init__.py", "package/part.py"}),
        ("import importlib\nimportlib.import_module('behind')", {"behind.py"}),
        ("import sys, behind\ndel sys.modules['behind']", {"behind.py"}),
        ("import runpy\nrunpy.run_path('behind.py')", {"behind.py"}),
        ("import json, numpy, yaml", set()),
        ("import matplotlib.pyplot", {"matplotlibrc"}),
        ("import inspect\ndef f(): pass\ninspect.getsource(f)", set()),
        ("import warnings\nwarnings.warn('x')", set()),
    ],
)  # fmt: skip
def test_files(reads: Callable[[str], Reads], source: str, files: set[str]) -> None:
    assert set(reads(source).files) == files


def test_a_file_is_noted_as_it_was_when_it_was_first_read(reads: Callable[[str], Reads]) -> None:
    source = "open('grows.txt', 'w').write('x')"
    reads(source)
    found = reads("open('grows.txt').read()\nopen('grows.txt', 'a').write('yz')")
    assert found.files["grows.txt"] is not None
    assert found.files["grows.txt"][0] == 1
    assert reads("try: open('not.there')\nexcept OSError: pass").files == {"not.there": None}


@pytest.mark.parametrize(
    ("source", "folders"),
    [
        ("import os\nos.listdir('folder')", {"folder"}),
        ("import os\nlist(os.scandir('folder'))", {"folder"}),
        ("import glob\nglob.glob('folder/*.txt')", {"folder"}),
        ("from pathlib import Path\nlist(Path('folder').iterdir())", {"folder"}),
        ("from pathlib import Path\nlist(Path('folder').glob('*.txt'))", {"folder"}),
        ("import os\nlist(os.walk('folder'))", {"folder"}),
        ("import os\nos.listdir('/')", set()),
        ("import mine, importlib.metadata as m\nm.version('numpy')", set()),
    ],
)  # fmt: skip
def test_folders(reads: Callable[[str], Reads], source: str, folders: set[str]) -> None:
    assert set(reads(source).folders) == folders


@pytest.mark.parametrize(
    ("source", "variables"),
    [
        ("os.environ['HOME']", {"HOME"}),
        ("os.environ.get('UNSET')", {"UNSET"}),
        ("os.getenv('UNSET')", {"UNSET"}),
        ("'UNSET' in os.environ", {"UNSET"}),
        ("import mine", {"BY_MODULE"}),
        ("dict(os.environ), {**os.environ}, os.environ.copy()", set()),
        ("for name, value in os.environ.items(): pass", set()),
        ("subprocess.run(['true'], env={**os.environ, 'X': '1'})", set()),
        ("tempfile.mkdtemp()", set()),
        ("os.environ['SET'] = 'x'", set()),
        ("import numpy, yaml", set()),
    ],
)  # fmt: skip
def test_variables(reads: Callable[[str], Reads], source: str, variables: set[str]) -> None:
    assert set(reads(f"import os, subprocess, tempfile\n{source}").variables) == variables


@pytest.mark.parametrize(
    ("source", "variables"),
    [
        ("os.environb[b'HOME']", {"HOME"}),
        ("os.environb.get(b'UNSET'), os.getenvb(b'HOME')", {"UNSET", "HOME"}),
        ("os.path.expandvars('$HOME and ${UNSET}')", {"HOME", "UNSET"}),
        ("os.path.expanduser('~')", {"HOME"}),
        ("pathlib.Path('~').expanduser(), pathlib.Path.home()", {"HOME"}),
        ("string.Template('$HOME').substitute(os.environ)", {"HOME"}),
        ("'{HOME}'.format_map(os.environ)", {"HOME"}),
        ("time.localtime(0)", {"TZ"}),
        ("datetime.datetime.now()", {"TZ"}),
        ("time.perf_counter(), time.time()", set()),
        ("import matplotlib", {"MATPLOTLIBRC", "MPLCONFIGDIR"}),
    ],
)  # fmt: skip
def test_variables_by_other_ways(reads: Callable[[str], Reads], source: str, variables: set[str]) -> None:
    imported = "import os, pathlib, string, time"
    imported += ", datetime" if "datetime" in source else ""
    assert set(reads(f"{imported}\n{source}").variables) == variables


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        ("os.path.exists('data.csv')", {"data.csv": "kind file"}),
        ("os.path.isdir('folder')", {"folder": "kind folder"}),
        ("Path('absent.txt').is_file()", {"absent.txt": "kind"}),
        ("Path('data.csv').exists()", {"data.csv": "kind file"}),
        ("os.access('data.csv', os.R_OK)", {"data.csv": "kind file"}),
        ("os.path.getsize('data.csv')", {"data.csv": "size file 4"}),
        ("Path('data.csv').stat().st_size", {"data.csv": "all file 4"}),
        ("os.stat('data.csv')", {"data.csv": "all file 4"}),
        ("os.path.getmtime('data.csv')", {"data.csv": "all file 4"}),
        ("os.readlink('link.csv')", {"link.csv": "link to data.csv"}),
        ("Path('link.csv').is_symlink()", {"link.csv": "link to data.csv"}),
        ("Path('link.csv').resolve()", {"link.csv": "link to data.csv"}),
        ("os.path.getsize('link.csv')", {"link.csv": "size file 4"}),
        ("open('out.txt', 'w').close(); os.path.getsize('out.txt')", {}),
        ("os.stat('/'), os.path.exists('/etc'), os.stat(0)", {}),
        ("import traceback\ntry: 1 / 0\nexcept ZeroDivisionError: traceback.format_exc()", {}),
        ("import numpy, mine, package, inspect\ninspect.getsource(mine)", {}),
        ("os.path.exists('docs/page.md')", {}),
        ("try: os.stat()\nexcept TypeError: pass", {}),
        ("try: os.stat('a\\0b')\nexcept ValueError: pass", {}),
    ],
)  # fmt: skip
def test_what_is_asked_of_files(reads: Callable[[str], Reads], source: str, asked: dict[str, str]) -> None:
    found = reads(f"import os\nfrom pathlib import Path\n{source}").asked
    parts = set(found) - set(asked)  # of a path that is resolved
    assert {path: said for path, said in found.items() if said != "link" or path not in parts} == asked


def test_dates_are_read_where_they_may_be_shown(reads: Callable[[str], Reads]) -> None:
    def names(source: str) -> list[str]:
        return [path.rpartition("/")[2] for path in reads(f"import os\n{source}").dated]

    assert names("os.path.getmtime('data.csv')") == names("os.stat('data.csv')") == ["data.csv"]
    assert names("os.path.getsize('data.csv'), os.path.exists('data.csv')") == []


@pytest.mark.parametrize(
    ("source", "distributions"),
    [
        ("from importlib.metadata import version\nversion('PyYAML')", ("PyYAML",)),
        ("import importlib.metadata as m\nm.requires('numpy')", ("numpy",)),
        (
            "from importlib import metadata\ntry: metadata.version('nothing')\nexcept Exception: pass",
            ("nothing",),
        ),
        ("import numpy, matplotlib.pyplot, yaml", ()),
    ],
)
def test_distributions(reads: Callable[[str], Reads], source: str, distributions: tuple[str, ...]) -> None:
    assert reads(source).distributions == distributions


def test_what_is_written_counts_under_the_name_that_it_gets(reads: Callable[[str], Reads]) -> None:
    found = reads("import os\nopen('new.part', 'w').close()\nos.replace('new.part', 'renamed.txt')")
    assert any(path.endswith("/renamed.txt") for path in found.written)
    assert reads("import later_compiled").written == ()


def test_what_the_author_imports(reads: Callable[[str], Reads]) -> None:
    assert reads("import mine, numpy, sys\nfrom package import part").imports == (
        "behind", "colorsys", "mine", "numpy", "os", "package"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("source", "packages", "missing"),
    [
        ("1", (), ()),
        ("import json", (), ()),
        ("import mine", (), ()),
        ("import numpy as np", ("numpy",), ()),
        ("from matplotlib import pyplot", ("matplotlib",), ()),
        ("from chainrule import Value", ("chainrule",), ()),
        ("def later():\n    import matplotlib", ("matplotlib",), ()),
        ("import yaml", ("yaml",), ()),
        ("try: import not_there\nexcept ImportError: pass", (), ("not_there",)),
    ],
)  # fmt: skip
def test_packages(
    reads: Callable[[str], Reads], source: str, packages: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    found = reads(source)
    assert (found.packages, found.missing) == (packages, missing)


def test_a_figure_uses_matplotlib_whoever_draws_it(reads: Callable[[str], Reads]) -> None:
    assert "matplotlib" in reads("__import__('matplotlib.pyplot').pyplot.plot([1])").packages


def test_what_is_local(tmp_path: Path) -> None:
    import json

    import numpy as np

    import chainrule
    import mkdocs_chainrule

    assert is_local(str(tmp_path / "mine.py"))
    modules = (json, np, chainrule, mkdocs_chainrule)
    assert not any(map(is_local, (*(module.__file__ for module in modules), "docs/page.md", "<stdin>")))


FILLING = """
import os, sysconfig
from mkdocs_chainrule.session import paths
paths.not_local.cache_clear()
real = sysconfig.get_path
text = "def filling(name):\\n    os.environ.get('WHILE_FILLING')\\n    return real(name)"
exec(compile(text, "/opt/filling.py", "exec"))
sysconfig.get_path = filling
print(os.environ.get("ASKED"))
"""


def test_what_tells_whose_code_asks_may_ask_for_variables_itself(reads: Callable[[str], Reads]) -> None:
    # As `sysconfig` does from Python 3.13 on, while it fills itself.
    assert set(reads(FILLING).variables) == {"ASKED"}
