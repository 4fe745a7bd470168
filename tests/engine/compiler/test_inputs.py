"""What of a jitted function is an input of its program, and what a constant."""

from __future__ import annotations

from array import array
from collections import deque
from dataclasses import dataclass

import numpy as np
import pytest

from against_eager import assert_same, check
from chainrule import Value, jit, nn, trees, value_and_grad
from chainrule.value.backward import gradients

RNG = np.random.default_rng(0)
A, B = RNG.normal(size=(5, 5)), RNG.normal(size=(5, 3))


def test_new_shapes_dtypes_and_forms_are_traced_anew():
    total = jit(lambda x: (x * 2.0).sum())
    for x in (A, B, A.astype(np.float32), A[0], 3.0 * A, B[::2], np.asfortranarray(B)):
        assert_same(total(x), (x * 2.0).sum(), 1e-6)
    assert total.traces == 5
    tree = jit(lambda t: trees.leaves(t)[0] * 2.0)
    for t in ({"a": A}, [A], (A,), {"b": A}, [A, None], [1.0]):
        assert_same(tree(t), trees.leaves(t)[0] * 2.0)
    assert tree.traces == 6


def test_arguments_come_by_position_by_name_or_not_at_all():
    @jit
    def power(x, exponent=2.0, *, scale=1.0):
        return scale * x**exponent

    assert power(3.0) == 9.0
    assert power(3.0, 3.0) == 27.0
    assert power(3.0, exponent=3.0) == 27.0
    assert power(exponent=3.0, x=2.0) == 8.0
    assert power(3.0, scale=2.0) == 18.0
    assert power(x=3.0) == 9.0
    with pytest.raises(TypeError, match="positional argument"):
        power(1.0, 2.0, 3.0)
    with pytest.raises(TypeError, match="missing"):
        power()


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x * 1e308 * 10.0,
        lambda x: x * 1e200 / 1e-150 * 1e-300,
        lambda x: x / 2.0**-1074,
        lambda x: (Value(x) * 1e308 * 10.0).mean().data,
        lambda x: -(x * 2.0) * 3.0 - -(x / 4.0),
        lambda x: x * 2 * 3.0,
        lambda x: -(x * 2),
        lambda x: 1.0 + -x,
        lambda x: 1.0 - -x,
        lambda x: -x * 3.0,
    ],
)
def test_what_overflows_does_so_where_it_does_eagerly(function):
    with np.errstate(all="ignore"):
        for x in (1e-5, np.array([1e-5, 1.0]), np.float32([1e-5, 1.0]), np.uint8([200, 3])):
            check(function, x, tolerance=1e-6)


def test_names_of_arguments_may_be_those_of_functions():
    def odd(dot, tanh, rest, np_, float):  # noqa: A002
        return np.tanh(dot @ tanh) + rest * np_ + float

    check(odd, A, B, 2.0, 3.0, 4.0)


@dataclass
class Line:
    slope: float
    intercept: np.ndarray


def test_dataclasses_go_in_and_out():
    check(lambda line, x: Line(line.slope * 2.0, line.slope * x + line.intercept), Line(2.0, A[0]), A[1])


def test_long_lists_of_floats():
    numbers = [float(n) for n in range(40)]
    summed = jit(lambda p: [n * 2.0 for n in p])
    assert summed(numbers) == [n * 2.0 for n in numbers]
    assert summed([*numbers[:-1], 7]) == [n * 2.0 for n in [*numbers[:-1], 7]]
    value = Value(3.0)
    assert isinstance(summed([*numbers[:-1], value])[-1], Value)


def test_flags_and_texts_are_static_and_so_is_what_is_named():
    @jit
    def mode(x, training, name):
        return x * 2.0 if training else x + len(name)

    assert [mode(1.0, True, "a"), mode(1.0, False, "abc"), mode(2.0, True, "a"), mode(5.0, False, "abc")] == [
        2,
        4,
        4,
        8,
    ]
    assert mode.traces == 2

    @jit(static="n")
    def repeated(x, n):
        for _ in range(n):
            x = x * 2.0
        return x

    assert [repeated(1.0, 3), repeated(1.0, 4), repeated(2.0, n=3)] == [8.0, 16.0, 16.0]


