"""`scipy.linalg` for Values, with SciPy's arguments; all that is not here is SciPy's own.

`overwrite_a`, `overwrite_b` and `check_finite` are taken, and make no difference: no Value is overwritten.
`sqrtm`, `lu`, `schur` and their kin have no derivative here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

from chainrule.errors import UnsupportedError
from chainrule.primitives import triangular


def cholesky(a: Any, lower: bool = False, overwrite_a: bool = False, check_finite: bool = True) -> Any:  # noqa: ARG001 - SciPy's
    """As `scipy.linalg.cholesky`: U with `U.T @ U = a`, or the lower factor.

    Shape in and out: (..., n, n).

    Examples:
        >>> import numpy as np
        >>> from chainrule import grad
        >>> grad(lambda a: cholesky(a, lower=True)[1, 1])(np.array([[4.0, 0.0], [0.0, 1.0]]))
        array([[0. , 0. ],
               [0. , 0.5]])
    """
    return np.linalg.cholesky(a) if lower else _t(np.linalg.cholesky(_t(a)))


def solve_triangular(  # noqa: PLR0917 - SciPy's order
    a: Any,
    b: Any,
    trans: Any = 0,
    lower: bool = False,
    unit_diagonal: bool = False,
    overwrite_b: bool = False,  # noqa: ARG001 - SciPy's
    check_finite: bool = True,  # noqa: ARG001 - SciPy's
) -> Any:
    """As `scipy.linalg.solve_triangular`: x with `a @ x = b`, or `a.T @ x = b` where `trans` is 1 or "T".

    Shape in: (n, n) and (n,) or (n, k); out: as `b`. Only one triangle of `a` is read, and has a gradient.

    Raises:
        LinAlgError: if `a` has a zero on its diagonal.

    Examples:
        >>> import numpy as np
        >>> from chainrule import grad
        >>> a = np.array([[2.0, 0.0], [1.0, 1.0]])
        >>> grad(lambda b: solve_triangular(a, b, lower=True).sum())(np.array([2.0, 3.0]))
        array([0., 1.])
    """
    form = {"trans": trans, "lower": lower, "unit_diagonal": unit_diagonal}
    return triangular.solve_triangular(a, b, **{name: each for name, each in form.items() if each})


def cho_factor(
    a: Any,
    lower: bool = False,
    overwrite_a: bool = False,  # noqa: ARG001 - SciPy's
    check_finite: bool = True,  # noqa: ARG001 - SciPy's
) -> tuple[Any, bool]:
    """As `scipy.linalg.cho_factor`, for `cho_solve`; what SciPy leaves undefined beside the triangle is 0."""
    return cholesky(a, lower), lower


def cho_solve(
    c_and_lower: tuple[Any, bool],
    b: Any,
    overwrite_b: bool = False,  # noqa: ARG001 - SciPy's
    check_finite: bool = True,  # noqa: ARG001 - SciPy's
) -> Any:
    """As `scipy.linalg.cho_solve`: x with `a @ x = b`, given `cho_factor(a)`.

    Examples:
        >>> import numpy as np
        >>> cho_solve(cho_factor(np.diag([4.0, 1.0])), np.array([4.0, 2.0]))
        array([1., 2.])
    """
    c, lower = c_and_lower
    half = solve_triangular(c, b, trans=0 if lower else 1, lower=lower)
    return solve_triangular(c, half, trans=1 if lower else 0, lower=lower)


def solve(a: Any, b: Any, *, transposed: bool = False, **options: Any) -> Any:
    """As `scipy.linalg.solve`. `a` counts as a whole, whatever `assume_a` says of it.

    Raises:
        UnsupportedError: for options that SciPy's has not, and for `lower`, which would read half of `a`.
    """
    known = {"assume_a", "check_finite", "overwrite_a", "overwrite_b"}
    if unknown := options.keys() - known:
        raise UnsupportedError(
            f"scipy.linalg.solve of a Value takes no {', '.join(sorted(unknown))}; give it the whole matrix"
        )
    return np.linalg.solve(_t(a) if transposed else a, b)


def inv(a: Any, overwrite_a: bool = False, check_finite: bool = True) -> Any:  # noqa: ARG001 - SciPy's
    """As `scipy.linalg.inv`."""
    return np.linalg.inv(a)


def det(a: Any, overwrite_a: bool = False, check_finite: bool = True) -> Any:  # noqa: ARG001 - SciPy's
    """As `scipy.linalg.det`."""
    return np.linalg.det(a)


def expm(A: Any) -> Any:  # noqa: N803 - SciPy's
    """As `scipy.linalg.expm`: the exponential of a matrix.

    Examples:
        >>> import numpy as np
        >>> from chainrule import grad
        >>> grad(lambda t: expm(t * np.array([[0.0, 1.0], [0.0, 0.0]]))[0, 1])(2.0)
        1.0
    """
    return triangular.expm(A)


def norm(a: Any, ord: Any = None, axis: Any = None, keepdims: bool = False, check_finite: bool = True) -> Any:  # noqa: A002, ARG001 - SciPy's
    """As `scipy.linalg.norm`: `numpy.linalg.norm`."""
    return np.linalg.norm(a, ord, axis, keepdims)


def __getattr__(name: str) -> Any:
    """Return what SciPy has of that name."""
    return getattr(linalg, name)


def __dir__() -> list[str]:
    return dir(linalg)


def _t(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)
