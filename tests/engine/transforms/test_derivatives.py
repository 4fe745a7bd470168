import math
import threading
from collections import Counter, OrderedDict, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule import (
    Value,
    check_grads,
    custom_vjp,
    detect_anomaly,
    grad,
    hessian,
    hvp,
    jit,
    modes,
    no_grad,
    relu,
    value_and_grad,
)
from chainrule.errors import BackwardError, ShapeError, UsageError


def test_gradients_own_their_memory():
    two = {"a": np.ones(2), "b": np.ones(2)}
    for slopes in (
        grad(lambda p: (p["a"] + p["b"]).sum())(two),
        jit(grad(lambda p: (p["a"] + p["b"]).sum()))(two),
    ):
        for name in slopes:
            slopes[name] *= 0.1
        assert [slope.tolist() for slope in slopes.values()] == [[0.1, 0.1]] * 2
    rows = grad(lambda x: x.sum())(np.ones(3))
    rows *= 2  # `sum` hands out a window on one number
    assert rows.tolist() == [2, 2, 2]


def test_a_gradient_of_a_users_vjp_is_not_the_users_array():
    row = np.arange(3.0)
    product = custom_vjp(lambda *_: row)(lambda x: float(row @ x))
    x = Value(np.ones(3))
    product(x).backward()
    x.grad *= 5
    slope = grad(product)(np.ones(3))
    slope *= 5
    assert row.tolist() == [0, 1, 2]


@pytest.mark.parametrize("exponent", [0, 0.0, np.zeros(2)])
def test_a_power_of_zero_is_flat_everywhere(exponent):
    for x in (np.inf, -np.inf, 0.0, 2.0):
        base = x if np.ndim(exponent) == 0 else np.full(2, x)
        assert not np.any(grad(lambda x: np.sum(x**exponent))(base))
        assert not np.any(jit(grad(lambda x: np.sum(x**exponent)))(base))


def test_the_mixed_slope_of_a_power_at_zero_is_the_reciprocal():
    assert grad(lambda b: grad(lambda a: a**b)(4.0))(0.0) == 0.25


@pytest.mark.parametrize("root", [np.linalg.norm, np.std, lambda x: np.linalg.norm(x, axis=0)])
def test_a_root_at_zero_has_the_subgradient_and_no_second_derivative(root):
    x = np.zeros(3)
    assert grad(root)(x).tolist() == [0, 0, 0]
    for function in (root, lambda x: root(x) ** 2):
        with pytest.raises(BackwardError, match="second derivative"):
            hessian(function)(x)
        assert np.isnan(jit(hessian(function))(x)).any()
        assert np.isfinite(hessian(function)(np.array([1.0, 2.0, 4.0]))).all()


@pytest.mark.parametrize(
    "kinked", [np.abs, relu, lambda x: np.maximum(x, 0.0), lambda x: np.clip(x, 0.0, 1.0), np.max, np.min]
)
def test_what_is_linear_in_pieces_has_no_curvature_at_a_kink(kinked):
    assert not hessian(lambda x: np.sum(kinked(x)))(np.zeros(3)).any()


def cubic(x):
    return x**3 - 2.0 * x


@dataclass
class Line:
    slope: float
    offset: np.ndarray


class Pair(NamedTuple):
    a: float
    b: float


def test_grad_returns_plain_numbers_and_arrays():
    assert grad(cubic)(2.0) == 10.0
    assert type(grad(cubic)(2)) is float
    slope = grad(lambda x: np.sum(x * x))(np.array([1.0, 2.0]))
    assert type(slope) is np.ndarray
    assert slope.tolist() == [2.0, 4.0]


def test_integers_are_taken_as_floats():
    assert grad(lambda x: np.sum(x * x))(np.array([1, 2])).tolist() == [2.0, 4.0]


def test_any_order():
    assert [f(2.0) for f in (grad(cubic), grad(grad(cubic)), grad(grad(grad(cubic))))] == [10.0, 12.0, 6.0]
    assert grad(grad(grad(grad(cubic))))(2.0) == 0.0
    fourth = grad(grad(grad(grad(np.sin))))
    assert fourth(0.7) == pytest.approx(np.sin(0.7), rel=1e-14)


