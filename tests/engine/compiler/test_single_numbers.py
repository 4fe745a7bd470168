"""jit against eager, of single numbers: Python's, NumPy's and arrays without axes; the same types too."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule import elementwise_grad, grad, jit, jvp, relu, vjp

NUMBERS = (0.5, 2.0, -1.0, 3, True, np.float64(2.0), np.float32(1.5), np.int64(3), np.array(2.0))
SINGLE = np.array(2.0, np.float32)
TRUTHS = {
    "~": lambda x: ~(x > 0) * x,
    "where ~": lambda x: np.where(~(x > 0), 1.0, x),
    "np.invert": lambda x: np.invert(x > 0) * x,
    "np.logical_not": lambda x: np.logical_not(x > 0) * x,
    "+": lambda x: ((x > 0) + (x > 1)) * x,
    "-": lambda x: ((x > 0) - (x > 1)) * x,
    "negative": lambda x: -(x > 0) * x,
    "*": lambda x: ((x > 0) * (x > 1)) * x,
    "**": lambda x: ((x > 0) ** (x > 1)) * x,
    "//": lambda x: ((x > 0) // 2) * x,
    "%": lambda x: ((x > 0) % 2) * x,
    "&": lambda x: ((x > 0) & 1) * x,
    "^": lambda x: ((x > 0) ^ (x > 1)) * x,
    "<<": lambda x: ((x > 0) << 1) * x,
    ">>": lambda x: ((x > 0) * 4 >> (x > 0)) * x,
    "1 <<": lambda x: (1 << (x > 0)) * x,
    "divmod": lambda x: divmod(x > 0, 2)[1] * x,
    "abs": lambda x: abs(x > 0) * x,
    "itself": lambda x: (x > 0) + (x > -1),
}
"""What is done with the truth of a comparison: a bool, which adds up, or NumPy's."""
OTHERS = {
    "divmod": lambda x: divmod(x, 2)[1],
    "divmod by": lambda x: sum(divmod(7, x)),
    "~": lambda x: ~x,
    "floor": lambda x: np.floor(x) + x,
    "conj": lambda x: x.conjugate(),
    "median": np.median,
    "nothing": lambda _: 2.0,
    "an array of one": lambda x: np.linalg.norm(np.ravel(np.where(x == 0, 1.0, x)), np.inf),
    "// of a sum": lambda x: np.sum(x) // 2,
}


def outcome(function, x):
    with np.errstate(all="ignore"):
        try:
            return function(x)
        except (TypeError, AttributeError, ZeroDivisionError) as error:
            return type(error)


def assert_alike(function, x):
    ours, theirs = outcome(jit(function), x), outcome(function, x)
    assert type(ours) is type(theirs)
    if not isinstance(theirs, type):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.filterwarnings("ignore:Bitwise inversion:DeprecationWarning")
@pytest.mark.parametrize("x", [*NUMBERS, SINGLE], ids=repr)
@pytest.mark.parametrize("function", [*TRUTHS.values(), *OTHERS.values()], ids=[*TRUTHS, *OTHERS])
def test_a_number_is_what_it_is_eagerly(function, x):
    for each in (function, grad(function), grad(grad(function)), elementwise_grad(function)):
        assert_alike(each, x)


@pytest.mark.parametrize("x", NUMBERS, ids=repr)
def test_results_of_transforms_are_of_eager_types(x):
    for function in (np.sin, lambda x: np.sum(x) // 2, lambda x: np.tile(x, 2), lambda x: x * 0):
        assert_alike(lambda x, f=function: jvp(f, (x,), (1.0,))[1], x)
        assert_alike(lambda x, f=function: vjp(f, x)[0], x)
    assert type(jvp(np.sin, (1.0,), (1.0,))[1]) is float


@pytest.mark.parametrize(
    "x",
    [
        *(0.05, -0.3, 2.0, np.float64(-0.5)),
        *(np.linspace(-1, 2, n).reshape(shape) for n, shape in ((4, 4), (160, (40, 4)), (3000, 3000))),
        np.linspace(-1, 2, 12, dtype=np.float32).reshape(3, 4),
        np.linspace(-1, 2, 12).reshape(3, 4).T,
    ],
    ids=lambda x: f"{np.shape(x) or x}",
)
def test_what_is_infinite_behind_a_mask_is_nothing(x):
    """A mask chooses, and does not multiply."""
    for function in (
        lambda x: np.sum(np.sum(np.minimum(x, 0) ** 2) ** 0.5),
        lambda x: np.sum(np.maximum(x, 0) ** 0.5),
        lambda x: np.sum(np.sqrt(np.clip(x, 0.0, 1.0))),
        lambda x: np.sum(np.sqrt(np.fmax(x, 0.0))),
        lambda x: np.sum(np.sqrt(relu(3 * x)) * 2),
        lambda x: np.sum(np.where(x > 0.5, np.sqrt(np.abs(x - 0.5)), 0.0)),
    ):
        assert_alike(grad(function), x)


@pytest.mark.parametrize("dtype", [float, np.float32, int, bool])
def test_in_place_a_type_stays_as_numpy_has_it(dtype):
    x = np.array([1, 0, 2]).astype(dtype)

    def halved(x):
        y = x.copy()
        y /= 2
        return y

    def filled(x):
        y = x.copy()
        y[:] = 0.5
        return np.tanh(y) + y

    for function in (halved, filled, lambda x: x.conj()):
        assert_alike(function, x)


def test_a_whole_number_stays_one():
    assert_alike(lambda x: np.ldexp(x * 2, 3), np.array([0.5, 1.0]))


def test_a_constant_is_as_wide_as_who_takes_it_has_it():
    special = pytest.importorskip("scipy.special")
    for function in (special.xlogy, special.xlog1py, special.beta, np.logaddexp, np.power):
        assert_alike(lambda x, f=function: f(x, 0.5) * 1.0, np.array([1.0, 2.0], np.float32))
