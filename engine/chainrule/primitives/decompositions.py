"""Matrices taken apart: factors, eigenvalues and singular values, of the last two axes.

`cholesky` and `eigh` take the matrix to be symmetric, and so is its gradient, as in PyTorch and JAX. Where
two eigenvalues or singular values are equal their vectors have no derivative, nor have those of a singular
value that is 0, if the matrix is not square: a gradient that asks for it is NaN. That of the values alone is
one of the slopes there, and differentiated again it is NaN too. `qr` has a derivative where the columns are
independent.

An operation has one result. So `eigh`, `svd` and `qr` pack their parts into one array, and what answers
NumPy's function takes it apart again.

The formulas are in M. B. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008); I. Murray, "Differentiation of the Cholesky decomposition" (2016); J. Townsend,
"Differentiating the singular value decomposition" (2016); S. F. Walter and L. Lehmann, "Algorithmic
differentiation of linear algebra functions with application in optimum experimental design" (2010); and
G. H. Golub and V. Pereyra, "The differentiation of pseudo-inverses" (1973).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.primitives.table import primitive


def _t(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)


def _columns(x: Any) -> Any:
    """Return a row of numbers for each matrix as a factor of its columns."""
    return np.expand_dims(x, -2)


def _symmetric(x: Any) -> Any:
    return (x + _t(x)) / 2


def _cholesky_vjp(g: Any, out: Any, x: Any, upper: bool = False) -> Any:
    factor, slope = (out, _t(g)) if upper else (_t(out), g)
    inner = factor @ slope
    half = (np.tril(inner) + np.tril(inner, -1)) / 2
    return _symmetric(np.linalg.solve(factor, _t(np.linalg.solve(factor, _t(half)))))


def _one_over_gaps(values: Any) -> Any:
    """Return 1 / (v_j - v_i), and 0 where i is j; infinity where two are equal."""
    own = np.eye(values.shape[-1])
    return (1 - own) / (np.expand_dims(values, -2) - np.expand_dims(values, -1) + own)


def _where_asked(slope: Any, vectors: Any, values: Any) -> Any:
    """Return the part of a gradient that comes by way of vectors; 0 for a matrix whose vectors have none.

    Of values that are all different it is right in any case, and what differentiates it again needs it.
    """
    different = np.all(np.abs(values[..., 1:] - values[..., :-1]) > 0, axis=-1)
    asked = np.any(np.abs(vectors) > 0, axis=(-1, -2))
    return np.where(np.expand_dims(asked | different, (-1, -2)), slope, 0.0)


def _eigh(x: Any) -> Any:
    values, vectors = np.linalg.eigh(x)
    return np.concatenate([np.expand_dims(values, -2), vectors], axis=-2)


def _eigh_vjp(g: Any, out: Any, x: Any) -> Any:
    values, vectors, slopes = out[..., 0, :], out[..., 1:, :], g[..., 1:, :]
    own = (vectors * _columns(g[..., 0, :])) @ _t(vectors)
    turned = vectors @ (_one_over_gaps(values) * (_t(vectors) @ slopes)) @ _t(vectors)
    return own + _where_asked(_symmetric(turned), slopes, values)


def _svd(x: Any) -> Any:
    left, values, right = np.linalg.svd(x, full_matrices=False)
    return np.concatenate([left, np.expand_dims(values, -2), np.swapaxes(right, -1, -2)], axis=-2)


def _svd_vjp(g: Any, out: Any, x: Any) -> Any:
    rows = x.shape[-2]
    left, values, right = out[..., :rows, :], out[..., rows, :], out[..., rows + 1 :, :]
    g_left, g_right = g[..., :rows, :], g[..., rows + 1 :, :]
    over = _one_over_gaps(values * values)
    first, second = over * (_t(left) @ g_left), over * (_t(right) @ g_right)
    inner = _columns(values) * (first + _t(first)) + np.expand_dims(values, -1) * (second + _t(second))
    turned = left @ inner @ _t(right)
    spectrum = values
    if rows != x.shape[-1]:  # 0 is a singular value of the vectors that are left out
        spectrum = np.concatenate([values, np.zeros_like(values[..., :1])], axis=-1)
    if rows > x.shape[-1]:
        turned = turned + (g_left - left @ (_t(left) @ g_left)) / _columns(values) @ _t(right)
    if rows < x.shape[-1]:
        turned = turned + left / _columns(values) @ _t(g_right - right @ (_t(right) @ g_right))
    own = (left * _columns(g[..., rows, :])) @ _t(right)
    return own + _where_asked(turned, np.concatenate([g_left, g_right], axis=-2), spectrum)


def _qr(x: Any) -> Any:
    orthogonal, upper = np.linalg.qr(x)
    return np.concatenate([orthogonal, upper], axis=-2)


def _qr_vjp(g: Any, out: Any, x: Any) -> Any:
    rows = x.shape[-2]
    orthogonal, upper = out[..., :rows, :], out[..., rows:, :]
    inner = upper @ _t(g[..., rows:, :]) - _t(g[..., :rows, :]) @ orthogonal
    mirrored = np.tril(inner) + _t(np.tril(inner, -1))
    return _t(np.linalg.solve(upper, _t(g[..., :rows, :] + orthogonal @ mirrored)))


def _pinv_vjp(g: Any, out: Any, x: Any, rcond: Any = None) -> Any:
    turned = _t(g)
    beside = (turned - x @ (out @ turned)) @ (out @ _t(out))
    above = (_t(out) @ out) @ (turned - (turned @ out) @ x)
    return beside + above - _t(out) @ g @ _t(out)


_MATRICES = "the last two axes are those of a matrix, or of each of a stack, and its numbers are finite"

tril = primitive(
    "tril", lambda g, out, x, k=0: np.tril(g, k), shapes=((3, 3),), linear=(0,), remedy=_MATRICES
)
triu = primitive(
    "triu", lambda g, out, x, k=0: np.triu(g, k), shapes=((3, 3),), linear=(0,), remedy=_MATRICES
)
cholesky = primitive(
    "cholesky",
    _cholesky_vjp,
    shapes=((2, 2),),
    remedy="it is of symmetric matrices with positive eigenvalues: where rounding made one of them 0, add a "
    "little to the diagonal, such as 1e-6 * np.eye(n)",
)
logabsdet = primitive(
    "logabsdet",
    lambda g, out, x: np.expand_dims(g, (-1, -2)) * _t(np.linalg.inv(x)),
    forward=lambda x: np.linalg.slogdet(x)[1],
    remedy=_MATRICES,
    shapes=((2, 2),),
)
pinv = primitive("pinv", _pinv_vjp, shapes=((3, 2),), remedy=_MATRICES)
eigh_parts = primitive(
    "eigh_parts",
    _eigh_vjp,
    forward=_eigh,
    remedy=_MATRICES,
    symbol="eigh",
    shapes=((2, 2),),
    said="of V diag(λ) Vᵀ: V (diag(gλ) + F ∘ Vᵀ gV) Vᵀ, made symmetric, where F is 1 / (λⱼ − λᵢ) "
    "and 0 for i = j",
)
svd_parts = primitive(
    "svd_parts",
    _svd_vjp,
    forward=_svd,
    remedy=_MATRICES,
    symbol="svd",
    shapes=((2, 2),),
    said="of U diag(s) Vᵀ: U (diag(gs) + (J + Jᵀ) diag(s) + diag(s) (K + Kᵀ)) Vᵀ, where J = F ∘ Uᵀ gU, "
    "K = F ∘ Vᵀ gV, and F is 1 / (sⱼ² − sᵢ²) and 0 for i = j; of a tall x besides "
    "(gU − U Uᵀ gU) diag(1 / s) Vᵀ, of a wide one U diag(1 / s) (gV − V Vᵀ gV)ᵀ",
)
qr_parts = primitive(
    "qr_parts",
    _qr_vjp,
    forward=_qr,
    remedy=_MATRICES,
    symbol="qr",
    shapes=((2, 2),),
    said="of Q R: (gQ + Q C) R⁻ᵀ, where C is the lower triangle of R gRᵀ − gQᵀ Q, mirrored",
)
