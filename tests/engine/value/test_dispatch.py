import re
from operator import attrgetter

import numpy as np
import pytest

from chainrule import Value
from chainrule.errors import AssignmentError, UnsupportedError, UsageError
from chainrule.primitives.composed import COMPOSED
from chainrule.primitives.table import PRIMITIVES
from chainrule.value.dispatch import CONSTANT_FUNCTIONS, CONSTANT_UFUNCS, INSTEAD, supported

V = Value(np.array([[1.0, 2.0], [3.0, 5.0]]))
A = np.array([[2.0, 1.0], [0.5, -1.0]])


LEFT = [A, [2.0, 1.0], np.float64(2), np.float32(2), np.int64(2), 2, 2.0]
SUMS = [
    (left, operator)
    for left in LEFT
    for operator in ["+", "-", "*", "/", "**", "@"]
    if operator != "@" or np.ndim(left)
]


@pytest.mark.parametrize(("left", "operator"), SUMS, ids=repr)
def test_numpy_on_the_left_is_one_value(left, operator):
    found = eval(f"left {operator} V", {"left": left, "V": V})
    assert type(found) is Value
    raw = left if isinstance(left, np.ndarray) else np.asarray(left, float)
    np.testing.assert_allclose(found.data, eval(f"left {operator} v", {"left": raw, "v": V.data}), rtol=1e-15)


def test_ufunc_reductions():
    np.testing.assert_array_equal(np.add.reduce(V).data, [4, 7])
    assert np.maximum.reduce(V, axis=None).data == 5


def test_what_has_no_gradient_is_plain():
    assert np.argmax(V) == 3
    assert V.argmin() == 0
    np.testing.assert_array_equal(V.argmax(axis=0), [1, 1])
    for function in (np.sign, np.floor, np.isnan, np.round):
        assert type(function(V)) is np.ndarray
    assert np.shape(V) == (2, 2)
    assert np.allclose(V, V.data)
    assert type(np.zeros_like(V)) is np.ndarray
    np.testing.assert_array_equal(np.where(V > 2)[0], [1, 1])


def test_methods_are_numpys():
    for name, args in [
        ("sum", (0,)),
        ("mean", (1,)),
        ("prod", ()),
        ("max", (0,)),
        ("min", ()),
        ("var", (1,)),
        ("std", ()),
        ("cumsum", (0,)),
        ("reshape", (4, 1)),
        ("reshape", ((1, 4),)),
        ("reshape", (-1,)),
        ("ravel", ()),
        ("flatten", ()),
        ("transpose", ()),
        ("transpose", (1, 0)),
        ("transpose", ((1, 0),)),
        ("swapaxes", (0, 1)),
        ("squeeze", ()),
        ("take", ([0, 1], 1)),
        ("clip", (1.5, 3)),
        ("dot", (A,)),
        ("trace", ()),
    ]:
        np.testing.assert_array_equal(getattr(V, name)(*args).data, getattr(V.data, name)(*args))
    np.testing.assert_array_equal(V.T.data, V.data.T)
    assert (V.ndim, V.size, V.astype(np.float32).dtype) == (2, 4, np.float32)


@pytest.mark.parametrize(
    ("function", "near"),
    [
        (lambda: np.nanmedian(V), "np.median"),
        (lambda: np.piecewise(V, [V > 1], [0.0]), "np.select"),
        (lambda: np.linalg.eigvals(V), "np.linalg.eigvalsh"),
        (lambda: np.linalg.lstsq(V, V), "np.linalg.pinv"),
        (lambda: np.subtract.outer(V, V), r"a\[:, None\] - b"),
        (lambda: np.bincount([0, 1], V[0]), r"index\[:, None\] == range"),
        (lambda: np.heaviside(V, 0.5), r"np.where\(v > 0"),
    ],
)
def test_an_unsupported_function_is_named_with_the_nearest(function, near):
    with pytest.raises(UnsupportedError, match=f"no derivative here.*nearest.*{near}.*custom_vjp"):
        function()


def test_what_can_stand_for_a_function_is_there():
    plain = {"any", "isnan", "sign"}
    for instead in INSTEAD.values():
        assert set(re.findall(r"np\.(\w+(?:\.\w+)?)", instead)) <= {*supported(), "abs", *plain}


def test_of_what_is_answered_nothing_else_is_said():
    assert not INSTEAD.keys() & set(supported())
    for name in INSTEAD:
        function = attrgetter(name)(np)
        assert function not in CONSTANT_UFUNCS | CONSTANT_FUNCTIONS, name


