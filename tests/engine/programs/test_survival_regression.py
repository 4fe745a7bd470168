"""Regression of survival times, some censored. Right: SciPy's fit of censored data, and closed forms."""

import pytest

pytest.importorskip("scipy")

from scipy import stats
from scipy.optimize import minimize

import chainrule.numpy as np
from chainrule import grad, hessian, jit, value_and_grad
from chainrule.scipy.special import gammaln
from chainrule.scipy.stats import weibull_min

RNG = np.random.default_rng(4)
GROUP = np.repeat([0.0, 1.0], 100)
X = np.c_[np.ones(200), GROUP]
LIFE = RNG.weibull(1.5, 200) * np.exp(X @ np.array([1.0, 0.5]))
END = RNG.uniform(1.0, 8.0, 200)
T, E = np.minimum(LIFE, END), (LIFE <= END).astype(float)


def weibull_aft(params, X, T, E):
    lambda_, rho = np.exp(np.dot(X, params[:-1])), np.exp(params[-1])
    log_hazard = np.log(rho) - np.log(lambda_) + (rho - 1) * (np.log(T) - np.log(lambda_))
    cumulative_hazard = np.clip((T / lambda_) ** rho, 0, 1e25)
    return -(np.sum(E * log_hazard) - np.sum(cumulative_hazard)) / len(T)


def by_density(params, X, T, E):
    scale, shape = np.exp(X @ params[:-1]), np.exp(params[-1])
    dead, alive = weibull_min.logpdf(T, shape, scale=scale), weibull_min.logsf(T, shape, scale=scale)
    return -np.mean(np.where(E > 0, dead, alive))


def fit(loss, *data, count):
    return minimize(value_and_grad(loss), np.zeros(count), args=data, jac=True, options={"gtol": 1e-9}).x


@pytest.mark.parametrize("loss", [weibull_aft, by_density])
def test_without_covariates_it_is_scipys_fit(loss):
    log_scale, log_shape = fit(loss, X[:, :1], T, E, count=2)
    censored = stats.CensoredData(T[E > 0], right=T[E == 0])
    shape, _, scale = stats.weibull_min.fit(censored, floc=0)
    assert np.allclose([np.exp(log_shape), np.exp(log_scale)], [shape, scale], rtol=1e-3)


def test_two_groups_of_one_rate_each_have_the_closed_form():
    """Exponential: each group's rate is its deaths over its time."""

    def exponential(params, X, T, E):
        return weibull_aft(np.r_[params, 0.0], X, T, E)

    found = fit(exponential, X, T, E, count=2)
    rates = [E[g == GROUP].sum() / T[g == GROUP].sum() for g in (0, 1)]
    assert np.allclose(np.exp(-np.array([found[0], found.sum()])), rates, rtol=1e-6)
    information = hessian(lambda p: exponential(p, X, T, E) * len(T))(found)
    deaths = [E[g == GROUP].sum() for g in (0, 1)]
    assert np.allclose(information, [[sum(deaths), deaths[1]], [deaths[1], deaths[1]]], rtol=1e-6)


def test_both_forms_agree_and_jit_with_them():
    params = np.array([0.8, 0.3, 0.2])
    slopes = [grad(loss)(params, X, T, E) for loss in (weibull_aft, by_density)]
    assert np.allclose(*slopes, rtol=1e-9)
    for loss in (weibull_aft, by_density):
        assert np.allclose(jit(grad(loss))(params, X, T, E), slopes[0], rtol=1e-9)


def test_counts_by_newtons_method():
    """Poisson regression. Right: each group's mean, as the score says."""
    y = RNG.poisson(np.exp(X @ np.array([0.5, -0.4]))).astype(float)

    def loss(beta):
        eta = np.dot(X, beta)
        return -np.sum(y * eta - np.exp(eta) - gammaln(y + 1))

    beta = np.zeros(2)
    for _ in range(10):
        beta = beta - np.linalg.solve(hessian(loss)(beta), grad(loss)(beta))
    assert np.allclose(np.exp([beta[0], beta.sum()]), [y[g == GROUP].mean() for g in (0, 1)], rtol=1e-10)
    assert np.isclose(loss(beta), -stats.poisson.logpmf(y, np.exp(X @ beta)).sum(), rtol=1e-10)
