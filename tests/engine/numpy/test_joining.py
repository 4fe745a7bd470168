"""`chainrule.numpy`: NumPy itself, and Values joined where NumPy would take their numbers alone."""

import subprocess
import sys
from operator import attrgetter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chainrule.numpy as cnp
from chainrule import Value, check_grads, grad, hessian, jit
from chainrule.errors import AssignmentError, ShapeError, TraceError, UsageError

X = np.array([0.5, -1.5, 2.0])

JOINING = {
    "array of numbers": lambda np, x: np.array([x[0] * x[1], 2.0, x[2]]),
    "array of arrays": lambda np, x: np.array([x, x * x]),
    "array of lists": lambda np, x: np.array([[x[0], 1, x[1]], [2, x[1] * x[2], 3.0]]),
    "array of both": lambda np, x: np.array([x, [x[1], 3.0, 1], np.ones(3)]),
    "array of tuples": lambda np, x: np.array(((x[0],), (x[1],))),
    "array of one": lambda np, x: np.array(x[0] * x[0]),
    "array deep": lambda np, x: np.array([[[x[0]], [x[1]]], [[x[2]], [1.0]]]),
    "ndmin": lambda np, x: np.array(x * x, ndmin=3),
    "asarray": lambda np, x: np.asarray([x[1], x[0] * x[1]], dtype=float),
    "asanyarray": lambda np, x: np.asanyarray([x, x * 2]),
    "ascontiguousarray": lambda np, x: np.ascontiguousarray(x[0] * x[1]),
    "full": lambda np, x: np.full((2, 3), x[0] * x[1]),
    "full of rows": lambda np, x: np.full((2, 3), x * x),
    "full of a list": lambda np, x: np.full((2, 2), [x[0], x[1]]),
    "full_like": lambda np, x: np.full_like(np.ones((2, 2)), x[0] * x[1]),
    "full_like itself": lambda np, x: np.full_like(x, x[0] * x[1]),
    "r_": lambda np, x: np.r_[x, x[0] * x[1], 3.0, 1:3, [x[2], 1.0]],
    "r_ by rows": lambda np, x: np.r_["0,2", x, x * x],
    "r_ by columns": lambda np, x: np.r_["1,2,0", x, x * x],
    "c_": lambda np, x: np.c_[x, x * x, np.ones(3)],
    "sum of a list": lambda np, x: np.sum([x[0], x[1] * x[2], 3.0]) * np.mean((x, x * x)),
    "std of a list": lambda np, x: np.std([x[0], x[1] * x[2], 3.0]) * np.var([x[0], x[1]]),
    "max of a list": lambda np, x: np.max([[x[0], x[1]], [x[2], 0.0]], axis=(0, 1)),
    "dot of lists": lambda np, x: np.dot([x[0], x[1]], [x[2], 2.0]),
    "append to a list": lambda np, x: np.append([x[0], x[1]], x[2]),
    "norm of a list": lambda np, x: np.linalg.norm((x[0], x[1] * x[2])),
    "solve of lists": lambda np, x: np.linalg.solve([[x[0], 1.0], [x[1], x[2]]], [x[0], 2.0]),
    "c_ of matrices": lambda np, x: np.c_[np.outer(x, x), x],
}


@pytest.mark.parametrize("name", JOINING)
def test_joining_is_numpys_and_keeps_gradients(name):
    join = JOINING[name]
    plain = join(np, X)

    def loss(x):
        return (join(cnp, x) ** 2 * np.arange(1.0, plain.size + 1).reshape(plain.shape)).sum()

    assert np.array_equal(join(cnp, Value(X)).data, plain)
    assert np.array_equal(join(cnp, X), plain)
    check_grads(loss, X)
    check_grads(lambda x: (grad(loss)(x) * np.array([1.0, 2.0, -1.0])).sum(), X)
    assert np.allclose(jit(loss)(X), loss(X), rtol=1e-12)
    assert np.allclose(jit(grad(loss))(X), grad(loss)(X), rtol=1e-12)
    assert np.allclose(jit(hessian(loss))(X), hessian(loss)(X), rtol=1e-12)


