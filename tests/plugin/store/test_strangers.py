"""A freeze of strangers is data from strangers, and one that is committed tells nothing of the machine."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from building import mkdocs
from in_place import IN_PLACE
from mkdocs_chainrule.session.block import Bundle, Output, Outputs, Stream
from mkdocs_chainrule.session.reads import Reads, state
from mkdocs_chainrule.store.around import surroundings
from mkdocs_chainrule.store.freeze import Freeze
from mkdocs_chainrule.store.store import Store
from sessions import session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from projects import Project

PAGE = session("print('true')")
OUTPUTS = Outputs([Output((Stream("stdout", "true\n"),))], Reads())
FILE = "_freeze/docs/page.md.json"


def freeze(root: Path, *, runs: bool = False, stored: bool = False, confined: bool = False) -> Freeze:
    """The freeze as a new build sees it."""
    around = surroundings(root, is_confined=confined)
    return Freeze(root, "_freeze", around, Store(root / "store", root, around) if stored else None, runs=runs)


def edit(root: Path, **inputs: Any) -> None:
    path = root / FILE
    data = json.loads(path.read_text())
    data["inputs"].update(inputs)
    path.write_text(json.dumps(data))


@pytest.mark.parametrize("what", IN_PLACE)
def test_a_freeze_that_is_none_is_named(tmp_path: Path, what: str) -> None:
    (tmp_path / FILE).parent.mkdir(parents=True)
    IN_PLACE[what](tmp_path / FILE)
    frozen = freeze(tmp_path)
    assert frozen.look_up(PAGE) is None
    (problem,) = frozen.problems
    assert str(problem).startswith(f"{FILE}: is no file of results")
    assert str(tmp_path) not in str(problem)
    assert len(str(problem)) < 300
    frozen.save(PAGE, OUTPUTS)
    if what != "a folder":
        assert freeze(tmp_path).look_up(PAGE) is not None


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999", "9" * 5000])
def test_numbers_are_finite(tmp_path: Path, number: str) -> None:
    data = Bundle({"application/json": [0.25], "text/plain": "x"})
    freeze(tmp_path).save(PAGE, Outputs([Output((data,))], Reads()))
    path = tmp_path / FILE
    path.write_text(path.read_text().replace("0.25", number))
    frozen = freeze(tmp_path)
    assert frozen.look_up(PAGE) is None
    assert "is no file of results" in str(frozen.problems[0])


def test_what_json_cannot_hold_is_not_frozen(tmp_path: Path) -> None:
    frozen = freeze(tmp_path)
    frozen.save(PAGE, Outputs([Output((Bundle({"application/json": [float("nan")]}),))], Reads()))
    assert not (tmp_path / FILE).exists()
    assert "are not frozen: " in str(frozen.problems[0])


VALUES = ["yes", "", "prod", "a secret of mine"]


@pytest.mark.parametrize("value", VALUES)
def test_a_freeze_holds_no_value_of_a_variable_and_no_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("ASKED", value)
    monkeypatch.setenv("DECLARED", value)
    page = session("1", depends="env:DECLARED")
    outputs = Outputs([Output()], Reads(variables={"ASKED": value, "UNSET": None}))
    frozen = freeze(tmp_path)
    frozen.save(page, outputs)
    first = (tmp_path / FILE).read_text()
    assert json.loads(first)["inputs"]["variables"] == {"ASKED": "", "DECLARED": "", "UNSET": None}
    for name in hashlib.algorithms_guaranteed - {"shake_128", "shake_256"}:
        assert hashlib.new(name, value.encode()).hexdigest()[:12] not in first
    # Nothing in the file follows the value: no function of it, however it is salted, is there.
    monkeypatch.setenv("ASKED", "another")
    monkeypatch.setenv("DECLARED", "another")
    (tmp_path / FILE).unlink()
    freeze(tmp_path).save(page, Outputs([Output()], Reads(variables={"ASKED": "another", "UNSET": None})))
    assert (tmp_path / FILE).read_text() == first


def test_where_results_were_made_variables_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASKED", "first")
    outputs = Outputs([Output()], Reads(variables={"ASKED": "first"}))
    for keeper in (freeze(tmp_path), Store(tmp_path / "store", tmp_path)):
        keeper.save(PAGE, outputs)
    for runs in (False, True):
        assert freeze(tmp_path, runs=runs, stored=True).look_up(PAGE) is not None
    monkeypatch.setenv("ASKED", "second")
    for runs in (False, True):
        assert freeze(tmp_path, runs=runs, stored=True).look_up(PAGE) is None
    _, why = freeze(tmp_path, stored=True).stale(PAGE) or (None, "")
    assert "the environment variable ASKED changed" in why
    # Elsewhere nobody knows: who runs nothing shows what is committed, who may run does.
    assert freeze(tmp_path).look_up(PAGE) is not None
    assert freeze(tmp_path, runs=True).look_up(PAGE) is None
    # Nor does what the store says of other Outputs tell anything of these.
    other = Outputs([Output((Stream("stdout", "other"),))], Reads(variables={"ASKED": "second"}))
    Store(tmp_path / "store", tmp_path).save(PAGE, other)
    assert freeze(tmp_path, runs=True, stored=True).look_up(PAGE) is None


def test_a_variable_that_was_not_set_is_compared_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ASKED", "TZ"):
        monkeypatch.delenv(name, raising=False)
    freeze(tmp_path).save(PAGE, Outputs([Output()], Reads(variables={"ASKED": None, "TZ": None})))
    for runs in (False, True):
        assert freeze(tmp_path, runs=runs).look_up(PAGE) is not None
    monkeypatch.setenv("TZ", "Asia/Tokyo")  # nobody asked for it by name: what is committed counts
    assert freeze(tmp_path).look_up(PAGE) is not None
    assert freeze(tmp_path, runs=True).look_up(PAGE) is None
    monkeypatch.setenv("ASKED", "yes")
    assert freeze(tmp_path).look_up(PAGE) is None


@pytest.mark.parametrize(
    "said", ["size file \u00b2", f"size file {'9' * 5000}", "", " ", "all", "size file -1", "x" * 9]
)
def test_what_is_no_answer_is_not_what_it_was(tmp_path: Path, said: str) -> None:
    (tmp_path / "asked.txt").write_text("few")
    freeze(tmp_path).save(PAGE, OUTPUTS)
    edit(tmp_path, asked={"asked.txt": said})
    assert freeze(tmp_path).look_up(PAGE) is None
    assert freeze(tmp_path).stale(PAGE) is not None


@pytest.mark.parametrize("path", ["a/" * 300_000, "\0", "../" * 300_000 + "x", "x" * 10**6], ids=len)
def test_what_is_no_path_leads_nowhere(tmp_path: Path, path: str) -> None:
    freeze(tmp_path).save(PAGE, OUTPUTS)
    for inputs in ({"files": {path: None}}, {"written": [path]}, {"variables": {path: None}}):
        edit(tmp_path, **inputs)
        frozen = freeze(tmp_path, confined=True)
        assert frozen.look_up(PAGE) is None
        assert "is no file of results" in str(frozen.problems[0])


OUTSIDE: dict[str, Callable[[Path], dict[str, Any]]] = {
    "upwards": lambda outside: {"files": {f"../{outside.name}/secret.txt": "0" * 64}},
    "absolute": lambda outside: {"files": {str(outside / "secret.txt"): "0" * 64}},
    "through a link": lambda _: {"files": {"link/secret.txt": "0" * 64}},
    "a folder": lambda outside: {"folders": {str(outside): "0" * 64}},
    "asked": lambda outside: {"asked": {f"../{outside.name}/secret.txt": "size file 3"}},
    "written": lambda outside: {"written": [str(outside / "secret.txt")]},
}


@pytest.mark.parametrize("how", OUTSIDE)
def test_where_nobody_is_trusted_no_path_leads_out_of_the_project(tmp_path: Path, how: str) -> None:
    root, outside = tmp_path / "project", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text("few")
    (root / "link").symlink_to(outside)
    freeze(root).save(PAGE, OUTPUTS)
    edit(root, **OUTSIDE[how](outside))
    opened: list[str] = []
    listening = True
    sys.addaudithook(
        lambda event, given: (
            opened.append(str(given[0]))
            if listening and event in {"open", "os.listdir", "os.scandir"}
            else None
        )
    )
    frozen = freeze(root, confined=True)
    assert frozen.look_up(PAGE) is None
    _, why = frozen.stale(PAGE) or (None, "")
    listening = False
    assert "lies outside the project, where this build does not look" in why
    assert not [path for path in opened if "secret" in path or path == str(outside)]


def test_what_strangers_declare_is_not_looked_for_outside(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.txt").write_text("few")
    root = tmp_path / "project"
    root.mkdir()
    page = session("1", depends="../outside/*, ../outside")
    around = surroundings(root, is_confined=True)
    from mkdocs_chainrule.store.declared import digests, files

    assert files("../outside/*", around) == files("../outside", around) == []
    assert len(files("../outside/*", surroundings(root))) == 1
    assert set(digests(page, around).values()) == set(
        digests(session("1", depends="nothing"), around).values()
    )


@pytest.mark.parametrize("link", ["_freeze", "_freeze/docs"])
def test_a_freeze_behind_a_link_out_is_neither_read_nor_written(tmp_path: Path, link: str) -> None:
    root = tmp_path / "project"
    (tmp_path / "outside" / "docs").mkdir(parents=True)
    freeze(root).save(PAGE, OUTPUTS)
    shutil.move(root / FILE, tmp_path / "outside/docs/page.md.json")
    shutil.rmtree(root / "_freeze")
    (root / link).parent.mkdir(exist_ok=True)
    (root / link).symlink_to(tmp_path / ("outside" if link == "_freeze" else "outside/docs"))
    frozen = freeze(root)
    before = (tmp_path / "outside/docs/page.md.json").read_bytes()
    assert frozen.look_up(PAGE) is None
    frozen.save(PAGE, Outputs([Output()], Reads()))
    assert (tmp_path / "outside/docs/page.md.json").read_bytes() == before
    assert all("a link leads out of the project" in str(problem) for problem in frozen.problems)
    assert len(frozen.problems) == 2


def test_an_unwritable_freeze_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "_freeze").write_text("a file")
    frozen = freeze(tmp_path)
    for page in (PAGE, replace(PAGE, page="docs/other.md")):
        frozen.save(page, OUTPUTS)
    (problem,) = frozen.problems
    assert str(problem).startswith(f"{FILE}: its results are not frozen: ")
    assert str(tmp_path) not in str(problem)


def test_line_ends_make_no_freeze_stale(tmp_path: Path) -> None:
    texts = ["data.csv", "mine.py", "notes/a.txt", "sized.txt"]
    for name in texts:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x = 1\ny = 2\n")
    (tmp_path / "binary").write_bytes(b"\0\r\n")
    page = session("1", depends="notes/*.txt, module:mine")
    paths = [str(tmp_path / name) for name in ("data.csv", "binary")]
    reads = Reads({path: state(path) for path in paths}, asked={str(tmp_path / "sized.txt"): "size file 12"})
    freeze(tmp_path).save(page, Outputs([Output()], reads))
    for name in (*texts, FILE):
        path = tmp_path / name
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    frozen = freeze(tmp_path)
    assert frozen.stale(page) is None
    assert frozen.look_up(page) is not None
    for name in (*texts, "binary"):
        path = tmp_path / name
        before = path.read_bytes()
        path.write_bytes(b"\0\n" if name == "binary" else before + b"z")
        assert freeze(tmp_path).look_up(page) is None, name
        path.write_bytes(before)
    assert freeze(tmp_path).look_up(page) is not None


def test_what_a_checkout_did_to_its_ends_of_lines_is_not_undone(tmp_path: Path) -> None:
    freeze(tmp_path).save(PAGE, OUTPUTS)
    path = tmp_path / FILE
    path.write_bytes(content := path.read_bytes().replace(b"\n", b"\r\n"))
    freeze(tmp_path).save(PAGE, OUTPUTS)
    assert path.read_bytes() == content


def test_files_that_a_block_wrote_are_made_again_where_it_may_run(tmp_path: Path) -> None:
    (tmp_path / "out.png").write_text("picture")
    freeze(tmp_path).save(PAGE, Outputs([Output()], Reads(written=(str(tmp_path / "out.png"),))))
    assert freeze(tmp_path, runs=True).look_up(PAGE) is not None
    (tmp_path / "out.png").unlink()
    assert freeze(tmp_path, runs=True).look_up(PAGE) is None
    frozen = freeze(tmp_path)
    assert frozen.look_up(PAGE) is not None
    assert "when it ran it wrote out.png, not there now" in str(frozen.problems[0])


def test_what_is_installed_makes_no_freeze_stale_and_what_shadows_it_does(tmp_path: Path) -> None:
    freeze(tmp_path).save(
        PAGE, Outputs([Output()], Reads(imports=("numpy", "not_there"), missing=("not_there",)))
    )
    edit(tmp_path, imports={"numpy": None, "not_there": None, "brotli": ""})
    assert freeze(tmp_path).look_up(PAGE) is not None
    (tmp_path / "numpy.py").touch()
    _, why = freeze(tmp_path).stale(PAGE) or (None, "")
    assert "the module numpy is there now" in why


@pytest.mark.slow
def test_a_site_of_strangers_is_built_whatever_lies_in_its_freeze(project: Project) -> None:
    config = "site_name: T\ntheme: {{name: mkdocs}}\nplugins: [chainrule: {{freeze: _freeze, execute: {}}}]\n"
    for number, what in enumerate(IN_PLACE):
        project.page(f"p{number}.md", "# T\n\n```autograd\nprint(6 * 7)\n```\n\nAfter.\n")
        (project.root / "_freeze/docs").mkdir(parents=True, exist_ok=True)
        IN_PLACE[what](project.root / f"_freeze/docs/p{number}.md.json")
    project.page("index.md", "# T\n")
    for execute in ("never", "auto"):
        project.configure(config.format(execute))
        run = mkdocs("build", cwd=project.root)
        assert run.returncode == 0, run.stderr
        assert run.stderr.count("is no file of results") == len(IN_PLACE)
        assert "Traceback" not in run.stderr
        assert str(project.root) not in run.stderr.replace(f"{project.root}/site", "")
    for number in range(len(IN_PLACE)):
        assert "After." in project.html(f"p{number}/index.html")
