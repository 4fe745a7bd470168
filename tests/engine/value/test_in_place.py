"""`+=` and its like make a new Value, change one under `no_grad`, and never train nothing in silence."""

import operator

import numpy as np
import pytest

from chainrule import Value, grad, jit, no_grad
from chainrule.errors import AssignmentError, ShapeError, StaleDataError

OPERATORS = [operator.iadd, operator.isub, operator.imul, operator.itruediv, operator.ipow]
STARTS = [2.0, np.array(2.0), np.array([2.0, 3.0]), np.array([[2.0, 3.0]], np.float32)]


def descended(steps, start, run=lambda step: step):
    w = Value(start if isinstance(start, float) else start.copy())

    def step():
        loss = (w * w).sum()
        w.grad = 0
        loss.backward()
        with no_grad():
            for p in [w]:
                p -= 0.1 * p.grad  # noqa: PLW2901 - what is held
        return loss

    step = run(step)
    for _ in range(steps):
        step()
    return w.data


@pytest.mark.parametrize("run", [lambda step: step, jit], ids=["eager", "jit"])
@pytest.mark.parametrize("start", STARTS[:3], ids=["number", "no axes", "array"])
def test_an_update_under_no_grad_trains(run, start):
    np.testing.assert_allclose(descended(3, start, run), start * 0.8**3)


@pytest.mark.parametrize("start", STARTS, ids=["number", "no axes", "array", "float32"])
@pytest.mark.parametrize("change", OPERATORS)
def test_under_no_grad_a_value_itself_is_changed(change, start):
    value = Value(start)
    held = value
    with no_grad():
        value = change(value, 2.0)
    assert value is held
    np.testing.assert_allclose(held.data, change(Value(start), 2.0).data)
    assert held.dtype == Value(start).dtype


@pytest.mark.parametrize("change", OPERATORS)
def test_elsewhere_a_new_value_is_made(change):
    a, b = Value(2.0), Value(3.0)
    value = change(a, b)
    assert value is not a
    assert a.data == 2.0
    value.backward()
    assert a.grad != 0
    assert b.grad != 0


def test_a_running_total_has_its_gradient():
    a, total = Value(3.0), Value(0.0)
    for _ in range(3):
        total += a * a
    total.backward()
    assert a.grad == 18.0


def test_a_users_own_array_is_left_alone():
    array = np.ones(2)
    value, other = Value(array), Value(array)
    copied, detached = value.copy(), value.detach()
    with no_grad():
        value += 1.0
    np.testing.assert_array_equal([array, other.data, copied.data, detached.data], np.ones((4, 2)))


@pytest.mark.parametrize("plain", [0.1, np.array([0.1, 0.1]), Value(np.array([0.1, 0.1])).detach()])
@pytest.mark.parametrize("change", OPERATORS)
def test_a_leaf_with_a_gradient_is_not_left_behind(change, plain):
    w = Value([1.0, 2.0])
    (w * w).sum().backward()
    with pytest.raises(AssignmentError, match="with no_grad"):
        change(w, plain)
    np.testing.assert_array_equal(w.data, [1.0, 2.0])
    assert change(w, Value(2.0)) is not w
    for nothing in (0, 0.0, None):
        w.grad = nothing
        assert change(w, plain) is not w


def test_under_jit_it_is_refused_too():
    w = Value([1.0, 2.0])

    def step():
        (w * w).sum().backward()
        p = w
        p -= 0.1 * p.grad
        return p

    with pytest.raises(AssignmentError, match="with no_grad"):
        jit(step)()


@pytest.mark.parametrize("data", [1.0, np.ones(2)])
def test_an_argument_is_changed_by_a_jitted_function_as_by_a_plain_one(data):
    def halve(p):
        with no_grad():
            p *= 0.5
        return p * 2.0

    value, program = Value(data), jit(halve)
    for half in (0.5, 0.25):
        np.testing.assert_allclose(program(value).data, data * half * 2)
        np.testing.assert_allclose(value.data, data * half)


def test_a_constant_is_changed_as_well():
    with no_grad():
        total = Value(1.0) * 1.0
        held = total
        total += 2.0
    assert held.data == 3.0


def test_what_was_computed_before_knows_of_the_change():
    w = Value(2.0)
    loss = w * w
    with no_grad():
        w -= 1.0
    with pytest.raises(StaleDataError):
        loss.backward()


@pytest.mark.parametrize("data", [1.0, np.ones((1, 2))])
def test_a_value_that_is_changed_keeps_its_shape(data):
    value = Value(data)
    with no_grad(), pytest.raises(ShapeError, match="keeps its own"):
        value += np.ones((3, 2))
    np.testing.assert_array_equal(value.data, data)


@pytest.mark.parametrize("shape", [(), (1,), (1, 1), (1, 1, 1)])
def test_backward_takes_one_element_of_any_shape(shape):
    w = Value(np.full(shape, 3.0))
    (w * w).backward()
    np.testing.assert_array_equal(w.grad, np.full(shape, 6.0))

    def slope(x):
        v = Value(x)
        (v * v).backward()
        return v.grad

    np.testing.assert_array_equal(jit(slope)(np.full(shape, 3.0)), np.full(shape, 6.0))
    np.testing.assert_array_equal(grad(lambda x: (x * x).sum(keepdims=True))(np.ones(2)), [2.0, 2.0])


def test_zero_grad_starts_afresh():
    a = Value(3.0)
    (a * a).backward()
    a.zero_grad()
    assert not a.has_grad
    (a * a).backward()
    assert a.grad == 6.0
