"""Hyper-parameters of a Gaussian process. Right: SciPy's density, and its optimum without gradients."""

import pytest

pytest.importorskip("scipy")

from scipy.optimize import approx_fprime, minimize
from scipy.stats import multivariate_normal

import chainrule.numpy as np
import chainrule.numpy.random as npr
from chainrule import grad, jit, value_and_grad
from chainrule.scipy.linalg import cho_solve, cholesky, solve_triangular


def rbf_covariance(kernel_params, x, xp):
    output_scale = np.exp(kernel_params[0])
    lengthscales = np.exp(kernel_params[1:])
    diffs = np.expand_dims(x / lengthscales, 1) - np.expand_dims(xp / lengthscales, 0)
    return output_scale * np.exp(-0.5 * np.sum(diffs**2, axis=2))


def unpack_params(params):
    mean = params[0]
    noise_scale = np.exp(params[1]) + 0.0001
    return mean, params[2:], noise_scale


def covariance(params, x):
    _, cov_params, noise_scale = unpack_params(params)
    return rbf_covariance(cov_params, x, x) + noise_scale * np.eye(len(x))


def neg_log_marginal_likelihood(params, x, y):
    mean, _, _ = unpack_params(params)
    L = cholesky(covariance(params, x), lower=True)
    alpha = solve_triangular(L, y - mean, lower=True)
    return (
        0.5 * np.dot(alpha, alpha)
        + np.sum(np.log(L[np.diag_indices(len(y))]))
        + 0.5 * len(y) * np.log(2 * np.pi)
    )


def predict(params, x, y, xstar):
    mean, cov_params, _ = unpack_params(params)
    cov_f_y = rbf_covariance(cov_params, xstar, x)
    L = cholesky(covariance(params, x), lower=True)
    return mean + np.dot(cov_f_y, cho_solve((L, True), y - mean))


def build_toy_dataset(n_data=16, noise_std=0.1):
    rs = npr.RandomState(0)
    inputs = np.concatenate([np.linspace(0, 3, num=n_data // 2), np.linspace(6, 8, num=n_data // 2)])
    targets = (np.cos(inputs) + rs.randn(n_data) * noise_std) / 2.0
    return ((inputs - 4.0) / 2.0).reshape((len(inputs), 1)), targets


X, Y = build_toy_dataset()
START = np.array([0.1, -2.0, 0.2, -0.3])


def scipys(params):
    return -multivariate_normal.logpdf(Y, np.full(len(Y), params[0]), covariance(params, X))


def test_likelihood_and_gradient_are_scipys():
    def loss(params):
        return neg_log_marginal_likelihood(params, X, Y)

    value, slope = value_and_grad(loss)(START)
    assert np.isclose(value, scipys(START), rtol=1e-10)
    assert np.allclose(slope, approx_fprime(START, scipys, 1e-7), rtol=1e-4, atol=1e-4)
    assert np.allclose(jit(grad(loss))(START), slope, rtol=1e-9)


def test_fit_finds_what_scipy_finds_without_gradients():
    def loss(params):
        return neg_log_marginal_likelihood(params, X, Y)

    fitted = minimize(value_and_grad(loss), START, jac=True, method="CG", options={"gtol": 1e-6})
    best = minimize(
        scipys, START, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 5000}
    )
    assert np.isclose(fitted.fun, best.fun, rtol=1e-6)
    assert np.allclose(predict(fitted.x, X, Y, X), predict(best.x, X, Y, X), atol=1e-3)
