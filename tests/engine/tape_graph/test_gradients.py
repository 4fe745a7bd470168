"""Whose gradients a graph shows, when several backward passes have come by."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from chainrule import Value
from chainrule.tape_graph.nodes import graph_of


@pytest.fixture
def named(monkeypatch):
    """Bind names in `__main__`, as a page does."""

    def bind(**values: Value) -> None:
        for name, value in values.items():
            monkeypatch.setattr(sys.modules["__main__"], name, value, raising=False)

    return bind


def gradients(root: Value) -> dict[str, float | None]:
    return {node.label: node.grad for node in graph_of(root) if node.label and node.kind != "operation"}


def test_those_that_only_another_backward_left_are_left_out():
    a, b = Value(2.0, label="a"), Value(3.0, label="b")
    first, second = a * b, a + b
    first.backward()
    assert gradients(second) == {"a": None, "b": None}


def test_a_leafs_sum_over_several_stays_whole():
    a, b = Value(2.0, label="a"), Value(3.0, label="b")
    first, second = (a * b).backward(), (a + b).backward()
    assert gradients(first) == gradients(second) == {"a": 4.0, "b": 3.0}


def test_what_another_backward_wrote_over_a_result_is_left_out():
    a = Value(2.0, label="a")
    shared = a * 3.0
    shared.label = "shared"
    first, second = shared * shared, shared * 5.0
    first.backward()
    second.backward()
    assert gradients(first)["shared"] is None
    assert gradients(second)["shared"] == 5.0
    assert gradients(first)["a"] == 36.0 + 15.0


def test_a_part_of_a_graph_says_what_its_gradients_are_of(named):
    a, b = Value(2.0), Value(-3.0)
    d = a * b
    L = d * -2.0 + d
    L.backward()
    named(a=a, b=b, d=d, L=L)
    assert graph_of(d).gradients_of == "L"
    assert graph_of(L).gradients_of == ""
    assert gradients(d) == {"a": 3.0, "b": -2.0, "d": -1.0}


def test_a_gradient_of_ones_own_choice_is_shown():
    a = Value(np.ones(3), label="a")
    out = a * 2.0
    out.backward(np.array([1.0, 2.0, 3.0]))
    shown = {node.label: node.grad for node in graph_of(out)}
    assert (shown["a"].min, shown["a"].max) == (2.0, 6.0)


def test_numbers_of_an_array_show_what_the_array_shows():
    a = Value(np.array([1.0, 2.0]), label="a")
    first, second = (a * a).sum(), (a * 3.0).sum()
    first.backward()
    assert all(node.grad is None for node in graph_of(second, "scalar"))
    assert [n.grad for n in graph_of(first, "scalar") if n.label.startswith("a")] == [2.0, 4.0]


def test_data_that_were_assigned_since_hide_nothing():
    a = Value(2.0, label="a")
    out = a * a
    out.backward()
    a.data = 5.0
    assert gradients(out)["a"] == 4.0
