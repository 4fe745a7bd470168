"""Layout engines: what they answer, and what happens when they do not."""

from __future__ import annotations

import shutil
import time

import pytest

from chainrule.graph import Edge, Graph, Node
from drawings import chain, expression, loss
from mkdocs_chainrule.errors import LayoutError
from mkdocs_chainrule.show.graphs import layout as module
from mkdocs_chainrule.show.graphs.layout import Asked, engines, layouts


def ask(graph: Graph, direction: str = "LR") -> Asked:
    return Asked(graph, {node.id: (60.0, 40.0) for node in graph.nodes}, direction)


def place(graph: Graph, **options: float):
    [placed] = layouts([ask(graph)], **options)
    return placed


def test_pip_brings_an_engine():
    assert engines()[0].endswith(("graphviz-pure", "graphviz-pure.exe"))


def test_nodes_stand_from_left_to_right_and_do_not_overlap():
    graph = expression(60)
    placed = place(graph)
    for edge in graph.edges:
        assert placed.nodes[edge.source][0] + 60 < placed.nodes[edge.target][0]
    middles = list(placed.nodes.values())
    assert all(
        abs(a[0] - b[0]) >= 60 or abs(a[1] - b[1]) >= 40 for a in middles for b in middles if a is not b
    )


def test_many_graphs_are_placed_at_once_as_each_by_itself():
    asked = [ask(graph, way) for graph in (expression(20), loss(20), chain(3)) for way in ("LR", "TB")]
    assert layouts(asked) == [layouts([each])[0] for each in asked]


def test_nodes_stand_from_top_to_bottom():
    graph = expression(60)
    [placed] = layouts([ask(graph, "TB")])
    for edge in graph.edges:
        assert placed.nodes[edge.source][1] + 40 < placed.nodes[edge.target][1]


def test_every_edge_has_a_path_in_the_order_of_the_graph():
    graph = Graph((Node("v1", "input"), Node("o2", "operation")), (Edge("v1", "o2"),) * 2)
    first, second = place(graph).edges
    assert first != second
    assert all(len(points) % 3 == 1 for points in (first, second))


def test_no_nodes_and_one_node():
    assert place(Graph((), ())).nodes == {}
    assert list(place(Graph((Node("v1", "input"),), ())).nodes) == ["v1"]


def test_edges_are_straight_where_curves_would_take_too_long():
    assert any(len(points) > 4 for points in place(chain(8)).edges)
    assert all(len(points) == 4 for points in place(chain(24)).edges)


def test_an_engine_that_takes_too_long_is_stopped():
    begin = time.monotonic()
    with pytest.raises(LayoutError, match=r"longer than 0\.2 s"):
        place(loss(4000), time_limit=0.2)
    assert time.monotonic() - begin < 30  # and not minutes, as it would take


@pytest.mark.skipif(shutil.which("dot") is None, reason="there is no dot on the path")
def test_dot_on_the_path_answers_too(monkeypatch):
    monkeypatch.setattr(module, "engines", lambda: ("no-such-engine", shutil.which("dot")))
    assert set(place(expression(30)).nodes) == {node.id for node in expression(30).nodes}


def test_an_engine_that_fails_is_named(monkeypatch):
    monkeypatch.setattr(module, "engines", lambda: (shutil.which("false"),))
    with pytest.raises(LayoutError, match="false"):
        place(expression(10))
