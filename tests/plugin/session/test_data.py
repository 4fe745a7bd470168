"""What is kept or sent comes back as it was, and what is no such thing is refused in words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mkdocs_chainrule.session.block import (
    Block,
    Bundle,
    Detail,
    Failure,
    Frame,
    Output,
    Place,
    Session,
    Stream,
)
from mkdocs_chainrule.session.data import from_data, to_data
from mkdocs_chainrule.session.reads import Reads

PLACE = Place("docs/page.md", 3)
FAILURE = Failure(
    "exception",
    "ValueError: x",
    PLACE,
    frames=(Frame(*PLACE, "f", "f()"),),
    details=(Detail("caused by KeyError", PLACE, 1), Detail("a note")),
    types=("ValueError", "Exception"),
)
OUTPUT = Output((Stream("stdout", "1\n"), Bundle({"text/plain": "1", "application/json": [1]})), FAILURE, 0.5)


@pytest.mark.parametrize(
    "value",
    [
        OUTPUT,
        Output(),
        Session("docs/page.md", (Block("1", "fence", PLACE, (Place("docs/page.md"),), {"timeout": 2.0}),)),
        Reads({"/a": (1, 2, 3, 4), "/b": None}, {"/c": "x"}, {"HOME": None}, ("numpy",), written=("/d",)),
    ],
)
def test_what_is_written_is_read(value: Any) -> None:
    assert from_data(type(value), json.loads(json.dumps(to_data(value)))) == value


def test_data_of_a_freeze_that_was_written_before() -> None:
    old = {"kind": "crash", "message": "m", "place": ["docs/page.md", None], "frames": [], "later": 1}
    assert from_data(Failure, old) == Failure("crash", "m", Place("docs/page.md"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.update(seconds="1"), "'1' is no number"),
        (lambda d: d.update(items={}), "{} is no list"),
        (lambda d: d["items"][0].update(stream="<b>"), "is no Stream or Bundle"),
        (lambda d: d["items"][1]["data"].update({"text/html": 5}), "is no Stream or Bundle"),
        (lambda d: d["failure"].update(place=["docs/page.md", True]), "is no Failure or null"),
        (lambda d: d["failure"].pop("kind"), "is no Failure or null"),
    ],
)
def test_data_that_is_none_of_ours(change: Any, words: str) -> None:
    data = json.loads(json.dumps(to_data(OUTPUT)))
    change(data)
    with pytest.raises(ValueError, match=words):
        from_data(Output, data)
