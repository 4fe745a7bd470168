"""The derivative along each operand says the same in letters and as a number; so does the case that holds."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chainrule
from chainrule import Value
from chainrule.formula.slopes import slopes, ways
from chainrule.graph import Graph
from chainrule.primitives.table import PRIMITIVES
from chainrule.value.backward import slope

ELEMENTWISE = [entry for entry in PRIMITIVES.values() if entry.elementwise]
NAMES = {name: getattr(np, name, None) or getattr(chainrule, name, None) for name in PRIMITIVES} | {
    "sign": np.sign
}
NUMBERS = st.one_of(
    st.sampled_from([0.0, 1.0, -1.0, 0.5, 2.0]), st.floats(-3, 3).map(lambda number: round(number, 3))
)


def read(text: str, numbers: list[float], out: float) -> float:
    """What a slope says in numbers."""
    gaps = {"o": repr(out), "g": "1.0"}
    said = text.format(*map(repr_of, numbers), **{name: f"({gap})" for name, gap in gaps.items()})
    with np.errstate(all="ignore"):
        return float(eval(said, {**NAMES, "nan": math.nan, "inf": math.inf}))


def repr_of(number: float) -> str:
    return f"np.float64({number!r})"


NAMES["np"] = np


@pytest.mark.slow
@pytest.mark.parametrize("entry", ELEMENTWISE, ids=lambda entry: entry.name)
@given(data=st.data())
def test_letters_and_numbers_agree(entry, data):
    numbers = [data.draw(NUMBERS) for _ in entry.vjps]
    made = entry(*map(Value, numbers), **entry.example)
    if not isinstance(made, Value) or not math.isfinite(made.data):
        return
    told = slopes(entry, made.data, numbers, made.params)
    for place, text in enumerate(told):
        if text:
            formula, _, fact = text.partition(" if ")
            assert not fact or read(fact, numbers, made.data)
            expected = slope(made, place)
            if math.isfinite(expected):
                assert read(formula, numbers, made.data) == pytest.approx(expected, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (lambda: np.maximum(Value(1.0), Value(2.0)), ("0 if {0} < {1}", "1 if {1} > {0}")),
        (lambda: chainrule.relu(Value(0.0)), ("0 if {0} == 0",)),
        (lambda: Value(3.0) ** 2, ("2 * {0}", "")),
        (lambda: 2.0 ** Value(3.0), ("", "{o} * log(2)")),
    ],
)
def test_of_several_cases_it_says_the_one_that_holds(made, told):
    graph = made().graph()
    found = next(node for node in graph if node.kind == "operation").slopes
    assert [text for text, wanted in zip(found, told, strict=True) if wanted] == [*filter(None, told)]


def test_a_graph_keeps_them():
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    operation = Graph.from_json((a * b).graph().to_json())["o3"]
    assert (operation.slopes, operation.factors) == (("{1}", "{0}"), (-3.0, 2.0))


def test_a_constant_has_no_factor():
    assert (Value(2.0) * 3.0).graph()["o3"].factors == (3.0, None)


def test_what_was_assigned_since_has_none():
    a = Value(2.0)
    b = a * a
    a.data = 5.0
    assert b.graph()["o2"].factors == ()


def test_arrays_say_how_the_gradient_comes():
    made = Value(np.ones((8, 4))) @ Value(np.ones((4, 2))) + Value(np.ones(2))
    told = {node.primitive: node.slopes for node in made.graph() if node.primitive}
    assert told == {"matmul": ("{g} @ {1}.T", "{0}.T @ {g}"), "add": ("{g}", "sum({g}, axis=0)")}
    assert ways(PRIMITIVES["tanh"], ((3,),)) == ("{g} * (1 - {o} ** 2)",)


def test_small_arrays_are_held_whole_and_large_ones_as_averages():
    small, large = Value([[1.23456, 2.0]]).graph(), Value(np.arange(900.0).reshape(30, 30)).graph()
    assert small["v1"].data.numbers == (1.235, 2.0)
    assert (large["v1"].data.tile, len(large["v1"].data.numbers)) == ((24, 24), 576)
    assert Graph.from_json(large.to_json()) == large
