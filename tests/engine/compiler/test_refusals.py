"""What jit refuses, with its line; and what it leaves as it was."""

from __future__ import annotations

import copy
import math
import operator
import pprint
import re
import traceback
import types
import warnings
from collections import deque
from collections.abc import Iterable, Sized
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from numbers import Number

import numpy as np
import pytest

from against_eager import assert_same, check
from chainrule import Value, each_call, jit
from chainrule.errors import BackwardError, TraceError, UsageError

A = np.random.default_rng(0).normal(size=(5, 5))


@dataclass
class Line:
    slope: float
    intercept: np.ndarray


def refusal(function, *args):
    with pytest.raises(TraceError) as caught:
        jit(function)(*args)
    return str(caught.value)


@pytest.mark.parametrize(
    "look",
    [bool, float, int, lambda x: x.item(), np.asarray, round, "{:.3f}".format],
)
def test_looking_at_a_number_is_refused(look):
    message = refusal(lambda x: look(x.sum()), A)
    assert "np.where" in message
    assert "static" in message
    assert __file__ in message
    assert "np.where" in refusal(lambda x: look(Value(x).sum()), A)
    assert "static" in refusal(range, 3)
    assert "static" in refusal(lambda x: 3 in x, A)


@pytest.mark.parametrize("kind", [float, Number, np.ndarray, np.generic, (int, np.floating), str])
@pytest.mark.parametrize("argument", [1.0, 2, np.float64(3.0), np.ones(2)])
def test_isinstance_answers_as_it_does_eagerly(kind, argument):
    check(lambda x: x * 2 if isinstance(x, kind) else x * 3, argument)
    check(lambda x: x * 2 if np.isscalar(x) else x * 3, argument)


@pytest.mark.parametrize(
    "look",
    [
        {1.0: 5.0}.get,
        lambda x: len({x}),
        repr,
        str,
        lambda x: f"{x}",
        lambda x: f"{Value(x)}",
        lambda x: repr([x]),
        lambda x: repr(Line(x, A)),
        pprint.pformat,
    ],
)
def test_a_number_is_no_key_and_no_text(look):
    assert "np.where" in refusal(lambda x: look(x), 1.0)  # noqa: PLW0108 -- a function of Python's
    with pytest.raises(TypeError, match="unhashable"):
        jit(lambda x: {x})(A)


def test_tracebacks_and_debuggers_may_print_what_is_traced():
    shown = []

    def failing(x):
        try:
            {}["key"]
        except KeyError as error:
            seen = traceback.TracebackException.from_exception(error, capture_locals=True)
            each_call(lambda: shown.append(seen) or 0.0)
        return x * 2.0

    assert jit(failing)(1.0) == 2.0
    assert shown[0].stack[0].locals["x"] == "<traced float>"


def test_a_refusal_that_the_function_swallows_is_refused_all_the_same():
    def text(x):
        try:
            return float(x) * x
        except Exception:  # noqa: BLE001 -- as careless as it comes
            return x

    assert "a Python float was made" in refusal(text, 2.0)


def inverse(x):
    try:
        return 1 / x
    except ZeroDivisionError:
        return 0.0


