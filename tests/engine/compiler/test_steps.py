"""Training steps under jit: the same numbers, the memory they stand in, and what is sampled at each call."""

from __future__ import annotations

import itertools
import os
import random
import secrets

import numpy as np
import pytest

import chainrule
from against_eager import assert_same, check, number
from chainrule import Value, each_call, grad, jit, mse, nn, optim, schedules, trees
from chainrule.compiler import factoring
from chainrule.errors import TraceError

RNG = np.random.default_rng(0)
STATE = np.random.RandomState(0)
PYTHONS = random.Random(0)
A, B = RNG.normal(size=(5, 5)), RNG.normal(size=(5, 3))


def network(make, mode, steps=10, dtype=float, **options):
    """Return losses and parameters of a training, eager or jitted."""
    model = nn.Sequential(
        nn.Linear(5, 8, rng=1, dtype=dtype),
        np.tanh,
        nn.Dropout(0.3, rng=3),
        nn.Linear(8, 3, rng=2, dtype=dtype),
    )
    optimizer = make(model.parameters(), **options)

    def step(x, y):
        optimizer.zero_grad()
        loss = mse(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.data

    run = mode(step)
    losses = [run(A.astype(dtype), B.astype(dtype)) for _ in range(steps)]
    return losses, [parameter.data for parameter in model.parameters()], [p.grad for p in model.parameters()]


@pytest.mark.parametrize(
    "make",
    [
        lambda p: optim.SGD(p, lr=0.1),
        lambda p: optim.SGD(
            p, lr=schedules.warmup(schedules.cosine(0.1, 8), 3), momentum=0.9, nesterov=True, weight_decay=0.1
        ),
        lambda p: optim.Adam(p, lr=schedules.step_decay(0.1, 4)),
        lambda p: optim.Adam(p, amsgrad=True, clip_value=0.01),
        lambda p: optim.AdamW(p, clip_norm=0.1),
        lambda p: optim.RMSprop(p, momentum=0.5, centered=True),
        lambda p: optim.Adagrad(p, lr=schedules.exponential(0.1, 0.9), lr_decay=0.1),
    ],
)
def test_training_steps_with_dropout_schedules_and_moments(make):
    assert_same(network(make, jit), network(make, lambda step: step), 1e-10)


def test_training_in_float32():
    ours = network(optim.Adam, jit, dtype=np.float32)
    assert_same(ours, network(optim.Adam, lambda step: step, dtype=np.float32), 1e-4)


def test_array_parameters_keep_their_identity_and_float_parameters_are_assigned():
    w, b = Value(B.copy()), Value(0.5)
    array = w.data

    @jit
    def step(x):
        loss = ((x @ w + b) ** 2).mean()
        loss.backward()
        w.data -= 0.1 * w.grad
        b.data -= 0.1 * b.grad
        w.grad = b.grad = None
        return loss.data

    losses = [step(A) for _ in range(20)]
    assert w.data is array
    assert losses == sorted(losses, reverse=True)
    assert type(b.data) is float
    assert b.data != 0.5
    assert not w.has_grad


def test_gradients_add_up_over_calls_as_they_do_eagerly():
    w = Value(B.copy())
    double = jit(lambda x: (x @ w).sum().backward().data)
    double(A)
    once = w.grad
    kept = once.copy()
    double(A)
    double(A)
    assert_same(w.grad, 3 * kept)
    assert_same(once, kept)


def test_what_is_returned_is_nobody_elses():
    w = Value(B.copy())

    @jit
    def step(x):
        y = np.tanh(x @ w.data)
        w.data = w.data - 0.1 * y[:5, :3]
        return y, y.T, w.data, x[0], y[1:], np.ones(3), w.data * 1.0, y.reshape(-1)

    first = step(A)
    kept = [array.copy() for array in first]
    step(A * 2.0)
    assert_same(list(first), kept)
    first[5][...] = 7.0
    first[2][...] = 7.0
    assert_same(step(A)[5], np.ones(3))
    assert not np.any(w.data == 7.0)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: (x, x),
        lambda x: (x + 1.0, x + 1.0),
        lambda x: (x @ x, {"again": x @ x}),
        lambda x: (x.T, x.T),
        lambda x: (Value(x) * 2.0, Value(x) * 2.0),
        lambda x: (np.ones(3), x, x[0]),
    ],
)
def test_equal_results_are_arrays_of_their_own(function):
    jitted, x = jit(function), A.copy()
    for _ in range(2):
        results = [x, *map(number, trees.leaves(jitted(x)))]
        shared = [np.shares_memory(one, other) for one, other in itertools.combinations(results, 2)]
        assert not any(shared)


def test_equal_gradients_are_arrays_of_their_own():
    a, b = Value(A.copy()), Value(A.copy())

    @jit
    def step(x):
        a.grad = b.grad = None
        ((a + b) * x).sum().backward()
        return a.grad

    for _ in range(2):
        kept = step(A)
        assert not any(np.shares_memory(*two) for two in itertools.combinations([kept, a.grad, b.grad, A], 2))


