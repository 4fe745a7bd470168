"""The graph of a Value: what is on it, in what order, and how it reads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule import Value
from chainrule.graph import MIME, Graph, Summary
from chainrule.tape_graph.nodes import MAX_NODES

GOLDEN = Path(__file__).with_name("golden")


def notebook_tree() -> Value:
    a, b, c = Value(2.0, label="a"), Value(-3.0, label="b"), Value(10.0, label="c")
    e = a * b
    e.label = "e"
    d = e + c
    d.label = "d"
    return d


def bigger_tree() -> Value:
    d = notebook_tree()
    loss = d * Value(-2.0, label="f")
    loss.label = "L"
    return loss


def neuron() -> Value:
    x, w = Value([2.0, 0.0], label="x"), Value([-3.0, 1.0], label="w")
    return np.tanh((x * w).sum() + Value(6.881373587019543, label="b"))


def constants() -> Value:
    return 3 - Value(2.0, label="x") ** 2 / 4


DRAWN = {
    "tree": lambda: notebook_tree().backward(),
    "tree-forward": notebook_tree,
    "bigger-tree": lambda: bigger_tree().backward(),
    "neuron": lambda: neuron().backward(),
    "constants": lambda: constants().backward(),
}


@pytest.mark.parametrize("form", ["mermaid", "dot", "json", "txt"])
@pytest.mark.parametrize("name", DRAWN)
def test_drawings_are_as_they_were_looked_at(golden, name, form):
    graph = DRAWN[name]().graph()
    text = str(graph) + "\n" if form == "txt" else getattr(graph, f"to_{form}")()
    golden(text, GOLDEN / f"{name}.{form}")


@pytest.mark.node
@pytest.mark.parametrize("name", DRAWN)
def test_both_mermaids_read_the_drawings(parse_mermaid, name):
    graph = DRAWN[name]().graph()
    for answer in parse_mermaid([graph.to_mermaid()])[0].values():
        assert {id_: node["text"] for id_, node in answer["nodes"].items()} == {
            node.id: str(node) for node in graph
        }
        assert answer["edges"] == [[edge.source, edge.target] for edge in graph.edges]
        assert answer["description"] == graph.description


def test_the_notebook_tree_reads_as_in_the_notebook():
    texts = {str(node) for node in notebook_tree().backward().graph()}
    assert texts == {
        "a -> data 2 -> grad -3",
        "b -> data -3 -> grad 2",
        "c -> data 10 -> grad 1",
        "e -> data -6 -> grad 1",
        "d -> data 4 -> grad 1",
        "*",
        "+",
    }


def symbols(value: Value) -> list[str]:
    return [node.label for node in value.graph() if node.kind == "operation"]


def edges(value: Value) -> list[tuple[str, str]]:
    return [(edge.source, edge.target) for edge in value.graph().edges]


def test_an_operand_used_twice_has_two_edges():
    a = Value(3.0)
    assert edges(a + a) == [("v1", "o2"), ("v1", "o2"), ("o2", "v2")]
    assert edges(a * a) == [("v1", "o2"), ("v1", "o2"), ("o2", "v2")]


def test_a_shared_value_is_one_node():
    a, b = Value(-2.0), Value(3.0)
    graph = ((a * b) * (a + b)).backward().graph()
    assert [node.kind for node in graph].count("input") == 2
    assert symbols((a * b) * (a + b)) == ["*", "+", "*"]
    assert (graph["v1"].grad, graph["v2"].grad) == (-3.0, -8.0)


def test_an_operation_is_one_node_and_a_constant_is_drawn_with_its_number():
    x = Value(0.5, label="x")
    assert symbols(2 * np.tanh(x)) == ["tanh", "*"]
    constant = next(node for node in (2 * np.tanh(x)).backward().graph() if node.kind == "constant")
    assert (constant.data, constant.grad, str(constant)) == (2.0, None, "data 2")


def test_parameters_of_an_operation_are_on_its_node():
    assert symbols(Value(np.ones((2, 3))).sum(axis=0, keepdims=True)) == ["sum(axis=0, keepdims=True)"]


def test_an_array_is_a_summary():
    node = Value(np.array([[1.0, -2.0, 4.0]])).graph().nodes[0]
    assert node.data == Summary((1, 3), -2.0, 1.0, 4.0, (1.0, -2.0, 4.0))


def test_numbers_of_every_kind_come_through():
    for data in (
        float("nan"),
        float("inf"),
        np.array([np.nan, 1.0]),
        np.zeros((0, 2)),
        np.array([np.inf, -np.inf]),
    ):
        graph = (Value(data) * 2).graph()
        assert repr(Graph.from_json(graph.to_json())) == repr(graph)


def test_ids_do_not_depend_on_what_was_made_before():
    assert notebook_tree().graph().to_json() == notebook_tree().graph().to_json()


def test_a_value_shows_itself():
    value = notebook_tree().backward()
    bundle = value._repr_mimebundle_(include=None, exclude=None)
    assert Graph.from_data(bundle[MIME]) == value.graph()
    assert bundle["text/plain"] == "Value(data=4.0, grad=1.0)"
    assert bundle["text/markdown"].startswith("```mermaid\n")


def test_small_arrays_show_their_numbers_as_another_zoom():
    value = (Value([2.0, 3.0], label="x") * 2).sum().backward()
    _, metadata = value._repr_mimebundle_()
    (numbers,) = metadata["chainrule"]["zooms"]
    assert Graph.from_data(numbers) == value.graph("scalar")
    assert isinstance(Value(np.ones(1000))._repr_mimebundle_(), dict)


def test_names_of_main_are_labels():
    code = "from chainrule import Value\na = Value(2.0)\nd = a * Value(3.0, label='three')\nprint(d.graph())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "a      input        data 2",
        "three  input        data 3",
        "d      = a * three  data 6",
    ]


def test_a_large_tape_is_summarised():
    w = total = Value(1.0, label="w")
    for _ in range(32_906):
        total = total * w + 1
    graph = total.graph()
    assert len(graph) < 20
    assert "98,719 values: 32,906 *, 32,906 +" in str(graph)
    assert len(graph.to_json()) < 1000
    assert Graph.from_json(graph.to_json()) == graph
    assert graph.to_mermaid()


def test_a_tape_within_the_limit_is_drawn_whole():
    value = Value(1.0)
    for _ in range((MAX_NODES - 1) // 2):
        value = np.tanh(value)
    assert len(value.graph()) == MAX_NODES - 1


@given(st.lists(st.tuples(st.sampled_from("+-*"), st.integers(0, 99), st.integers(0, 99)), max_size=30))
@settings(max_examples=50, deadline=None)
def test_every_value_is_one_node_and_every_use_one_edge(steps):
    values = [Value(1.5), Value(-0.5)]
    for symbol, left, right in steps:
        a, b = values[left % len(values)], values[right % len(values)]
        values.append({"+": a + b, "-": a - b, "*": a * b}[symbol])
    graph = values[-1].backward().graph()
    made = [node for node in graph if node.kind == "operation"]
    assert len(graph.edges) == 3 * len(made)
    assert [node.label for node in made] == [symbol for symbol, *_ in steps if symbol] or len(made) < len(
        steps
    )
    assert Graph.from_json(graph.to_json()) == graph
