"""Newton's method with conjugate gradients, by hand and by SciPy's, on products with the Hessian."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule import grad, hvp, jit


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def conjugate_gradients(product, b, steps=60, tolerance=1e-10):
    """Solve product(x) = b."""
    x, r = np.zeros_like(b), b.copy()
    p, rr = r.copy(), r @ r
    for _ in range(steps):
        ap = product(p)
        if p @ ap <= 0:  # a direction of negative curvature
            break
        alpha = rr / (p @ ap)
        x += alpha * p
        r -= alpha * ap
        new = r @ r
        if new < tolerance**2:
            break
        p, rr = r + new / rr * p, new
    return x if np.any(x) else b


@pytest.mark.parametrize("way", [lambda function: function, jit])
def test_newton_finds_the_minimum_that_is_known(way):
    slope, product = way(grad(rosenbrock)), way(hvp(rosenbrock))
    x = np.array([0.3, 2.0, 0.5, 2.0])
    for _ in range(200):
        g = slope(x)
        step, rate = conjugate_gradients(lambda v, x=x: product(x, v), -g), 1.0
        while rosenbrock(x + rate * step) > rosenbrock(x) + 1e-4 * rate * (g @ step) and rate > 1e-12:
            rate /= 2
        x = x + rate * step
    np.testing.assert_allclose(x, np.ones(4), rtol=1e-8)


def test_scipys_newton_cg_takes_our_derivatives():
    optimize = pytest.importorskip("scipy.optimize")
    start = np.array([0.3, 2.0, 0.5, 2.0])
    ours = optimize.minimize(
        rosenbrock, start, method="Newton-CG", jac=grad(rosenbrock), hessp=hvp(rosenbrock), tol=1e-10
    )
    theirs = optimize.minimize(
        optimize.rosen,
        start,
        method="Newton-CG",
        jac=optimize.rosen_der,
        hessp=optimize.rosen_hess_prod,
        tol=1e-10,
    )
    np.testing.assert_allclose(ours.x, theirs.x, rtol=1e-9)
