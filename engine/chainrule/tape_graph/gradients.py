"""Whose gradients a graph shows: those of one output, and not what another `backward` left on its way.

`backward` keeps no record of where it began. It is found again: among the Values that have a name and depend
on the root, the last one whose gradient, handed on, gives the root the gradient that it has; else the root.
What a pass from there would not give a result again was written by another pass, and is left out. A leaf adds
up over passes, and its sum is what `grad` says: it stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chainrule.errors import ChainruleError
from chainrule.value import labels
from chainrule.value.backward import gradients
from chainrule.value.tape import depends
from chainrule.value.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class OwnGradients(NamedTuple):
    """Gradients by Value, and the name of what they are of, if that is not the root."""

    by_value: dict[Value, Any]
    of: str = ""


def own_gradients(root: Value, values: Iterable[Value]) -> OwnGradients:
    """Return the gradients that belong to the graph of a root.

    Examples:
        >>> a = Value(2.0, label="a")
        >>> b, c = a * 3.0, a * a
        >>> _ = c.backward()
        >>> own_gradients(b, [a, b]).by_value
        {}
        >>> own_gradients(c, [a, c]).by_value == {a: 4.0, c: 1.0}
        True
    """
    if not root.has_grad:
        return OwnGradients({})
    found = {value: value.grad for value in values if value.differentiable and value.has_grad}
    later = _later(root)
    start = later or (root if np.all(np.equal(root.grad, 1.0)) else None)
    if start is not None:  # else nobody can say what began with another gradient than 1
        results = [value for value in found if value.primitive is not None and value is not start]
        for value, again in zip(results, _again(start, results), strict=True):
            if not _alike(found[value], again):
                del found[value]
    return OwnGradients(found, "" if later is None else later.label)


def _later(root: Value) -> Value | None:
    """Return the last Value with a name whose gradient came through the root."""
    named = {id(thing): thing for _, thing in labels.main_names() if type(thing) is Value}
    after = [value for value in named.values() if value.index > root.index and value.has_grad]
    for value in sorted(after, key=lambda value: value.index, reverse=True):
        if depends(value, [root]) and _alike(root.grad, _again(value, [root])[0]):
            return value
    return None


def _again(start: Value, values: Sequence[Value]) -> list[Any]:
    """Return what a pass from a Value gives others; where data were assigned since, what they have."""
    try:
        return gradients(start, values, start.grad)
    except ChainruleError:
        return [value.grad for value in values]


def _alike(a: Any, b: Any) -> bool:
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-4, equal_nan=True))
