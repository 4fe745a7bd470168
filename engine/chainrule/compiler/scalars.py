"""Python's own arithmetic for single numbers, as text: a call of NumPy costs twenty times as much."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.primitives.table import PRIMITIVES, evaluate

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.compiler.node import Node

# Where Python would raise or turn complex the answer is NumPy's, by the slow way, `exact_...`; but for the
# operators of a function's own on Python's numbers, which do what Python does: `truediv` and those after it.
_TEXT = {
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "divide": "{0} / {1} if {1} else exact_divide({0}, {1})",
    "power": "power_of({0}, {1})",
    "truediv": "{0} / {1}",
    "floordiv": "{0} // {1}",
    "mod": "{0} % {1}",
    "pow": "{0} ** {1}",
    "negative": "-{0}",
    "positive": "{0}",
    "absolute": "abs({0})",
    "square": "{0} * {0}",
    "reciprocal": "1.0 / {0} if {0} else exact_reciprocal({0})",
    "sqrt": "math.sqrt({0}) if {0} >= 0.0 else exact_sqrt({0})",
    "exp": "math.exp({0}) if {0} < 709.0 else exact_exp({0})",
    "expm1": "math.expm1({0}) if {0} < 709.0 else exact_expm1({0})",
    "log": "math.log({0}) if {0} > 0.0 else exact_log({0})",
    "log1p": "math.log1p({0}) if {0} > -1.0 else exact_log1p({0})",
    "sin": "math.sin({0}) if math.isfinite({0}) else exact_sin({0})",
    "cos": "math.cos({0}) if math.isfinite({0}) else exact_cos({0})",
    "tanh": "math.tanh({0})",
    "relu": "0.0 if {0} <= 0.0 else {0}",
    "maximum": "{0} if {0} >= {1} or {0} != {0} else {1}",
    "minimum": "{0} if {0} <= {1} or {0} != {0} else {1}",
    "where": "{1} if {0} else {2}",
    "float": "float({0})",
    "less": "{0} < {1}",
    "less_equal": "{0} <= {1}",
    "greater": "{0} > {1}",
    "greater_equal": "{0} >= {1}",
    "equal": "{0} == {1}",
    "not_equal": "{0} != {1}",
}
_INTEGERS = _TEXT | {
    "power": "{0} ** {1}",
    "floor_divide": "{0} // {1}",
    "remainder": "{0} % {1}",
}
_BOOLEANS = {
    "bitwise_and": "{0} and {1}",
    "bitwise_or": "{0} or {1}",
    "bitwise_xor": "{0} ^ {1}",
}
_KINDS = (float, np.float64, int, bool, np.bool_)


def is_scalar(node: Node) -> bool:
    """Whether a node is a single number made of single numbers, and Python can compute it."""
    return node.kind in _KINDS and all(each.kind in _KINDS for each in node.inputs)


@dataclass(frozen=True, slots=True)
class Expression:
    """A piece of code for a number.

    Attributes:
        text: The code.
        binding: How tightly its outermost operator binds: 3 for a name or a call, 0 if it needs parentheses.
    """

    text: str
    binding: int = 3

    def within(self, binding: int) -> str:
        """Return it as an operand of an operator that binds so tightly."""
        return self.text if self.binding > binding else f"({self.text})"


_BINDING = {"add": 1, "subtract": 1, "multiply": 2, "divide": 2, "truediv": 2, "negative": 2}
_TIGHT = frozenset(("power", "pow", "floordiv", "mod", "floor_divide", "remainder", "square", "reciprocal"))


def form(node: Node) -> str | None:
    """Return how a node is written, with `{0}` for its first input; None if there is no such way."""
    kinds = {each.kind for each in node.inputs}
    if node.name == "float" and node.inputs[0].kind in (float, np.float64):
        return "{0}"
    if node.name == "divide" and node.inputs[1].scalar:
        return "{0} / {1}"
    if kinds <= {bool, np.bool_}:
        return _BOOLEANS.get(node.name) or _TEXT.get(node.name)
    return (_INTEGERS if kinds <= {int, bool} else _TEXT).get(node.name)


def expression(node: Node, args: list[Expression]) -> Expression | None:
    """Return the code for a node, given that for its inputs; None if there is none."""
    found = form(node)
    if found is None and node.number and node.name in PRIMITIVES and not node.options:
        found = f"exact_{node.name}({', '.join(f'{{{place}}}' for place in range(len(args)))})"
    if found is None:
        return None
    if found == "{0}":
        return args[0]
    if " if " not in found and found.endswith(")"):  # a call
        return Expression(found.format(*(arg.text for arg in args)))
    binding = 0 if " if " in found else _BINDING.get(node.name, 0)
    needed = 2 if node.name in _TIGHT else binding
    lenient = int(binding > 0 and node.name != "negative")  # a - b - c is (a - b) - c
    parts = [arg.within(needed - lenient * (place == 0)) for place, arg in enumerate(args)]
    return Expression(found.format(*parts), binding)


def mentions(node: Node, place: int) -> int:
    """Return how often the code for a node mentions one of its inputs."""
    found = form(node)
    return 2 if found is None else found.count(f"{{{place}}}")


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


def is_reserved(name: str) -> bool:
    """Whether a name is for a function of these expressions."""
    return name.startswith("exact_") or name in ("power_of", "math")


def exact(name: str) -> Callable[..., Any]:
    """Return a primitive as a function of Python's numbers."""
    return partial(_exact, PRIMITIVES[name])


def _exact(entry: Any, *numbers: float, **options: Any) -> float:
    result: float = evaluate(entry, tuple(map(float, numbers)), options)
    return result