@given(st.floats(-2, 2))
@settings(max_examples=25, deadline=None)
def test_third_derivative_of_tanh(x):
    t = np.tanh(x)

    assert grad(grad(grad(np.tanh)))(x) == pytest.approx((1 - t * t) * (6 * t * t - 2), abs=1e-12)


def test_several_arguments_give_a_tuple():
    assert grad(lambda x, y: x * y * y, argnums=(0, 1))(2.0, 3.0) == (9.0, 12.0)
    assert grad(lambda x, y: x * y * y, argnums=1)(2.0, 3.0) == 12.0
    assert grad(lambda x, y: x * y * y, argnums=(1,))(2.0, 3.0) == (12.0,)


def test_keyword_arguments_are_passed_on():
    assert grad(lambda x, power: x**power)(3.0, power=2) == 6.0


def test_trees_come_back_in_their_form():
    f = lambda p: p["w"][0] * p["w"][1] + np.sum(p["line"].offset) * p["line"].slope + p["pair"].a ** 2  # noqa: E731
    tree = {"w": [2.0, 3.0], "line": Line(4.0, np.ones(2)), "pair": Pair(5.0, 1.0), "none": None, "t": (1.0,)}

    slope = grad(f)(tree)

    assert slope["w"] == [3.0, 2.0]
    assert isinstance(slope["line"], Line)
    assert slope["line"].slope == 2.0
    assert slope["line"].offset.tolist() == [4.0, 4.0]
    assert slope["pair"] == Pair(10.0, 0.0)
    assert slope["none"] is None
    assert slope["t"] == (0.0,)


def test_value_and_grad_with_aux():
    both = value_and_grad(lambda x: (x * x, {"twice": 2 * x, "name": "x"}), has_aux=True)

    assert both(3.0) == ((9.0, {"twice": 6.0, "name": "x"}), 6.0)
    assert grad(lambda x: (x * x, "seen"), has_aux=True)(3.0) == (6.0, "seen")


def test_what_does_not_depend_on_the_input_has_gradient_zero():
    assert grad(lambda _x: 5.0)(2.0) == 0.0
    assert grad(lambda _x: np.sum(np.ones(2)))(np.ones(3)).tolist() == [0.0, 0.0, 0.0]
    assert grad(lambda x: np.sum(x.data))(np.ones(2)).tolist() == [0.0, 0.0]


def test_inner_and_outer_variables_are_not_confused():
    # d/dx [x * d/dy (x + y) at y = x] = 1, not 2
    assert grad(lambda x: x * grad(lambda y: x + y)(x))(1.0) == 1.0
    # d/dx [x * d/dy (x * y) at y = x] = d/dx x² = 2x
    assert grad(lambda x: x * grad(lambda y: x * y)(x))(3.0) == 6.0


def test_a_gradient_by_a_number_depends_on_what_the_function_closes_over():
    assert grad(lambda a: grad(lambda x: a * x**2)(3.0))(2.0) == 6.0


def test_values_of_the_caller_keep_their_grad():
    w = Value(2.0)

    assert grad(lambda x: w * x)(3.0) == 2.0
    assert w.grad == 0


def test_given_values_the_gradient_is_a_value():
    x = Value(3.0)

    slope = grad(lambda x: x**3)(x)
    slope.backward()

    assert (slope.data, x.grad) == (27.0, 18.0)


def test_no_grad_around_does_not_reach_inside():
    with no_grad():
        assert grad(cubic)(2.0) == 10.0
        assert grad(grad(cubic))(2.0) == 12.0


def test_after_an_exception_results_are_numbers_again():
    def fails(_x):
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        grad(fails)(1.0)
    assert type(grad(cubic)(2.0)) is float


def test_an_array_has_no_single_gradient():
    def double(x):
        return 2 * x

    with pytest.raises(BackwardError, match=r"grad: double returned an array of shape \(2,\).*\.sum\(\)"):
        grad(double)(np.ones(2))


def test_words_cannot_be_differentiated_by():
    with pytest.raises(UsageError, match="cannot differentiate by 'a'"):
        grad(cubic)("a")