PLAIN = st.one_of(
    st.integers(-9, 9),
    st.floats(-9, 9),
    st.booleans(),
    st.lists(st.integers(-9, 9), max_size=3),
    st.lists(st.lists(st.floats(-9, 9), min_size=2, max_size=2), max_size=3),
    st.just(np.arange(3, dtype=np.float32)),
)


@given(PLAIN, st.sampled_from([None, int, np.float32, bool]), st.integers(0, 3))
def test_of_plain_input_it_is_numpys(data, dtype, ndmin):
    for ours, numpys in [
        (cnp.array(data, dtype, ndmin=ndmin), np.array(data, dtype, ndmin=ndmin)),
        (cnp.asarray(data, dtype), np.asarray(data, dtype)),
        (cnp.ascontiguousarray(data, dtype), np.ascontiguousarray(data, dtype)),
        (cnp.full((2, 1, *np.shape(data)), data, dtype), np.full((2, 1, *np.shape(data)), data, dtype)),
        (cnp.r_[data, 1], np.r_[data, 1]) if np.ndim(data) < 2 else (1, 1),
        (cnp.c_[data], np.c_[data]),
    ]:
        assert type(ours) is type(numpys)
        assert np.array_equal(ours, numpys)
        assert np.result_type(ours) == np.result_type(numpys)


def test_copies_are_numpys():
    a = np.ones(2)
    assert cnp.array(a) is not a
    assert cnp.asarray(a) is a
    assert cnp.array(a, copy=False) is a
    with pytest.raises(ValueError, match="copy"):
        cnp.array([1.0], copy=False)
    v = Value(a)
    assert cnp.asarray(v) is v
    assert cnp.array(v) is not v  # which under no_grad may be changed in place
    np.testing.assert_array_equal(cnp.array(v).data, v.data)


def test_types_of_values():
    v = Value(np.ones(2, np.float32))
    assert cnp.array([v, v]).dtype == np.float32
    assert cnp.array([v, v], dtype=np.float64).dtype == np.float64
    with pytest.raises(UsageError, match="holds floats"):
        cnp.array([v], dtype=int)
    with pytest.raises(UsageError, match="holds floats"):
        cnp.full_like(np.arange(3), Value(1.5))


@pytest.mark.parametrize(
    "name", [*cnp.LISTS.split(), *(f"linalg.{name}" for name in cnp.linalg.LISTS.split())]
)
def test_of_plain_lists_it_is_numpys(name):
    given = {"append": ([1.0, 2.0], [3.0]), "dot": ([1.0], [2.0]), "outer": ([1.0, 2.0], [3.0])}
    given |= {"reshape": ([1.0, 2.0], (2, 1)), "linalg.solve": ([[2.0]], [4.0]), "diag": ([1.0, 2.0], 1)}
    args = given.get(name, ([[4.0]],))
    ours, numpys = (attrgetter(name)(module)(*args) for module in (cnp, np))
    assert (
        all(map(np.array_equal, ours, numpys)) if isinstance(numpys, tuple) else np.array_equal(ours, numpys)
    )
    assert type(ours) is type(numpys)


def test_joining_refuses():
    v = Value(1.0)
    with pytest.raises(ShapeError, match="must be the same"):
        cnp.array([[v, v], [v]])
    with pytest.raises(UsageError, match=r"np\.matrix"):
        cnp.r_["r", v, v]
    with pytest.raises(TypeError, match="nmin"):
        cnp.array([v], nmin=2)


def test_all_else_is_numpy():
    assert cnp.sin is np.sin
    assert cnp.linalg.qr is np.linalg.qr
    assert set(dir(cnp.linalg)) >= set(np.linalg.__all__)
    assert cnp.ndarray is np.ndarray
    assert set(dir(cnp)) >= set(dir(np)) - {"__path__"}
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        cnp.nothing  # noqa: B018
    everything = {}
    exec("from chainrule.numpy import *", everything)
    assert everything["array"] is cnp.array
    assert everything["cos"] is np.cos


