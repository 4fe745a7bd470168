"""Python's own arithmetic for single numbers, as text: a call of NumPy costs twenty times as much."""

from __future__ import annotations

import re
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.primitives.table import PRIMITIVES, evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.compiler.program import Node

_SIGNS = (
    *(("truediv", "/"), ("floordiv", "//"), ("mod", "%"), ("pow", "**")),  # Python's own, on its own numbers
    *(("less", "<"), ("less_equal", "<="), ("greater", ">"), ("greater_equal", ">=")),
    *(("equal", "=="), ("not_equal", "!=")),
    *(("bitwise_and", "&"), ("bitwise_or", "|"), ("bitwise_xor", "^")),
)
_SAME = {"positive": "{0}", "asarray": "{0}", "float": "float({0})"}
_TEXT = _SAME | {name: f"{{0}} {sign} {{1}}" for name, sign in _SIGNS}
"""How what is no primitive is written; the rows of the primitives say it themselves."""

_WHOLE = {
    "power": "{0} ** {1}",
    "floor_divide": "{0} // {1}",
    "remainder": "{0} % {1}",
    "left_shift": "{0} << {1}",
    "right_shift": "{0} >> {1}",
    "invert": "~{0}",
}
"""How that is written which Python computes so of whole numbers only."""
_KINDS = (float, np.float64, int, bool, np.bool_)


def is_scalar(node: Node) -> bool:
    """Whether a node is a single number made of single numbers, and Python can compute it."""
    return all(map(is_number, (node, *node.inputs)))


def is_number(node: Node) -> bool:
    """Whether a node is a single number that Python has too."""
    return node.kind in _KINDS or is_wrapped(node)


def is_wrapped(node: Node) -> bool:
    """Whether a node is an array around a single number, which is as good, but where it is returned."""
    return node.name == "asarray" and node.inputs[0].kind in _KINDS


def _template(node: Node) -> str | None:
    """Return how a node is written, with `{0}` for its first input; None if there is no such way."""
    if node.name == "float" and node.inputs[0].kind in (float, np.float64):
        return "{0}"
    if node.name == "divide" and node.inputs[1].scalar:
        return "{0} / {1}"
    row = PRIMITIVES.get(node.name)
    is_whole = all(each.kind in (int, bool) for each in node.inputs) and node.kind is not np.bool_
    text = _TEXT | _WHOLE if is_whole else _TEXT
    found = text.get(node.name) or (row and row.python)
    if not found and row and node.number and not node.form[1]:
        return f"exact_{node.name}({', '.join(f'{{{index}}}' for index in range(len(node.inputs)))})"
    return found or None


def expression(node: Node, operands: Sequence[str]) -> str | None:
    """Return the code for a node, given names or expressions in parentheses; None if there is none."""
    found = _template(node)
    return None if found is None else found.format(*operands)


def mentions_once(user: Node, operand: Node) -> bool:
    """Whether the code for a node is an expression that has an operand in it once."""
    found = _template(user) if is_scalar(user) else None
    return found is not None and found.count(f"{{{user.inputs.index(operand)}}}") == 1


def functions(text: str) -> dict[str, Callable[..., Any]]:
    """Return what an expression calls, by name."""
    found = {f"exact_{name}": exact(name) for name in re.findall(r"\bexact_(\w+)\(", text)}
    return found | ({"power_of": power_of} if "power_of(" in text else {})


def power_of(a: float, b: float) -> float:
    """Return a ** b as NumPy has it."""
    try:
        result = a**b
    except ArithmeticError:
        return _exact(PRIMITIVES["power"], a, b)
    return result if type(result) is float else _exact(PRIMITIVES["power"], a, b)


@cache
def exact(name: str) -> Callable[..., Any]:
    """Return a primitive as a function of Python's numbers."""
    return partial(_exact, PRIMITIVES[name])


def _exact(entry: Any, *numbers: float, **options: Any) -> float:
    result: float = evaluate(entry, tuple(map(float, numbers)), options)
    return result
