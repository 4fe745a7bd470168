"""What drawing costs is measured on graphs of the size asked for, and on a page that asks for nothing."""

from __future__ import annotations

import inspect
import shutil
from pathlib import Path

import pytest
from benchmarks.drawing import FAMILIES, draw, expression
from benchmarks.reading import read

from building import skip_or_fail
from mkdocs_chainrule.show.graphs.fold import fold
from mkdocs_chainrule.show.graphs.graph import SMALL


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("size", [20, 200, 1000])
def test_graphs_are_of_the_size_that_is_asked_for(family, size):
    assert 0.75 * size <= len(FAMILIES[family](size)) <= size


def test_an_expression_is_drawn_whole_and_a_loss_folded():
    assert len(fold(expression(200), SMALL)) == len(expression(200))
    assert len(fold(FAMILIES["batch loss"](1000), SMALL)) < 20


@pytest.mark.slow
def test_bytes_are_few():
    drawings = [drawing for drawing in draw(1) if drawing.family == "expression"]
    assert all(drawing.bytes[0] <= 300 and drawing.bytes[1] <= 60 for drawing in drawings[1:])


@pytest.mark.slow
@pytest.mark.browser
def test_a_page_of_200_nodes_neither_shifts_nor_asks_for_the_outside():
    browser = shutil.which("chromium")
    if browser is None:
        skip_or_fail("there is no Chromium")
    wait = read(Path(browser), inspect.getsource(expression), 1)
    assert wait.shift <= 0.01
    assert wait.external == 0
