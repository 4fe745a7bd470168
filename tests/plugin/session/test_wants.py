"""What a session is likely to want loaded, from what its sources say and from what it used."""

from __future__ import annotations

import pytest

from mkdocs_chainrule.session.wants import DRAWING, ENGINE, PYTHON, used, wanted


@pytest.mark.parametrize(
    ("sources", "level"),
    [
        (["print(6 * 7)"], PYTHON),
        (["import json", "json.dumps([])"], PYTHON),
        (["a = 1", "from chainrule import Value"], ENGINE),
        (["import numpy as np"], ENGINE),
        (["import pandas as pd"], ENGINE),
        (["import numpy as np", "import matplotlib.pyplot as plt"], DRAWING),
        (["from chainrule import fit", "fit(model, x, y)"], DRAWING),
    ],
)
def test_sources_say_what_they_want(sources: list[str], level: int) -> None:
    assert wanted(sources) == level


def test_what_was_used_without_a_word_of_it_is_known() -> None:
    assert used(["requests"]) == PYTHON
    assert used(["numpy"]) == ENGINE
    assert used(["chainrule", "matplotlib", "numpy"]) == DRAWING
