"""NumPy functions that are made of primitives: what they draw is what they are made of."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import index
from typing import Any

import numpy as np

from chainrule.errors import ShapeError, UnsupportedError
from chainrule.primitives import elementwise, linalg, reductions, shape

Function = Callable[..., Any]

COMPOSED: dict[Any, Function] = {}
"""For each NumPy function what answers it, with NumPy's arguments."""


def answers(function: Any) -> Callable[[Function], Function]:
    """Enter a function as the answer to one of NumPy's."""
    return partial(COMPOSED.setdefault, function)


def plain(x: Any) -> Any:
    """Return the numbers of what may be a Value: for what has no gradient, such as an order."""
    return x.data if hasattr(x, "__apply_primitive__") else x


def axis_of(x: Any, axis: Any) -> int:
    """Return an axis counted from the first; one that an array lacks is refused, as NumPy refuses it."""
    along, count = index(axis), np.ndim(x)
    if not -count <= along < count:
        raise ShapeError(
            f"axis {along} is out of bounds for an array of shape {np.shape(x)}; axes are counted from 0, or "
            f"from -1 backwards"
        )
    return along % count


def double(x: Any) -> Any:
    """Return an array in double precision; numbers are."""
    if not np.ndim(x):
        return x
    return x.astype(np.float64) if hasattr(x, "astype") else np.asarray(x, np.float64)


def of_type(x: Any, like: Any) -> Any:
    """Return what was made of single numbers in the type of the array that these were taken from."""
    return x.astype(like.dtype) if np.ndim(x) else x


@answers(np.concatenate)
def concatenate(arrays: Any, axis: int | None = 0) -> Any:
    """As `numpy.concatenate`."""
    if axis is None:
        return shape.concatenate(*map(np.ravel, arrays), axis=0)
    return shape.concatenate(*arrays, axis=axis)


@answers(np.stack)
def stack(arrays: Any, axis: int = 0) -> Any:
    """As `numpy.stack`."""
    return shape.stack(*arrays, axis=axis)


