"""Folding: a long sum is one operation, what is repeated is one node with its count, nothing is lost."""

from __future__ import annotations

from hypothesis import given, settings

from chainrule.graph import Graph, Node, Summary
from drawings import Sketch, expression, graphs, loss
from mkdocs_chainrule.show.graphs.fold import fold
from mkdocs_chainrule.show.graphs.nudging import SMALL


def titles(graph: Graph, kind: str) -> list[str]:
    return [node.title for node in graph if node.kind == kind]


def test_a_batch_loss_folds_into_one_term():
    folded = fold(loss(1000), SMALL)
    assert titles(folded, "operation") == ["* ×77", "+ ×77", "- ×77", "** ×77", "sum of 77"]
    assert titles(folded, "parameter") == ["w", "b"]
    assert titles(folded, "constant") == ["×77"] * 3


def test_parts_of_one_array_keep_what_their_indexes_share():
    sketch = Sketch()
    inputs = [sketch.leaf("x"), sketch.leaf("y")]
    for column in range(4):
        terms = [
            sketch.apply("*", each, sketch.leaf(f"w[{row}, {column}]")) for row, each in enumerate(inputs)
        ]
        sketch.apply("tanh", sketch.apply("+", *terms))
    assert titles(fold(sketch.graph(), 10), "input") == ["x", "y", "w[0, :] ×4", "w[1, :] ×4"]


def test_its_size_does_not_depend_on_the_batch():
    assert len(fold(loss(100), SMALL)) == len(fold(loss(3000), SMALL))


def test_what_is_folded_says_its_range():
    folded = fold(loss(200), SMALL)
    two = [node.data for node in folded if node.kind == "constant"]
    assert two == [Summary((16,), x, x, x) for x in (0.5, 0.25, 2.0)]


def network(inputs: int, hidden: int, layers: int) -> Graph:
    sketch = Sketch()
    row = [sketch.leaf(f"x{place}") for place in range(inputs)]
    for _ in range(layers):
        row = [neuron(sketch, row) for _ in range(hidden)]
    neuron(sketch, row)
    return sketch.graph()


def neuron(sketch: Sketch, row: list[str]) -> str:
    total = sketch.leaf(kind="parameter")
    for value in row:
        total = sketch.apply("+", total, sketch.apply("*", sketch.leaf(kind="parameter"), value))
    return sketch.apply("tanh", total)


def test_the_neurons_of_a_layer_fold_and_layers_stay_apart():
    folded = fold(network(2, 16, 2), SMALL)
    assert titles(folded, "operation") == [
        "* ×16",
        "+ ×16",
        "* ×16",
        "+ ×16",
        "tanh ×16",
        "* ×256",
        "sum of 17 ×16",
        "tanh ×16",
        "* ×16",
        "sum of 17",
        "tanh",
    ]


def test_elements_of_one_array_fold_under_its_name():
    sketch = Sketch()
    products = [
        sketch.apply("*", sketch.leaf(f"w[{k}]", kind="parameter"), sketch.leaf(f"x[{k}]")) for k in range(20)
    ]
    total = products[0]
    for product in products[1:]:
        total = sketch.apply("+", total, product)
    folded = fold(sketch.graph(), SMALL)
    assert [node.title for node in folded] == ["w[:] ×20", "x[:] ×20", "* ×20", "×20", "sum of 20", ""]


def test_partial_sums_with_a_name_or_another_use_stay():
    sketch = Sketch()
    total = sketch.leaf()
    for place in range(30):
        total = sketch.apply("+", total, sketch.leaf(f"x{place}"))
    middle = sketch.nodes.index(next(node for node in sketch.nodes if node.id == "v31"))
    sketch.nodes[middle] = Node("v31", "interior", "half", 1.0)
    folded = fold(sketch.graph(), small=10)
    assert titles(folded, "operation") == ["sum of 16", "sum of 16"]
    assert titles(folded, "interior") == ["half", ""]


def test_small_graphs_are_left_alone():
    graph = expression(40)
    assert fold(graph, SMALL) is graph


def test_an_operand_used_twice_keeps_two_edges():
    sketch = Sketch()
    a = sketch.leaf("a")
    sketch.apply("*", a, a)
    assert len(fold(sketch.graph(), small=0).edges) == 3


def test_different_structure_is_not_folded():
    graph = expression(100)
    assert sum(node.count for node in fold(graph, SMALL)) == len(graph) or len(fold(graph, SMALL)) > 50


@given(graphs(most=16))
@settings(max_examples=100, deadline=None)
def test_a_fold_is_a_graph_and_its_own_fold(graph):
    folded = fold(graph, small=0)
    assert repr(Graph.from_json(folded.to_json())) == repr(folded)
    assert sum(node.count for node in folded) <= len(graph)
    assert {node.id for node in folded if node.kind != "fold"} <= {node.id for node in graph}
    outputs = {node.id for node in graph} - {edge.source for edge in graph.edges}
    assert sum(node.count for node in folded if node.id in outputs) >= 1
