"""Loops: the first and the last step are drawn, and how many lie between."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from chainrule.graph import Graph
from drawings import Sketch, chain, expression, graphs
from mkdocs_chainrule.show.graphs.fold import fold
from mkdocs_chainrule.show.graphs.graph import SMALL
from mkdocs_chainrule.show.graphs.loops import roll


def labels(graph: Graph, kind: str) -> list[str]:
    return [node.label for node in graph if node.kind == kind]


def test_a_chain_with_shared_weights_is_two_steps_and_a_count():
    rolled = roll(chain(40), 60)
    assert labels(rolled, "fold") == ["38 more such steps"]
    assert labels(rolled, "operation") == ["*", "+", "tanh", "*"] * 2
    assert labels(rolled, "input") == ["w", "b", "x"]
    fold_ = next(node for node in rolled if node.kind == "fold")
    assert fold_.count == 38 * 9
    assert {rolled[source].label for source in rolled.sources[fold_.id]} == {"w", "b", ""}


def test_its_size_does_not_depend_on_the_number_of_steps():
    assert len(roll(chain(10), 60)) == len(roll(chain(300), 60))


def test_a_small_chain_stays():
    graph = chain(5)
    assert roll(graph, 60) is graph


def test_a_leaf_that_one_step_reads_goes_with_it():
    sketch = Sketch()
    w, state = sketch.leaf("w"), sketch.leaf("h")
    sequence = [sketch.leaf(f"x[{place}]") for place in range(30)]
    for element in sequence:
        state = sketch.apply("tanh", sketch.apply("+", sketch.apply("*", w, state), element))
    rolled = roll(sketch.graph(), 60)
    assert labels(rolled, "fold") == ["28 more such steps"]
    assert labels(rolled, "input") == ["w", "h", "x[0]", "x[29]"]


def test_two_loops_are_two_folds():
    sketch = Sketch()
    value = sketch.leaf("x")
    for symbol in ("tanh", "exp"):
        w = sketch.leaf()
        for _ in range(20):
            value = sketch.apply(symbol, sketch.apply("*", value, w))
    assert len(labels(roll(sketch.graph(), 20), "fold")) == 2


def test_a_name_keeps_a_step():
    sketch = Sketch()
    value, w = sketch.leaf("x"), sketch.leaf("w")
    for place in range(40):
        value = sketch.apply("*", value, w)
        if place == 19:
            sketch.name("half")
    assert labels(roll(sketch.graph(), 20), "interior").count("half") == 1


def test_what_does_not_repeat_stays():
    graph = expression(200)
    assert labels(fold(graph, SMALL), "fold") == []


@pytest.mark.slow
@given(graphs(most=24))
@settings(max_examples=60, deadline=None)
def test_what_is_rolled_is_a_graph_and_loses_nothing(graph):
    rolled = roll(graph, 0)
    assert repr(Graph.from_json(rolled.to_json())) == repr(rolled)
    assert sum(node.count for node in rolled) == len(graph)
    assert {node.id for node in rolled if node.kind != "fold"} <= {node.id for node in graph}
