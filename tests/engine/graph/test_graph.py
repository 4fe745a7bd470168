"""The graph as plain data: text, words, JSON, and round trips through the real parsers."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule.errors import GraphFormatError, GraphTooLargeError
from chainrule.graph import MIME, Edge, Graph, Node, Summary, mimebundle
from drawings import expression, graphs, loss

TREE = Graph(
    (
        Node("v1", "input", "a", 2.0, -3.0),
        Node("v2", "input", "b", -3.0, 2.0),
        Node("o3", "operation", "*", primitive="multiply"),
        Node("v3", "interior", "e", -6.0, 1.0),
        Node("c4", "constant", "", 10.0),
        Node("o4", "operation", "+", primitive="add"),
        Node("v4", "output", "", 4.0, 1.0),
    ),
    tuple(
        Edge(*ends)
        for ends in [("v1", "o3"), ("v2", "o3"), ("o3", "v3"), ("v3", "o4"), ("c4", "o4"), ("o4", "v4")]
    ),
)


def test_a_node_reads_label_data_and_gradient():
    assert str(TREE["v1"]) == "a -> data 2 -> grad -3"
    assert str(TREE["v4"]) == "data 4 -> grad 1"
    assert str(TREE["o3"]) == "*"
    assert str(replace(TREE["v1"], grad=None)) == "a -> data 2"
    assert str(Node("v1", "input", "  ", 1 / 3)) == "data 0.333333"
    assert str(Node("v1", "input", "", -0.0)) == "data 0"


@pytest.mark.parametrize(
    ("summary", "text"),
    [
        (Summary((2, 3), -1.0, 0.5, 2.0), "(2, 3) in [-1, 2]"),
        (Summary((4,), 1.0, 1.0, 1.0), "(4,) of 1"),
        (Summary((0, 3), math.nan, math.nan, math.nan), "(0, 3)"),
        (Summary((2,), math.nan, math.nan, math.nan), "(2,) in [nan, nan]"),
    ],
)
def test_an_array_reads_as_shape_and_range(summary, text):
    assert str(summary) == text


def test_the_gradient_of_an_array_does_not_repeat_its_shape():
    array = Summary((2,), 0.0, 1.0, 2.0)
    assert str(Node("v1", "parameter", "w", array, array)) == "w -> data (2,) in [0, 2] -> grad in [0, 2]"


def test_the_listing_says_how_each_value_was_made():
    assert str(TREE).splitlines() == [
        "a        input     data 2   grad -3",
        "b        input     data -3  grad 2",
        "e        = a * b   data -6  grad 1",
        "value 4  = e + 10  data 4   grad 1",
    ]


def test_words_say_values_and_gradients_in_order():
    assert TREE.title == "Computation graph of 7 nodes"
    assert TREE.description == (
        "a is 2, gradient -3. b is -3, gradient 2. e is a times b: -6, gradient 1. "
        "value 4 is e plus 10: 4, gradient 1."
    )


def test_words_and_listing_of_a_large_graph_are_bounded():
    graph = expression(3000)
    assert len(graph.description) < 5000
    assert graph.description.endswith("more.")
    assert "more" in str(graph).splitlines()[-1]


@given(graphs())
@settings(max_examples=60, deadline=None)
def test_json_gives_the_graph_back(graph):
    again = Graph.from_json(graph.to_json())
    assert again.to_json() == graph.to_json()
    assert repr(again) == repr(graph)  # NaN is not equal to itself, and reads the same


def test_json_is_strict_and_small():
    graph = Graph((Node("v1", "input", "a", math.nan, -math.inf),), ())
    assert json.loads(graph.to_json(), parse_constant=pytest.fail)["nodes"] == [
        {"id": "v1", "kind": "input", "label": "a", "data": "nan", "grad": "-inf"},
    ]


def test_version_1_which_had_latex_is_still_read():
    made = Node("v2", "interior")
    graph = Graph((Node("v1", "input"), Node("o2", "operation", "sin", formulas=("g * cos(x)",)), made), ())
    data = graph.to_data()
    assert data["formulas"] == [["g * cos(x)"]]
    assert Graph.from_data({**data, "version": 1, "formulas": [[["g * cos(x)", r"g \, \cos x"]]]}) == graph


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"version": 3}, "version is 3"),
        ({"zoom": "wide"}, "zoom 'wide'"),
        ({"nodes": None}, "part is missing"),
        ({"nodes": [{"id": "end", "kind": "input"}]}, "'end' is not a letter and a number"),
        ({"nodes": [{"id": 'v1"]', "kind": "input"}]}, "is not a letter and a number"),
        ({"nodes": [{"id": "v1", "kind": "villain"}]}, "kind 'villain'"),
        ({"nodes": [{"id": "v1", "kind": "input", "data": "many"}]}, "part is missing"),
        ({"nodes": [{"id": "v1", "kind": "input", "formulas": 9}]}, "part is missing"),
        ({"nodes": [{"id": "v1", "kind": "input"}] * 2}, "same id"),
        ({"edges": [["v1", "v9"]]}, "v1 -> v9"),
        ({"edges": [["v2", "v1"]]}, "v2 -> v1"),
        ({"edges": [["v1"]]}, "part is missing"),
    ],
)
def test_what_is_no_graph_is_refused_in_words(change, what):
    edgeless = {"edges": []} if "nodes" in change else {}
    with pytest.raises(GraphFormatError, match=what.replace("(", r"\(")):
        Graph.from_data({**TREE.to_data(), **edgeless, **change})


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", "nonsense", "1"])
def test_other_json_is_refused(text):
    with pytest.raises(GraphFormatError):
        Graph.from_json(text)


def test_an_operand_that_is_used_twice_has_two_edges():
    graph = Graph((Node("v1", "input", "a", 3.0), Node("o2", "operation", "+")), (Edge("v1", "o2"),) * 2)
    assert graph.to_mermaid().count("v1 --> o2") == 2
    assert graph.to_dot().count("v1 -> o2") == 2
    assert graph.sources["o2"] == ("v1", "v1")


def test_mermaid_text_begins_with_the_graph_and_its_direction():
    assert TREE.to_mermaid().startswith("graph LR\n")
    assert TREE.to_mermaid("TB").startswith("graph TB\n")
    assert TREE.to_mermaid("TB").partition("\n")[2] == TREE.to_mermaid().partition("\n")[2]


def test_whose_gradients_they_are_survives_json():
    graph = replace(TREE, gradients_of="L")
    assert Graph.from_json(graph.to_json()).gradients_of == "L"


def test_mermaid_refuses_what_it_would_not_draw():
    assert expression(400).to_mermaid()
    with pytest.raises(GraphTooLargeError, match="500"):
        loss(600).to_mermaid()
    wordy = Graph(tuple(Node(f"v{place}", "input", "x" * 500) for place in range(120)), ())
    with pytest.raises(GraphTooLargeError, match="50000"):
        wordy.to_mermaid()
    assert "text/markdown" not in mimebundle(wordy, "")


@pytest.mark.slow
@pytest.mark.node
def test_the_limits_are_those_of_the_real_parser(parse_mermaid):
    chain = [Node(f"v{place}", "interior") for place in range(502)]
    edges = [Edge(f"v{place}", f"v{place + 1}") for place in range(500)]
    fits = Graph(tuple(chain[:501]), tuple(edges)).to_mermaid()
    over = f"{fits}    v0 --> v1\n"
    drawn, refused = parse_mermaid([fits, over])
    assert {major: "error" in answer for major, answer in drawn.items()} == {"11": False, "12": False}
    assert {major: "500" in answer.get("error", "") for major, answer in refused.items()} == {
        "11": True,
        "12": True,
    }


@pytest.mark.slow
@pytest.mark.node
@given(st.lists(graphs(), min_size=10, max_size=10))
@settings(max_examples=10, deadline=None)
def test_mermaid_gives_the_graph_back(parse_mermaid, many):
    for graph, answers in zip(many, parse_mermaid([graph.to_mermaid() for graph in many]), strict=True):
        for answer in answers.values():
            assert list(answer["nodes"]) == [node.id for node in graph.nodes]
            assert [node["classes"] for node in answer["nodes"].values()] == [
                [node.kind] * (node.kind in {"constant", "output", "fold"}) for node in graph.nodes
            ]
            assert answer["edges"] == [[edge.source, edge.target] for edge in graph.edges]
            assert answer["title"].startswith("Computation graph of")


@given(graphs(most=20))
@settings(max_examples=25, deadline=None)
def test_dot_gives_the_graph_back(parse_dot, graph):
    read = parse_dot(graph.to_dot())
    assert sorted(read["nodes"]) == sorted(node.id for node in graph.nodes)
    assert sorted(read["edges"]) == sorted([edge.source, edge.target] for edge in graph.edges)


def test_a_graph_shows_itself_in_notebooks():
    bundle = TREE._repr_mimebundle_()
    assert Graph.from_data(bundle[MIME]) == TREE
    assert bundle["text/markdown"] == f"```mermaid\n{TREE.to_mermaid()}```\n"
    assert bundle["text/plain"] == str(TREE)
    assert "text/markdown" not in loss(600)._repr_mimebundle_()


def test_drawing_needs_no_numpy():
    code = "import sys, chainrule.graph; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
