"""The distributions of several numbers at once, whose densities carry gradients."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import stats

from chainrule.primitives import special as s
from chainrule.primitives.composed import plain
from chainrule.scipy.distributions import Frozen, as_number, listed
from chainrule.scipy.linalg import solve_triangular

_LOG_ROOT_TWO_PI = math.log(2 * math.pi) / 2


class MultivariateNormal:
    """`scipy.stats.multivariate_normal`: its density carries gradients, to the mean and the covariance too.

    Examples:
        >>> import numpy as np
        >>> from chainrule import grad
        >>> from chainrule.scipy.stats import multivariate_normal
        >>> grad(lambda mean: multivariate_normal.logpdf([1.0, 2.0], mean, np.eye(2)))(np.zeros(2))
        array([1., 2.])
    """

    scipy = stats.multivariate_normal
    functions = ("logpdf", "pdf", "entropy")

    def logpdf(self, x: Any, mean: Any = None, cov: Any = 1.0, allow_singular: bool = False) -> Any:
        """As SciPy's: points along the last axis, a covariance that is a matrix, a diagonal, or a number.

        With `allow_singular` it may lack directions, outside of which the density is 0.
        """
        x, mean = listed(x), listed(mean)
        cov, size = _matrix(cov, mean)
        points = np.reshape(x, (-1, 1)) if np.ndim(x) < 2 and size == 1 else x
        off = points if mean is None else points - mean
        flat = np.reshape(off, (-1, size))
        each = (_singular if allow_singular else _regular)(flat, cov)
        shape = np.shape(x) if np.ndim(x) < 2 and size == 1 else np.shape(off)[:-1]
        return _squeezed(np.reshape(each, shape))

    def pdf(self, x: Any, mean: Any = None, cov: Any = 1.0, allow_singular: bool = False) -> Any:
        """As SciPy's: the exponential of `logpdf`."""
        return as_number(np.exp(self.logpdf(x, mean, cov, allow_singular)))

    def entropy(self, mean: Any = None, cov: Any = 1.0, allow_singular: bool = False) -> Any:
        """As SciPy's, which takes any covariance to be one that may be singular; else that is -inf."""
        cov, size = _matrix(cov, listed(mean))
        if allow_singular:
            values, has = _directions(np.linalg.eigvalsh(cov))
            return as_number(np.sum(np.log(values)) / 2 + np.sum(has) * (_LOG_ROOT_TWO_PI + 0.5))
        return as_number(np.linalg.slogdet(cov).logabsdet / 2 + size * (_LOG_ROOT_TWO_PI + 0.5))

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Freeze mean and covariance."""
        return Frozen(self, args, named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.scipy, name)


def _squeezed(each: Any) -> Any:
    """Return densities as SciPy does: without axes of length 1, and one as a number."""
    return np.squeeze(each) if np.size(each) > 1 else as_number(np.reshape(each, -1)[0])


def _matrix(cov: Any, mean: Any) -> tuple[Any, int]:
    """Return a covariance as a matrix, and how many numbers it is of."""
    cov = listed(cov)
    size = max(np.size(mean) if mean is not None else 1, (*np.shape(cov), 1)[0])
    return (np.eye(size) * cov if np.ndim(cov) < 2 else cov), int(size)


def _regular(off: Any, cov: Any) -> Any:
    """Return the logarithm of the density at points, given by how far they are off the mean."""
    root = np.linalg.cholesky(cov)
    z = solve_triangular(root, np.swapaxes(off, 0, 1), lower=True)
    scaled = np.sum(np.log(np.einsum("ii->i", root))) + np.shape(off)[1] * _LOG_ROOT_TWO_PI
    return -np.sum(z * z, axis=0) / 2 - scaled


def _singular(off: Any, cov: Any) -> Any:
    """Return the same within the directions that a covariance has, by SciPy's measure, and -inf outside."""
    values, vectors = np.linalg.eigh(cov)
    kept, has = _directions(values)
    along = off @ vectors
    z = np.where(has, along, 0.0) / np.sqrt(kept)
    each = -np.sum(z * z, axis=1) / 2 - np.sum(np.log(kept)) / 2 - np.sum(has) * _LOG_ROOT_TWO_PI
    beside = np.linalg.norm(np.where(has, 0.0, plain(along)), axis=1)
    return np.where(beside < 1e3 * _least(values), each, -np.inf)


def _directions(values: Any) -> tuple[Any, Any]:
    """Return variances, 1 in place of those that are none, and which are some."""
    has = plain(values) > _least(values)
    return np.where(has, values, 1.0), has


def _least(values: Any) -> Any:
    return 1e6 * np.finfo(float).eps * np.max(np.abs(plain(values)))


class Dirichlet:
    """`scipy.stats.dirichlet`: its density carries gradients.

    Examples:
        >>> import numpy as np
        >>> from chainrule import grad
        >>> from chainrule.scipy.stats import dirichlet
        >>> grad(lambda x: dirichlet.logpdf(x, [1.0, 3.0]))(np.array([0.5, 0.5]))
        array([0., 4.])
    """

    scipy = stats.dirichlet
    functions = ("logpdf", "pdf")

    def logpdf(self, x: Any, alpha: Any) -> Any:
        """As SciPy's: the parts along the first axis; the last may be left out."""
        x, alpha = listed(x), listed(alpha)
        if np.shape(x)[0] == np.size(alpha) - 1:
            x = np.concatenate([x, 1 - np.sum(x, axis=0, keepdims=True)])
        powers = np.reshape(alpha - 1, (-1,) + (1,) * (np.ndim(x) - 1))
        scaled = s.gammaln(np.sum(alpha)) - np.sum(s.gammaln(alpha))
        return _squeezed(np.sum(s.xlogy(powers, x), axis=0) + scaled)

    def pdf(self, x: Any, alpha: Any) -> Any:
        """As SciPy's: the exponential of `logpdf`."""
        return as_number(np.exp(self.logpdf(x, alpha)))

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Freeze alpha."""
        return Frozen(self, args, named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.scipy, name)
