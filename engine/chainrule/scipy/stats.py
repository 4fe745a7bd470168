"""`scipy.stats` for Values: densities, and what else of a distribution has a derivative; all else is SciPy's.

Each distribution is a row: the logarithm of its density, and what of the cumulative function is simple, of a
number `z` and its shape parameters. Where it has a location and a scale, `z` is `(x - loc) / scale`. What a
row does not say, as `rvs` and `ppf`, is SciPy's, of plain numbers.

Outside of its support a density is 0, and so is the gradient there.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

from chainrule.primitives import special as s
from chainrule.scipy.distributions import Distribution
from chainrule.scipy.multivariate import Dirichlet, MultivariateNormal

if TYPE_CHECKING:
    from chainrule.scipy.distributions import Function

_LOG_ROOT_TWO_PI = math.log(2 * math.pi) / 2


def _within(inside: Any, log_density: Function, z: Any, safe: float, *shapes: Any) -> Any:
    """Return -inf outside of the support, where the density is asked for at a safe place instead."""
    outside = np.where(np.isnan(z), np.nan, -np.inf)
    return np.where(inside, log_density(np.where(inside, z, safe), *shapes), outside)


def _positive(log_density: Function) -> Function:
    return lambda z, *shapes: _within(z >= 0, log_density, z, 1.0, *shapes)


def _counts(log_mass: Function) -> Function:
    return lambda k, *shapes: _within(_is_count(k), log_mass, k, 0.0, *shapes)


def _is_count(k: Any) -> Any:
    """Whether it is a whole number from 0 on: nothing else has mass."""
    return (k >= 0) & (k <= np.floor(k)) & (k < np.inf)


def _log_binomial(k: Any, n: Any, p: Any) -> Any:
    choices = s.gammaln(n + 1) - s.gammaln(k + 1) - s.gammaln(n - k + 1)
    return choices + s.xlogy(k, p) + s.xlog1py(n - k, -p)


def _at_least_0(z: Any) -> Any:
    return np.maximum(z, 0.0)


def _raised(z: Any, c: Any) -> Any:
    return np.where(np.isnan(c), np.nan, z**c)  # 1 to the power of NaN is 1


norm = Distribution(
    "norm",
    lambda z: -z * z / 2 - _LOG_ROOT_TWO_PI,
    cdf=s.ndtr,
    sf=lambda z: s.ndtr(-z),
    logcdf=s.log_ndtr,
    logsf=lambda z: s.log_ndtr(-z),
)
expon = Distribution(
    "expon",
    _positive(lambda z: -z),
    cdf=lambda z: -np.expm1(-_at_least_0(z)),
    logsf=lambda z: -_at_least_0(z),
)
uniform = Distribution(
    "uniform",
    lambda z: _within((z >= 0) & (z <= 1), lambda z: 0.0 * z, z, 0.5),
    cdf=lambda z: np.clip(z, 0.0, 1.0),
)
laplace = Distribution("laplace", lambda z: -np.abs(z) - math.log(2))
logistic = Distribution(
    "logistic",
    lambda z: s.log_expit(z) + s.log_expit(-z),
    logcdf=s.log_expit,
    logsf=lambda z: s.log_expit(-z),
    cdf=s.expit,
    sf=lambda z: s.expit(-z),
)
cauchy = Distribution(
    "cauchy", lambda z: -np.log1p(z * z) - math.log(math.pi), cdf=lambda z: np.arctan(z) / math.pi + 0.5
)
gamma = Distribution(
    "gamma",
    _positive(lambda z, a: s.xlogy(a - 1, z) - z - s.gammaln(a)),
    "a",
    cdf=lambda z, a: s.gammainc(a, _at_least_0(z)),
    sf=lambda z, a: s.gammaincc(a, _at_least_0(z)),
)
chi2 = Distribution(
    "chi2",
    _positive(lambda z, df: s.xlogy(df / 2 - 1, z) - z / 2 - s.gammaln(df / 2) - df / 2 * math.log(2)),
    "df",
    cdf=lambda z, df: s.gammainc(df / 2, _at_least_0(z) / 2),
    sf=lambda z, df: s.gammaincc(df / 2, _at_least_0(z) / 2),
)
beta = Distribution(
    "beta",
    lambda z, a, b: _within(
        (z >= 0) & (z <= 1),
        lambda z: s.xlogy(a - 1, z) + s.xlog1py(b - 1, -z) - s.betaln(a, b),
        z,
        0.5,
    ),
    "a b",
    cdf=lambda z, a, b: s.betainc(a, b, np.clip(z, 0.0, 1.0)),
)
lognorm = Distribution(
    "lognorm",
    lambda z, s: _within(
        z > 0, lambda z: -((np.log(z) / s) ** 2) / 2 - np.log(s * z) - _LOG_ROOT_TWO_PI, z, 1.0
    ),
    "s",
    logcdf=lambda z, spread: _within(z > 0, lambda z: s.log_ndtr(np.log(z) / spread), z, 1.0),
    logsf=lambda z, spread: np.where(z <= 0, 0.0, s.log_ndtr(-np.log(np.where(z <= 0, 1.0, z)) / spread)),
)
weibull_min = Distribution(
    "weibull_min",
    _positive(lambda z, c: np.log(c) + s.xlogy(c - 1, z) - _raised(z, c)),
    "c",
    cdf=lambda z, c: -np.expm1(-_raised(_at_least_0(z), c)),
    logsf=lambda z, c: -_raised(_at_least_0(z), c),
)
t = Distribution(
    "t",
    lambda z, df: s.log_student(df, z),
    "df",
    cdf=lambda z, df: s.stdtr(df, z),
    sf=lambda z, df: s.stdtr(df, -z),
)
poisson = Distribution(
    "poisson",
    _counts(lambda k, mu: s.xlogy(k, mu) - s.gammaln(k + 1) - mu),
    "mu",
    cdf=lambda k, mu: np.where(k < 0, 0.0, s.gammaincc(np.floor(_at_least_0(k)) + 1, mu)),
)
bernoulli = Distribution(
    "bernoulli",
    lambda k, p: _within(_is_count(k) & (k <= 1), lambda k: s.xlogy(k, p) + s.xlog1py(1 - k, -p), k, 0.0),
    "p",
)
binom = Distribution("binom", _counts(_log_binomial), "n p")
multivariate_normal = MultivariateNormal()
dirichlet = Dirichlet()


def __getattr__(name: str) -> Any:
    """Return what SciPy has of that name."""
    return getattr(stats, name)


def __dir__() -> list[str]:
    return dir(stats)
