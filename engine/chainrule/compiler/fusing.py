"""What need not be computed on its own, as whoever reads it computes it on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.compiler.node import Hole, simple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from chainrule.compiler.node import Node

    Users = Mapping[int, Sequence[tuple[Node, int]]]


def summed(nodes: Sequence[Node], users: Users, own: Collection[int]) -> set[int]:
    """Return the products that only a sum reads: `vdot` computes both at once."""
    return {
        id(node)
        for node in nodes
        if node.name == "multiply"
        and id(node) not in own
        and node.is_array
        and node.dtype.kind == "f"
        and all(n.is_array and n.shape == node.shape and n.dtype == node.dtype for n in node.inputs)
        and all(_sums_all(user, node) for user, _ in users[id(node)])
    }


def added(nodes: Sequence[Node], users: Users, own: Collection[int]) -> set[int]:
    """Return what puts numbers at places of zeros, no place twice, only to be added to another array."""
    return {
        id(node)
        for node in nodes
        if node.name == "scatter" and id(node) not in own and _is_added(node, users)
    }


def is_plain_transpose(node: Node) -> bool:
    """Whether a node is the transpose of a matrix."""
    return node.name == "transpose" and len(node.shape) == 2 and node.form == simple(*node.inputs)


def axes_of(axis: Any, ndim: int) -> tuple[int, ...]:
    """Return the axes that a reduction goes over, counted from the first; none if that cannot be said."""
    if axis is None:
        return tuple(range(ndim))
    if isinstance(axis, Hole) or not ndim:
        return ()
    return tuple(one % ndim for one in (axis if type(axis) is tuple else (axis,)))


def _sums_all(user: Node, node: Node) -> bool:
    if user.name not in ("sum", "mean") or user.kind not in (float, np.float64) or len(user.inputs) != 1:
        return False
    return len(axes_of(user.option("axis", 1), len(node.shape))) == len(node.shape)


def _is_added(node: Node, users: Users) -> bool:
    if len(users[id(node)]) != 1:
        return False
    user, place = users[id(node)][0]
    if user.name != "add" or user.inputs[0] is user.inputs[1]:
        return False
    other, kind = user.inputs[1 - place], (node.shape, node.dtype)
    return (other.shape, other.dtype) == kind == (user.shape, user.dtype) and _distinct(node)


def _distinct(node: Node) -> bool:
    """Whether one part of an index names no place twice."""
    index = node.options.get("index")
    parts = index if type(index) is tuple else (index,)
    known = [node.inputs[part.place] for part in parts if isinstance(part, Hole)]
    vectors = all(each.is_array and len(each.shape) == 1 and each.dtype.kind in "iu" for each in known)
    return vectors and len(known) == len(parts) and any(map(_unique, known))


def _unique(node: Node) -> bool:
    if not node.is_constant:
        return False
    return bool(node.source.min(initial=0) >= 0 and np.unique(node.source).size == node.source.size)
