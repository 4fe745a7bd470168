"""A primitive of one's own: one entry, and it differentiates twice, draws and prints its formula."""

import numpy as np
import pytest

from chainrule import Value, check_grads, custom_vjp
from chainrule.formula.text import formulas
from chainrule.primitives.table import BY_FUNCTION, PRIMITIVES, primitive
from chainrule.value.dispatch import supported


@pytest.fixture
def hypot():
    before = [(table, dict(table)) for table in (PRIMITIVES, BY_FUNCTION)]
    yield primitive(
        "hypot",
        lambda g, out, a, b: g * a / out,  # noqa: ARG005
        lambda g, out, a, b: g * b / out,  # noqa: ARG005
    )
    for table, entries in before:  # as it was, also if hypot is one of the table's by now
        table.clear()
        table.update(entries)


def test_one_entry_is_all_that_a_numpy_function_needs(hypot):
    check_grads(np.hypot, np.array([0.5, -1.0]), np.array([[0.3], [2.0]]), order=3)
    a, b = Value(3.0, label="a"), Value(4.0, label="b")
    length = np.hypot(a, b).backward()
    assert length.data == 5.0
    assert (a.grad, b.grad) == pytest.approx((0.6, 0.8))
    assert list(formulas(hypot)) == ["g * a / out", "g * b / out"]
    assert "hypot" in length.graph().to_mermaid()
    assert "hypot" in supported()
    assert hypot(np.array([0.0]), 1.0).tolist() == [1.0]


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
    assert list(formulas(cube)) == ["g * 3 * x ** 2"]


def test_parameters_follow_the_operands():
    x = Value(2.0)
    assert scale(x, 5).backward().data == 10
    assert x.grad == 5
    assert scale(x, times=2).params == {"times": 2}


def test_none_means_no_gradient():
    x, y = Value(2.0), Value(3.0)
    first(x, y).backward()
    assert (x.grad, y.has_grad) == (1, False)
