"""Rules that trade an operation for the NumPy function that does the same with the least ado.

They come last: what they make - dot products with ones, a reduction without its axes' checks - is no longer
the mathematics that the other rules know.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from chainrule.compiler.program import Hole, Node, plain
from chainrule.compiler.rules import Rewritten, rule
from chainrule.primitives.elementwise import BITS, masked

if TYPE_CHECKING:
    from chainrule.compiler.rules import Rules

LOWER: Rules = defaultdict(list)


def _axes(node: Node, x: Node) -> tuple[int, ...] | None:
    """Return the axes that a reduction of floats goes over, counted from the first; None if it does more."""
    args, options = node.form[0][1:], dict(node.form[1])
    axis = args[0] if args else options.get("axis")
    does_more = len(args) > 1 or len(node.inputs) > 1 or options.keys() - {"axis", "keepdims"}
    if does_more or not x.is_floats or not x.shape:
        return None
    count = len(x.shape)
    return tuple(range(count)) if axis is None else tuple(n % count for n in np.atleast_1d(axis).tolist())


@rule(LOWER, "mean")
def mean(program: Rewritten, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """The mean is the sum over the count."""
    if _axes(node, inputs[0]) is None:
        return None
    total = program.instead(node, "sum", np.sum, node.form, *inputs)
    count = math.prod(inputs[0].shape) // max(1, math.prod(node.shape))
    return program.apply(node, "divide", np.divide, total, program.constant(float(count)))


@rule(LOWER, "sum")
def sum_(program: Rewritten, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """A sum of products is a dot product, and so is a sum along one axis of a matrix: with ones."""
    x = inputs[0]
    axes = _axes(node, x)
    if axes is None or (node.is_array and node.dtype != x.dtype):
        return None
    if not node.is_array:
        product = x.name == "multiply" and all(each.alike(x) for each in x.inputs)
        if product and node.kind in (float, np.float64):
            return program.instead(node, "vdot", np.vdot, plain(2), *x.inputs)
    if not node.is_array or len(x.shape) != 2 or len(axes) != 1:
        return _repeated(program, node, x, axes, np.add)
    ones = program.call("ones", np.ones, ((x.shape[axes[0]], x.dtype), ()), ())
    dot = program.apply(node, "dot", np.dot, *((x, ones) if axes == (1,) else (ones, x)))
    return program.instead(node, "reshape", np.reshape, ((Hole(0), node.shape), ()), dot)


@rule(LOWER, "max", "min")
def extreme(program: Rewritten, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """A maximum is a reduction by the function of two."""
    axes = _axes(node, inputs[0])
    ufunc = np.maximum if node.name == "max" else np.minimum
    return None if axes is None else _repeated(program, node, inputs[0], axes, ufunc)


def _repeated(program: Rewritten, node: Node, x: Node, axes: tuple[int, ...], ufunc: np.ufunc) -> Node:
    keep = len(node.shape) == len(x.shape)
    form = ((Hole(0), axes, None, None, keep), ()) if node.is_array else ((Hole(0), None), ())
    return program.instead(node, f"{ufunc.__name__}_reduce", ufunc.reduce, form, x)


@rule(LOWER, "matmul")
def matmul(program: Rewritten, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """A product with a matrix is `dot`, which begins sooner; with a number, that of each element."""
    a, b = inputs
    alike = a.is_floats and b.is_floats and a.dtype == b.dtype == node.dtype
    if not alike or not node.is_array or len(a.shape) != 2 or len(b.shape) > 2:
        return None
    if b.shape == (1, 1):
        return program.apply(node, "multiply", np.multiply, a, b)
    return program.instead(node, "dot", np.dot, plain(2), a, b)


@rule(LOWER, "where")
def where(program: Rewritten, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """A choice between an array of floats and 0 is a mask."""
    condition, x, other = inputs
    is_mask = condition.is_array and condition.dtype == bool and condition.shape == node.shape
    if not is_mask or not x.alike(node) or x.dtype not in BITS or other.scalar != 0 or not node.shape:
        return None
    return program.instead(node, "masked", masked, plain(2), x, condition)


@rule(LOWER, "expand_dims", "squeeze", "ravel", "reshape")
def reshape(program: Rewritten, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """Whatever only changes the shape is a reshape; to the shape that is there, nothing."""
    x, form = inputs[0], ((Hole(0), node.shape), ())
    if len(inputs) == 1 and x.alike(node):
        return x
    says_order = any(type(part) is str for part in (*node.form[0], *dict(node.form[1]).values()))
    if len(inputs) > 1 or not x.is_array or not node.is_array or says_order or node.form == form:
        return None
    return program.instead(node, "reshape", np.reshape, form, x)
