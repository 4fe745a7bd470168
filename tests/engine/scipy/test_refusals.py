"""What asks a Value for a plain array within SciPy: the error names which of its functions that was."""

import numpy as np
import pytest

from chainrule import grad
from chainrule.errors import UsageError

scipy = pytest.importorskip("scipy")
stats = pytest.importorskip("chainrule.scipy.stats")
linalg = pytest.importorskip("chainrule.scipy.linalg")

A = np.eye(2) + 1
ASKING = {
    "scipy.stats.invgamma.logpdf": lambda x: stats.invgamma.logpdf(x, 2.0),
    "scipy.stats.norm.ppf": stats.norm.ppf,
    "scipy.stats.norm.logpdf": lambda x: scipy.stats.norm(0.0, 1.0).logpdf(x),  # frozen
    "scipy.stats.wishart.logpdf": lambda x: stats.wishart.logpdf(x * A, 3, A),  # of a class
    "scipy.linalg.block_diag": lambda x: linalg.block_diag(x * A, A),
    "scipy.linalg.solve": lambda x: scipy.linalg.solve(x * A, A),  # behind a decorator
    "scipy.special.logsumexp": lambda x: scipy.special.logsumexp(x * A),
    "scipy.interpolate.CubicSpline": lambda x: scipy.interpolate.CubicSpline(A[0], x * A[0])(1.5),
    "scipy.integrate.quad": lambda x: scipy.integrate.quad(lambda t: x * t, 0.0, 1.0)[0],
}


@pytest.mark.parametrize("name", ASKING)
def test_a_function_of_scipys_is_named(name):
    with pytest.raises(UsageError, match=rf"array by {name}, and .* Import it from chainrule\.scipy where"):
        grad(lambda x: np.sum(ASKING[name](x)))(0.5)


def test_a_call_from_within_scipy_is_the_users():
    def inner(x):
        return grad(lambda y: np.ones(2).dot(np.stack([y, y])))(x[0])

    with pytest.raises(UsageError, match=r"plain number or array, and .*\(np\.dot\(a, v\)\)"):
        scipy.optimize.minimize(inner, [1.0])