def test_a_function_like_no_other_names_none():
    for function in (np.fft.fft, np.i0):
        with pytest.raises(UnsupportedError, match=r"no derivative here\. Take it of \.data.*custom_vjp"):
            function(V)


def test_an_unsupported_option_is_named():
    with pytest.raises(UnsupportedError, match=r"np.sum of a Value takes no dtype; leave"):
        np.sum(V, axis=0, dtype=np.float32)
    with pytest.raises(UnsupportedError, match=r"np.take of a Value takes no mode; leave"):
        np.take(V, [0], axis=0, mode="wrap")
    with pytest.raises(UnsupportedError, match=r"np.einsum of a Value takes no optimize"):
        np.einsum("ij->j", V, optimize=True)
    with pytest.raises(UnsupportedError, match=r"where"):
        np.add(V, 1, where=V > 2)
    with pytest.raises(
        UnsupportedError, match=r"np.sum of a Value takes no where; choose by np.where\(mask, v"
    ):
        np.sum(V, where=V > 2)
    with pytest.raises(UnsupportedError, match=r"ord=0"):
        np.linalg.norm(V[0], 0)
    with pytest.raises(UnsupportedError, match=r"np.subtract.accumulate has no derivative here\. Take"):
        np.subtract.accumulate(V)
    with pytest.raises(UnsupportedError, match=r"np.maximum.accumulate of a Value takes no dtype; leave"):
        np.maximum.accumulate(V, dtype=np.float32)


def test_einsum_takes_its_subscripts_as_lists_too():
    a, b = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)
    for lists in ([a, [0, 1], b, [1, 2]], [a, [0, 1], b, [1, 2], [2, 0]], [a, [..., 1], b, [1, 2], [..., 2]]):
        of_values = [Value(each) if isinstance(each, np.ndarray) else each for each in lists]
        np.testing.assert_array_equal(np.einsum(*of_values).data, np.einsum(*lists))


def test_an_option_that_says_what_numpy_does_anyway_is_taken():
    assert np.vstack([V, V], dtype=None, casting="same_kind").shape[0] == 2 * len(np.atleast_2d(V.data))
    with pytest.raises(UnsupportedError, match="takes no dtype"):
        np.vstack([V, V], dtype=np.float32)


def test_an_array_is_not_changed_in_place():
    array = A.copy()
    with pytest.raises(AssignmentError, match=r"array = array"):
        array += V
    np.testing.assert_array_equal(array, A)
    with pytest.raises(AssignmentError, match=r"index 0.*np\.where"):
        V[0] = 1.0
    with pytest.raises(AssignmentError, match=r"^.{0,100}: gradients need what was there"):
        V[np.arange(99) % 2] = 1.0  # a long index is cut


def test_lists_of_values_are_refused():
    with pytest.raises(UsageError, match=r"np.stack"):
        Value([Value(1.0), Value(2.0)])
    with pytest.raises(UsageError, match=r"np.stack"):
        V * [Value(1.0), Value(2.0)]
    with pytest.raises(UsageError, match=r"Value of a Value"):
        Value(V)
    for nested in (Value, lambda rows: V * rows):
        with pytest.raises(UsageError, match=r"np.stack"):
            nested([[Value(1.0), Value(2.0)]])


def test_what_is_not_real_is_refused():
    for wrong in ("text", 1j, np.array([1j]), None):
        with pytest.raises(UsageError, match=r"real numbers"):
            Value(wrong)
    for wrong in (1j, np.complex128(1j), np.array([1j]), np.array([None])):
        for value in (Value(2.0), V):
            for operation in (lambda v, w: v * w, lambda v, w: w + v, lambda v, w: np.maximum(w, v)):
                with pytest.raises(UsageError, match=r"real numbers, not (complex|object)"):
                    operation(value, wrong)


def test_a_whole_number_that_no_float_holds_is_refused():
    for operation in (Value, lambda number: V * number):
        with pytest.raises(UsageError, match=r"1\.8e308.*1329 bits.*logarithm"):
            operation(10**400)


def test_supported_functions_are_listed():
    known = supported()
    assert known == sorted(set(known))
    assert {"sum", "where", "linalg.det", "trace", "matmul"} <= set(known)
    assert not CONSTANT_FUNCTIONS & set(COMPOSED)
    assert set(PRIMITIVES) >= {"relu", "add"}
