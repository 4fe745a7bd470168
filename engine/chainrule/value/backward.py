"""Reverse mode: the gradient of a Value travels back over its tape, from each result to its operands."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Never

import numpy as np

from chainrule import modes
from chainrule.errors import BackwardError, ShapeError, UsageError
from chainrule.primitives.table import entered
from chainrule.value import blame
from chainrule.value.tape import Recorded, cleared, results

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

_ARRAY = np.ndarray


# At heart a backward pass is no more than this:
#
# |   gradients = {root: seed}
# |   for node in results(root):  # the latest first: all of its gradient has come when it is handed on
# |       g = gradients.pop(node)
# |       for index, operand in enumerate(node.operands):
# |           vjp = node.primitive.vjp(index)
# |           gradient = fit(vjp(g, node.data, *map(data_of, node.operands)), operand.data)
# |           gradients[operand] = gradients.get(operand, 0.0) + gradient
# |   return gradients  # of the leaves, which nothing handed on
#
# `gradients` below is that loop, on numbers or, to differentiate again, on Values. `run` is the same for the
# `backward` of a training: gradients lie in the nodes themselves, where leaves keep theirs from call to call,
# and an operation of one or two operands, which most are, is written out: a call less for each Value.


def run(root: Any, seed: Any) -> None:  # noqa: C901, PLR0912 - the one loop that all speed hangs on
    """Give each Value that `root` depends on its gradient."""
    nodes, kind, watched = cleared(root), type(root), modes.is_watched()
    _receive(root, seed, None)
    with np.errstate(all="ignore"):
        for node in nodes:
            if (g := node._grad) is None:
                continue
            vjps = node.primitive.quick
            if vjps is None or watched:
                _hand_on(node, g)
                continue
            out, a, b = node._data, node.first, node.second
            x = a._data if type(a) is kind or isinstance(a, Recorded) else a
            if b is None:
                try:
                    gradient = vjps[0](g, out, x, **node.params)
                except ArithmeticError:
                    gradient = _call(node, 0, g, out, (x,))
                _receive(a, gradient, g)
                continue
            y = b._data if type(b) is kind or isinstance(b, Recorded) else b
            first, second = vjps
            if type(a) is kind:
                try:
                    gradient = first(g, out, x, y)
                except ArithmeticError:
                    gradient = _call(node, 0, g, out, (x, y))
                if type(gradient) is float is type(x):
                    a._grad = gradient if a._grad is None else a._grad + gradient
                else:
                    _receive(a, gradient, g)
            if type(b) is kind:
                try:
                    gradient = second(g, out, x, y)
                except ArithmeticError:
                    gradient = _call(node, 1, g, out, (x, y))
                if type(gradient) is float is type(y):
                    b._grad = gradient if b._grad is None else b._grad + gradient
                else:
                    _receive(b, gradient, g)


def _hand_on(node: Any, g: Any) -> None:
    for operand, gradient in _contributions(node, g, node._data, _data(node)):
        _receive(operand, gradient, g)


def _receive(node: Any, gradient: Any, upstream: Any) -> None:
    x, before = node._data, node._grad
    if type(gradient) is not type(x) or (
        type(x) is not float and (gradient.shape != x.shape or gradient.dtype is not x.dtype)
    ):
        gradient = fit(gradient, x)
    if before is not None:
        node._grad = before + gradient
    elif (
        node.primitive is None
        and type(x) is not float
        and (gradient is upstream or gradient.base is not None)
    ):
        node._grad = gradient.copy()  # a leaf's gradient is its owner's, to change in place
    else:
        node._grad = gradient


def gradients(
    root: Any, inputs: Sequence[Any], seed: Any = None, *, differentiable: bool = False
) -> list[Any]:
    """Return the gradient of a Value with respect to each input, and leave every `grad` alone.

    It is a number or an array of the input's shape, zero where the root does not depend on that; or a Value
    that can be differentiated again, if it is to be `differentiable`. `seed` is the gradient of what comes
    after, of the root's shape; 1 for a number.

    Examples:
        >>> from chainrule import Value
        >>> x = Value(2.0)
        >>> [slope] = gradients(x**3, [x], differentiable=True)
        >>> slope.data, gradients(slope, [x])
        (12.0, [12.0])
    """
    nodes = results(root)
    wanted, kept = _between(nodes, inputs), frozenset(inputs)
    found: dict[Any, Any] = {root: seed_for(root, seed)} if root in wanted else {}
    with np.errstate(all="ignore"):
        for node in nodes:
            if node not in found:
                continue
            out, args = (node, node.operands) if differentiable else (node._data, _data(node))
            for operand, gradient in _contributions(node, found[node], out, args, wanted):
                fitted = fit(gradient, operand if differentiable else operand._data)
                found[operand] = found[operand] + fitted if operand in found else fitted
            if node not in kept:
                del found[node]
    slopes = [found[value] if value in found else _zeros(value._data) for value in inputs]
    return [root._as_value(slope, 0) for slope in slopes] if differentiable else _owned(slopes, seed)


def _owned(gradients: Sequence[Any], seed: Any) -> list[Any]:
    """Return gradients in memory of their own, to be changed in place: not each other's, nor the seed's."""
    owned: list[Any] = []
    taken = {id(seed)}
    for gradient in gradients:
        is_shared = type(gradient) is np.ndarray and (gradient.base is not None or id(gradient) in taken)
        owned.append(gradient.copy() if is_shared else gradient)
        taken.add(id(gradient))
    return owned


def _between(nodes: Sequence[Any], inputs: Sequence[Any]) -> set[Any]:
    wanted = set(inputs)
    for node in reversed(nodes):
        if not wanted.isdisjoint(operand for operand in node.operands if isinstance(operand, Recorded)):
            wanted.add(node)
    return wanted


def data_of(operand: Any) -> Any:
    """Return what an operand holds; a raw constant is its own."""
    return operand._data if isinstance(operand, Recorded) else operand


def _data(node: Any) -> list[Any]:
    return [data_of(operand) for operand in node.operands]


def slope(node: Any, index: int, g: Any = 1.0) -> Any:
    """Return what the gradient `g` of a result gives one of its operands; 1 gives the slope itself.

    Examples:
        >>> from chainrule import Value
        >>> slope(Value(2.0) * Value(3.0), 0)
        3.0
    """
    with np.errstate(all="ignore"):
        return _call(node, index, g, node._data, _data(node))


def _contributions(
    node: Any, g: Any, out: Any, args: Sequence[Any], wanted: Collection[Any] | None = None
) -> Iterator[tuple[Any, Any]]:
    """Yield each operand that takes part, and its gradient; a constant's is never computed."""
    entry, watched = node.primitive, modes.is_watched()
    for index, operand in enumerate(node.operands):
        takes_part = isinstance(operand, Recorded) and operand.differentiable
        if takes_part and entry.vjp(index) is not None and (wanted is None or operand in wanted):
            gradient = _call(node, index, g, out, args)
            if watched:
                blame.check_backward(entry, args, g, gradient)
            yield operand, gradient


