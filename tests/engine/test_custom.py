"""A primitive of one's own: one entry, and it differentiates twice, draws and prints its formula."""

import numpy as np
import pytest

from chainrule import Value, check_grads, custom_vjp
from chainrule.dispatch import supported
from chainrule.formula import formulas
from chainrule.primitive import BY_FUNCTION, PRIMITIVES, primitive


@pytest.fixture
def arctan2():
    entry = primitive(
        "arctan2",
        lambda g, out, a, b: g * b / (a * a + b * b),  # noqa: ARG005
        lambda g, out, a, b: -g * a / (a * a + b * b),  # noqa: ARG005
    )
    yield entry
    del PRIMITIVES["arctan2"], BY_FUNCTION[np.arctan2]


def test_one_entry_is_all_that_a_numpy_function_needs(arctan2):
    check_grads(np.arctan2, np.array([0.5, -1.0]), np.array([[0.3], [2.0]]), order=3)
    y, x = Value(1.0, label="y"), Value(2.0, label="x")
    angle = np.arctan2(y, x).backward()
    assert angle.data == np.arctan2(1.0, 2.0)
    assert (y.grad, x.grad) == pytest.approx((0.4, -0.2))
    assert [formula.text for formula in formulas(arctan2)] == [
        "g * b / (a ** 2 + b ** 2)",
        "-g * a / (a ** 2 + b ** 2)",
    ]
    assert "arctan2" in angle.graph().to_mermaid()
    assert "arctan2" in supported()
    assert arctan2(np.array([0.0]), 1.0).tolist() == [0.0]


@custom_vjp(lambda g, out, x: g * 3 * x * x, symbol="x³")  # noqa: ARG005
def cube(x):
    return x**3


@custom_vjp(lambda g, out, x, times=1: g * times, symbol="scale")  # noqa: ARG005
def scale(x, times=1):
    return x * times


@custom_vjp(lambda g, out, x, y: g, None)  # noqa: ARG005
def first(x, y):  # noqa: ARG001
    return x


def test_a_function_of_ones_own():
    check_grads(cube, np.array([1.0, -2.0]), order=3)
    assert cube(2.0) == 8.0
    assert "x³" in str(cube(Value(2.0)).graph())
    assert [formula.text for formula in formulas(cube)] == ["g * 3 * x ** 2"]


def test_parameters_follow_the_operands():
    x = Value(2.0)
    assert scale(x, 5).backward().data == 10
    assert x.grad == 5
    assert scale(x, times=2).params == {"times": 2}


def test_none_means_no_gradient():
    x, y = Value(2.0), Value(3.0)
    first(x, y).backward()
    assert (x.grad, y.has_grad) == (1, False)
