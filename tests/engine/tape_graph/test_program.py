"""The program of a graph: run by a few lines that know no derivative, it gives the engine's numbers."""

from __future__ import annotations

import json
import math
import operator
import random

import numpy as np
import pytest

from chainrule import Value, custom_vjp, elu, leaky_relu
from chainrule.graph import Graph
from chainrule.primitives.table import PRIMITIVES
from chainrule.tape_graph.program import MAX_STEPS

FUNCTIONS = [name for name, entry in PRIMITIVES.items() if entry.elementwise and name != "astype"]
MIXED = (  # written out: a primitive more leaves the random graphs as they are, and is looked at by itself
    *("absolute", "add", "arccos", "arcsin", "arctan", "clip", "cos", "cosh", "divide"),
    *("elu", "exp", "expm1", "gelu", "leaky_relu", "log", "log1p", "maximum"),
    *("minimum", "multiply", "negative", "power", "reciprocal", "relu"),
    *("sigmoid", "silu", "sin", "sinh", "softplus", "sqrt", "square"),
    *("stop_gradient", "subtract", "tan", "tanh", "where"),
)

FORWARD = {
    "where": lambda condition, x, y: x if condition else y,
    "sign": np.sign,
    "less": operator.lt,
    "less_equal": operator.le,
    "greater": operator.gt,
    "greater_equal": operator.ge,
    "logical_and": lambda a, b: bool(a) and bool(b),
    "logical_or": lambda a, b: bool(a) or bool(b),
}


def call(name: str, *args: float, **params: float) -> float:
    if name in FORWARD:
        return FORWARD[name](*args)
    with np.errstate(all="ignore"):
        return PRIMITIVES[name].forward(*map(np.float64, args), **params)


NOT_FINITE = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


def evaluate(expression, numbers):
    if isinstance(expression, list):
        return call(expression[0], *(evaluate(arg, numbers) for arg in expression[1:]))
    return (NOT_FINITE | numbers)[expression] if isinstance(expression, str) else expression


def run(graph: Graph, inputs: dict[str, float]) -> tuple[dict[str, float], dict[str, float]]:
    """Recompute values and gradients of a graph from other inputs, as a script on a page would."""
    data = {node.id: node.data for node in graph if node.data is not None} | inputs
    operations, steps = graph.program["operations"], graph.program["steps"]
    for target, place, operands in steps:
        params = {name: evaluate(x, {}) for name, x in operations[place].get("params", {}).items()}
        data[target] = call(operations[place]["name"], *(data[operand] for operand in operands), **params)
    grads = dict.fromkeys(data, 0.0) | {steps[-1][0]: 1.0}
    for target, place, operands in reversed(steps):
        numbers = {"g": grads[target], "out": data[target]}
        numbers |= {f"x{number}": data[operand] for number, operand in enumerate(operands)}
        for operand, vjp in zip(operands, operations[place]["vjps"], strict=True):
            if vjp is not None and not operand.startswith("c"):
                with np.errstate(all="ignore"):
                    grads[operand] += evaluate(vjp, numbers)
    return data, grads


def random_graph(choose: random.Random) -> Value:
    values = [Value(choose.uniform(-2, 2), label=f"x{place}") for place in range(3)]
    for _ in range(choose.randint(3, 12)):
        entry = PRIMITIVES[choose.choice(MIXED)]
        operands = [choose.choice([*values, choose.uniform(0.1, 2.0)]) for _ in entry.vjps]
        if any(isinstance(operand, Value) for operand in operands):
            made = entry(*operands)
            if (
                isinstance(made, Value)
                and made.differentiable
                and math.isfinite(made.data)
                and abs(made.data) < 1e6
            ):
                values.append(made)
    return values[-1] + values[-2]


def close(one: float, other: float) -> bool:
    return one == pytest.approx(other, rel=1e-12, abs=1e-12, nan_ok=True)


def assert_program_agrees(out: Value) -> None:
    graph = Graph.from_json(out.backward().graph().to_json())
    data, grads = run(graph, {})
    for node in graph:
        if node.kind not in ("operation", "constant"):
            assert close(data[node.id], node.data), node
            assert node.grad is None or close(grads[node.id], node.grad), node


@pytest.mark.parametrize("seed", range(200))
def test_it_gives_the_numbers_of_the_engine(seed):
    assert_program_agrees(random_graph(random.Random(seed)))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_scalar_primitive_has_one(name):
    operands = [Value(0.5 + place) for place in range(len(PRIMITIVES[name].vjps))]
    assert_program_agrees(PRIMITIVES[name](*operands) + operands[0])


@pytest.mark.parametrize("number", NOT_FINITE.values())
def test_parameters_that_are_not_finite_are_valid_json(number):
    assert_program_agrees(elu(Value(-1.0), alpha=number) + leaky_relu(Value(-1.0), slope=number))


def neuron(x: float, w: float) -> Value:
    x, w = Value(x, label="x"), Value(w, label="w")
    return np.maximum(x * w, 0.1 * x * w).backward()


def test_moved_inputs_take_the_other_branch():
    graph, moved = neuron(2.0, -3.0).graph(), neuron(2.0, 3.0).graph()
    inputs = {node.id: node.data for node in moved if node.kind == "input"}
    data, grads = run(graph, inputs)
    assert {node.id: data[node.id] for node in moved if node.data is not None} == {
        node.id: node.data for node in moved if node.data is not None
    }
    assert all(grads[node.id] == node.grad for node in moved if node.kind == "input")


def test_it_is_small_plain_data():
    graph = neuron(2.0, -3.0).graph()
    assert json.loads(json.dumps(graph.program)) == graph.program
    assert [operation["name"] for operation in graph.program["operations"]] == ["multiply", "maximum"]


@custom_vjp(lambda g, *_: g)
def same(x):
    return x


@pytest.mark.parametrize(
    "value",
    [Value(1.0), Value([1.0]) * 2, same(Value(1.0)), np.sum(Value(1.0))],
    ids=["leaf", "array", "custom", "reduction"],
)
def test_there_is_none_for_what_a_script_cannot_run(value):
    assert value.graph().program is None


def test_long_programs_are_not_written():
    value = Value(1.0)
    for _ in range(MAX_STEPS):
        value = value + 1
    assert value.graph().program
    assert (value + 1).graph().program is None