factor = 2.0


def test_names_bound_to_another_number_or_array_or_value_are_seen():
    global factor  # noqa: PLW0603
    scale, weights = 1.0, A
    w = Value(1.0)

    def function(x):
        return factor * scale * (weights @ x) * w

    jitted = jit(function)
    for _ in range(2):
        assert_same(jitted(B), function(B))
        factor += 1.0
        assert_same(jitted(B), function(B))
        scale = 5.0
        assert_same(jitted(B), function(B))
        weights = A * 2.0
        assert_same(jitted(B), function(B))
        w = Value(7.0)
        assert_same(jitted(B), function(B))


def helper(x):
    return x * 2.0


def test_names_bound_to_another_function_or_model_are_seen(monkeypatch):
    model = nn.Linear(5, 3, rng=1)

    def function(x):
        return helper(model(x).data)

    jitted = jit(function)
    assert_same(jitted(A), function(A))
    model = nn.Linear(5, 3, rng=2)
    assert_same(jitted(A), function(A))
    monkeypatch.setitem(globals(), "helper", lambda x: x * 7.0)
    assert_same(jitted(A), function(A))
    assert jitted.traces == 3
    monkeypatch.setitem(globals(), "data", "a name that is no more than an attribute here")
    jitted(A)
    assert jitted.traces == 3


class Doubling(nn.Module):
    def __call__(self, x):
        return helper(x)


def test_what_a_model_reads_by_name_is_seen(monkeypatch):
    double = jit(Doubling())
    assert double(3.0) == 6.0
    monkeypatch.setitem(globals(), "helper", lambda x: x * 7.0)
    assert double(3.0) == 21.0


@pytest.mark.parametrize(
    "use",
    [
        lambda x, k: x * k.sum(),
        lambda x, k: x * k + k[0],
        lambda x, k: x if k[0] > 0 else -x,
        lambda x, k: x * float(k[1]),
        lambda x, k: x * k[1:],
        lambda x, k: x * k,
    ],
)
def test_the_numbers_of_small_arrays_that_are_read_by_name_are_seen(use):
    k = np.ones(2)
    jitted = jit(lambda x: use(x, k))
    assert_same(jitted(3.0), use(3.0, k))
    k[:] = [-9.0, 4.0]
    assert_same(jitted(3.0), use(3.0, k))
    traces = jitted.traces
    k[:] = 1.0
    assert_same(jitted(3.0), use(3.0, k))
    assert jitted.traces == traces


def test_an_array_that_only_the_program_reads_may_change_at_each_call():
    batch, weights = np.ones((4, 2)), Value(np.ones((2, 1)))
    step = jit(lambda: ((batch @ weights) ** 2).mean().backward().data)
    for factor in (1.0, 2.0, 3.0):
        batch[...] = factor
        assert step() == 4 * factor**2
    assert step.traces == 2  # without a gradient, and with one


def test_an_array_in_the_closure_counts():
    count = np.zeros(1)

    def function(x):
        count[0] += 1.0
        return x * float(count[0])

    jitted = jit(function)
    assert [jitted(1.0) for _ in range(4)] == [1.0, 2.0, 3.0, 4.0]


def test_a_counter_in_the_closure_counts():
    count = 0

    def function(x):
        nonlocal count
        count += 1
        return x * count

    jitted = jit(function)
    assert [jitted(1.0) for _ in range(4)] == [1.0, 2.0, 3.0, 4.0]


