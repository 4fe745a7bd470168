"""jit against eager: functions of numbers and arrays, their gradients, and random programs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import chainrule
from against_eager import assert_same, check
from chainrule import Value, cross_entropy, grad, jit, relu, value_and_grad

RNG = np.random.default_rng(0)
A, B = RNG.normal(size=(5, 5)), RNG.normal(size=(5, 3))


FUNCTIONS = {
    "numbers": (lambda a, b: a * b + np.tanh(a) / b - a**3.0, 2.0, -3.0),
    "numbers and arrays": (lambda a, x: np.exp(a * x) - x / a, 0.5, A),
    "several results": (lambda x: {"sum": x.sum(), "rows": [x.mean(axis=1), (x.max(axis=0), x.T)]}, A),
    "views": (lambda x: (x[1:3], x.T, x.reshape(-1)[::2], x[0], x[:, None, 2]), A),
    "indices": (lambda x, i: (x[i], x[np.arange(3), i], x[i[0]]), A, np.array([2, 0, 4])),
    "joined": (lambda x: (np.concatenate([x, 2 * x], axis=1), np.stack((x, -x))), A),
    "choices": (lambda x: np.where(x > 0, x, 0.1 * x) + np.where(x > 1, 0.0, x), A),
    "logic": (lambda x: ((x > 0) & (x < 1)) | ~(x > -1), A),
    "functions of NumPy's own": (
        lambda x: (np.cumsum(x), np.linalg.norm(x), np.argsort(x, axis=1), np.std(x)),
        A,
    ),
    "einsum": (lambda x, y: np.einsum("ij,jk->ik", x, y), A, B),
    "integers": (lambda i, n: (i * 2 + n, i // n, i % n, n**2), np.arange(5), 3),
    "float32": (lambda x: (x @ x * 0.1 + np.float32(2)).sum(axis=0), A.astype(np.float32)),
    "mixed dtypes": (lambda x, y: x * 2.0 + y, A.astype(np.float32), A),
    "mixed dtypes, long and narrow": (
        lambda x, y: np.tanh(x @ y * 2.0).sum(axis=0),
        np.ones((40, 3), "f"),
        B[:3],
    ),
    "a mask of one column": (
        lambda x, y: np.where(x[:, :1] > 0, x @ y, -1.0).T @ np.tanh(x @ y),
        RNG.normal(size=(40, 3)),
        B[:3],
    ),
    "three axes": (
        lambda x: (x.sum(axis=(0, 2)), x.transpose(2, 0, 1), x @ x.swapaxes(1, 2)),
        RNG.normal(size=(2, 3, 4)),
    ),
    "columns in one sum, in a row, in a product": (
        lambda x: (
            (np.tanh(x) * np.exp(x)).sum(),
            np.tanh(x).reshape(-1),
            np.tanh(x).T @ np.exp(x),
            np.exp(x) @ A[:3, :3],
        ),
        RNG.normal(size=(40, 3)),
    ),
    "a matrix of one number": (lambda x, w: (x @ w, w @ w, (x @ w).sum(axis=0)), A[:, :1], A[:1, :1]),
    "columns": (lambda x: x - x.mean(axis=0) + x.max(axis=1, keepdims=True), RNG.normal(size=(40, 3))),
    "nothing to do": (lambda x: x, A),
    "constants": (lambda x: (np.ones(3), 2.0, None, "text", x * 0.0), A),
    "no arguments": (lambda: 3.0,),
    "reductions of numbers": (lambda a: [getattr(Value(a), f)().data for f in ("mean", "sum", "max")], 2.0),
    "infinite": (lambda a, b: (np.divide(a, b), (Value(b) / b).data, a * 1e308 * 1e10), 1.0, 0.0),
    "overflowing": (
        lambda a: (np.exp(Value(a)).data, np.log(Value(-a)).data, (Value(-a) ** 0.5).data),
        800.0,
    ),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_jitted_function_does_what_the_function_does(name):
    function, *args = FUNCTIONS[name]
    with np.errstate(all="ignore"):
        check(function, *args)


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (grad(lambda a: a**3 * np.sin(a)), (2.0,)),
        (grad(grad(lambda a: a**3 * np.sin(a))), (2.0,)),
        (grad(grad(grad(np.tanh))), (0.5,)),
        (value_and_grad(lambda W, x: (np.tanh(x @ W) ** 2).mean()), (B, A)),
        (grad(lambda p: (p["w"] * A + p["b"]).sum()), ({"w": 2.0, "b": B[:, 0]},)),
        (chainrule.hessian(lambda x: np.tanh(A @ x).sum()), (A[0],)),
        (chainrule.hvp(lambda x: np.tanh(A @ x).sum()), (A[0], A[1])),
        (grad(lambda W, y: cross_entropy(A @ W, y)), (B, np.array([0, 1, 2, 0, 1]))),
        (grad(lambda x: np.where(x > 0, x, 0.1 * x).max()), (A,)),
        (grad(lambda x: (relu(x) * np.maximum(x, 0.5)).sum()), (A,)),
        (grad(lambda x: relu(x @ x).sum()), (RNG.normal(size=(60, 60)),)),
    ],
)
def test_gradients_of_any_order(function, args):
    check(function, *args, tolerance=1e-10)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (np.prod, [np.array([1.0, 2.0, 3.0]), np.array([0.0, 2.0, 3.0]), np.zeros(3)]),
        (lambda x: np.prod(x, axis=1).sum(), [A, np.eye(5)]),
        (np.linalg.det, [A, np.ones((5, 5)), np.diag([0.0, 1.0, 2.0, 3.0, 4.0])]),
        (lambda x: np.linalg.det(x).sum(), [np.stack([A, 2.0 * A])]),
    ],
)
def test_derivatives_that_look_at_numbers_do_so_at_each_call(function, arguments):
    for derivative in (grad(function), chainrule.hessian(function)):
        jitted = jit(derivative)
        for argument in (*arguments, *arguments):
            assert_same(jitted(argument), derivative(argument), 1e-9)
        assert jitted.traces == 1


def test_jit_nests_in_any_order_with_grad_and_itself():
    def cube(a):
        return a**3 * np.sin(a)

    first, second = grad(cube)(2.0), grad(grad(cube))(2.0)
    assert jit(jit(cube))(2.0) == pytest.approx(cube(2.0))
    assert grad(jit(cube))(2.0) == pytest.approx(first)
    assert jit(grad(jit(cube)))(2.0) == pytest.approx(first)
    assert grad(jit(grad(cube)))(2.0) == pytest.approx(second)
    assert jit(grad(grad(jit(cube))))(2.0) == pytest.approx(second)
    assert grad(lambda w: jit(lambda x: w * x)(2.0))(3.0) == 2.0


def test_given_values_gradients_flow():
    x = Value(2.0)
    jit(lambda a: a * a)(x).backward()
    assert x.grad == 4.0


# -- random programs

UNARY = [
    np.tanh,
    np.sin,
    np.exp,
    relu,
    lambda x: x * x,
    lambda x: -x,
    lambda x: x**2,
    lambda x: x**3,
    abs,
    lambda x: 1.0 - x,
    lambda x: x / 3.0,
]
BINARY = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    np.maximum,
    np.minimum,
    lambda a, b: a / (2.0 + b * b),
]
ARRAYS = [
    lambda x: x.T,
    lambda x: x.sum(axis=0),
    lambda x: x.mean(axis=-1, keepdims=True),
    lambda x: x.max(axis=0),
    lambda x: x.reshape(-1),
    lambda x: x[..., :2],
    lambda x: x[::-1],
    lambda x: np.where(x > 0.1, x, 0.0),
    lambda x: np.concatenate([x, x]),
]

MASKING = (relu, np.maximum, np.minimum)


@st.composite
def programs(draw, arrays):
    """A list of steps: each names a function and its operands among what is there already."""
    steps = []
    for count in range(2, 2 + draw(st.integers(1, 9))):
        operand = st.integers(0, count - 1)
        kinds = [(UNARY, 1), (BINARY, 2)] + ([(ARRAYS, 1)] if arrays else [])
        functions, arity = draw(st.sampled_from(kinds))
        steps.append((draw(st.sampled_from(functions)), [draw(operand) for _ in range(arity)]))
    return steps


def run_program(steps, inputs):
    known = list(inputs)
    for function, operands in steps:
        try:
            fits = function not in ARRAYS or np.ndim(known[operands[0]])
            known.append(function(*(known[place] for place in operands)) if fits else known[operands[0]])
        except (ValueError, IndexError):  # shapes that do not fit
            known.append(known[operands[0]])
    return known


def loss_of(steps):
    def loss(inputs):
        *_, last = run_program(steps, inputs)
        return np.sum(np.tanh(last))

    return loss


@settings(max_examples=60, deadline=None)
@given(programs(arrays=False), st.floats(-2, 2), st.floats(-2, 2))
def test_random_programs_of_numbers(steps, a, b):
    inputs = [a, b]
    eager = value_and_grad(loss_of(steps))
    jitted = jit(eager)
    for _ in range(2):
        assert_same(jitted(inputs), eager(inputs), 1e-9)
    assert_same(jitted([b, a]), eager([b, a]), 1e-9)


@np.errstate(all="ignore")  # exp of exp of exp
@settings(max_examples=100, deadline=None)
@given(
    programs(arrays=True),
    st.sampled_from([(3, 3), (40, 3), (2, 1), (4,), (1, 5), (70, 40)]),
    st.integers(0, 1000),
)
@pytest.mark.slow
def test_random_programs_of_arrays(steps, shape, seed):
    rng = np.random.default_rng(seed)
    inputs = [rng.normal(size=shape), rng.normal(size=shape)]
    if any(function in MASKING for function, _ in steps):  # 0 or NaN where what lies behind is infinite
        assume(all(np.isfinite(each).all() for each in run_program(steps, inputs)))
    eager = value_and_grad(loss_of(steps))
    jitted = jit(eager)
    for _ in range(2):
        assert_same(jitted(inputs), eager(inputs), 1e-8)
    assert_same(jitted(inputs[::-1]), eager(inputs[::-1]), 1e-8)
    assert_same(jit(lambda t: run_program(steps, t))(inputs), run_program(steps, inputs), 1e-9)
