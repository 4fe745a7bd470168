"""A mixture of Gaussians, fitted by gradients. Right: SciPy's densities, and where EM comes to rest."""

import pytest

pytest.importorskip("scipy")

from scipy import stats
from scipy.optimize import minimize

import chainrule.numpy as np
import chainrule.numpy.random as npr
import chainrule.scipy.stats as sps
from chainrule import grad, hvp, jit, value_and_grad
from chainrule.scipy.special import logsumexp


def unpack(params):
    return params[:2] - logsumexp(params[:2]), params[2:4], params[4:6]


def log_likelihood(params, data):
    log_proportions, means, log_stds = unpack(params)
    cluster_lls = []
    for log_proportion, mean, log_std in zip(log_proportions, means, log_stds, strict=True):
        cluster_lls.append(log_proportion + sps.norm.logpdf(data, mean, np.exp(log_std)))
    return np.sum(logsumexp(np.array(cluster_lls), axis=0))


def weighted(params, data):
    """The same, with the proportions as weights."""
    log_proportions, means, log_stds = unpack(params)
    parts = sps.norm.logpdf(data[:, None], means, np.exp(log_stds))
    return np.sum(logsumexp(parts, axis=1, b=np.exp(log_proportions)))


RS = npr.RandomState(1)
DATA = np.concatenate([RS.normal(-2.0, 0.5, 60), RS.normal(1.5, 1.0, 90)])
START = np.array([0.0, 0.0, -1.0, 1.0, 0.0, 0.0])


def expectation_maximisation(data):
    p, m, s = np.array([0.5, 0.5]), np.array([-1.0, 1.0]), np.ones(2)
    for _ in range(2000):
        r = p * stats.norm.pdf(data[:, None], m, s)
        r /= r.sum(axis=1, keepdims=True)
        p, m = r.mean(axis=0), (r * data[:, None]).sum(axis=0) / r.sum(axis=0)
        s = np.sqrt((r * (data[:, None] - m) ** 2).sum(axis=0) / r.sum(axis=0))
    return p, m, s


@pytest.mark.parametrize("likelihood", [log_likelihood, weighted])
def test_likelihood_is_scipys_and_its_maximum_that_of_em(likelihood):
    def objective(params):
        return -likelihood(params, DATA)

    params = np.array([0.3, -0.2, -1.5, 1.0, 0.1, -0.3])
    p = np.exp(params[:2]) / np.exp(params[:2]).sum()
    density = stats.norm.pdf(DATA[:, None], params[2:4], np.exp(params[4:])) @ p
    assert np.isclose(objective(params), -np.log(density).sum(), rtol=1e-12)

    def products(params, vector):
        return hvp(objective)(params, vector)

    fitted = minimize(
        value_and_grad(objective), START, jac=True, hessp=products, method="trust-ncg", options={"gtol": 1e-8}
    )
    log_proportions, means, log_stds = unpack(fitted.x)
    found = np.array([np.exp(log_proportions), means, np.exp(log_stds)])
    assert np.allclose(found, expectation_maximisation(DATA), rtol=1e-5)
    assert np.allclose(jit(grad(objective))(params), grad(objective)(params), rtol=1e-10)
