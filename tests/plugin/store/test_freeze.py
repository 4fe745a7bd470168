"""Results that are committed: a build runs nothing, names what is stale, and trusts no file."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from building import first_now, mkdocs

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from projects import Project

CONFIG = """site_name: Frozen
theme: {{name: mkdocs, highlightjs: false}}
plugins:
  - search
  - chainrule: {{freeze: _freeze{more}}}
"""
# An environment without NumPy and Matplotlib: who imports them fails.
WITHOUT = """
import sys


class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"numpy", "matplotlib"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, Missing())
"""
PAGE = """# Page

```autograd
from chainrule import Value

a = Value(2.0)
b = a * a + 1
b.backward()
```

The slope is `#!autograd a.grad`.

```autograd graph="svg"
b
```

```autograd
import matplotlib.pyplot as plt

plt.plot([1, 2, 4])
```

```autograd
from chainrule import fit, mse, nn, optim
import numpy as np

model = nn.Linear(1, 1)
data = [(np.ones((4, 1)), np.ones((4, 1)))]
fit(model, data, loss=mse, optimizer=optim.SGD(model.parameters(), lr=0.1), epochs=3)
```
"""
OTHER = "# Other\n\n```autograd\nprint('other')\n```\n"


def build(
    project: Project, *arguments: str, more: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    project.configure(CONFIG.format(more=more))
    return mkdocs("build", *arguments, cwd=project.root, SOURCE_DATE_EPOCH="1700000000", **environment)


def site(project: Project) -> dict[str, bytes]:
    folder = project.root / "site"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "sitemap" not in path.name
    }


@pytest.fixture
def frozen(project: Project) -> Project:
    """A project whose freeze was just written."""
    project.page("index.md", PAGE)
    project.page("other.md", OTHER)
    assert build(project, "--strict", more=", execute: always").returncode == 0
    return project


def entry(project: Project, page: str = "index") -> Path:
    return project.root / "_freeze" / "docs" / f"{page}.md.json"


@pytest.mark.parametrize("more", first_now("", ", execute: never"))
def test_a_frozen_site_is_the_same_without_numpy_and_matplotlib(
    frozen: Project, tmp_path_factory: pytest.TempPathFactory, more: str
) -> None:
    executed = site(frozen)
    assert {"index.html", "other/index.html"} <= executed.keys()
    without = tmp_path_factory.mktemp("without")
    (without / "sitecustomize.py").write_text(WITHOUT)
    run = build(frozen, "--strict", more=more, PYTHONPATH=str(without))
    assert run.returncode == 0, run.stderr
    assert "ran 0 blocks, none failed, 6 from the freeze" in run.stderr
    built = site(frozen)
    assert [name for name in executed.keys() | built.keys() if executed.get(name) != built.get(name)] == []


def test_what_is_stale_is_named_and_shown_as_source(frozen: Project) -> None:
    frozen.page("index.md", PAGE.replace("a * a + 1", "a * a + 2"))
    frozen.page("new.md", OTHER.replace("other", "new"))
    run = build(frozen)
    warnings = [line for line in run.stderr.splitlines() if "WARNING" in line]
    assert len(warnings) == 2
    assert "docs/index.md:3: not run: its code, or that of a block before it, is newer" in run.stderr
    assert "docs/new.md:3: not run: has no result in _freeze" in run.stderr
    page = frozen.html()
    assert "Not run" in page
    assert ">a.grad</code>" in page
    assert "chainrule-source" in page
    assert re.search(r">other\s*</pre>", frozen.html("other/index.html"))
    assert build(frozen, "--strict").returncode == 1


@pytest.mark.slow
def test_prose_makes_nothing_stale(frozen: Project) -> None:
    frozen.page("other.md", f"Much\n\nmore\n\n{OTHER}")
    assert build(frozen, "--strict").returncode == 0


@pytest.mark.slow
def test_never_runs_nothing_and_shows_no_html_raw(project: Project) -> None:
    raw = "class Raw:\n    def _repr_html_(self):\n        return '<b onclick=x>raw</b>'\n\nRaw()"
    project.page("index.md", f"# Raw\n\n```autograd\n{raw}\n```\n")
    assert build(project, more=", execute: always").returncode == 0
    assert "<b onclick=x>" in project.html()
    project.page("stranger.md", "# New\n\n```autograd\nopen('pwned', 'w')\n```\n")
    run = build(project, "--strict", more=", execute: never")
    assert run.returncode == 0
    assert "docs/stranger.md:3: not run: has no result in _freeze" in run.stderr
    assert "<b onclick=x>" not in project.html()
    assert "Not run" in project.html("stranger/index.html")
    assert not (project.root / "pwned").exists()


@pytest.mark.slow
def test_never_without_a_freeze(project: Project) -> None:
    project.configure(CONFIG.replace("freeze: _freeze{more}", "execute: never").format())
    project.page("index.md", OTHER)
    run = project.build("--strict")
    assert run.returncode == 0
    assert "docs/index.md:3: not run: this build runs nothing" in run.stderr


@pytest.mark.slow
def test_a_freeze_is_stable_and_tells_nothing_of_this_machine(frozen: Project) -> None:
    before = {path: path.read_bytes() for path in frozen.root.rglob("_freeze/**/*.json")}
    assert len(before) == 2
    frozen.page("other.md", f"More.\n\n{OTHER}")
    build(frozen, more=", execute: always", TZ="Asia/Tokyo", PYTHONHASHSEED="7")
    assert before == {path: path.read_bytes() for path in frozen.root.rglob("_freeze/**/*.json")}
    for content in before.values():
        assert str(frozen.root).encode() not in content
        assert b"\r" not in content
        assert max(map(len, content.splitlines())) < 100_000


def change(path: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    data = json.loads(path.read_text())
    edit(data)
    path.write_text(json.dumps(data))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_text(""),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-30]),
    "no object": lambda path: path.write_text("[]"),
    "deep": lambda path: path.write_text("[" * 100_000),
    "no bytes of text": lambda path: path.write_bytes(b"\xff\xfe\xff"),
    "another version": lambda path: change(path, lambda data: data.update(format=99)),
    "no outputs": lambda path: change(path, lambda data: data.pop("outputs")),
    "too many outputs": lambda path: change(path, lambda data: data.update(outputs=data["outputs"] * 2)),
    "text that is none": lambda path: change(
        path, lambda data: data["outputs"][0]["items"][0].update(text=5)
    ),
    "a stream that is none": lambda path: change(
        path, lambda data: data["outputs"][0]["items"][0].update(stream="<script>")
    ),
    "a failure that is none": lambda path: change(
        path, lambda data: data["outputs"][0].update(failure={"kind": "x"})
    ),
    "inputs that are none": lambda path: change(path, lambda data: data["inputs"].update(files=[1])),
    "an environment that is none": lambda path: change(path, lambda data: data.update(environment=[])),
}


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_file_that_is_no_freeze_is_named(project: Project, damage: str) -> None:
    project.page("index.md", "# Home\n")
    project.page("other.md", OTHER)
    build(project, more=", execute: always")
    DAMAGES[damage](entry(project, "other"))
    run = build(project)
    assert run.returncode == 0, run.stderr
    assert "_freeze/docs/other.md.json: is no file of results" in run.stderr
    assert "Traceback" not in run.stderr
    assert build(project, "--strict").returncode == 1


HOSTILE = '"></p><script>alert(1)</script><img src=x onerror=alert(1)>'


def everywhere(data: Any) -> Any:
    """The data with every string replaced that is no key, kind or stream."""
    if isinstance(data, str):
        return HOSTILE
    if isinstance(data, list):
        return [everywhere(item) for item in data]
    if isinstance(data, dict):
        kept = {"stream", "kind", "zoom", "type"}
        return {name: item if name in kept else everywhere(item) for name, item in data.items()}
    return data


@pytest.mark.slow
def test_a_strangers_freeze_puts_no_markup_into_the_page(frozen: Project) -> None:
    path = entry(frozen)
    whole = json.loads(path.read_text())
    for number, output in enumerate(whole["outputs"]):
        for hostile in (
            everywhere(output["items"]),
            [{"data": dict.fromkeys(KINDS, HOSTILE), "metadata": {}}],
        ):
            data = json.loads(json.dumps(whole))
            data["outputs"][number]["items"] = hostile
            path.write_text(json.dumps(data))
            run = build(frozen, more=", execute: never")
            assert run.returncode == 0, run.stderr
            page = frozen.html()
            assert "<script>alert(1)" not in page
            assert "<img src=x" not in page


KINDS = [
    "image/svg+xml",
    "text/html",
    "image/png",
    "text/markdown",
    "text/latex",
    "text/plain",
    "application/javascript",
]


@pytest.mark.slow
def test_versions_that_differ_are_one_note(frozen: Project) -> None:
    for name in ("index", "other"):
        change(
            entry(frozen, name), lambda data: data["environment"].update(numpy="0.1", python="CPython 2.7")
        )
    run = build(frozen, "--strict")
    assert run.returncode == 0
    assert run.stderr.count("was made with other versions") == 1
    assert "numpy 0.1, python CPython 2.7" in run.stderr


@pytest.mark.parametrize(
    ("folder", "said"), [("docs/_freeze", "docs"), ("/abs", "beside mkdocs.yml"), ("../up", "beside")]
)
def test_a_freeze_stands_beside_the_pages(project: Project, folder: str, said: str) -> None:
    project.page("index.md", OTHER)
    project.configure(CONFIG.replace("_freeze{more}", folder).format())
    run = project.build()
    assert run.returncode == 1
    assert said in run.stderr
    assert "Traceback" not in run.stderr


def renamed(project: Project, new: str) -> None:
    path = project.root / "docs" / new
    path.parent.mkdir(exist_ok=True)
    (project.root / "docs/other.md").rename(path)


@pytest.mark.slow
def test_the_results_of_a_page_that_was_renamed_are_named(project: Project) -> None:
    project.page("index.md", "# Home\n\n`#!autograd 1`\n")
    project.page("other.md", OTHER)
    build(project, more=", execute: always")
    renamed(project, "guide/new.md")
    run = build(project)
    advice = (
        "docs/guide/new.md:3: not run: has no result in _freeze; _freeze/docs/other.md.json has that of the "
        "same code, and its page is gone: rename it to _freeze/docs/guide/new.md.json"
    )
    assert advice in run.stderr
    assert "docs/other.md.json" not in project.html("guide/new/index.html")

    (project.root / "_freeze/docs/guide").mkdir()
    entry(project, "other").rename(entry(project, "guide/new"))
    run = build(project, "--strict")
    assert run.returncode == 0, run.stderr
    assert "2 from the freeze" in run.stderr


@pytest.mark.slow
def test_what_is_written_anew_for_a_page_that_was_renamed_leaves_the_old_to_delete(project: Project) -> None:
    project.page("index.md", "# Home\n")
    project.page("other.md", OTHER)
    build(project, more=", execute: always")
    renamed(project, "new.md")
    run = build(project, "--strict", more=", execute: always")
    assert run.returncode == 0
    note = "is of a page that is gone, whose code stands in docs/new.md now: delete it"
    assert f"_freeze/docs/other.md.json: {note}" in run.stderr
    assert "is gone" not in build(project, "--strict", more=", execute: always").stderr


@pytest.mark.slow
@pytest.mark.parametrize("change", ["copied", "edited", "names its lines"])
def test_what_a_new_name_would_not_help_is_not_named(project: Project, change: str) -> None:
    page = "# P\n\n```autograd expect='ValueError'\nint('a')\n```\n" if change == "names its lines" else OTHER
    project.page("index.md", "# Home\n")
    project.page("other.md", page)
    build(project, more=", execute: always")
    if change != "copied":
        (project.root / "docs/other.md").unlink()
    project.page("new.md", page.replace("other')", "edited')") if change == "edited" else page)
    run = build(project)
    assert "docs/new.md:3: not run: has no result in _freeze" in run.stderr
    assert "rename" not in run.stderr
