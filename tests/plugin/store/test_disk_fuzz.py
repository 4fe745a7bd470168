"""Whatever a disk holds where our files were: it answers in our own types, or not at all."""

from __future__ import annotations

import json
import shutil
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from benchmarks.fuzzing.disk import STORE, mutate

from mkdocs_chainrule.pieces import Piece, Shelves
from mkdocs_chainrule.session.block import Bundle, Outputs, Session, Stream
from mkdocs_chainrule.session.reads import Reads
from mkdocs_chainrule.store.around import surroundings
from mkdocs_chainrule.store.freeze import Freeze
from mkdocs_chainrule.store.store import Store
from sessions import pool, session

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = [
    "print('text')",
    "from chainrule import Value\na = Value(2.0)\n(a * a).backward()",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])",
    "import os\nos.environ.get('HOME'), os.path.exists('data.csv'), open('data.csv').read()",
    "1 / 0",
]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Session]]:
    """A project with entries, a shelf and a freeze."""
    root = tmp_path_factory.mktemp("kept")
    (pool()._root / "data.csv").write_text("1,2")
    sessions = [
        Session(f"docs/page{number}.md", session(source, **options).blocks)
        for number, source in enumerate(SOURCES)
        for options in [{"expect": "ZeroDivisionError"} if "/" in source and "0" in source else {}]
    ]
    around = surroundings(root)
    store = Store(root / STORE, root, around)
    freeze = Freeze(root, "_freeze", around, store)
    for each in sessions:
        outputs = pool().submit(each).result(timeout=60)
        store.save(each, outputs)
        freeze.save(each, outputs)
        shelves = Shelves(root / STORE / "shown")
        name = f"c{sessions.index(each):08x}"
        shelves.find(name, "key")
        shelves.put(name, "key", Piece("<p>one</p>", (("a.svg", "url", "YQ=="),), (("said", True),)))
        assert shelves.flush() is None
    assert len(list(root.rglob("*.json"))) >= 3 * len(sessions) - 3
    return root, sessions


def answers(root: Path, sessions: list[Session]) -> Counter[str]:
    """Ask for all that is kept, and count what is answered and what is refused."""
    counts: Counter[str] = Counter()
    for confined in (False, True):
        around = surroundings(root, is_confined=confined)
        store = Store(root / STORE, root, around)
        freeze = Freeze(root, "_freeze", around, store, runs=not confined)
        for each in sessions:
            for keeper in (store, freeze):
                outputs = keeper.look_up(each)
                assert outputs is None or are_ours(outputs)
                counts[keeper.name] += outputs is not None
                json.dumps([str(problem) for problem in keeper.problems])
            freeze.stale(each)
            freeze.left_by(each)
            if outputs is not None:
                freeze.save(each, Outputs(outputs, Reads()))
        store.prune()
        store.prune(time.time() + 10**8)
    shelves = Shelves(root / STORE / "shown")
    for number in range(len(sessions)):
        piece = shelves.find(f"c{number:08x}", "key")
        assert piece is None or isinstance(piece, Piece)
        shelves.put(f"c{number:08x}", "key", Piece(""))
    shelves.flush()
    return counts


def are_ours(outputs: Outputs) -> bool:
    """Tell whether what is answered is of our types through and through."""
    for output in outputs:
        assert 0 <= abs(output.seconds) < 2**64
        assert output.failure is None or isinstance(output.failure.message, str)
        for item in output.items:
            texts = [item.text] if isinstance(item, Stream) else []
            if isinstance(item, Bundle):
                texts = [text for mime, text in item.data.items() if not mime.endswith("json")]
            assert all(isinstance(text, str) for text in texts)
    return True


@pytest.mark.parametrize("seeds", [range(8), pytest.param(range(8, 200), marks=pytest.mark.slow)], ids=str)
def test_what_is_kept_answers_in_our_types_or_not_at_all(
    kept: tuple[Path, list[Session]], tmp_path: Path, seeds: range
) -> None:
    original, sessions = kept
    outside = tmp_path / "outside.svg"
    done: Counter[str] = Counter()
    for seed in seeds:
        root = tmp_path / str(seed)
        shutil.copytree(original, root)
        done.update(mutate(root, seed))
        answers(root, sessions)
        shutil.rmtree(root)
    assert done.total() >= 12 * len(seeds)
    assert not outside.exists()
    if len(seeds) > 100:
        assert len({kind.partition(":")[0] for kind in done}) == 3
        assert len(done) > 75, done


def test_the_same_seed_does_the_same(kept: tuple[Path, list[Session]], tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        shutil.copytree(kept[0], folder)
    assert mutate(folders[0], 7) == mutate(folders[1], 7)
