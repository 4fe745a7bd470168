"""What has a shape that depends on data is refused with its line, or right."""

from __future__ import annotations

import re

import numpy as np
import pytest

from chainrule import Value, grad, jit
from chainrule.errors import TraceError

X = np.array([1.0, -2.0, 3.0])


def count(x):
    return (x > 0).sum()


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x[x > 0].mean(),
        lambda x: x[[True, x[0] > 0, False]],
        lambda x: x[:, None][x > 0, 0],
        lambda x: Value(x)[x > 0].sum().data,
        lambda x: Value(x)[Value(x) > 0].mean().data,
        lambda x: Value(X)[x > 0].sum().data,
        lambda x: X[x > 0].sum(),
        lambda x: x[: count(x)],
        lambda x: x[np.where(x > 0)],
        lambda x: np.where(x > 0)[0],
        lambda x: np.where(Value(x) > 0)[0],
        lambda x: np.nonzero(x)[0],
        lambda x: np.nonzero(Value(x))[0],
        lambda x: x.nonzero()[0],
        lambda x: np.flatnonzero(x > 0),
        lambda x: np.argwhere(x > 0),
        lambda x: np.compress(x > 0, X),
        lambda x: x.compress([True, False, True]),
        lambda x: np.unique(x) * 2.0,
        lambda x: np.unique(x, return_counts=True)[1],
        lambda x: np.extract(x > 0, x),
        lambda x: np.union1d(x, X),
        lambda x: np.trim_zeros(x) * 2.0,
        lambda x: np.bincount(x.astype(int) + 2),
        lambda x: np.repeat(x, (x > 0).astype(int)),
        lambda x: np.delete(x, x.argmax()),
        lambda x: np.tile(x, count(x)),
        lambda x: np.reshape(X, (count(x), -1)),
        lambda x: np.sum(np.eye(3), axis=count(x) - 1),
        lambda x: np.split(X, [count(x)])[0],
    ],
)
def test_it_is_refused_with_its_line_and_what_to_write(function):
    line = function.__code__.co_firstlineno
    with pytest.raises(TraceError) as caught:
        jit(function)(X)
    message = str(caught.value)
    assert re.search(rf"{re.escape(__file__)}:{line}\b", message)
    assert "np.where" in message
    assert "static" in message


def test_it_is_refused_in_gradients_too():
    with pytest.raises(TraceError, match=r"np\.sum\(x \* mask\) / np\.sum\(mask\)"):
        jit(grad(lambda x: x[x > 0].mean()))(X)


def test_an_unknown_function_is_refused_also_where_the_refusal_is_swallowed():
    def careless(x):
        try:
            return x[x > 0]
        except TraceError:
            return x

    with pytest.raises(TraceError, match="mask"):
        jit(careless)(X)


def test_what_the_message_says_to_write_is_right():
    def masked(x):
        mask = x > 0
        return np.sum(x * mask) / np.sum(mask), np.where(mask, x, 0.0)

    jitted = jit(masked)
    for x in (X, -X, X + 5.0):
        for ours, theirs in zip(jitted(x), masked(x), strict=True):
            np.testing.assert_allclose(ours, theirs)


@pytest.mark.parametrize("size", [3, 3000])
def test_masks_that_are_read_by_name_may_choose_and_may_change(size):
    mask = np.arange(size) < 2
    x = np.arange(float(size)) + 1.0

    def function(x):
        return x[mask], x[mask].sum(), x[np.flatnonzero(np.array([True, False]))]

    jitted = jit(function)
    for change in (False, True, True, False):
        mask[1] = change
        for ours, theirs in zip(jitted(x), function(x), strict=True):
            np.testing.assert_array_equal(ours, theirs)
            assert type(ours) is type(theirs)


def test_a_step_whose_mask_has_changed_says_so_and_writes_nothing():
    mask, w = np.arange(3000) < 2, Value(2.0)

    def step(x):
        w.data = w.data * 2.0
        return x[mask]

    jitted = jit(step)
    x = np.arange(3000.0)
    assert jitted(x).shape == (2,)
    mask[2] = True
    with pytest.raises(TraceError, match="changed in place"):
        jitted(x)
    assert w.data == 4.0


def test_static_arguments_may_choose_and_are_compared_by_what_they_hold():
    jitted = jit(lambda x, mask, which: x[mask].sum() + x[which[0]], static=("mask", "which"))
    mask, which = np.array([True, False, True]), [0]
    for _ in range(2):
        assert jitted(X, mask, which) == X[mask].sum() + X[which[0]]
        mask[1] = True
        assert jitted(X, mask, which) == X[mask].sum() + X[which[0]]
        which[0] = 1
        assert jitted(X, mask, which) == X[mask].sum() + X[which[0]]
    assert jitted.traces == 3
