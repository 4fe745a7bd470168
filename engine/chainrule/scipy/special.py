"""`scipy.special` for Values: what is no ufunc there, and so asks nobody; all else is SciPy's own."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from chainrule import modes
from chainrule.errors import UsageError
from chainrule.primitives import activations
from chainrule.primitives import special as rows
from chainrule.primitives.activations import logsumexp as _logsumexp

logsumexp = _logsumexp
polygamma = rows.polygamma
"""As `scipy.special.polygamma(n, x)`: the n-th derivative of `digamma`, of a whole number n."""


def multigammaln(a: Any, d: int) -> Any:
    """As `scipy.special.multigammaln`: the logarithm of the gamma function of d dimensions.

    It is NaN where `a` is not above (d - 1) / 2.

    Raises:
        UsageError: if d is no whole number from 1 on.

    Examples:
        >>> from chainrule import grad
        >>> round(grad(lambda a: multigammaln(a, 2))(3.0), 6)
        1.625941
    """
    if d != int(d) or d < 1:
        raise UsageError(f"multigammaln has a whole number of dimensions from 1 on, not d={d}")
    if modes.tracer is not None or not np.all(a > (d - 1) / 2):
        a = np.where(a > (d - 1) / 2, a, np.nan)
    halves = np.arange(d) / 2
    terms = rows.gammaln(np.expand_dims(a, -1) - halves)
    return np.sum(terms, axis=-1) + d * (d - 1) / 4 * math.log(math.pi)


def softmax(x: Any, axis: Any = None) -> Any:
    """As `scipy.special.softmax`: over all numbers unless an axis is given.

    Examples:
        >>> softmax([0.0, 0.0])
        array([0.5, 0.5])
    """
    return activations.softmax(x, axis=axis)


def log_softmax(x: Any, axis: Any = None) -> Any:
    """As `scipy.special.log_softmax`: over all numbers unless an axis is given."""
    return activations.log_softmax(x, axis=axis)


def __getattr__(name: str) -> Any:
    """Return what SciPy has of that name."""
    return getattr(special, name)


def __dir__() -> list[str]:
    return dir(special)