def test_submodules_are_numpys_in_every_form():
    code = """
import chainrule.numpy as np, chainrule.numpy.random as npr
from chainrule.numpy import linalg, fft
from chainrule.numpy.linalg import norm
import chainrule.numpy.linalg as npla, numpy
assert npr is numpy.random is np.random and npla is linalg is np.linalg
assert norm is np.linalg.norm and norm([3.0, 4.0]) == 5.0 and fft is numpy.fft
import sys
assert "scipy" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


COERCED = {
    "array": lambda x: np.array([x[0], x[1]]),
    "array of arrays": lambda x: np.array([x, x]),
    "asarray": np.asarray,
    "full": lambda x: np.full(3, x[0]),
    "full_like": lambda x: np.full_like(np.ones(3), x[0]),
    "r_": lambda x: np.r_[x, x],
    "c_": lambda x: np.c_[x[0], x[1]],
    "sum of a list": lambda x: np.sum([x[0], x[1]]),
    "float64": lambda x: np.float64(x[0]),
    "float": lambda x: float(x[0]),
    "fromiter": lambda x: np.fromiter([x[0], x[1]], float),
}


def written(x, index):
    c = np.zeros((2, 3))
    c[index] = x
    return c


@pytest.mark.parametrize("name", COERCED)
def test_numpys_own_names_the_import(name):
    with pytest.raises((TypeError, ValueError)) as caught:
        grad(lambda x: np.sum(COERCED[name](x)))(X)
    error = caught.value if isinstance(caught.value, UsageError) else caught.value.__cause__
    assert isinstance(error, UsageError)
    assert "import chainrule.numpy as np" in str(error)


@pytest.mark.parametrize("index", [0, slice(None), (0, 1), (slice(None), 0)], ids=str)
def test_writing_into_a_plain_array_says_what_to_do(index):
    def loss(x):
        return written(x if index in (0, slice(None)) else x[0] * x[0], index).sum()

    with pytest.raises((TypeError, ValueError)) as caught:
        grad(loss)(X)
    error = caught.value if isinstance(caught.value, UsageError) else caught.value.__cause__
    assert isinstance(error, UsageError)
    assert "np.stack" in str(error)
    assert "np.where" in str(error)


def test_other_ways_to_write_are_refused():
    with pytest.raises(AssignmentError, match=r"np\.putmask"):
        np.putmask(np.zeros(3), np.ones(3, bool), Value(X))


def test_outside_of_a_derivative_a_value_is_a_number():
    c = np.zeros(2)
    c[0] = Value(2.0) * 3.0
    assert c[0] == float(Value(6.0)) == 6.0
    assert np.array_equal(np.array([Value(1.0), Value(2.0)]), [1.0, 2.0])


def test_jit_joins_what_is_traced():
    assert np.array_equal(jit(lambda x: cnp.array([x[0], x[1] * 2]))(X), [0.5, -3.0])
    assert np.array_equal(jit(lambda x: cnp.asarray(x) + 1)(X), X + 1)
    assert jit(lambda n, m: cnp.array([n, m]))(1, 2).dtype.kind == "i"
    with pytest.raises(TraceError, match=r"import chainrule\.numpy as np"):
        jit(np.asarray)(X)


@pytest.mark.parametrize("beside", [0.5, 1, True, np.float64(0.5), [0.5], slice(0, 3)])
def test_a_number_in_r_takes_the_type_of_the_arrays_beside_it(beside):
    single = np.ones(2, np.float32)
    expected = np.r_[single, beside].dtype
    assert cnp.r_[Value(single), beside].dtype == expected
    assert jit(lambda x: cnp.r_[x, beside])(single).dtype == expected