def rosenbrock(x):
    return (1.0 - x[0]) ** 2 + 100.0 * (x[1] - x[0] ** 2) ** 2


def test_hessian():
    x, y = 1.5, 0.5
    exact = [[2 - 400 * (y - 3 * x * x), -400 * x], [-400 * x, 200.0]]

    np.testing.assert_allclose(hessian(rosenbrock)(np.array([x, y])), exact, rtol=1e-14)
    assert hessian(cubic)(2.0) == 12.0


def test_hessian_of_a_matrix_has_its_axes_twice():
    a = np.arange(4.0).reshape(2, 2)

    second = hessian(lambda w: np.sum(np.tanh(w @ a) ** 2))(a)

    assert second.shape == (2, 2, 2, 2)
    np.testing.assert_allclose(second, second.transpose(2, 3, 0, 1), atol=1e-13)


def test_hessian_of_a_tree_is_a_tree_of_trees():
    second = hessian(lambda p: p["a"] ** 2 * np.sum(p["b"]))({"a": 3.0, "b": np.ones(2)})

    assert second["a"]["a"] == 4.0
    assert second["a"]["b"].tolist() == [6.0, 6.0]
    assert second["b"]["a"].tolist() == [6.0, 6.0]
    assert second["b"]["b"].tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_the_hessian_can_be_differentiated():
    trace = lambda x: np.trace(hessian(lambda z: np.sum(z**4))(x))  # noqa: E731

    assert grad(trace)(np.array([1.0, 2.0])).tolist() == [24.0, 48.0]


def test_hvp_is_the_hessian_times_the_vector():
    rng = np.random.default_rng(5)
    a, x, v = rng.normal(size=(5, 5)), rng.normal(size=5), rng.normal(size=5)
    f = lambda x: np.sum(np.tanh(a @ x))  # noqa: E731
    t = np.tanh(a @ x)

    product = hvp(f)(x, v)

    np.testing.assert_allclose(product, a.T @ (-2 * t * (1 - t * t) * (a @ v)), rtol=1e-13)
    np.testing.assert_allclose(product, hessian(f)(x) @ v, rtol=1e-13)


def test_hvp_of_a_tree_and_a_later_argument():
    f = lambda k, p: k * p["a"] ** 2 * p["b"]  # noqa: E731

    assert hvp(f, argnums=1)(2.0, {"a": 3.0, "b": 5.0}, {"a": 1.0, "b": 0.0}) == {"a": 20.0, "b": 12.0}


def test_the_function_keeps_its_name():
    assert grad(cubic).__name__ == "cubic"


def test_argnums_count_from_the_end_too():
    product = lambda x, y: x * y * y  # noqa: E731

    assert grad(product, argnums=-1)(2.0, 3.0) == 12.0
    assert grad(product, argnums=(0, -1))(2.0, 3.0) == (9.0, 12.0)
    assert grad(product, argnums=[0, 1])(2.0, 3.0) == (9.0, 12.0)
    assert grad(product, argnums=np.int64(1))(2.0, 3.0) == 12.0
    assert hessian(product, argnums=-1)(2.0, 3.0) == 4.0
    assert hvp(product, argnums=-1)(2.0, 3.0, 10.0) == 40.0
    check_grads(product, 2.0, 3.0, argnums=-1)


@pytest.mark.parametrize("argnums", [2, -3, (0, 5), "x", 0.5])
def test_argnums_that_name_no_argument_are_refused(argnums):
    with pytest.raises(UsageError, match=r"argnums is .*2 positional arguments.*by its position"):
        grad(lambda x, y: x * y, argnums=argnums)(2.0, 3.0)


def test_what_is_differentiated_comes_by_position_and_once():
    with pytest.raises(UsageError, match=r"0 positional arguments.*f\(2\.0\) and not f\(x=2\.0\)"):
        grad(cubic)(x=2.0)
    with pytest.raises(UsageError, match=r"argnums=\(1, -1\) names an argument twice"):
        grad(lambda x, y: x * y, argnums=(1, -1))(2.0, 3.0)


