import numpy as np
import pytest

from chainrule import check_grads, custom_vjp, stop_gradient
from chainrule.errors import GradientError, UsageError


@custom_vjp(lambda g, _out, _x, y: g * y, lambda g, _out, x, _y: g * 2 * x)
def product(x, y):
    return x * y


def test_right_gradients_pass_at_every_order():
    check_grads(lambda x, y: np.sum(np.tanh(x @ y)), np.ones((2, 3)), np.ones((3, 2)) / 3, order=2)
    check_grads(np.exp, 0.3, order=4)


def test_results_may_be_arrays():
    check_grads(lambda x: np.tanh(x) * x[0], np.array([0.3, -0.4]))


def test_trees_are_checked_leaf_by_leaf():
    check_grads(lambda p: p["w"] * np.sum(p["b"] ** 2), {"w": 2.0, "b": np.array([1.0, 3.0])})


def test_a_wrong_gradient_is_named():
    with pytest.raises(GradientError, match="gradient of product by y is 6, but the slope there is 3"):
        check_grads(product, 3.0, 2.0)


def test_an_element_of_an_array_in_a_tree_is_named():
    def twice(p):
        return np.sum(product(np.ones((1, 2)), p["w"] * np.array([[0.0, 2.0]])))

    with pytest.raises(GradientError, match=r"twice by p\['w'\]\[0, 1\] is 4, but the slope there is 2"):
        check_grads(twice, {"w": np.ones((1, 2))})


def test_a_wrong_second_derivative_is_found():
    @custom_vjp(lambda g, _out, x: g * stop_gradient(2 * x))
    def square(x):
        return x * x

    check_grads(square, 3.0, order=1)
    with pytest.raises(GradientError, match=r"grad\(square\) by x is 0, but the slope there is 2"):
        check_grads(square, 3.0)


def test_kinks_are_found():
    with pytest.raises(GradientError, match="kink"):
        check_grads(lambda x: np.abs(x) + np.maximum(x, 0.0), 0.0)


def test_integers_are_not_differentiated_by():
    check_grads(lambda x, n: x**n, 2.0, 3)
    with pytest.raises(UsageError, match=r"Give 2\.0 where you gave 2"):
        check_grads(lambda x: x * x, 2)


def test_single_precision_is_checked_in_double():
    check_grads(np.tanh, np.array([0.5], np.float32))


@pytest.mark.parametrize("x", [1j, np.ones(2) * 1j, [1.0, 1j]])
def test_complex_numbers_are_refused(x):
    with pytest.raises(UsageError, match="real numbers, not complex"):
        check_grads(lambda x: np.sum(np.abs(x)), x, argnums=0)
