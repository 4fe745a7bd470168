"""What stands around a jitted call: no_grad, other arrays, methods, threads, the source."""

from __future__ import annotations

import gc
import threading
import weakref
from collections import defaultdict

import numpy as np
import pytest

import chainrule
from against_eager import check
from chainrule import Value, grad, jit, value_and_grad
from chainrule.errors import StaleDataError, UsageError

RNG = np.random.default_rng(0)
A, B = RNG.normal(size=(5, 5)), RNG.normal(size=(5, 3))
X = RNG.normal(size=(64, 1))


def test_under_no_grad_and_detect_anomaly_the_function_itself_runs():
    w = Value(2.0)
    jitted = jit(lambda x: w * x)
    with chainrule.no_grad():
        assert not jitted(3.0).differentiable
    assert jitted(3.0).data == 6.0
    with chainrule.detect_anomaly(), pytest.raises(ArithmeticError, match="NaN"):
        jit(lambda x: Value(x) - float("inf"))(float("inf"))


@pytest.mark.parametrize("static", [1, (1,), ("x", 1)])
def test_a_static_parameter_is_named(static):
    with pytest.raises(UsageError, match=r"by name, not by place \(1\)\. Write static='n'"):
        jit(lambda x, n: x**n, static=static)


def test_a_graph_from_before_a_step_is_stale_after_it():
    w = Value(B.copy())

    @jit
    def step(x):
        w.data[...] = w.data * x

    step(2.0)
    loss = (w * w).sum()
    step(2.0)
    with pytest.raises(StaleDataError):
        loss.backward()


def test_functions_that_only_share_a_name_with_numpys_are_called_as_they_are():
    @chainrule.custom_vjp(lambda g, *_: g * 7.0)
    def sum(x):  # noqa: A001
        return x * 7.0

    @chainrule.custom_vjp(lambda g, *_: g, lambda g, *_: g * 2.0)
    def add(a, b):
        return a + 2.0 * b

    check(value_and_grad(lambda x, y: np.sum(add(sum(x), y) * 1.0), argnums=(0, 1)), A, 2.0 * A)
    check(value_and_grad(lambda x, y: add(sum(x), y), argnums=(0, 1)), 2.0, 3.0)
    check(np.emath.sqrt, -4.0)


def test_kinds_of_arrays_and_dicts_that_are_not_known_are_left_to_the_function():
    masked = np.ma.array([1.0, 2.0], mask=[False, True])
    double = jit(lambda x: x * 2.0)
    assert double(masked).mask.tolist() == [False, True]
    masked[0] = 5.0
    assert double(masked)[0] == 10.0
    assert jit(lambda d: d["b"] + d["a"])(defaultdict(float, a=2.0)) == 2.0


def test_no_grad_within():
    def function(x):
        with chainrule.no_grad():
            y = Value(x) * 2.0
        return (y * x).data

    check(function, 3.0)
    check(function, A)


def test_what_numpy_warns_of_in_backward_passes_only_eager_does_not():
    check(grad(lambda x: np.sqrt(x).sum()), np.array([0.0, 1.0]))
    check(grad(lambda x: (x / x).sum()), np.array([1e-200, 1.0]))


def test_a_program_keeps_no_array_of_its_trace():
    array = np.ones(1000)
    alive = weakref.ref(array)
    jitted = jit(lambda x: np.tanh(x).sum())
    jitted(array)
    del array
    gc.collect()
    assert alive() is None


def test_methods_and_names():
    class Scale:
        def __init__(self, factor):
            self.factor = Value(factor)

        @jit
        def times(self, x):
            """Multiply."""
            return (self.factor * x).data

    assert [Scale(2.0).times(3.0), Scale(5.0).times(3.0)] == [6.0, 15.0]
    assert Scale.times.__name__ == "times"
    assert Scale.times.__doc__ == "Multiply."
    assert repr(jit(np.tanh)) == "jit(tanh)"


def test_threads_do_not_share_buffers():
    jitted = jit(lambda x: np.tanh(x @ x).sum(axis=0))
    inputs = [RNG.normal(size=(60, 60)) for _ in range(4)]
    wanted = [np.tanh(x @ x).sum(axis=0) for x in inputs]
    wrong = []

    def run(place):
        wrong.extend(place for _ in range(50) if not np.allclose(jitted(inputs[place]), wanted[place]))

    threads = [threading.Thread(target=run, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_source_is_readable():
    square = jit(lambda x: x * x + 1.0)
    with pytest.raises(UsageError, match="before its first call"):
        _ = square.source
    assert square.of(3.0).source == "def step(x):\n    return x * x + 1.0"
    w = Value(np.ones((1, 4)), label="weight")
    source = jit(lambda x: np.tanh(x @ w).data).of(X).source
    assert "dot(x, weight" in source or "dot(weightT, x" in source
    assert "tanh(" in source
