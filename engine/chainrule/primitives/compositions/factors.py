"""Factors, eigenvalues and singular values, taken out of the array in which one operation packs them."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.errors import UnsupportedError
from chainrule.primitives import decompositions
from chainrule.primitives.composed import answers, norm, of_type, plain

_ONE = np.ones((1, 1))
_SIGN_AND_LOG, _VALUES_AND_VECTORS = type(np.linalg.slogdet(_ONE)), type(np.linalg.eigh(_ONE))
_FACTORS, _PARTS = type(np.linalg.qr(_ONE)), type(np.linalg.svd(_ONE))


@answers(np.linalg.slogdet)
def slogdet(a: Any) -> Any:
    """As `numpy.linalg.slogdet`; the sign has no gradient."""
    return _SIGN_AND_LOG(np.linalg.slogdet(plain(a))[0], decompositions.logabsdet(a))


@answers(np.linalg.eigh)
def eigh(a: Any, UPLO: str = "L") -> Any:  # noqa: N803 - NumPy's
    """As `numpy.linalg.eigh`."""
    parts = decompositions.eigh_parts(_by_triangle(a, UPLO))
    return _VALUES_AND_VECTORS(parts[..., 0, :], parts[..., 1:, :])


@answers(np.linalg.eigvalsh)
def eigvalsh(a: Any, UPLO: str = "L") -> Any:  # noqa: N803 - NumPy's
    """As `numpy.linalg.eigvalsh`."""
    return decompositions.eigh_parts(_by_triangle(a, UPLO))[..., 0, :]


def _by_triangle(a: Any, triangle: str) -> Any:
    return np.swapaxes(a, -1, -2) if triangle.upper() == "U" else a


@answers(np.linalg.svd)
def svd(a: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    """As `numpy.linalg.svd`, but of a matrix that is not square with full_matrices=False."""
    rows, columns = np.shape(a)[-2:]
    if compute_uv and full_matrices and rows != columns:
        raise UnsupportedError(
            f"np.linalg.svd of shape {np.shape(a)}: the vectors beyond the first "
            f"{min(rows, columns)} may be any that stand upright on them, and "
            f"have no derivative; use full_matrices=False"
        )
    parts = decompositions.svd_parts(a)
    values = parts[..., rows, :]
    if not compute_uv:
        return values
    return _PARTS(parts[..., :rows, :], values, np.swapaxes(parts[..., rows + 1 :, :], -1, -2))


@answers(np.linalg.svdvals)
def svdvals(x: Any, /) -> Any:
    """As `numpy.linalg.svdvals`."""
    return svd(x, compute_uv=False)


@answers(np.linalg.qr)
def qr(a: Any, mode: str = "reduced") -> Any:
    """As `numpy.linalg.qr`, with mode "reduced" or "r"."""
    rows, columns = np.shape(a)[-2:]
    if mode not in ("reduced", "r") and not (mode == "complete" and rows <= columns):
        raise UnsupportedError(f"np.linalg.qr of a Value has mode 'reduced' or 'r', not {mode!r}")
    parts = decompositions.qr_parts(a[..., :rows] if columns > rows else a)
    orthogonal, upper = parts[..., :rows, :], parts[..., rows:, :]
    if columns > rows:
        upper = np.concatenate([upper, np.swapaxes(orthogonal, -1, -2) @ a[..., rows:]], axis=-1)
    return upper if mode == "r" else _FACTORS(orthogonal, upper)


@answers(np.linalg.cond)
def cond(x: Any, p: Any = None) -> Any:
    """As `numpy.linalg.cond`."""
    if p in (None, 2, -2):
        values = svdvals(x)
        most, least = values[..., 0], values[..., -1]
        return least / most if p == -2 else most / least
    inverse = np.linalg.inv(x)
    return norm(x, p, axis=(-2, -1)) * norm(inverse, p, axis=(-2, -1))


@answers(np.linalg.matrix_norm)
def matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:  # noqa: A002 - NumPy's
    """As `numpy.linalg.matrix_norm`."""
    return norm(x, ord, axis=(-2, -1), keepdims=keepdims)


@answers(np.linalg.vector_norm)
def vector_norm(x: Any, /, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:  # noqa: A002 - as above
    """As `numpy.linalg.vector_norm`, over one axis or all."""
    if axis is not None:
        return norm(x, ord, axis, keepdims)
    found = norm(np.ravel(x), ord)
    return of_type(np.reshape(found, (1,) * np.ndim(x)), x) if keepdims else found
