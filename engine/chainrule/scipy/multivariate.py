"""The distributions of several numbers at once, whose densities carry gradients."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import stats

from chainrule.errors import UsageError
from chainrule.primitives import special as s
from chainrule.primitives.table import number
from chainrule.scipy.distributions import Frozen, listed
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
    functions = ("logpdf", "pdf")

    def logpdf(self, x: Any, mean: Any = None, cov: Any = 1.0, allow_singular: bool = False) -> Any:
        """As SciPy's: points along the last axis, a covariance that is a matrix, a diagonal, or a number."""
        if allow_singular:
            raise UsageError(
                "multivariate_normal takes no allow_singular; add a little to the diagonal of cov"
            )
        x, mean, cov = listed(x), listed(mean), listed(cov)
        size = max(np.size(mean) if mean is not None else 1, (*np.shape(cov), 1)[0])
        root = np.linalg.cholesky(np.eye(size) * cov if np.ndim(cov) < 2 else cov)
        points = np.reshape(x, (-1, 1)) if np.ndim(x) < 2 and size == 1 else x
        off = points if mean is None else points - mean
        flat = np.reshape(off, (-1, size))
        z = solve_triangular(root, np.swapaxes(flat, 0, 1), lower=True)
        each = -np.sum(z * z, axis=0) / 2 - np.sum(np.log(np.einsum("ii->i", root))) - size * _LOG_ROOT_TWO_PI
        shape = np.shape(x) if np.ndim(x) < 2 and size == 1 else np.shape(off)[:-1]
        return np.reshape(each, shape) if shape else number(each[0])

    def pdf(self, x: Any, mean: Any = None, cov: Any = 1.0, allow_singular: bool = False) -> Any:
        """As SciPy's: the exponential of `logpdf`."""
        return number(np.exp(self.logpdf(x, mean, cov, allow_singular)))

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Freeze mean and covariance."""
        return Frozen(self, args, named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.scipy, name)


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
        return number(np.sum(s.xlogy(powers, x), axis=0) + scaled)

    def pdf(self, x: Any, alpha: Any) -> Any:
        """As SciPy's: the exponential of `logpdf`."""
        return number(np.exp(self.logpdf(x, alpha)))

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Freeze alpha."""
        return Frozen(self, args, named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.scipy, name)
