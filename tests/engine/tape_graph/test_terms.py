"""How gradients of arrays add up: the terms of every primitive come to what its VJP gives."""

from __future__ import annotations

import random

import numpy as np
import pytest

import chainrule as cr
from building import first_now
from chainrule import Value
from chainrule.graph import Graph
from chainrule.primitives.table import PRIMITIVES

RNG = np.random.default_rng(0)


def brought(terms, arrived, place, operands, out):
    """What an operand's gradient gets of the result's, by its terms alone."""
    if terms.moved:
        gathered = np.zeros(np.size(operands[place]))
        for own, amount in zip(terms.moved, arrived.ravel(), strict=True):
            if own >= 0:
                gathered[own] += amount
        return gathered
    of, rest = terms.axes.split(",")
    along, own = rest.split("->")
    letters = sorted(set(of + along + own))
    length = dict(zip(letters, terms.lengths, strict=True))
    factor = {"o": out, **{str(place): each for place, each in enumerate(operands)}}.get(
        terms.factor, terms.factor
    )
    shaped = [np.reshape(each, [length[x] for x in part]) for each, part in ((arrived, of), (factor, along))]
    missing = [x for x in own if x not in of + along]  # which a sum left out
    ones = [np.ones(length[x]) for x in missing]
    return np.einsum(f"{','.join([of, along, *missing])}->{own}", *shaped, *ones).ravel()


def check(call, *operands):
    """Compare terms with gradients of a weighted sum; return for which operands there are terms."""
    values = [Value(operand) for operand in operands]
    with np.errstate(all="ignore"):
        out = call(*values)
    weights = RNG.normal(size=out.shape)
    out.backward(weights if out.shape else float(weights))
    graph = out.graph("tensor")
    nodes = [node for node in graph if node.kind == "operation"]
    if len(nodes) != 1 or not nodes[0].terms:
        return []
    again = Graph.from_json(graph.to_json())
    assert again[nodes[0].id].terms == nodes[0].terms
    data = [each.data for each in values]
    found = []
    for place, (terms, value) in enumerate(zip(nodes[0].terms, values, strict=False)):
        if terms is not None and terms.factor is not None:
            found.append(place)
            with np.errstate(all="ignore"):
                amounts = brought(terms, np.asarray(weights), place, data, out.data)
            assert np.allclose(amounts, np.ravel(value.grad), rtol=2e-3, atol=2e-3, equal_nan=True), terms
    return found


ELEMENTWISE = [
    (name, len(entry.vjps))
    for name, entry in PRIMITIVES.items()
    if entry.elementwise and not entry.params and any(entry.vjps)
]
SHAPES = [
    ((3, 4), (4,)),
    ((3, 4), (3, 1)),
    ((2, 1, 3), (4, 1)),
    ((3,), ()),
    ((), (2, 2)),
    ((3, 4), (3, 4)),
    ((1,), (1, 5)),
]


@pytest.mark.parametrize(("name", "count"), first_now(*ELEMENTWISE))
def test_what_is_done_to_each_number(name, count):
    entry = PRIMITIVES[name]
    for shapes in SHAPES:
        operands = [RNG.uniform(0.2, 0.9, shapes[place % 2]) for place in range(count)]
        if not any(map(np.ndim, operands)):
            continue  # numbers alone
        if name == "arccosh":
            operands = [1 + each for each in operands]
        found = check(entry, *operands)
        assert len(found) == sum(vjp is not None for vjp in entry.vjps), (name, shapes)


def table(*shape):
    return RNG.normal(size=shape)