def _call(node: Any, index: int, g: Any, out: Any, args: Sequence[Any]) -> Any:
    vjp = node.primitive.vjp(index)
    params = {**node.params, "index": index} if node.primitive.variadic else node.params
    try:
        gradient = vjp(g, out, *args, **params)
    except ArithmeticError:  # where Python's floats raise, NumPy has an answer
        exact = (np.float64(number) if type(number) is float else number for number in (g, out, *args))
        gradient = vjp(*exact, **params)
    return gradient.copy() if node.primitive.custom and type(gradient) is np.ndarray else gradient


def refuse_options(others: Iterable[str]) -> Never:
    """Refuse options that PyTorch's `backward` takes."""
    raise UsageError(
        f"backward takes no {'=, '.join(others)}=; leave that out: a graph stays, and may go backward again; "
        f"gradients of gradients are those of chainrule.grad(chainrule.grad(f))"
    )


def seed_for(root: Any, gradient: Any = None) -> Any:
    """Return what a backward pass starts with: 1, or the gradient given, if it fits the root."""
    if getattr(root, "assigned", 0) and root.primitive is not None:
        raise blame.stale(root, root)
    if gradient is None and not root.shape:
        return modes.constant(fit(1.0, root._data))
    if gradient is None and root.size == 1:
        return np.ones(root.shape, root.dtype)
    if gradient is None:
        raise BackwardError(
            f"backward on an array of shape {root.shape}, which has no single gradient; reduce it to "
            f"a number first, as by .sum() or .mean(), or give backward(gradient) one of that shape"
        )
    seed = entered(data_of(gradient))
    if np.shape(seed) != root.shape:
        raise ShapeError(
            f"backward: a gradient of shape {np.shape(seed)} for a Value of shape {root.shape}; give one of "
            f"that shape"
        )
    if type(seed) is np.ndarray:
        seed = seed.copy()  # the one given stays its owner's
    return fit(seed, root._data)


def fit(g: Any, like: Any) -> Any:
    """Give a gradient the shape and dtype of its operand: what broadcasting repeated is summed."""
    shape, given = getattr(like, "shape", ()), getattr(g, "shape", ())
    if type(g) is _ARRAY and given[1:] == shape and g.ndim == 2 and g.dtype is like.dtype:
        return _ones(len(g), g.dtype).dot(g)
    if given[1:] == shape and len(given) > len(shape):
        g = g.sum(axis=0)
    elif given != shape:
        g = _unbroadcast(g, given, shape)
    if modes.tracer is not None and not shape:
        g = modes.tracer.fitted(g, like)
    if isinstance(g, (float, np.generic)):
        return np.asarray(g, like.dtype) if isinstance(like, np.ndarray) else float(g)
    if shape and g.dtype != like.dtype:
        return g.astype(like.dtype)
    return float(g) if type(like) is float and type(g) is np.ndarray else g


@lru_cache(maxsize=64)
def _ones(n: int, dtype: Any) -> Any:
    return np.ones(n, dtype)  # a product with it sums the rows in a third of the time that `sum` takes


def _unbroadcast(g: Any, given: tuple[int, ...], shape: tuple[int, ...]) -> Any:
    extra = len(given) - len(shape)
    if extra > 0:
        g = g.sum(axis=tuple(range(extra)))
    axes = tuple(axis for axis, n in enumerate(shape) if n == 1 and extra >= 0 and given[extra + axis] != 1)
    if axes:
        g = g.sum(axis=axes, keepdims=True)
    return g if getattr(g, "shape", ()) == shape else np.broadcast_to(g, shape)


def _zeros(data: Any) -> Any:
    if type(data) is not float and (data.shape or type(data) is np.ndarray):
        return np.zeros(data.shape, data.dtype)
    return 0.0 if modes.tracer is None else modes.tracer.fitted(0.0, data)