@answers(np.split)
def split(x: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """As `numpy.split`."""
    axis = axis_of(x, axis)
    before = (slice(None),) * axis
    pieces = [piece.tolist() for piece in np.split(np.arange(x.shape[axis]), indices_or_sections)]
    windows = [slice(piece[0], piece[-1] + 1) if piece else slice(0, 0) for piece in pieces]
    return [x[(*before, window)] for window in windows]


@answers(np.clip)
def clip(x: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Any:  # noqa: A002 - NumPy
    """As `numpy.clip`, all of its names included; a bound may be a Value."""
    low = a_min if min is None else min
    high = a_max if max is None else max
    return elementwise.clip(x, -np.inf if low is None else low, np.inf if high is None else high)


@answers(np.where)
def where(condition: Any, *branches: Any) -> Any:
    """As `numpy.where`; of a condition alone, the indices where it holds."""
    holds = plain(condition)
    return elementwise.where(holds, *branches) if branches else np.nonzero(holds)


@answers(np.dot)
def dot(a: Any, b: Any) -> Any:
    """As `numpy.dot`."""
    if not np.ndim(a) or not np.ndim(b):
        return np.multiply(a, b)
    if np.ndim(b) <= 2:
        return np.matmul(a, b)
    first, second = linalg.LOWER[: np.ndim(a) - 1], linalg.UPPER[: np.ndim(b) - 1]
    return np.einsum(f"{first}z,{second[:-1]}z{second[-1]}->{first}{second}", a, b)


@answers(np.outer)
def outer(a: Any, b: Any) -> Any:
    """As `numpy.outer`."""
    return np.expand_dims(np.ravel(a), 1) * np.ravel(b)


@answers(np.moveaxis)
def moveaxis(x: Any, source: Any, destination: Any) -> Any:
    """As `numpy.moveaxis`."""
    numbered = np.empty(range(x.ndim))  # each axis as long as its number says, and so without elements
    return np.transpose(x, np.moveaxis(numbered, source, destination).shape)


@answers(np.trace)
def trace(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """As `numpy.trace`."""
    last = np.moveaxis(x, (axis1, axis2), (-2, -1))
    rows, columns = np.nonzero(np.eye(last.shape[-2], last.shape[-1], offset))
    return np.sum(last[..., rows, columns], axis=-1)


@answers(np.einsum)
def einsum(subscripts: Any, *operands: Any) -> Any:
    """As `numpy.einsum`, its subscripts as text, or as a list of numbers behind each operand."""
    if not isinstance(subscripts, str):
        subscripts, operands = _as_text([subscripts, *operands])
    subscripts = linalg.explicit(subscripts, list(map(np.shape, operands)))
    inputs, arrow, output = subscripts.partition("->")
    terms, taken = inputs.split(","), list(operands)
    for at, term in enumerate(terms):
        terms[at], taken[at] = _diagonal(term, taken[at])
    return linalg.einsum(*taken, subscripts=f"{','.join(terms)}{arrow}{output}")


def _diagonal(term: str, x: Any) -> tuple[str, Any]:
    """Return subscripts without the letters that stand there again, and the diagonal that these take."""
    for letter in sorted(set(term), key=term.index):
        while term.count(letter) > 1:
            first, second = term.index(letter), term.rindex(letter)
            x = np.diagonal(x, axis1=first, axis2=second)
            rest = term[:first] + term[first + 1 : second] + term[second + 1 :]
            term = rest + letter
    return term, x


def _as_text(given: list[Any]) -> tuple[str, tuple[Any, ...]]:
    letters = linalg.LOWER + linalg.UPPER
    operands, lists = given[: len(given) // 2 * 2 : 2], given[1::2]
    said = ["".join("..." if each is ... else letters[each] for each in axes) for axes in lists]
    arrow = (
        "->" + "".join("..." if each is ... else letters[each] for each in given[-1])
        if len(given) % 2
        else ""
    )
    return ",".join(said) + arrow, tuple(operands)


@answers(np.linalg.norm)
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A002 - NumPy's
    """As `numpy.linalg.norm`, but of vectors in order 0."""
    axes = len(reductions.axes_of(x, axis))
    if ord is None or (axes == 2 and ord == "fro") or (axes == 1 and ord == 2):
        return linalg.norm(x, axis=axis, keepdims=keepdims)
    if axes not in (1, 2) or (axes == 1 and isinstance(ord, str)):
        raise ShapeError(
            f"np.linalg.norm with ord={ord!r} of {axes} ax{'i' if axes == 1 else 'e'}s: a number is an "
            f"order of vectors, 'fro' of matrices. Name one axis or two by axis=, or leave ord out"
        )
    if axes == 2:
        return _norm_of_matrices(x, ord, reductions.axes_of(x, axis), keepdims)
    if ord == 0:
        raise UnsupportedError(
            "np.linalg.norm of a vector with ord=0 counts, and has no derivative; take it of .data"
        )
    size = np.abs(x)
    if ord == np.inf:
        return np.max(size, axis=axis, keepdims=keepdims)
    if ord == -np.inf:
        return np.min(size, axis=axis, keepdims=keepdims)
    return elementwise.root(np.sum(size**ord, axis=axis, keepdims=keepdims), order=ord)


def _norm_of_matrices(x: Any, order: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    """Return the largest or smallest sum of a row or column, or what singular values make."""
    last = np.moveaxis(x, axes, (-2, -1))
    if order in (1, -1, np.inf, -np.inf):
        sums = np.sum(np.abs(last), axis=-2 if abs(order) == 1 else -1)
        found = np.max(sums, axis=-1) if order > 0 else np.min(sums, axis=-1)
    elif order in (2, -2, "nuc"):
        values = np.linalg.svd(last, compute_uv=False)
        found = np.sum(values, axis=-1) if order == "nuc" else values[..., 0 if order == 2 else -1]
    else:
        raise UnsupportedError(
            f"np.linalg.norm of a matrix has ord 1, 2 or inf, these negative, 'fro' or 'nuc', not {order!r}"
        )
    return np.expand_dims(found, axes) if keepdims else found


@answers(np.copy)
def copy(x: Any) -> Any:
    """As `numpy.copy`: a Value of its own, which may be changed in place under `no_grad`."""
    return x * 1.0
