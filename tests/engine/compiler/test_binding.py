"""A jitted function takes arguments as Python's call does, whichever program answers; names are found."""

from __future__ import annotations

import inspect
import itertools

import numpy as np
import pytest

import chainrule as cr
from against_eager import assert_same, check
from chainrule import Value, jit

NUMBERS = (1.5, np.ones(2), np.arange(3.0), 2.5, np.ones((2, 1), np.float32))


def defaults(x, a=1.0, b=2.0):
    return x * a + b


def keyword_only(x, *, scale=1.0, shift=0.0):
    return x * scale + shift


def mixed(x, /, y=1.0, *rest, k=1.0, **others):
    return x * 100 + y * 10 + sum(rest) + k / 10 + sum(others.values()) / 100


def positional(x1, *rest):
    return x1 * 10 + sum(rest)


def own_names(x, *args, named=1.0, **kwargs):
    return x + sum(args) * 10 + named * 100 + sum(kwargs.values()) * 1000


CALLS = [
    (defaults, [((), {}), ((2.0,), {}), ((), {"b": 10.0}), ((), {"a": 3.0}), ((2.0,), {"b": 4.0})]),
    (
        keyword_only,
        [((), {}), ((), {"scale": 2.0}), ((), {"shift": 1.0}), ((), {"shift": 1.0, "scale": 3.0})],
    ),
    (mixed, [((), {"x": 3.0}), ((2.0, 3.0), {"k": 4.0}), ((2.0,), {"x": 1.0, "z": 2.0}), ((), {"y": 2.0})]),
    (positional, [((), {}), ((1.0,), {}), ((1.0, 2.0), {})]),
    (own_names, [((), {"self": 1.0}), ((2.0,), {"args": 3.0, "rest": 1.0}), ((), {"exact_elu": 2.0})]),
]


@pytest.mark.parametrize(("function", "forms"), CALLS)
def test_arguments_are_bound_as_python_binds_them_on_hits_and_misses(function, forms):
    for order in itertools.islice(itertools.permutations(forms), 6):
        jitted = jit(function)
        for args, named in (*order, *order):
            for x in (*NUMBERS, NUMBERS[0]):
                assert_same(jitted(x, *args, **named), function(x, *args, **named), 1e-6)


@pytest.mark.parametrize(("function", "forms"), CALLS[:2])
def test_each_argument_may_come_by_its_name(function, forms):
    jitted = jit(function)
    for (args, named), x in itertools.product(forms, NUMBERS):
        given = inspect.signature(function).bind(x, *args, **named).arguments
        assert_same(jitted(**dict(reversed(given.items()))), function(**given), 1e-6)


def test_calls_that_python_refuses_are_refused():
    jitted = jit(defaults)
    for _ in range(2):
        for args, named in [((), {}), ((1.0, 2.0), {"a": 1.0}), ((1.0,), {"c": 1.0}), ((1.0,) * 4, {})]:
            with pytest.raises(TypeError):
                jitted(*args, **named)
        assert jitted(1.0) == 3.0


def test_methods_take_keywords_too():
    class Scale:
        @jit
        def by(self, x, *, factor=2.0):
            return x * factor

    scale = Scale()
    for x in NUMBERS:
        assert_same(scale.by(x, factor=3.0), x * 3.0, 1e-6)
        assert_same(scale.by(x), x * 2.0, 1e-6)


def test_an_array_that_is_a_default_is_watched():
    weights = np.ones(2)

    def function(x, w=weights):
        return x * w.sum()

    jitted = jit(function)
    assert jitted(2.0) == 4.0
    weights[:] = 5.0
    assert jitted(2.0) == 20.0


@pytest.mark.parametrize(
    "function",
    [
        lambda a: cr.elu(a, alpha=2.0) + cr.elu(2 * a, alpha=2.0),
        lambda a: cr.elu(a, alpha=2.0) * cr.elu(a, alpha=3.0) + cr.elu(a),
        lambda a: cr.leaky_relu(a, slope=0.5) + cr.leaky_relu(a * a, slope=0.25),
        lambda a: (cr.elu(Value(a), alpha=2.0) * cr.elu(Value(a) - 1.0, alpha=0.5)).data,
        lambda a: np.clip(Value(a), -1.0, 1.0).data + np.clip(Value(2 * a), -1.0, 1.0).data,
        lambda a: cr.softplus(a) + cr.softplus(2 * a) + cr.gelu(a) + cr.gelu(3 * a),
        lambda exact_elu: cr.elu(exact_elu, alpha=2.0) + cr.elu(2 * exact_elu, alpha=2.0),
        lambda exact_: exact_ * 2.0,
        lambda power_of, exact_power=2.0: power_of**exact_power,
    ],
)
def test_primitives_with_options_are_named_however_often_they_come(function):
    for a in (-3.0, 0.5, np.array([-1.0, 2.0])):
        check(function, a)


def test_labels_may_begin_as_primitives_do():
    w = Value(2.0, label="exact_elu")
    check(lambda x: (cr.elu(w * x, alpha=2.0) + cr.elu(w - x, alpha=2.0)).data, -1.0)
