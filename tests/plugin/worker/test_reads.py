"""What a session reads is seen, in a forked worker and in a spawned one alike, and nothing else."""

from __future__ import annotations

import json
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
        "package/__init__.py": "from package import part\n",
        "package/part.py": "",
        "data.csv": "1,2\n",
        "folder/a.txt": "",
    }.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(content)
    pool = Pool(root, workers=1, start=request.param)

    def run(source: str) -> Reads:
        outputs = pool.submit(session(source)).result(timeout=60)
        assert outputs[0].failure is None, outputs
        assert outputs.reads is not None
        found = outputs.reads
        assert from_data(Reads, json.loads(json.dumps(to_data(found)))) == found
        files = {path.removeprefix(f"{root}/"): seen for path, seen in found.files.items()}
        folders = {path.removeprefix(f"{root}/"): digest for path, digest in found.folders.items()}
        return Reads(files, folders, found.variables, found.packages, found.missing, found.written)

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
        ("import json, numpy, matplotlib.pyplot, yaml", set()),
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
        ("import numpy, matplotlib.pyplot", set()),
    ],
)  # fmt: skip
def test_variables(reads: Callable[[str], Reads], source: str, variables: set[str]) -> None:
    assert set(reads(f"import os, subprocess, tempfile\n{source}").variables) == variables


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
