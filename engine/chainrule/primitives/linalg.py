"""Linear algebra.

The formulas of `inv`, `solve` and `det` are in M. B. Giles, "Collected matrix derivative results for forward
and reverse mode algorithmic differentiation" (2008).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule import modes
from chainrule.errors import ShapeError
from chainrule.primitives.elementwise import divisor
from chainrule.primitives.reductions import keep, reduction
from chainrule.primitives.table import primitive


def _t(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)


def _matmul(a: Any, b: Any) -> Any:
    if type(a) is np.ndarray is type(b) and a.ndim == 2 == b.ndim:
        return a.dot(b)  # the same in half the time, where they are small
    return np.matmul(a, b)


def _matmul_first(g: Any, out: Any, a: Any, b: Any) -> Any:
    if a.ndim == 2 == b.ndim:
        return g.dot(b.T) if type(g) is np.ndarray is type(b) else g @ b.T
    if b.ndim == 1:
        return np.expand_dims(g, -1) * b
    if a.ndim == 1:
        return np.squeeze(np.expand_dims(g, -2) @ _t(b), -2)
    return g @ _t(b)


def _matmul_second(g: Any, out: Any, a: Any, b: Any) -> Any:
    if a.ndim == 2 == b.ndim:
        return a.T.dot(g) if type(g) is np.ndarray is type(a) else a.T @ g
    if a.ndim == 1:
        return g * a if b.ndim == 1 else np.expand_dims(a, -1) * np.expand_dims(g, -2)
    if b.ndim == 1:
        return np.squeeze(_t(a) @ np.expand_dims(g, -1), -1)
    return _t(a) @ g


def _solve_second(g: Any, a: Any, b: Any) -> Any:
    if b.ndim > 1:
        return np.linalg.solve(_t(a), g)
    return np.squeeze(np.linalg.solve(_t(a), np.expand_dims(g, -1)), -1)


def _solve_first(g: Any, out: Any, a: Any, b: Any) -> Any:
    slope = _solve_second(g, a, b)
    if b.ndim > 1:
        return -slope @ _t(out)
    return -np.expand_dims(slope, -1) * np.expand_dims(out, -2)


_MOST_MINORS = 12  # rows of a matrix whose minors are taken one by one: there are n⁴ numbers in them


def _cofactors(x: Any, det: Any) -> Any:
    """Return the derivative of the determinant: det · inv(x)ᵀ, or what holds of singular x too."""
    if modes.are_known(x, det) and np.all(np.abs(det) > 0):
        return np.expand_dims(det, (-1, -2)) * _t(np.linalg.inv(x))
    n = x.shape[-1]
    if n > _MOST_MINORS:
        return _cofactors_of_many(x)
    rest = np.array([[k for k in range(n) if k != i] for i in range(n)], int).reshape(n, n - 1)
    minors = np.linalg.det(x[..., rest[:, None, :, None], rest[None, :, None, :]])
    return minors * (-1.0) ** np.add.outer(range(n), range(n))


def _cofactors_of_many(x: Any) -> Any:
    """Return the same by singular values: each times the products of the others, between rotations.

    Differentiated again it is NaN where two of them are equal.
    """
    left, values, right = np.linalg.svd(x)
    n = x.shape[-1]
    others = np.prod(np.where(np.eye(n, dtype=bool), 1.0, np.expand_dims(values, -2)), axis=-1)
    signs = np.expand_dims(np.linalg.slogdet(left)[0] * np.linalg.slogdet(right)[0], (-1, -2))
    return signs * ((left * np.expand_dims(others, -2)) @ right)


UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LOWER = UPPER.lower()


def explicit(subscripts: str, shapes: list[tuple[int, ...]]) -> str:
    """Return einsum subscripts with their output, and with letters for the ellipsis.

    Raises:
        ShapeError: They do not fit the shapes.

    Examples:
        >>> explicit("...i, i", [(2, 3), (3,)])
        'Ai,i->A'
    """
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    terms = inputs.split(",")
    if len(terms) != len(shapes):
        raise ShapeError(
            f"einsum: {subscripts!r} names {len(terms)} operands, and {len(shapes)} were given; "
            f"give one for each"
        )
    hidden = [len(shape) - len(term.replace("...", "")) for term, shape in zip(terms, shapes, strict=True)]
    letters = "".join(letter for letter in UPPER if letter not in subscripts)[: max(hidden)]
    named = [term.replace("...", letters[len(letters) - n :]) for term, n in zip(terms, hidden, strict=True)]
    if not arrow:
        once = sorted(letter for letter in set(inputs) - set(",.") if inputs.count(letter) == 1)
        output = ("..." if "..." in inputs else "") + "".join(once)
    output = output.replace("...", letters)
    _check_lengths(named, output, shapes)
    return f"{','.join(named)}->{output}"


def _check_lengths(terms: list[str], output: str, shapes: list[tuple[int, ...]]) -> None:
    lengths: dict[str, int] = {}
    for term, shape in zip(terms, shapes, strict=True):
        if len(term) != len(shape):
            raise ShapeError(f"einsum: {term!r} is not one letter for each axis of an array of shape {shape}")
        for letter, length in zip(term, shape, strict=True):
            if lengths.setdefault(letter, length) == 1:
                lengths[letter] = length
            if length not in (1, lengths[letter]):
                raise ShapeError(
                    f"einsum: axis {letter!r} is {lengths[letter]} long in one place and {length} in "
                    f"another, of shapes {' and '.join(map(str, shapes))}; a letter stands for one length"
                )
    for letter in output:
        if letter not in lengths:
            raise ShapeError(f"einsum: {letter!r} is in the output, and in no operand; leave it out")


def _einsum_vjp(g: Any, xs: tuple[Any, ...], subscripts: str, index: int) -> Any:
    inputs, _, output = subscripts.partition("->")
    terms = inputs.split(",")
    sizes: dict[str, int] = {}
    for term, x in zip(terms, xs, strict=True):
        sizes |= {letter: max(n, sizes.get(letter, 1)) for letter, n in zip(term, np.shape(x), strict=True)}
    operands = [g, *xs[:index], *xs[index + 1 :]]
    names = [output, *terms[:index], *terms[index + 1 :]]
    target = ""
    for letter in terms[index]:
        if letter in target:  # a diagonal was taken: the gradient lies on it
            fresh = next(free for free in LOWER + UPPER if free not in subscripts + target)
            operands, names = [*operands, np.eye(sizes[letter])], [*names, letter + fresh]
            target += fresh
            continue
        if not any(letter in name for name in names):  # it was summed alone: the gradient is repeated
            operands, names = [*operands, np.ones(sizes[letter])], [*names, letter]
        target += letter
    return np.einsum(f"{','.join(names)}->{target}", *operands)


matmul = primitive(
    "matmul",
    _matmul_first,
    _matmul_second,
    forward=_matmul,
    symbol="@",
    shapes=((2, 3), (3, 2)),
    opens=True,
    remedy="the first's last axis must be as long as the second's last but one: transpose one (.T); "
    "numbers are multiplied by *",
    linear=(0, 1),
)
einsum = primitive(
    "einsum",
    lambda g, out, *xs, index, subscripts: _einsum_vjp(g, xs, subscripts, index),
    forward=lambda *xs, subscripts: np.einsum(subscripts, *xs),
    variadic=True,
    shapes=((2, 3), (3, 2)),
    example={"subscripts": "ij,jk->ik"},
    view=True,
)
norm = reduction(
    "norm",
    lambda g, out, x, axis=None, keepdims=False: keep(g / divisor(out), x, axis, keepdims) * x,
    forward=lambda x, axis=None, keepdims=False: np.linalg.norm(x, axis=axis, keepdims=keepdims),
    remedy="name one axis or two by axis=, or leave it out",
)
inv = primitive("inv", lambda g, out, x: -_t(out) @ g @ _t(out), shapes=((2, 2),))
solve = primitive("solve", _solve_first, lambda g, out, a, b: _solve_second(g, a, b), shapes=((2, 2), (2,)))
det = primitive(
    "det",
    lambda g, out, x: np.expand_dims(g, (-1, -2)) * modes.as_one(_cofactors, x, out),
    shapes=((2, 2),),
)