def test_the_data_of_values_is_an_input():
    w, v = Value(2.0), Value(A.copy())
    total = jit(lambda x: (w * x + v.data).sum().data)
    assert_same(total(B[:, :1]), (2.0 * B[:, :1] + A).sum())
    w.data = 3.0
    v.data[0, 0] = 100.0
    assert_same(total(B[:, :1]), (3.0 * B[:, :1] + v.data).sum())
    v.data = np.ones((5, 5))  # another array
    assert_same(total(B[:, :1]), (3.0 * B[:, :1] + np.ones((5, 5))).sum())
    assert total.traces == 1
    v.data = np.ones((5, 2))  # of another shape
    assert_same(total(B[:, :1]), (3.0 * B[:, :1] + np.ones((5, 2))).sum())
    w.data = np.full((5, 1), 2.0)  # no number any more
    assert_same(total(B[:, :1]), (2.0 * B[:, :1] + np.ones((5, 2))).sum())


def test_a_model_answers_as_it_does_and_gradients_pass_it():
    model = nn.Sequential(nn.Linear(5, 8), nn.LayerNorm(8), np.tanh, nn.Linear(8, 3))
    predict = jit(model)
    for _ in range(2):
        assert_same(predict(A), model(A))
    (predict(A) * B).sum().backward()
    ours = [parameter.grad for parameter in model.parameters()]
    model.zero_grad()
    (model(A) * B).sum().backward()
    assert_same(ours, [parameter.grad for parameter in model.parameters()])


def test_a_second_derivative_through_a_value_of_the_closure():
    w = Value(3.0)
    out = jit(lambda x: w**3 * x)(2.0)
    [slope] = gradients(out, [w], differentiable=True)
    assert [slope.data, *gradients(slope, [w])] == [54.0, 36.0]


def test_values_of_the_closure_that_depend_on_each_other():
    a = Value(2.0)
    b = a * 3.0
    jit(lambda x: a * b * x)(5.0).backward()
    assert a.grad == 2 * 3.0 * 2.0 * 5.0


def test_an_array_given_twice_is_one_array():
    def kernel(a, b, c=0.0):
        return a * b + c if a is b else a * b - c

    x, y = np.arange(3.0), np.ones(3)
    jitted = jit(kernel)
    for args in [(x, y), (x, x), (x, y), (y, y), (x, y, y), (y, x, x), (x, x, x)]:
        assert_same(jitted(*args), kernel(*args))
    nested = jit(lambda pair, id, len: pair[0] is id and pair[1] is len)  # noqa: A006 -- as generated code says
    assert [nested([x, y], x, y), nested([x, y], y, x), nested([x, x], x, x)] == [True, False, True]
    slope = jit(value_and_grad(lambda a, b: np.sum(a * b), argnums=(0, 1)))
    for args in [(x, x), (x, y)]:
        assert_same(slope(*args), value_and_grad(lambda a, b: np.sum(a * b), argnums=(0, 1))(*args))


@pytest.mark.parametrize(
    ("container", "change"),
    [
        (deque([1.0, 2.0]), lambda each: each.append(5.0)),
        ({1.0, 2.0}, lambda each: each.add(5.0)),
        (bytearray(b"a"), lambda each: each.append(5)),
        (array("d", [1.0]), lambda each: each.append(5.0)),
    ],
)
def test_what_other_containers_hold_is_asked_at_each_call(container, change):
    def total(x, items):
        return x * sum(items)

    jitted, fixed = jit(total), jit(total, static="items")
    for _ in range(3):
        assert jitted(2.0, container) == fixed(2.0, container) == total(2.0, container)
        change(container)


zero = 0.0


def test_a_zero_of_the_other_sign_is_another_number():
    global zero
    fixed = jit(lambda x, n: np.copysign(x, n if type(n) is float else n[0]), static="n")
    for n in (0.0, -0.0, 0.0, [0.0], [-0.0]):
        assert fixed(1.0, n) == np.copysign(1.0, n if type(n) is float else n[0])
    named = jit(lambda x: np.copysign(x, zero))
    for zero in (0.0, -0.0, 0.0):
        assert named(1.0) == np.copysign(1.0, zero)
