"""What recomputes a graph of numbers: each operation's name, and its derivatives as expressions.

A program is plain data, for a script that knows the forward functions and no derivative:

    {"operations": [{"name": "multiply", "vjps": [["multiply", "g", "x1"], ["multiply", "g", "x0"]]}],
     "steps": [["v3", 0, ["v1", "v2"]]]}

Each step makes a node's number by an element-wise operation of the table, from the numbers of other nodes.
Backward, from the last step to the first, each operand's gradient grows by its VJP: an expression of the
gradient `g`, the result `out` and the operands `x0`, `x1`; or null where there is no gradient. An expression
may also be of `sign`, comparisons, `logical_and` and `logical_or`. What is infinite or no number is text, as
elsewhere in a graph's JSON: "inf", "-inf", "nan".
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from chainrule.formula.symbol import vjp_expression
from chainrule.primitives.table import NO_PARAMS, PRIMITIVES, given

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from chainrule.primitives.table import Primitive
    from chainrule.value.value import Value

MAX_STEPS = 500  # of a program that is written: nobody moves sliders over longer ones


def program(values: Iterable[Value], id_of: Callable[[Value], str]) -> dict[str, Any] | None:
    """Return the program of a whole tape, or None for arrays and for what a script does not know."""
    operations: list[dict[str, Any]] = []
    steps: list[list[Any]] = []
    for value in values:
        if type(value.data) is not float:
            return None
        if value.primitive is not None:
            operation = (
                _known(value.primitive) if not value.params else _operation(value.primitive, value.params)
            )
            if operation is None or len(steps) == MAX_STEPS:
                return None
            if operation not in operations:
                operations.append(operation)
            operands = [id_of(parent) for parent in value.parents]
            steps.append([id_of(value), operations.index(operation), operands])
    return {"operations": operations, "steps": steps} if steps else None


def _operation(entry: Primitive, params: Mapping[str, Any] = NO_PARAMS) -> dict[str, Any] | None:
    said = given(params)
    known = entry.elementwise and PRIMITIVES.get(entry.name) is entry  # the script has no function of SciPy's
    if not known or not all(isinstance(param, float | int) for param in said.values()):
        return None  # a dtype, say, is no number
    names = [f"x{number}" for number in range(len(entry.vjps))]
    samples = [0.5] * len(names)
    vjps = [vjp_expression(entry, index, samples, names, params) for index in range(len(names))]
    operation: dict[str, Any] = _written(
        {"name": entry.name, **({"params": said} if said else {}), "vjps": vjps}
    )
    return operation


def _written(part: Any) -> Any:
    """Return a part of a program as JSON has it, which has no infinity."""
    if isinstance(part, dict):
        return {name: _written(each) for name, each in part.items()}
    if isinstance(part, list):
        return [_written(each) for each in part]
    return str(part) if isinstance(part, float) and not math.isfinite(part) else part


_known = lru_cache(maxsize=256)(_operation)