def test_dicts_of_other_kinds_come_back_in_their_kind():
    square = lambda p: p["w"] ** 2  # noqa: E731

    slope = grad(square)(defaultdict(float, w=3.0))

    assert (type(slope), slope["w"], slope["other"]) == (defaultdict, 6.0, 0.0)
    assert grad(square)(Counter(w=3)) == Counter(w=6.0)
    assert list(grad(square)(OrderedDict(b=1.0, w=3.0))) == ["b", "w"]


LOST = {
    "math": lambda x: math.sin(x) * x,
    "a list for an array": lambda x: np.sum([x * x, x]),
    "a mean": lambda x: np.mean([x * x, x]),
    "an array": lambda x: np.array([x, x * x]).sum(),
    "a product": lambda x: np.sum(np.ones(2) * [x, x]),
    "a float": lambda x: float(x * 2.0) * x,
    "of the outer input": lambda x: grad(lambda y: y * float(x))(1.0),
}


@pytest.mark.parametrize("function", LOST.values(), ids=LOST)
def test_a_gradient_is_not_lost_unseen(function):
    with pytest.raises(UsageError, match=r"plain number or array.*np\.stack.*\.data"):
        grad(function)(3.0)


def test_what_is_not_differentiated_is_a_number_where_one_is_wanted():
    w = Value(2.0)

    def function(x):
        with no_grad():
            scale = float(x)
        return x * float(w) * scale * math.sqrt(x.detach() + 1.0) + np.sum([w, w]) + x.item()

    assert grad(function)(3.0) == 12.0
    assert float(w * w) == 4.0
    assert np.sum(np.stack([w, w])).data == 4.0


def in_threads(*functions):
    with ThreadPoolExecutor(len(functions)) as pool:
        return [future.result() for future in [pool.submit(function) for function in functions]]


def test_threads_do_not_see_each_others_transforms():
    inside, done = threading.Event(), threading.Event()

    def slow(x):
        inside.set()
        assert done.wait(10)
        return grad(cubic)(x)

    def quick():
        assert inside.wait(10)
        try:
            return grad(cubic)(2.0)
        finally:
            done.set()

    (first, second) = in_threads(lambda: grad(slow)(2.0), quick)
    assert (first, second) == (12.0, 10.0)
    assert type(second) is float


@pytest.mark.parametrize("switch", [no_grad, detect_anomaly])
def test_threads_do_not_see_each_others_switches(switch):
    inside, done = threading.Event(), threading.Event()

    def switched():
        with switch():
            inside.set()
            assert done.wait(10)
            return Value(2.0) * 3.0

    def recorded():
        assert inside.wait(10)
        try:
            infinite = Value(np.inf)
            return infinite - infinite
        finally:
            done.set()

    first, second = in_threads(switched, recorded)
    assert (type(first) is Value) is (switch is detect_anomaly)
    assert np.isnan(second.data)
    assert len(second.parents) == 2
    assert not modes.special


@pytest.mark.parametrize(
    ("function", "options", "message"),
    [
        (lambda _x: None, {}, "<lambda> returned None. Let it return one number"),
        (lambda x: {"loss": x}, {}, "returned {'loss': .*one number"),
        (lambda x: x * x, {"has_aux": True}, r"returned Value\(data=4.0.*return a pair"),
    ],
)
def test_what_is_returned_must_be_a_number_or_a_pair(function, options, message):
    with pytest.raises(UsageError, match=message):
        grad(function, **options)(2.0)


def test_the_vector_of_hvp_has_the_arguments_shape():
    with pytest.raises(UsageError, match=r"hvp\(f\)\(x, v\)"):
        hvp(cubic)(2.0)
    with pytest.raises(ShapeError, match=r"vector has shape \(2,\), and what is differentiated has \(\)"):
        hvp(cubic)(2.0, np.ones(2))
    with pytest.raises(ShapeError, match=r"shape \(2,\), .* as the last argument"):
        hvp(lambda x, y: np.sum(x * y))(np.ones(3), np.ones(3), np.ones(2))
    with pytest.raises(ShapeError, match=r"shape \(\) and \(\), and .* has \(3,\)"):
        hvp(lambda x: np.sum(x**3))(np.ones(3), [1.0, 2.0])
