"""`chainrule.scipy.linalg`: forward SciPy's, gradients the slopes, twice, eager and jit."""

import numpy as np
import pytest

from chainrule import Value, check_grads, grad, jit
from chainrule.errors import UnsupportedError

scipys = pytest.importorskip("scipy.linalg")
ours = pytest.importorskip("chainrule.scipy.linalg")

RNG = np.random.default_rng(7)
A = RNG.normal(size=(2, 2))
SPD = A @ A.T + 3 * np.eye(2)
T = A + 4 * np.eye(2)
B = RNG.normal(size=(2, 3))
V = B[:, 0]


def symmetric(a):
    return (a + a.T) / 2


CASES = {
    "cholesky": (lambda s, a: s.cholesky(symmetric(a)), (SPD,)),
    "cholesky lower": (lambda s, a: s.cholesky(symmetric(a), lower=True), (SPD,)),
    "cho_solve": (lambda s, a, b: s.cho_solve(s.cho_factor(symmetric(a)), b), (SPD, B)),
    "cho_solve lower": (lambda s, a, b: s.cho_solve(s.cho_factor(symmetric(a), lower=True), b), (SPD, V)),
    "solve": (lambda s, a, b: s.solve(a, b, assume_a="gen"), (T, B)),
    "solve transposed": (lambda s, a, b: s.solve(a, b, transposed=True), (T, V)),
    "inv": (lambda s, a: s.inv(a), (T,)),
    "det": (lambda s, a: s.det(a), (T,)),
    "expm": (lambda s, a: s.expm(a), (0.3 * A,)),
    "norm": (lambda s, a: s.norm(a), (A,)),
    **{
        f"solve_triangular {trans} {lower} {unit} {b.ndim}": (
            lambda s, a, b, trans=trans, lower=lower, unit=unit: s.solve_triangular(
                a, b, trans=trans, lower=lower, unit_diagonal=unit
            ),
            (T, b),
        )
        for trans in (0, 1, "T", "C")
        for lower in (False, True)
        for unit in (False, True)
        for b in (V, B)
    },
    "solve_triangular of many": (
        lambda s, a, b: s.solve_triangular(a, b, lower=True),
        (np.stack([T, T.T]), np.stack([B, -B])),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_linalg(name):
    call, inputs = CASES[name]
    expected = call(scipys, *inputs)
    np.testing.assert_allclose(call(ours, *inputs), expected, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(call(ours, *map(Value, inputs)).data, expected, rtol=1e-10, atol=1e-12)
    check_grads(lambda *xs: call(ours, *xs), *inputs, order=2)

    def loss(*xs):
        return np.sum(call(ours, *xs) ** 2)

    for argnums in range(len(inputs)):
        slope = grad(loss, argnums)
        second = grad(lambda *xs, slope=slope: np.sum(slope(*xs) ** 2), argnums)
        for _ in range(2):
            np.testing.assert_allclose(jit(slope)(*inputs), slope(*inputs), rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose(jit(second)(*inputs), second(*inputs), rtol=1e-9, atol=1e-12)


def test_the_other_triangle_is_not_read():
    garbage = T + np.triu(np.full((2, 2), 1e30), 1)
    slope = grad(lambda a: ours.solve_triangular(a, V, lower=True).sum())
    np.testing.assert_allclose(slope(garbage), slope(np.tril(T)))
    assert np.all(np.triu(slope(garbage), 1) == 0)


def test_errors():
    with pytest.raises(np.linalg.LinAlgError):
        ours.solve_triangular(Value(np.zeros((2, 2))), np.ones(2))
    with pytest.raises(UnsupportedError, match="whole matrix"):
        ours.solve(T, V, lower=True)
    with pytest.raises(ModuleNotFoundError):
        import chainrule.scipy.nothing  # noqa: F401


def test_all_else_is_scipys():
    assert ours.sqrtm is scipys.sqrtm
    assert ours.LinAlgError is scipys.LinAlgError
