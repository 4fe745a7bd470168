"""The likelihood of a Kalman filter. Right: SciPy's density of all observations at once, and its slopes."""

import pytest

pytest.importorskip("scipy")

from scipy.optimize import approx_fprime
from scipy.stats import multivariate_normal

import chainrule.numpy as np
from chainrule import grad, jit, value_and_grad

RNG = np.random.default_rng(2)
OBSERVED = np.cumsum(RNG.normal(size=12)) + RNG.normal(size=12)
H = np.array([[1.0, 0.0]])


def model(params):
    damping, q, r = np.tanh(params[0]), np.exp(params[1]), np.exp(params[2])
    F = np.array([[1.0, 1.0], [0.0, damping]])
    Q = np.array([[0.1, 0.0], [0.0, q]])
    return F, Q, r * np.eye(1)


def kalman_log_likelihood(params, ys):
    F, Q, R = model(params)
    m, P = np.zeros(2), np.eye(2)
    total = 0.0
    for y in ys:
        m, P = F @ m, F @ P @ F.T + Q
        innovation = y - H @ m
        S = H @ P @ H.T + R
        K = P @ H.T @ np.linalg.inv(S)
        total += -0.5 * (innovation @ np.linalg.solve(S, innovation) + np.log(np.linalg.det(2 * np.pi * S)))
        m, P = m + K @ innovation, (np.eye(2) - K @ H) @ P
    return total


def scipys(params):
    """The observations are one normal vector: states are sums of what was before and fresh noise."""
    F, Q, R = model(params)
    n = len(OBSERVED)
    covariance, cross = np.eye(2), np.zeros((n, n))
    states = []
    for _ in range(n):
        covariance = F @ covariance @ F.T + Q
        states.append(covariance)
    for i in range(n):
        for j in range(i, n):
            step = np.linalg.matrix_power(F, j - i)
            cross[i, j] = cross[j, i] = (H @ states[i] @ step.T @ H.T)[0, 0]
    return multivariate_normal.logpdf(OBSERVED, np.zeros(n), cross + R[0, 0] * np.eye(n))


def test_likelihood_and_gradient_are_those_of_the_whole():
    params = np.array([0.7, -0.5, 0.1])
    value, slope = value_and_grad(kalman_log_likelihood)(params, OBSERVED)
    assert np.isclose(value, scipys(params), rtol=1e-9)
    assert np.allclose(slope, approx_fprime(params, scipys, 1e-7), rtol=1e-5, atol=1e-5)
    assert np.allclose(jit(grad(kalman_log_likelihood))(params, OBSERVED), slope, rtol=1e-9)
