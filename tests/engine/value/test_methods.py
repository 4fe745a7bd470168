"""ndarray's methods on a Value: the same numbers as of the array, and gradients, eager and jit."""

import numpy as np
import pytest

from chainrule import Value, check_grads, grad, jit

A = np.arange(9.0).reshape(3, 3) / 4 + 0.5
METHODS = {
    "copy": lambda x: x.copy(),
    "diagonal": lambda x: x.diagonal(),
    "diagonal, offset": lambda x: x.diagonal(1),
    "cumprod": lambda x: x.cumprod(),
    "cumprod, axis": lambda x: x.cumprod(1),
    "repeat": lambda x: x.repeat(2),
    "repeat, axis": lambda x: x.repeat(2, axis=0),
    "argsort": lambda x: x.ravel()[x.argsort(None)],
    "any": lambda x: x * (x > 1).any(),
    "all": lambda x: x * x.all(),
}


@pytest.mark.parametrize("name", METHODS)
def test_a_method_does_as_that_of_an_array(name):
    method = METHODS[name]
    np.testing.assert_array_equal(method(Value(A)).data, method(A))

    def loss(x):
        return np.sum(method(x) ** 2)

    check_grads(loss, A, order=2)
    np.testing.assert_allclose(jit(grad(loss))(A), grad(loss)(A))


def test_what_has_no_gradient_is_plain():
    value = Value(A)
    np.testing.assert_array_equal(value.argsort(0), A.argsort(0))
    for plain in (value.all(0, keepdims=True), value.any(1), Value(2.0).any()):
        assert not isinstance(plain, Value)
