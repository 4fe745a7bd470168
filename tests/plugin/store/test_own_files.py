"""Of a disk only what we wrote is read, and deleted; what stands in its place counts as damaged."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from in_place import IN_PLACE, sealed
from mkdocs_chainrule.disk import file_digest, parsed, read_whole, write_whole
from mkdocs_chainrule.pieces import Piece, Shelves
from mkdocs_chainrule.session.block import Output, Outputs, Stream
from mkdocs_chainrule.session.data import digest, from_data, to_data
from mkdocs_chainrule.session.reads import Reads
from mkdocs_chainrule.store.store import Store
from sessions import session

if TYPE_CHECKING:
    from projects import Project

MONTH = 31 * 86_400
PAGE = session("print('true')")
OUTPUTS = Outputs([Output((Stream("stdout", "true\n"),))], Reads())


@pytest.mark.parametrize("what", IN_PLACE)
def test_an_entry_that_is_none_counts_as_absent(tmp_path: Path, what: str) -> None:
    store = Store(tmp_path / "store", tmp_path)
    store.save(PAGE, OUTPUTS)
    assert store.look_up(PAGE) is not None
    (path,) = (tmp_path / "store").rglob("*.json")
    path.unlink()
    IN_PLACE[what](path)
    store = Store(tmp_path / "store", tmp_path)
    assert store.look_up(PAGE) is None
    assert len(store.problems) == 1
    store.save(PAGE, OUTPUTS)
    store.prune(time.time() + 2 * MONTH)
    if what != "a folder":  # which is not ours to take away
        store.save(PAGE, OUTPUTS)
        assert Store(tmp_path / "store", tmp_path).look_up(PAGE) is not None


@pytest.mark.parametrize("what", IN_PLACE)
def test_a_shelf_that_is_none_counts_as_empty(tmp_path: Path, what: str) -> None:
    IN_PLACE[what](tmp_path / "c00000000.json")
    shelves = Shelves(tmp_path)
    assert shelves.find("c00000000", "key") is None
    shelves.put("c00000000", "key", Piece("<p>"))
    assert bool(shelves.flush()) is (what == "a folder")
    if what != "a folder":
        assert Shelves(tmp_path).find("c00000000", "key") == Piece("<p>")


@pytest.mark.parametrize(
    "piece",
    [
        None,
        [],
        {},
        {"html": 5},
        {"html": "", "files": [["../../../x.svg", "url", ""]]},
        {"html": "", "files": [["/etc/x", "url", ""]]},
        {"html": "", "files": [[".htaccess", "url", ""]]},
        {"html": "", "files": [["a.svg", "url"]]},
        {"html": "", "remarks": [[[], True]]},
    ],
)
def test_a_piece_that_is_none_is_made_anew(tmp_path: Path, piece: object) -> None:
    (tmp_path / "shelf.json").write_bytes(sealed(json.dumps({"key": piece}).encode()))
    assert Shelves(tmp_path).find("shelf", "key") is None


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "-1e999", str(2**70), "9" * 4000, "1e300"])
def test_numbers_that_are_none(number: str) -> None:
    with pytest.raises(ValueError, match="number"):
        from_data(Output, {"items": [], "seconds": parsed(number.encode())})
    assert from_data(Output, to_data(Output((), None, 0.5))).seconds == 0.5


def test_a_store_behind_a_link_is_used_and_nothing_but_its_own_is_deleted(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    (victim / "letters").mkdir(parents=True)
    (victim / "ab").mkdir()
    (tmp_path / "store").symlink_to("victim")
    store = Store(tmp_path / "store", tmp_path)
    store.save(PAGE, OUTPUTS)
    own = list(victim.glob("??/*.json"))
    assert len(own) == 1
    names = ["letters/will.txt", f"ab/{'1' * 62}.json", f"ab/{'1' * 61}.json", f"ab/{'2' * 62}.txt"]
    for name in names:
        (victim / name).write_text("precious")
    (victim / "elsewhere").mkdir()
    (victim / "elsewhere" / f"{'3' * 62}.json").write_bytes(sealed(b"{}"))
    (victim / "cd").symlink_to("elsewhere")
    (victim / "ab" / f"{'4' * 62}.json").symlink_to(own[0])
    left = own[0].with_suffix(".123.456.part")
    left.write_bytes(own[0].read_bytes()[:40])
    kept = {path for path in victim.rglob("*") if path.is_file()} - {*own, left}
    assert store.prune() > 0
    assert store.look_up(PAGE) is not None
    store.prune(time.time() + MONTH)
    assert {path for path in victim.rglob("*") if path.is_file()} == kept - {victim / f"ab/{'4' * 62}.json"}


def test_a_store_that_is_no_folder_costs_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file")
    store = Store(tmp_path / "store", tmp_path)
    assert store.look_up(PAGE) is None
    for _ in range(2):
        store.save(PAGE, OUTPUTS)
    assert store.prune() == 0
    said = [str(problem) for problem in store.problems if "not stored" in problem.message]
    assert len(said) == 1
    assert str(tmp_path) not in said[0]


def test_what_is_written_is_new_and_not_through_a_link(tmp_path: Path) -> None:
    from threading import get_ident

    (tmp_path / "precious").write_text("precious")
    (tmp_path / f"a.{os.getpid()}.{get_ident()}.part").symlink_to("precious")
    write_whole(tmp_path / "a.json", b"new")
    assert read_whole(tmp_path / "a.json") == b"new"
    assert (tmp_path / "precious").read_text() == "precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "precious"]


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1, (3 << 20) + 5])
def test_a_digest_is_of_the_content_whether_there_are_holes(tmp_path: Path, size: int) -> None:
    holes, dense, other = (tmp_path / name for name in ("holes", "dense", "other"))
    for path, zeros in ((holes, None), (dense, bytes(4 << 20))):
        with path.open("wb") as file:
            file.write(b"begin")
            if zeros:
                file.write(zeros)
            file.truncate(4 << 20)
            file.seek((4 << 20) - 7)
            file.write(bytes(size) + b"end")
    other.write_bytes(dense.read_bytes()[:-1] + b"D")
    assert file_digest(str(holes)) == file_digest(str(dense)) != file_digest(str(other))


def test_line_ends_make_no_other_digest_where_they_do_not_count(tmp_path: Path) -> None:
    unix, windows, half = (tmp_path / name for name in ("unix", "windows", "half"))
    unix.write_bytes(b"a,b\n" * 300_000)
    windows.write_bytes(b"a,b\r\n" * 300_000)
    half.write_bytes(b"x" * ((1 << 20) - 1) + b"\r\n")
    for ends in (b"\n", b"\r\n"):
        assert file_digest(str(unix), ends) == file_digest(str(windows), ends)
    assert file_digest(str(windows)) == file_digest(str(unix), b"\r\n")
    assert file_digest(str(half), b"\n") == digest(half.read_bytes().replace(b"\r\n", b"\n"))
    assert file_digest(str(unix)) != file_digest(str(windows))


LARGE = """
import resource, sys
from mkdocs_chainrule.disk import file_digest
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
print(len(file_digest(sys.argv[1])))
"""


def test_a_file_of_60_gb_is_digested_in_pieces(tmp_path: Path) -> None:
    large = tmp_path / "big.bin"
    large.touch()
    os.truncate(large, 60 << 30)
    command = [sys.executable, "-c", LARGE, str(large)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert run.stdout == "64\n", run.stderr


@pytest.mark.slow
def test_a_site_that_reads_a_file_of_60_gb(project: Project) -> None:
    (project.root / "big.bin").touch()
    os.truncate(project.root / "big.bin", 60 << 30)
    project.page("index.md", "# T\n\n```autograd\nprint(open('big.bin', 'rb').read(3))\n```\n")
    for counted in ("ran 1 block, none failed", "1 from the store"):
        run = project.build("--strict")
        assert run.returncode == 0, run.stderr
        assert counted in run.stderr
    assert r"\x00\x00\x00" in project.html()


@pytest.mark.slow
@pytest.mark.parametrize("what", ["deep", "linked", "full"])
def test_a_site_is_built_whatever_its_store_is(project: Project, what: str) -> None:
    project.page("index.md", "# T\n\n```autograd\nprint(6 * 7)\n```\n\nAfter.\n")
    store = project.root / ".cache/plugin/chainrule"
    will = project.root / "victim/letters/will.txt"
    will.parent.mkdir(parents=True)
    will.write_text("precious")
    os.utime(will, (10**9, 10**9))
    if what == "linked":
        store.parent.mkdir(parents=True)
        store.symlink_to("../../victim")
    elif what == "full":
        store.parent.mkdir(parents=True)
        store.write_text("")
    project.build()
    if what == "deep":
        for path in store.rglob("*.json"):
            path.write_bytes(b"[" * 100_000)
    run = project.build("--strict")
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
    assert "After." in project.html()
    assert ">42" in project.html()
    assert will.read_text() == "precious"
    assert run.stderr.count("are not stored") == (what == "full")


LARGE_RESULT = """# T

```autograd output="none"
class Large:
    def _repr_html_(self):
        return "x" * 900_000


Large()
```

After.
"""


@pytest.mark.slow
def test_a_disk_that_is_full_while_results_are_written_costs_a_sentence(project: Project) -> None:
    project.page("index.md", LARGE_RESULT)
    run = subprocess.run(
        [Path(sys.executable).with_name("mkdocs"), "build", "--strict"],
        cwd=project.root,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        # Python passes over the signal, and writing fails as on a full disk.
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, 700_000)),
    )
    assert run.returncode == 0, run.stderr
    assert run.stderr.count("results are not stored, so they run at every build: File too large") == 1
    assert not list(project.root.rglob("*.part"))
    assert "After." in project.html()
