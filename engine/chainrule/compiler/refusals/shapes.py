"""Shapes: a program has those of its trace, so what gives another shape for other numbers is no part of it.

What is known to do so is refused where it is done: a mask as an index, a search for what is not zero, a count
or an axis that is traced. Of all else that is neither a primitive nor a function of each element, the code
looks at the shape of each result, and hands the call back where it is another one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.compiler.program import Hole, changed
from chainrule.errors import TraceError
from chainrule.primitives.table import PRIMITIVES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chainrule.compiler.program import Node

_SEARCHES = frozenset(
    (
        *("argwhere", "bincount", "compress", "extract", "flatnonzero", "histogram_bin_edges", "intersect1d"),
        *("mask_indices", "nonzero", "roots", "setdiff1d", "setxor1d", "trim_zeros", "union1d", "unique"),
        *("unique_all", "unique_counts", "unique_inverse", "unique_values"),
    )
)
"""Functions whose result is as long as the numbers have it."""

_BEHIND_TWO = frozenset(("linspace", "geomspace", "logspace", "tensordot"))
"""Functions that take a count or axes behind two bounds or arrays."""

_COUNTED = _BEHIND_TWO | {
    *("array_split", "broadcast_to", "delete", "diff", "dsplit", "expand_dims", "hsplit", "moveaxis", "pad"),
    *("repeat", "reshape", "resize", "rollaxis", "rot90", "split", "squeeze", "swapaxes", "tile"),
    *("transpose", "vander", "vsplit"),
}
"""Functions that take a count, a shape or an axis behind what they take it of, and at most two of these."""

_FILLING = frozenset(("prepend", "append", "constant_values", "end_values"))
"""What those call numbers that they put into their result."""

_OPTIONS = frozenset(("axis", "axes", "keepdims", "shape", "newshape", "num", "repeats", "reps", "minlength"))
"""What functions call those, whichever they are."""

_KEEPING = frozenset(
    (
        *("T", "argmax", "argmin", "argsort", "astype", "copy", "cumprod", "diagonal", "empty_like", "float"),
        *("full", "full_like", "imag", "nan_to_num", "ones", "ones_like", "real", "round", "scatter"),
        *("searchsorted", "sort", "trace", "vdot", "where", "zeros_like"),
    )
)
"""Functions, besides the primitives, whose result has a shape that follows from those of the operands."""


class ShapeChangedError(TraceError, ArithmeticError):
    """A result has another shape than it had in the trace."""


def steady(result: Any, shape: tuple[int, ...]) -> Any:
    """Return a result that has the shape that it had in the trace.

    Raises:
        ShapeChangedError: It has another, so that only the function itself is right.
    """
    if result.shape != shape:
        raise ShapeChangedError(
            f"jit: a result has the shape {result.shape}, and had {shape} in the trace: a mask or a "
            f"count that the function reads was changed in place. Bind the name to a new array instead."
        )
    return result


def why_unsteady(
    name: str, args: Sequence[Any], options: Mapping[str, Any], is_traced: Callable[[Any], bool]
) -> str:
    """Return why the shape of a result depends on numbers that are traced; nothing if it does not."""
    is_chosen = name in ("compress", "extract") and args and not has(args[:1], is_traced)
    if (name in _SEARCHES and not is_chosen) or (name == "where" and len(args) + len(options) == 1):
        return f"{'one-argument ' * (name == 'where')}np.{name} gives as many as there are"
    if name == "getitem":
        return _why_index([*args[1:], *options.values()], is_traced)
    counts = [part for key, part in options.items() if key in _OPTIONS]
    if name in _COUNTED:
        first = 2 if name in _BEHIND_TWO else 1
        counts += args[first : first + 2]
        counts += [part for key, part in options.items() if key not in _FILLING]
    entry = PRIMITIVES.get(name)
    if entry is not None and not entry.variadic:
        counts += [
            part
            for key, part in zip(entry.params, args[len(entry.vjps) :], strict=False)
            if key not in ("indices", "where")
        ]
    if has(counts, is_traced):
        return f"np.{name} was given a count, a shape or an axis that is traced"
    return ""


def _why_index(index: Any, is_traced: Callable[[Any], bool]) -> str:
    parts: list[Any] = []
    _flatten(index, parts)
    for part in parts:
        if isinstance(part, slice):
            if has([part], is_traced):
                return "a slice has a traced bound"
        elif is_traced(part) and np.result_type(part).kind == "b":
            return "a mask as an index takes as many as are true"
    return ""


def _flatten(index: Any, parts: list[Any]) -> None:
    if type(index) in (tuple, list):
        for part in index:
            _flatten(part, parts)
    else:
        parts.append(index)


def has(parts: Sequence[Any], is_traced: Callable[[Any], bool]) -> bool:
    """Whether anything traced is in arguments, or in lists, tuples, dicts and slices among them."""
    found: list[Any] = []
    changed(list(parts), found.append)
    return any(map(is_traced, found))


def is_unsure(node: Node) -> bool:
    """Whether the code has to look at the shape of a result: nothing else says that it is as in the trace."""
    if not node.is_array or node.function is None:
        return False
    if node.name == "getitem":
        return node.inputs[0].kind in (tuple, list) or _is_masked(node)
    return not (
        node.is_elementwise or node.name in _KEEPING or node.name in PRIMITIVES or _is_reduction(node)
    )


def _is_masked(node: Node) -> bool:
    """Whether a mask among the constants chooses, whose array may change in place."""
    parts: list[Any] = []
    changed(node.form, parts.append)
    inputs = [node.inputs[part.index] for part in parts if isinstance(part, Hole)]
    return any(each.is_array and each.dtype.kind == "b" for each in inputs[1:])


def _is_reduction(node: Node) -> bool:
    return isinstance(getattr(node.function, "__self__", None), np.ufunc) or node.name in ("dot", "vdot")
