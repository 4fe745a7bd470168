from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from against_eager import assert_same
from chainrule import Value, elementwise_grad, grad, hessian, jacobian, jit, jvp, vjp
from chainrule.errors import ShapeError, UsageError

RNG = np.random.default_rng(7)
A, B = RNG.normal(size=(3, 4)), RNG.normal(size=(2, 3))


@dataclass
class Line:
    slope: float
    offset: np.ndarray


class Pair(NamedTuple):
    first: np.ndarray
    second: float


def layer(w, x):
    return np.tanh(x @ w)


def differences(function, at, h=1e-6):
    """Return the derivatives of each element of a result by each of an argument, by central differences."""
    columns = []
    for index in np.ndindex(at.shape):
        move = np.zeros_like(at)
        move[index] = h
        columns.append((function(at + move) - function(at - move)) / (2 * h))
    return np.stack(columns, axis=-1).reshape(np.shape(columns[0]) + at.shape)


def test_a_jacobian_has_the_axes_of_the_result_first():
    found = jacobian(layer)(A, B)
    assert found.shape == (2, 4, 3, 4)
    np.testing.assert_allclose(found, differences(lambda w: layer(w, B), A), atol=1e-8)
    by_w, by_x = jacobian(layer, argnums=(0, 1))(A, B)
    np.testing.assert_allclose(by_w, found)
    np.testing.assert_allclose(by_x, differences(lambda x: layer(A, x), B), atol=1e-8)
    np.testing.assert_allclose(jacobian(layer, argnums=-1)(A, B), by_x)


def test_of_numbers_it_is_what_grad_gives():
    assert jacobian(lambda x: x**3)(2.0) == 12.0
    assert type(jacobian(lambda x: x**3)(2)) is float
    assert jacobian(lambda x: np.sum(x**2))(np.array([1.0, 2.0])).tolist() == [2.0, 4.0]
    assert jacobian(lambda x: x * np.arange(3.0))(2.0).tolist() == [0.0, 1.0, 2.0]


def test_a_jacobian_of_trees_is_a_tree_of_trees():
    function = lambda p: {"y": p["w"] * p["line"].slope, "z": (np.sum(p["line"].offset), 3.0)}  # noqa: E731
    found = jacobian(function)({"w": np.array([1.0, 2.0]), "line": Line(3.0, np.ones(2))})
    assert found["y"]["w"].tolist() == [[3.0, 0.0], [0.0, 3.0]]
    assert found["y"]["line"].slope.tolist() == [1.0, 2.0]
    assert found["y"]["line"].offset.shape == (2, 2)
    assert found["z"][0]["line"].offset.tolist() == [1.0, 1.0]
    assert found["z"][1]["w"].tolist() == [0.0, 0.0]


def test_jacobians_nest_with_all_others():
    f = lambda x: np.stack([x[0] ** 2 * x[1], np.sin(x[1])])  # noqa: E731
    x = np.array([1.5, 0.3])
    second = jacobian(jacobian(f))(x)
    np.testing.assert_allclose(second[0], [[2 * x[1], 2 * x[0]], [2 * x[0], 0]])
    np.testing.assert_allclose(second[1], [[0, 0], [0, -np.sin(x[1])]])
    g = lambda x: np.sum(np.tanh(x) ** 2)  # noqa: E731
    np.testing.assert_allclose(jacobian(grad(g))(x), hessian(g)(x))
    trace = grad(lambda x: np.trace(jacobian(f)(x)))(x)
    np.testing.assert_allclose(trace, [2 * x[1], 2 * x[0] - np.sin(x[1])])


def test_an_empty_result_has_an_empty_jacobian():
    assert jacobian(lambda x: x[:0])(np.ones(3)).shape == (0, 3)
    assert jacobian(lambda x: x)(np.ones(0)).shape == (0, 0)


def test_single_precision_stays():
    x = np.ones(3, np.float32)
    assert jacobian(np.sin)(x).dtype == np.float32
    assert elementwise_grad(np.sin)(x).dtype == np.float32
    out, slope = jvp(np.sin, (x,), (x,))
    assert (out.dtype, slope.dtype) == (np.float32, np.float32)
    assert vjp(np.sin, x)[1](x)[0].dtype == np.float32


def test_elementwise_grad_is_the_slope_at_each_element():
    x = np.linspace(-2, 2, 7)
    np.testing.assert_allclose(elementwise_grad(np.tanh)(x), 1 - np.tanh(x) ** 2)
    np.testing.assert_allclose(elementwise_grad(elementwise_grad(np.sin))(x), -np.sin(x))
    np.testing.assert_allclose(elementwise_grad(lambda x, y: x * y**2, argnums=1)(x, 3.0 * x), 6 * x * x)
    assert elementwise_grad(lambda x: x**2)(3.0) == 6.0