@pytest.mark.parametrize(
    ("call", "operands"),
    [
        (lambda x: x.sum(), [table(3, 4)]),
        (lambda x: x.sum(axis=0), [table(3, 4)]),
        (lambda x: x.sum(axis=(0, 2), keepdims=True), [table(2, 3, 4)]),
        (lambda x: x.mean(axis=-1), [table(3, 4)]),
        (lambda x: x.mean(), [table(1, 4)]),
        (lambda x: x.max(axis=1), [table(3, 4)]),
        (lambda x: x.min(), [table(3, 4)]),
        (lambda x: x.prod(axis=0), [table(3, 4)]),
        (lambda x: x.var(axis=1, keepdims=True), [table(3, 4)]),
        (lambda x: x.std(), [table(5)]),
        (lambda x: np.linalg.norm(x, axis=1), [table(3, 4)]),
        (lambda x: cr.logsumexp(x, axis=-1), [table(3, 4)]),
        (cr.softmax, [table(3, 4)]),
        (lambda x: cr.log_softmax(x, axis=0), [table(4, 2)]),
        (np.cumsum, [table(5)]),
        (np.linalg.inv, [table(3, 3)]),
        (np.linalg.det, [table(3, 3)]),
        (np.linalg.solve, [table(3, 3), table(3)]),
        (lambda a, b: a @ b, [table(3, 4), table(4, 2)]),
        (lambda a, b: a @ b, [table(4), table(4, 2)]),
        (lambda a, b: a @ b, [table(3, 4), table(4)]),
        (lambda a, b: a @ b, [table(4), table(4)]),
        (lambda a, b: a @ b, [table(8, 1), table(1, 3)]),
        (lambda a, b: a @ b, [table(2, 3, 4), table(4, 2)]),
        (lambda a, b: a @ b, [table(2, 1, 3, 4), table(3, 4, 2)]),
        (lambda a, b: a @ b, [table(1, 1), table(1, 1)]),
        (lambda a, b: np.einsum("ij,jk->ik", a, b), [table(3, 4), table(4, 2)]),
        (lambda a, b: np.einsum("ij,ij->", a, b), [table(3, 4), table(3, 4)]),
        (lambda a, b: np.einsum("ij,jk->i", a, b), [table(3, 4), table(4, 2)]),
        (lambda a: np.einsum("ij->j", a), [table(3, 4)]),
        (lambda x: x.T, [table(3, 4)]),
        (lambda x: np.swapaxes(x, 0, 2), [table(2, 3, 4)]),
        (lambda x: x.reshape(4, 3), [table(3, 4)]),
        (lambda x: x[:, None], [table(3)]),
        (lambda x: x[1], [table(3, 4)]),
        (lambda x: x[[0, 2, 0]], [table(3, 4)]),
        (lambda x: x[0, 1], [table(3, 4)]),
        (lambda x: np.take(x, [1, 1, 2], axis=1), [table(3, 4)]),
        (lambda x: np.flip(x, 0), [table(3, 4)]),
        (lambda x: np.broadcast_to(x, (5, 4)), [table(4)]),
        (lambda a, b: np.concatenate([a, b]), [table(3), table(2)]),
        (lambda a, b: np.stack([a, b], axis=1), [table(3), table(3)]),
        (lambda x: np.lib.stride_tricks.sliding_window_view(x, 3), [table(6)]),
    ],
)
def test_what_joins_and_moves_numbers(call, operands):
    assert check(call, *operands) == [*range(len(operands))]


def test_data_of_others_and_equal_numbers_stand_once():
    a, b = Value(table(3, 4)), Value(table(4))
    nodes = (np.exp(a) * b / 3.0).sum().graph("tensor")
    held = {node.primitive: [each and each.factor for each in node.terms] for node in nodes if node.primitive}
    assert held["exp"] == ["o"]
    assert held["multiply"] == ["1", "0"]
    assert held["divide"][0] == pytest.approx(1 / 3)
    assert held["sum"] == [1.0]


def test_of_large_arrays_broadcasting_alone_is_told():
    x, b = Value(table(200, 10)), Value(table(10))
    nodes = ((x + b) @ Value(table(10, 2))).sum().graph("tensor")
    terms = {node.primitive: node.terms for node in nodes if node.primitive}
    assert terms["add"][0] is None
    assert terms["add"][1].repeated == (200, "Rows")
    assert terms["add"][1].factor is None
    assert terms["matmul"] == ()


def test_nothing_is_told_of_what_changed_since_and_of_numbers():
    a = Value(table(3))
    b = a * a
    a.data = table(3)
    assert [node.terms for node in b.graph("tensor")] == [()] * 3
    assert '"terms"' not in (Value(2.0) * Value(3.0)).graph().to_json()


@pytest.mark.parametrize("seed", range(20))
def test_terms_of_random_shapes(seed):
    chance = random.Random(seed)
    shape = tuple(chance.randint(1, 4) for _ in range(chance.randint(0, 3)))
    other = tuple(chance.choice([1, n]) for n in shape[chance.randint(0, len(shape)) :])
    assert check(lambda a, b: a * b, table(*shape) if shape else 0.5, table(*other) if other else 0.3) in (
        [0, 1],
        [],  # two numbers
    )
