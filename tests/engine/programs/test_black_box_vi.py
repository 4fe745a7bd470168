"""Black-box variational inference. Right: a linear model's posterior, in closed form."""

import pytest

pytest.importorskip("scipy")

from scipy.optimize import minimize

import chainrule.numpy as np
import chainrule.numpy.random as npr
import chainrule.scipy.stats as sps
from chainrule import grad, jit, value_and_grad

RS = npr.RandomState(0)
X = RS.randn(20, 2)
Y = X @ np.array([1.0, -0.5]) + 0.5 * RS.randn(20)
NOISE = 0.5


def log_density(ws):
    """Prior and likelihood of weights, a row each."""
    prior = sps.multivariate_normal.logpdf(ws, np.zeros(2), np.eye(2))
    return prior + np.sum(sps.norm.logpdf(Y, np.dot(ws, X.T), NOISE), axis=1)


def black_box_variational_inference(logprob, D, samples):
    def unpack_params(params):
        mean, corner = params[:D], params[D:]
        return mean, np.array([[np.exp(corner[0]), 0.0], [corner[1], np.exp(corner[2])]])

    def gaussian_entropy(L):
        return 0.5 * D * (1.0 + np.log(2 * np.pi)) + np.sum(np.log(L[np.diag_indices(D)]))

    def variational_objective(params):
        mean, L = unpack_params(params)
        return -(gaussian_entropy(L) + np.mean(logprob(np.dot(samples, L.T) + mean)))

    return variational_objective, unpack_params


def balanced(n):
    """Noise whose mean and covariance are just those of the normal distribution: the optimum is exact."""
    z = RS.randn(n, 2)
    z -= z.mean(axis=0)
    return z @ np.linalg.inv(np.linalg.cholesky(z.T @ z / n)).T


def test_the_best_normal_distribution_is_the_posterior():
    objective, unpack = black_box_variational_inference(log_density, 2, balanced(50))
    start = np.array([0.0, 0.0, -1.0, 0.0, -1.0])
    found = minimize(value_and_grad(objective), start, jac=True, options={"gtol": 1e-9})
    mean, L = unpack(found.x)
    precision = np.eye(2) + X.T @ X / NOISE**2
    assert np.allclose(mean, np.linalg.solve(precision, X.T @ Y / NOISE**2), rtol=1e-6)
    assert np.allclose(L @ L.T, np.linalg.inv(precision), rtol=1e-5, atol=1e-8)
    assert np.allclose(jit(grad(objective))(start), grad(objective)(start), rtol=1e-9)


def test_the_bound_is_the_evidence_at_the_posterior():
    objective, _ = black_box_variational_inference(log_density, 2, balanced(50))
    found = minimize(value_and_grad(objective), np.array([0.0, 0.0, -1.0, 0.0, -1.0]), jac=True)
    evidence = sps.multivariate_normal.logpdf(Y, np.zeros(20), X @ X.T + NOISE**2 * np.eye(20))
    assert np.isclose(-found.fun, evidence, rtol=1e-8)
