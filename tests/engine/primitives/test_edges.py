"""At edges: NaN and infinity, nothing at all, and far out."""

import numpy as np
import pytest
from scipy import special

from chainrule import Value, check_grads, grad, hessian, jit, log_softmax, logsumexp, relu, softmax
from chainrule.errors import BackwardError
from chainrule.value.backward import gradients


def test_nan_beside_a_diagonal_stays_there():
    x = np.array([[1.0, 2.0], [3.0, -1.0]])
    with np.errstate(invalid="ignore"):
        slope = grad(lambda x: np.einsum("ii->", np.sqrt(x)))(x)
    assert np.isnan(slope).tolist() == [[False, False], [False, True]]


@pytest.mark.parametrize("subscripts", ["ii->", "ii->i", "iij->j", "iji->ij", "iii->i"])
def test_a_diagonal_in_subscripts(subscripts):
    axes = len(subscripts.partition("->")[0])
    x = np.arange(2.0**axes).reshape((2,) * axes)
    found, expected = np.einsum(subscripts, Value(x)).data, np.einsum(subscripts, x)
    np.testing.assert_allclose(found, expected)
    check_grads(lambda x: np.einsum(subscripts, x), x, order=2)


@pytest.mark.parametrize("function", [np.linalg.norm, np.std])
def test_a_root_of_nan_has_no_slope(function):
    assert np.isnan(grad(function)(np.array([np.nan, 1.0, 2.0]))).all()


def test_far_out_a_normal_distribution_has_its_slopes():
    slope = grad(special.log_ndtr)
    for x in (-40.0, 0.5, 11.9, 12.1, 60.0):
        hazard = np.exp(-x * x / 2) / np.sqrt(2 * np.pi) / special.ndtr(x) if x > -30 else -x - 1 / x
        assert slope(x) == pytest.approx(hazard, rel=1e-2 if x < -30 else 1e-12)
        assert grad(slope)(x) == pytest.approx(-slope(x) * (x + slope(x)), rel=1e-9, abs=1e-300)


def test_of_nothing():
    empty = Value(np.zeros((0, 3)))
    with np.errstate(divide="ignore"):
        assert logsumexp(empty, axis=0).data.tolist() == [-np.inf] * 3
        assert softmax(empty, axis=0).shape == log_softmax(empty, axis=0).shape == (0, 3)


@pytest.mark.parametrize("mask", [relu, lambda x: np.clip(x, 0.0, 9.0), lambda x: np.fmax(x, 0.0)])
def test_a_mask_is_one_in_a_derivative_of_a_derivative_too(mask):
    x = np.array([-1.0, 4.0])

    def slope(x):
        return grad(lambda x: np.sum(mask(x) ** 0.5))(x)

    np.testing.assert_allclose(slope(x), [0.0, 0.25])
    np.testing.assert_allclose(grad(lambda x: np.sum(slope(x)))(x), [0.0, -1 / 32])


def test_an_element_at_a_traced_index_has_its_slope():
    x = np.array([0.3, -1.0, 2.0])
    for function in (lambda x: x[np.argmin(x)], lambda x: x[np.argmax(x)] ** 2):
        np.testing.assert_array_equal(jit(grad(function))(x), grad(function)(x))
        second = grad(lambda x, f=function: np.sum(grad(f)(x) * x))
        np.testing.assert_array_equal(jit(second)(x), second(x))


def test_a_power_of_an_infinite_slope_behind_a_mask():
    x = np.array([-1.0, 4.0])
    v = Value(x)
    [slope] = gradients(np.sum(np.sqrt(np.maximum(v, 0.0))), [v], differentiable=True)
    np.testing.assert_allclose(slope.data, [0.0, 0.25])


def test_xlogy_at_0_has_its_mixed_derivative_on_both_ways():
    for function, slope in ((special.xlogy, 0.5), (special.xlog1py, 1 / 3)):
        assert grad(lambda x, y, f=function: grad(f, 1)(x, y))(0.0, 2.0) == slope
        assert grad(lambda y, x, f=function: grad(f)(x, y))(2.0, 0.0) == slope
        assert grad(function, 1)(0.0, 0.0) == 0.0


@pytest.mark.parametrize("function", [np.prod, lambda x: np.linalg.det(np.outer(x, x) + np.eye(3))])
def test_a_slope_that_looks_at_its_numbers_has_one_under_jit(function):
    """Of a product and a determinant, also where only some of what they are made of are Values."""
    x = np.array([0.5, -2.0, 0.25])
    for outer in (relu, np.sin, lambda y: y * 2.0):
        second = grad(lambda x, g=outer: np.sum(grad(lambda x: g(function(x)))(x) * np.cos(x)))
        np.testing.assert_allclose(jit(second)(x), second(x), rtol=1e-12)
        np.testing.assert_allclose(jit(second)(x * 0), second(x * 0), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("order", [1, 1.5, 3, 4])
def test_a_norm_of_any_order_has_slope_0_at_0(order, dtype):
    def function(x):
        return np.linalg.norm(x, order)

    slope = grad(function)
    rows = np.array([[0.0, -0.0], [3.0, 4.0]], dtype)
    for x in rows:
        np.testing.assert_allclose(jit(slope)(x), slope(x), rtol=1e-6)
        assert slope(x).dtype == dtype
    assert slope(rows[0]).tolist() == [0.0, 0.0]
    check_grads(function, np.array([3.0, -4.0, 0.5]))
    with pytest.raises(BackwardError, match="second derivative"):
        hessian(lambda x: np.linalg.norm(x, 3) ** 2)(rows[0])
