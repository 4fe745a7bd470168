"""Linear algebra that SciPy has and NumPy lacks. Loaded by `chainrule.scipy`.

`solve_triangular` is differentiated as `solve` is (M. B. Giles, 2008), by itself; the matrix has a gradient
only where it is read: in its triangle, and not on the diagonal if that counts as ones. That of `expm` is a
block of the exponential of twice the size: A. H. Al-Mohy and N. J. Higham, "Computing the Fréchet derivative
of the matrix exponential" (2009).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

from chainrule.primitives import table

_TURNED = {0: 1, 1: 0, "N": 1, "T": 0, "C": 0}


def _t(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)


def _solve_first(slope: Any, out: Any, trans: Any, *, lower: bool, unit_diagonal: bool) -> Any:
    """Return the gradient of the matrix, given that of the right side."""
    if np.ndim(out) == 1:
        slope, out = np.expand_dims(slope, -1), np.expand_dims(out, -1)
    whole = -out @ _t(slope) if _TURNED[trans] == 0 else -slope @ _t(out)
    triangle = np.tri(np.shape(whole)[-1], k=-int(unit_diagonal))
    return whole * (triangle if lower else triangle.T)


def _expm_vjp(g: Any, out: Any, a: Any) -> Any:
    n, turned = a.shape[-1], _t(a)
    above = np.concatenate([turned, g], axis=-1)
    below = np.concatenate([np.zeros(g.shape), turned], axis=-1)
    return expm(np.concatenate([above, below], axis=-2))[..., :n, n:]


solve_triangular: table.Primitive = table.row(
    "solve_triangular",
    lambda g, out, a, b, trans=0, lower=False, unit_diagonal=False: _solve_first(
        solve_triangular(a, g, trans=_TURNED[trans], lower=lower, unit_diagonal=unit_diagonal),
        out,
        trans,
        lower=lower,
        unit_diagonal=unit_diagonal,
    ),
    lambda g, out, a, b, trans=0, lower=False, unit_diagonal=False: solve_triangular(
        a, g, trans=_TURNED[trans], lower=lower, unit_diagonal=unit_diagonal
    ),
    forward=linalg.solve_triangular,
    shapes=((2, 2), (2,)),
)
expm = table.row("expm", _expm_vjp, forward=linalg.expm, shapes=((2, 2),))