def test_old_numbers_are_read_before_they_are_written():
    def swapping(p, q, r):
        def step(x):
            old = p.data
            p.data = q.data * 1.0
            q.data = old
            r.data = r.data @ r.data.T + x
            return old, (p.data * q.data).sum()

        return step

    def run(mode):
        values = [Value(A.copy()), Value(2.0 * A), Value(A + 1.0)]
        step = mode(swapping(*values))
        return [[np.copy(leaf) for leaf in step(0.1)] for _ in range(3)], [
            value.data.copy() for value in values
        ]

    assert_same(run(jit), run(lambda step: step))


def test_two_updates_in_one_step():
    def run(mode):
        w = Value(B.copy())

        def step(x):
            for _ in range(2):
                loss = ((x @ w) ** 2).mean()
                w.grad = None
                loss.backward()
                w.data = w.data - 0.1 * w.grad
            return loss.data

        stepped = mode(step)
        return [stepped(A) for _ in range(5)], w.data

    assert_same(run(jit), run(lambda step: step))


# -- memory that is shared


@pytest.mark.parametrize(
    "share", ["the same array", "a view", "the argument", "a view of the argument", "a constant"]
)
def test_shared_memory_is_updated_as_it_is_eagerly(share):
    def run(mode):
        array = np.arange(16.0).reshape(4, 4) / 16
        w = Value(array)
        v = Value({"the same array": array, "a view": array[:, ::-1]}.get(share, np.eye(4)))
        constant = array if share == "a constant" else np.eye(4)

        def step(x):
            loss = ((x @ w * v + constant) ** 2).mean()
            for p in (w, v):
                p.grad = None
            loss.backward()
            w.data[...] = w.data - 0.1 * w.grad
            v.data[...] = v.data - 0.1 * v.grad + x * 0.01
            return loss.data, np.sum(x)

        stepped = mode(step)
        argument = {"the argument": array, "a view of the argument": array.T}.get(share, np.ones((4, 4)))
        return [stepped(argument) for _ in range(4)], w.data.copy(), v.data.copy()

    assert_same(run(jit), run(lambda step: step))


def test_an_argument_that_shares_memory_later_on():
    w = Value(np.ones((2, 2)))

    @jit
    def step(x):
        w.data[...] = w.data + x
        return (w.data * x).sum()

    step(np.full((2, 2), 2.0))
    assert step(w.data) == 4 * 6.0 * 6.0
    whole = np.ones((4, 2))
    w.data = whole[:2]
    assert step(whole[2:]) == 4 * 2.0
    assert step(whole[:2]) == 4 * 4.0 * 4.0


# -- what is drawn at each call


def test_what_each_call_draws_is_new_and_in_order():
    ours, theirs = np.random.default_rng(7), np.random.default_rng(7)

    def noisy(rng):
        return lambda x: x + each_call(lambda: rng.normal(size=3)) * each_call(rng.random)

    jitted = jit(noisy(ours))
    for _ in range(3):
        assert_same(jitted(A[0, :3]), noisy(theirs)(A[0, :3]))


def test_what_is_drawn_may_change_its_shape():
    lengths = iter([2, 3, 3, 2, 4])
    total = jit(lambda x: x * each_call(lambda: np.ones(next(lengths))).sum())
    assert [total(1.0) for _ in range(5)] == [2.0, 3.0, 3.0, 2.0, 4.0]


@pytest.mark.parametrize(
    "draw",
    [
        *(chainrule.rng.normal, np.random.random, RNG.normal, STATE.normal, random.random, PYTHONS.random),
        lambda: np.random.default_rng().normal(),
        lambda: np.random.RandomState().normal(),
        lambda: np.random.Generator(np.random.PCG64()).normal(),
        lambda: random.Random().random(),
        random.SystemRandom().random,
        lambda: float(os.urandom(1)[0]),
        lambda: float(secrets.randbelow(10)),
    ],
)
def test_randomness_that_would_be_frozen_is_refused(draw):
    with pytest.raises(TraceError, match=r"random numbers were drawn .* each_call"):
        jit(lambda x: x * draw())(1.0)


def test_what_starts_from_a_seed_is_the_same_at_each_call():
    check(lambda x: x + np.random.default_rng(0).normal() + random.Random(0).random(), 1.0)
    fresh = jit(lambda x: x * each_call(lambda: np.random.default_rng().normal()))
    assert fresh(1.0) != fresh(1.0)


def test_a_long_loop_of_many_factors_is_looked_at_a_few_times(monkeypatch):
    plans = []

    class Counted(factoring._Plan):
        def __init__(self, roots, factor):
            plans.append(factor)
            super().__init__(roots, factor)

    monkeypatch.setattr(factoring, "_Plan", Counted)

    def function(x):
        for step in range(60):
            x = np.tanh(x) * (0.5 / (step + 1)) + x
        return x.sum()

    x = np.linspace(0.1, 1.0, 5)
    np.testing.assert_allclose(jit(grad(function))(x), grad(function)(x), rtol=1e-12)
    assert 0 < len(plans) <= 16
