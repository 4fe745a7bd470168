"""Derivatives of functions that return more than one number: `jacobian`, `elementwise_grad`, `vjp`, `jvp`.

The engine only goes backward. Forward mode is two passes of it: the gradients of a result are linear in what
they start from, and their derivative by that is the derivative forward.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import trees
from chainrule.errors import ShapeError, UsageError
from chainrule.modes import differentiating, is_nested
from chainrule.transforms.derivatives import _jacobian as rows_of
from chainrule.transforms.derivatives import _Run as Run
from chainrule.value.backward import gradients
from chainrule.value.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Function = Callable[..., Any]


def jacobian(function: Function, argnums: int | Sequence[int] = 0) -> Function:
    """Return the function that computes the derivatives of all that `function` returns.

    Args:
        function: Takes numbers, arrays or trees of them, and returns one of these.
        argnums: Which positional argument to differentiate by, or a tuple of several; -1 is the last.

    Returns:
        A function of the same arguments. For a result of shape s and an argument of shape t it returns an
            array of shape s + t; for trees a tree of the result's form, of trees of the argument's form.

    Raises:
        UsageError: `argnums` names no argument of the call, or `function` returned no number.

    Examples:
        >>> import numpy as np
        >>> jacobian(lambda x: np.stack([x[0] * x[1], x[0] + x[1]]))(np.array([3.0, 2.0]))
        array([[2., 3.],
               [1., 1.]])
    """

    @functools.wraps(function)
    def derivatives(*args: Any, **kwargs: Any) -> Any:
        run = Run(function, args, kwargs, argnums, single=False)
        rows = [run.pack(rows_of(leaf, run)) for leaf in trees.leaves(run.output)]
        return trees.replace(run.output, rows)

    return derivatives


def elementwise_grad(function: Function, argnums: int | Sequence[int] = 0) -> Function:
    """Return the function that computes the slope of `function` at each element of an array.

    It is the gradient of the sum of what `function` returns: the slopes, where each element of the result
    comes from the one element of the argument in its place.

    Examples:
        >>> import numpy as np
        >>> elementwise_grad(np.tanh)(np.array([0.0, 1.0])).round(3)
        array([1.  , 0.42])
        >>> elementwise_grad(elementwise_grad(lambda x: x**3))(np.array([1.0, 2.0]))
        array([ 6., 12.])
    """

    @functools.wraps(function)
    def slopes(*args: Any, **kwargs: Any) -> Any:
        run = Run(function, args, kwargs, argnums, single=False)
        with differentiating():
            total = sum(np.sum(leaf) for leaf in trees.leaves(run.output))
        return run.pack(run.pull(total))

    return slopes


def vjp(function: Function, *primals: Any, has_aux: bool = False) -> tuple[Any, ...]:
    """Call `function`, and return its result and what hands a gradient of the result back to its arguments.

    Args:
        function: Takes numbers, arrays or trees of them, and returns one of these.
        *primals: Its arguments, by all of which it is differentiated.
        has_aux: Whether `function` returns a pair, of which only the first is differentiated.

    Returns:
        The result and a function, as in JAX: given a gradient of the form of the result it returns a tuple of
            gradients, one for each argument. With `has_aux` the second result follows.

    Raises:
        ShapeError: The gradient has not the form of the result.

    Examples:
        >>> result, back = vjp(lambda x, y: x * y, 3.0, 2.0)
        >>> result, back(1.0), back(10.0)
        (6.0, (2.0, 3.0), (20.0, 30.0))
    """
    run = Run(function, primals, {}, tuple(range(len(primals))), has_aux=has_aux, single=False)
    outputs = trees.leaves(run.output)

    def back(cotangents: Any) -> Any:
        given = _fitting("vjp", "the gradient", cotangents, "the result", run.output)
        again = is_nested() or any(isinstance(each, Value) for each in given)
        with differentiating():
            total = _inner(outputs, given)
        return run.pack(run.pull(total, again=again))

    return (run.result[0], back, run.result[1]) if has_aux else (run.result, back)


def jvp(function: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """Return what `function` returns, and how fast that changes as the arguments move.

    Args:
        function: Takes numbers, arrays or trees of them, and returns one of these.
        primals: A tuple of its arguments.
        tangents: A tuple of the directions in which they move, in the same form.

    Returns:
        The result, and its derivative in that direction, of the form of the result.

    Raises:
        ShapeError: The tangents have not the form of the primals.
        UsageError: One of both is no tuple or list.

    Examples:
        >>> import numpy as np
        >>> jvp(lambda x: x**2, (np.array([1.0, 3.0]),), (np.array([1.0, 0.5]),))
        (array([1., 9.]), array([2., 3.]))
    """
    if not isinstance(primals, (tuple, list)) or not isinstance(tangents, (tuple, list)):
        raise UsageError(
            "jvp: arguments and directions come as tuples, of one argument too: jvp(f, (x,), (v,)). Give "
            "both so."
        )
    moves = _fitting("jvp", "tangents", list(tangents), "primals", list(primals))
    run = Run(function, tuple(primals), {}, tuple(range(len(primals))), single=False)
    outputs = trees.leaves(run.output)
    again = run.inside or any(isinstance(move, Value) for move in moves)
    with differentiating():
        starts = [Value(_ones_like(output)) for output in outputs]
        back = run.pull(_inner(outputs, starts), again=True)
        along = _inner(back, moves)
        root = along if isinstance(along, Value) else Value(along)
        found = gradients(root, starts, differentiable=again)
    return run.result, trees.replace(run.output, found)


def _ones_like(output: Any) -> Any:
    return np.ones(np.shape(output), output.dtype) if np.ndim(output) else 1.0


def _inner(some: Sequence[Any], others: Sequence[Any]) -> Any:
    """Return the sum of all products: each side is the gradient by the other."""
    with np.errstate(all="ignore"):
        return sum(np.sum(np.multiply(a, b)) for a, b in zip(some, others, strict=True))


def _fitting(name: str, what: str, tree: Any, of: str, like: Any) -> list[Any]:
    """Return the leaves of a tree that has the form of another."""
    given = trees.leaves(tree)
    shapes, wanted = list(map(np.shape, given)), list(map(np.shape, trees.leaves(like)))
    if shapes != wanted:
        raise ShapeError(
            f"{name}: {what} of shape {' and '.join(map(str, shapes)) or 'nothing'} for {of} of shape "
            f"{' and '.join(map(str, wanted))}. Give the same form and shapes."
        )
    return given
