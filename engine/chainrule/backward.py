"""Reverse mode: the gradient of a Value travels back over its tape, from each result to its operands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import blame, recording
from chainrule.errors import BackwardError, ShapeError
from chainrule.primitive import entered
from chainrule.tape import Recorded, differentiable_tape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


def run(root: Recorded, seed: Any) -> None:
    """Give each Value that `root` depends on its gradient."""
    nodes = differentiable_tape(root)
    for node in nodes:
        node._grad = None
    _receive(root, seed, None)
    kind = type(root)
    with np.errstate(all="ignore"):
        for node in reversed(nodes):
            if node._grad is not None:
                _hand_on(node, node._grad, kind)


def _hand_on(node: Any, g: Any, kind: type) -> None:
    """Give the operands of a node their gradients. What most nodes are is written out, for speed."""
    a, b, out, entry = node.first, node.second, node._data, node.primitive
    if not entry.simple or recording.watched:
        return _hand_on_slowly(node, g)
    try:
        if b is None:
            return _receive(a, entry.vjps[0](g, out, a._data, **node.params), g)
        x = a._data if isinstance(a, Recorded) else a
        y = b._data if isinstance(b, Recorded) else b
        first = entry.vjps[0](g, out, x, y) if type(a) is kind else None
        second = entry.vjps[1](g, out, x, y) if type(b) is kind else None
    except ArithmeticError:
        return _hand_on_slowly(node, g)
    if type(a) is kind:
        _receive(a, first, g)
    if type(b) is kind:
        _receive(b, second, g)
    return None


def _hand_on_slowly(node: Any, g: Any) -> None:
    for operand, gradient in _contributions(node, g, node._data, data_of(node.operands)):
        _receive(operand, gradient, g)


def _receive(node: Any, gradient: Any, upstream: Any) -> None:
    if type(gradient) is not float or type(node._data) is not float:
        gradient = fit(gradient, node._data)
        # A leaf's gradient is its owner's, to change in place: it shares no memory.
        if node.primitive is None and (gradient is upstream or getattr(gradient, "base", None) is not None):
            gradient = gradient.copy()
    before = node._grad
    node._grad = gradient if before is None else before + gradient


def gradients(
    root: Any, inputs: Sequence[Any], seed: Any = None, *, differentiable: bool = False
) -> list[Any]:
    """Return the gradient of a Value with respect to each input, and leave every `grad` alone.

    Args:
        root: What is differentiated.
        inputs: Values; one that `root` does not depend on has gradient zero.
        seed: The gradient of what comes after, of the root's shape; 1 for a number.
        differentiable: Whether the gradients are Values that can be differentiated again.

    Returns:
        For each input a number or an array of its shape; Values, if they are to be differentiable.

    Example:
        >>> from chainrule import Value
        >>> x = Value(2.0)
        >>> [slope] = gradients(x**3, [x], differentiable=True)
        >>> slope.data, gradients(slope, [x])
        (12.0, [12.0])
    """
    nodes = differentiable_tape(root)
    wanted = _between(nodes, inputs)
    found: dict[Any, Any] = {root: seed_for(root, seed)} if root in wanted else {}
    with np.errstate(all="ignore"):
        for node in reversed(nodes):
            if node not in found or node.primitive is None:
                continue
            out, args = (node, node.operands) if differentiable else (node._data, data_of(node.operands))
            for operand, gradient in _contributions(node, found[node], out, args):
                if operand in wanted:
                    fitted = fit(gradient, operand if differentiable else operand._data)
                    found[operand] = found[operand] + fitted if operand in found else fitted
            if node not in inputs:
                del found[node]
    return [found[value] if value in found else _zeros(value._data) for value in inputs]


def _between(nodes: Sequence[Any], inputs: Sequence[Any]) -> set[Any]:
    wanted = set(inputs)
    for node in nodes:
        if not wanted.isdisjoint(operand for operand in node.operands if isinstance(operand, Recorded)):
            wanted.add(node)
    return wanted


def data_of(operands: Iterable[Any]) -> list[Any]:
    """Return what operands hold."""
    return [operand._data if isinstance(operand, Recorded) else operand for operand in operands]


def _contributions(node: Any, g: Any, out: Any, args: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield each operand that takes part, and its gradient; a constant's is never computed."""
    entry = node.primitive
    for place, operand in enumerate(node.operands):
        if isinstance(operand, Recorded) and operand.differentiable and entry.vjp(place) is not None:
            gradient = _call(node, place, g, out, args)
            if recording.watched:
                blame.check_backward(entry, args, g, gradient)
            yield operand, gradient


def _call(node: Any, place: int, g: Any, out: Any, args: Sequence[Any]) -> Any:
    vjp = node.primitive.vjp(place)
    params = {**node.params, "index": place} if node.primitive.variadic else node.params
    try:
        return vjp(g, out, *args, **params)
    except ArithmeticError:  # where Python's floats raise, NumPy has an answer
        exact = (np.float64(number) if type(number) is float else number for number in (g, out, *args))
        return vjp(*exact, **params)


def seed_for(root: Any, gradient: Any = None) -> Any:
    """Return what a backward pass starts with: 1, or the gradient given, if it fits the root.

    Raises:
        BackwardError: if there is none and the root is an array.
        ShapeError: if its shape is not the root's.
    """
    if root.assigned and root.primitive is not None:
        raise blame.stale(root, root)
    if gradient is None and root.shape:
        raise BackwardError(
            f"backward on an array of shape {root.shape}, which has no single gradient; reduce it to "
            f"a number first, as by .sum() or .mean(), or give backward(gradient) one of that shape"
        )
    if isinstance(gradient, Recorded):
        gradient = gradient._data
    seed = 1.0 if gradient is None else entered(gradient)
    if np.shape(seed) != root.shape:
        raise ShapeError(
            f"backward: a gradient of shape {np.shape(seed)} for a Value of shape {root.shape}; give one of "
            f"that shape"
        )
    return fit(seed, root._data)


def fit(g: Any, like: Any) -> Any:
    """Give a gradient the shape and dtype of its operand: what broadcasting repeated is summed."""
    if type(g) is type(like) is np.ndarray and g.shape == like.shape and g.dtype is like.dtype:
        return g
    shape, given = getattr(like, "shape", ()), getattr(g, "shape", ())
    if given != shape:
        g = _unbroadcast(g, given, shape)
    if isinstance(g, (float, np.generic)):
        return np.asarray(g, like.dtype) if isinstance(like, np.ndarray) else float(g)
    if shape and g.dtype != like.dtype:
        return g.astype(like.dtype)
    return g


def _unbroadcast(g: Any, given: tuple[int, ...], shape: tuple[int, ...]) -> Any:
    extra = len(given) - len(shape)
    if extra > 0:
        g = g.sum(axis=tuple(range(extra)))
    axes = tuple(axis for axis, n in enumerate(shape) if n == 1 and extra >= 0 and given[extra + axis] != 1)
    if axes:
        g = g.sum(axis=axes, keepdims=True)
    return g if getattr(g, "shape", ()) == shape else np.broadcast_to(g, shape)


def _zeros(data: Any) -> Any:
    return 0.0 if type(data) is float else np.zeros(data.shape, data.dtype)