@pytest.mark.parametrize(
    ("function", "fine", "raising"),
    [
        (lambda x: 1 / x, 2.0, 0.0),
        (lambda x: 7.0 // x + 7.0 % x, 2.0, 0.0),
        (lambda x: x**-2, 2, 0),
        (lambda x: x**2 - -x * (x - 1.0) ** 3.0 / x, 2.0, 1e200),
        (lambda x: np.linalg.inv(x).sum(), np.eye(2), np.ones((2, 2))),
    ],
)
def test_pythons_numbers_raise_what_they_raise_eagerly(function, fine, raising):
    jitted = check(function, fine)
    with pytest.raises((ArithmeticError, np.linalg.LinAlgError)) as eager:
        function(raising)
    for traced in (jitted, jit(function)):
        with pytest.raises(eager.type, match=re.escape(str(eager.value))):
            traced(raising)
    assert jit(lambda x: x**0.5).of(4.0)(-4.0) == (-4.0) ** 0.5


def test_an_error_that_the_function_catches_is_caught():
    assert "ZeroDivisionError" in refusal(inverse, 0.0)
    jitted = jit(inverse)
    assert [jitted(2.0), jitted(0.0), jitted(4.0)] == [0.5, 0.0, 0.25]


def test_a_branch_is_refused_with_its_line():
    def branching(x):
        if x > 0:
            return x
        return -x

    line = branching.__code__.co_firstlineno + 1
    assert f"at {__file__}:{line}" in refusal(branching, 2.0)
    assert f"at {__file__}:{line}" in refusal(lambda x: branching(Value(x)), 2.0)


def test_changes_in_place_are_refused_with_what_to_write():
    def argument(x):
        x += 1.0
        return x

    def element(x):
        y = x * 2.0
        y[0] = 1.0
        return y

    def outer(x):
        total = np.zeros(3)
        total += x
        return total

    def view(x):
        y = x * 2.0
        z = y[1:]
        y += 1.0
        return z

    def buffer(x):
        return np.add(x, 1.0, out=np.zeros(3))

    x = np.arange(3.0)
    assert "a = a + b" in refusal(argument, x)
    assert "np.where" in refusal(element, x)
    assert "a = a + b" in refusal(outer, x)
    assert "Take the view again" in refusal(view, x)
    assert "a = a + b" in refusal(buffer, x)
    assert_same(x, np.arange(3.0))


def test_own_arrays_may_change_in_place():
    def function(x):
        y = x * 2.0
        z = y
        y += 1.0
        return y + z

    check(function, A)


def test_what_is_left_over_from_a_trace_says_so(monkeypatch):
    monkeypatch.setattr(operator, "kept", None, raising=False)

    def leaking(x):
        operator.kept = x * 2.0  # where nobody looks: what other packages hold is their own business
        return x

    jit(leaking)(3.0)
    with pytest.raises(TraceError, match=r"left over .* Return it"):
        float(operator.kept)
    with pytest.raises(TraceError, match="left over"):
        jit(lambda x: x + operator.kept)(1.0)


def test_a_failed_trace_leaves_everything_as_it_was():
    w = Value(np.ones(3))

    @jit
    def step(x):
        (w * x).sum().backward()
        w.data = w.data * 2.0
        return float(w.data.sum())

    with pytest.raises(TraceError):
        step(2.0)
    assert_same(w.data, np.ones(3))
    assert not w.has_grad
    assert (w * 2.0).sum().data == 6.0


def test_backward_through_a_step_that_changes_its_parameters_is_refused():
    w = Value(2.0)

    @jit
    def step(x):
        loss = w * x
        w.data = w.data - 1.0
        return loss

    loss = step(3.0)
    assert loss.data == 6.0
    with pytest.raises(BackwardError, match="inside of the jitted function"):
        loss.backward()


def test_errors_of_the_function_are_its_own():
    with pytest.raises(ValueError, match="matmul"):
        jit(lambda x: x @ np.ones(7))(A)
    with pytest.raises(ZeroDivisionError):
        jit(lambda x: x * (1 / 0))(1.0)
    with pytest.raises(UsageError, match=r"jit\(f\)"):
        jit(3.0)


def test_what_numpy_is_told_within_the_function_is_refused():
    def raising(x):
        with np.errstate(divide="raise"):
            try:
                return 1 / x
            except FloatingPointError:
                return x

    def strict(x):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return np.log(x)

    def recording(x):
        with warnings.catch_warnings(record=True) as caught:
            y = np.log(x)
        return x if caught else y

    with warnings.catch_warnings():
        warnings.resetwarnings()
        for function in (raising, strict, recording):
            assert "NumPy was told to" in refusal(function, A)

    def quiet(x):
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.log(x)

    check(quiet, A)


def test_a_list_is_repeated_by_a_number_only_where_that_is_known():
    for repeated in (lambda n: [1.0] * n, lambda n: n * (1.0,), lambda n: "a" * n):
        assert "repeated by it" in refusal(repeated, 3)
        assert "repeated by it" in refusal(repeated, np.int64(3))
        with pytest.raises(TypeError, match="can't multiply sequence"):
            jit(repeated)(3.0)
    with pytest.raises(TypeError, match="can only concatenate list"):
        jit(lambda x: [1.0] + x)(3.0)  # noqa: RUF005 -- what is tried
    for function in (
        lambda x: [1, 2, 3, 4, 5] * x + x * (1, 2, 3, 4, 5),
        lambda x: x ** [1, 2, 3, 4, 5] @ [1, 2, 3, 4, 5],
    ):
        check(function, A)


def has(x, name):
    return x * 2.0 if hasattr(x, name) else x * 3.0


def is_a(x, kind):
    return x * 2.0 if isinstance(x, kind) else x * 3.0


def iterable(x):
    try:
        iter(x)
    except TypeError:
        return x * 3.0
    return x * 2.0


@pytest.mark.parametrize("argument", [1.0, 2, np.float64(3.0), np.ones(2), np.ones(2, ">f8")])
def test_it_has_what_a_number_or_an_array_has(argument):
    for name in ("shape", "dtype", "ndim", "T", "__len__", "sum", "is_integer"):
        check(lambda x, name=name: has(x, name), argument)
    for kind in (Iterable, Sized):
        check(lambda x, kind=kind: is_a(x, kind), argument)
    for function in (iterable, copy.copy, copy.deepcopy, lambda x: copy.deepcopy([x])[0] * 2.0):
        check(function, argument)
    check(lambda x: x[...] * 2.0, np.float64(3.0))
    assert jit(lambda x: getattr(x, "dtype", None))(argument) == getattr(argument, "dtype", None)
    assert "a Python int was made" in refusal(math.trunc, 2.0)


def counted_up(x):
    yield x


@pytest.mark.parametrize(
    "make",
    [
        counted_up,
        lambda x: lambda: x * 2.0,
        lambda x: map(abs, [x]),
        lambda _: iter([1.0, 2.0]),
        lambda x: types.SimpleNamespace(x=x),
        lambda _: {1.0, 2.0},
        lambda x: [deque([x])],
        lambda x: Fraction(x),  # noqa: PLW0108 -- a class
    ],
)
def test_what_the_program_would_not_make_anew_is_not_returned(make):
    assert re.search(rf"returns a \w+ that it makes, at {re.escape(__file__)}:\d+", refusal(make, 2.0))


def test_what_was_there_before_is_returned_as_it_is():
    kept, numbers = {1.0}, iter([1.0])
    result = jit(lambda x: (kept, numbers, len, frozenset([1.0]), "a", x))(2.0)
    assert result[0] is kept
    assert result[1] is numbers
    assert result[2:] == (len, frozenset([1.0]), "a", 2.0)


def test_other_threads_do_not_compute_on_what_is_traced():
    w = Value(np.ones(5))

    def spread(x):
        with ThreadPoolExecutor(1) as pool:
            return sum(pool.map(lambda n: (w * x).sum().data * n, [1, 2]))

    def swallowing(x):
        try:
            return spread(x)
        except TraceError:
            return x

    for function in (spread, swallowing):
        assert "another thread computes" in refusal(function, A)
    with ThreadPoolExecutor(2) as pool:
        jitted = jit(lambda x: (w * x).sum().data)
        assert_same(list(pool.map(jitted, [A, 2 * A, A])), [A.sum(), 2 * A.sum(), A.sum()])