def test_vjp_hands_a_gradient_back_to_each_argument():
    out, back = vjp(layer, A, B)
    np.testing.assert_allclose(out, layer(A, B))
    assert type(out) is np.ndarray
    seed = RNG.normal(size=out.shape)
    by_w, by_x = back(seed)
    whole = jacobian(layer, argnums=(0, 1))(A, B)
    np.testing.assert_allclose(by_w, np.tensordot(seed, whole[0], 2))
    np.testing.assert_allclose(by_x, np.tensordot(seed, whole[1], 2))
    np.testing.assert_allclose(back(2 * seed)[0], 2 * by_w)
    (of_one,) = vjp(np.sin, 0.0)[1](1.0)
    assert of_one == 1.0


def test_vjp_of_trees_with_more():
    out, back, more = vjp(lambda p: ({"y": p.first * p.second}, "seen"), Pair(np.ones(2), 3.0), has_aux=True)
    assert more == "seen"
    assert out["y"].tolist() == [3.0, 3.0]
    (slope,) = back({"y": np.array([1.0, 10.0])})
    assert type(slope) is Pair
    assert slope.first.tolist() == [3.0, 30.0]
    assert slope.second == 11.0


def test_the_way_back_is_differentiated_too():
    x, seed = np.array([0.3, -1.0]), np.array([2.0, 0.5])
    along = lambda x, seed: np.sum(vjp(np.sin, x)[1](seed)[0] ** 2)  # noqa: E731
    by_x, by_seed = grad(along, argnums=(0, 1))(x, seed)
    np.testing.assert_allclose(by_x, -2 * (seed * np.cos(x)) * seed * np.sin(x))
    np.testing.assert_allclose(by_seed, 2 * seed * np.cos(x) ** 2)
    _, back = vjp(np.sin, x)
    np.testing.assert_allclose(grad(lambda seed: np.sum(back(seed)[0]))(seed), np.cos(x))


def test_jvp_is_the_derivative_in_a_direction():
    move_w, move_x = RNG.normal(size=A.shape), RNG.normal(size=B.shape)
    out, slope = jvp(layer, (A, B), (move_w, move_x))
    np.testing.assert_allclose(out, layer(A, B))
    h = 1e-6
    ahead, behind = layer(A + h * move_w, B + h * move_x), layer(A - h * move_w, B - h * move_x)
    np.testing.assert_allclose(slope, (ahead - behind) / (2 * h), atol=1e-8)
    assert jvp(lambda x: x**3, (2.0,), (0.5,)) == (8.0, 6.0)
    assert jvp(lambda _x: 5.0, (2.0,), (1.0,)) == (5.0, 0.0)


@given(st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_forward_and_backward_agree(seed):
    rng = np.random.default_rng(seed)
    w, x, v, u = (rng.normal(size=shape) for shape in ((3, 4), (2, 3), (2, 3), (2, 4)))
    f = lambda x: np.sort(np.tanh(x @ w), axis=0) * np.max(x)  # noqa: E731
    assert np.sum(u * jvp(f, (x,), (v,))[1]) == pytest.approx(np.sum(vjp(f, x)[1](u)[0] * v))


def test_jvp_of_trees_and_of_jvp():
    out, slope = jvp(
        lambda p: {"y": p["a"] ** 2}, ({"a": 3.0, "b": np.ones(2)},), ({"a": 1.0, "b": np.ones(2)},)
    )
    assert (out, slope) == ({"y": 9.0}, {"y": 6.0})
    second = jvp(lambda x: jvp(lambda x: x**3, (x,), (1.0,))[1], (2.0,), (1.0,))
    assert second == (12.0, 12.0)
    assert grad(lambda v: jvp(np.sin, (0.0,), (v,))[1] ** 2)(3.0) == 6.0


def test_given_values_results_are_values():
    x = Value(2.0)
    _, slope = jvp(lambda x: x**3, (x,), (1.0,))
    slope.backward()
    assert (slope.data, x.grad) == (12.0, 12.0)


@pytest.mark.parametrize(
    "function",
    [
        jacobian(np.sin),
        elementwise_grad(np.tanh),
        lambda x: vjp(np.sin, x)[1](x * 2.0),
        lambda x: jvp(lambda x: np.sin(x) * x.sum(), (x,), (x * x,)),
    ],
)
def test_under_jit(function):
    jitted = jit(function)
    for x in (np.array([0.1, 0.2]), np.array([1.0, -2.0])):
        assert_same(jitted(x), function(x))


def test_what_does_not_fit_is_refused():
    with pytest.raises(ShapeError, match=r"jvp: tangents of shape \(2,\) for primals of shape \(3,\)"):
        jvp(np.sin, (np.ones(3),), (np.ones(2),))
    with pytest.raises(UsageError, match=r"jvp\(f, \(x,\), \(v,\)\)"):
        jvp(np.sin, 1.0, 1.0)
    with pytest.raises(ShapeError, match=r"vjp: the gradient of shape \(\) for the result of shape \(2,\)"):
        vjp(np.sin, np.ones(2))[1](1.0)
    with pytest.raises(UsageError, match=r"returned None.*numbers or arrays"):
        jacobian(lambda _x: None)(1.0)
    with pytest.raises(UsageError, match="argnums is 1"):
        jacobian(np.sin, argnums=1)(1.0)
