"""How a gradient passes a jitted function: its result depends on the Values that the function names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import modes, trees
from chainrule.errors import BackwardError
from chainrule.modes import recorded
from chainrule.primitives.table import Primitive
from chainrule.value.backward import gradients
from chainrule.value.tape import slots
from chainrule.value.value import Constant, Value
from chainrule.value.value import _record as record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.compiler.tracer import Tracer


def outer_leaves(value: Value, tracer: Tracer) -> list[Value] | None:
    """Return the Values from before the trace that a result depends on; None if they depend on each other."""
    if not value.differentiable:
        return []
    seen, found, stack = {value}, [], [value]
    while stack:
        node = stack.pop()
        if tracer.outer.is_outer(node):
            found.append(node)
            continue
        for operand in node.operands:
            if isinstance(operand, Value) and operand.differentiable and operand not in seen:
                seen.add(operand)
                stack.append(operand)
    return found if all(node.primitive is None for node in found) else None


def linked(
    function: Callable[..., Any], leaf: int, leaves: Sequence[Value], *, written: bool
) -> Callable[[Any, Any], Value]:
    """Return what makes a Value of a leaf of a result: one that hands its gradient on to what it depends on.

    Nothing is recorded while generated code runs. The gradient is taken of the function itself, run once more
    on what it was called with, only if it is asked for; and not if that assigns Values, which were written.
    """
    if not leaves:
        return lambda out, _: Constant(out)
    name = getattr(function, "__name__", "function")

    def pull(g: Any, out: Any, *_: Any, index: int, call: tuple[Any, ...]) -> Any:
        if written:
            raise BackwardError(
                f"backward through jit({name}), which changes the Values that its result depends on. "
                f"Call backward inside of the jitted function, before they change."
            )
        args, kwargs, sampled = call
        with recorded(), modes.resampled(sampled):
            result = trees.leaves(function(*args, **kwargs))[leaf]
        if not isinstance(out, Value):
            return gradients(result, [leaves[index]], g)[0]
        return gradients(np.sum(result * g), [leaves[index]], differentiable=True)[0]

    entry = Primitive(f"jit({name})", "jit", function, (pull,), params=("call",), variadic=True)
    return lambda out, call: record(entry, out, *slots(leaves), {"call": call})
