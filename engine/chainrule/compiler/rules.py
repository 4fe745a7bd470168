"""Peephole rules: each replaces one node by a cheaper equal, given its inputs after replacement."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.compiler.program import Hole, Node, Program, plain, reachable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Rule = Callable[["Rewritten", Node, tuple[Node, ...]], Node | None]
    Rules = dict[str, list[Rule]]

SIMPLER: Rules = defaultdict(list)
"""By the name of an operation, what may replace it by mathematics alone."""


def rule(rules: Rules, *names: str) -> Callable[[Rule], Rule]:
    """Enter a rule for operations of these names."""

    def enter(function: Rule) -> Rule:
        for name in names:
            rules[name].append(function)
        return function

    return enter


class Rewritten(Program):
    """A program that is made of another, node by node, by rules."""

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self.rules = rules
        self.made: dict[int, Node] = {}

    def all(self, roots: Sequence[Node]) -> list[Node]:
        """Rewrite what roots need, and return theirs."""
        for node in reachable(roots):
            self.made[id(node)] = self.of(node, tuple(self.made[id(each)] for each in node.inputs))
        return [self.made[id(root)] for root in roots]

    def of(self, node: Node, inputs: tuple[Node, ...]) -> Node:
        """Return the node of the same operation on other inputs, or what replaces it."""
        if node.is_constant:
            return self.constant(node.source)
        if node.function is None:
            return self.leaf(node.source, node.example)
        for each in (*self.rules[node.name], *(self.rules["elementwise"] if node.is_elementwise else ())):
            found: Node | None = each(self, node, inputs)
            if found is not None and found.alike(node):
                return found
        return self.again(node, inputs)

    def instead(
        self, node: Node, name: str, function: Callable[..., Any], form: tuple[Any, ...], *inputs: Node
    ) -> Node:
        """Return the node of another call, rewritten too, that gives what a node gives."""
        return self.of(Node(name, function, inputs, form, node.example), inputs)

    def apply(self, like: Node, name: str, function: Callable[..., Any], *inputs: Node) -> Node:
        """Return the node of a function of nodes, rewritten too; one of Python's numbers if `like` is."""
        example: Any = like.example
        if not like.is_python:
            with np.errstate(all="ignore"):
                example = function(*(each.example for each in inputs))
        if all(each.is_python for each in inputs) and isinstance(example, np.floating):
            example = float(example)
        return self.of(Node(name, function, inputs, plain(len(inputs)), example), inputs)

    def multiply(self, like: Node, a: Node, factor: float | Node) -> Node:
        """Return a node times a factor."""
        other = factor if isinstance(factor, Node) else self.constant(factor)
        return self.apply(like, "multiply", np.multiply, a, other)

    def spread(self, a: Node, like: Node) -> Node:
        """Return a node repeated to the shape of another."""
        if a.is_python:
            return self.call("full", np.full, ((like.shape, Hole(0), like.dtype), ()), (a,))
        return self.call("broadcast_to", np.broadcast_to, ((Hole(0), like.shape), ()), (a,))


@rule(SIMPLER, *("add", "subtract", "multiply", "divide", "power", "negative", "float"))
@rule(SIMPLER, *("sqrt", "exp", "log", "minimum", "maximum"))
def fold(program: Rewritten, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """A Python number made of constants is one."""
    if node.kind is not float or not all(each.kind is float and each.is_constant for each in inputs):
        return None
    function: Any = node.function
    with np.errstate(all="ignore"):
        return program.constant(float(function(*(np.float64(each.source) for each in inputs))))


@rule(SIMPLER, "elementwise")
def unbroadcast(program: Rewritten, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """A function of each element broadcasts by itself; a constant that is the same everywhere is a number."""
    narrow = tuple(_narrowed(program, each, node) for each in inputs)
    if all(a is b for a, b in zip(narrow, inputs, strict=True)) or not node.is_plain:
        return None
    made = program.apply(node, node.name, node.function, *narrow)  # type: ignore[arg-type]  # a call has one
    return made if made.shape == node.shape else program.spread(made, node)


def _narrowed(program: Rewritten, node: Node, like: Node) -> Node:
    if node.name in ("full", "broadcast_to") and node.dtype == like.dtype:
        inner = node.inputs[0]
        return inner if inner.dtype == like.dtype or inner.kind is float else node
    if not node.is_constant or node.is_python or node.dtype not in (like.dtype, np.dtype(np.float64)):
        return node
    varies = np.ndim(node.source) and (node.source.size == 0 or any(node.source.strides))
    if varies or node.dtype != like.dtype or not like.is_array or node.dtype.kind != "f":
        return node
    return program.constant(float(np.ravel(node.source)[0]))


def moderate(*factors: float | None) -> bool:
    """Whether factors are floats that can be joined, as none overflows that would not one by one."""
    known = [factor for factor in factors if type(factor) is float]
    return len(known) == len(factors) and all(1e-9 < abs(f) < 1e9 for f in (*known, math.prod(known)))


def _is(node: Node, name: str) -> bool:
    """Whether a node is an operation on floats: whole numbers wrap around."""
    return node.name == name and (node.kind is float or getattr(node.dtype, "kind", "") == "f")


@rule(SIMPLER, "multiply")
def multiply(program: Rewritten, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """Factors that are constant are one factor, on the right."""
    a, b = inputs
    if a.scalar is not None and b.scalar is None:
        return program.multiply(node, b, a)
    factor = b.scalar
    if factor is None:
        return program.multiply(node, b, a) if b.order < a.order else None
    if factor == 1.0 and type(factor) is float:
        return a
    if _is(a, "negative"):
        return program.multiply(node, a.inputs[0], -factor)
    inner = a.inputs[1].scalar if _is(a, "multiply") else None
    if inner is not None and moderate(factor, inner):
        return program.multiply(node, a.inputs[0], inner * factor)
    return None


@rule(SIMPLER, "add")
def add(program: Rewritten, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """X + x is 2x; x + 0 is x; a + -b is a - b."""
    a, b = inputs
    if a is b and node.kind is not int:
        return program.multiply(node, a, 2.0)
    if b.scalar == 0:
        return a
    if a.scalar == 0:
        return b
    if _is(b, "negative"):
        return program.apply(node, "subtract", np.subtract, a, b.inputs[0])
    if _is(a, "negative"):
        return program.apply(node, "subtract", np.subtract, b, a.inputs[0])
    return None


@rule(SIMPLER, "power")
def power(program: Rewritten, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """x**1 is x, x**2 is x * x."""
    a, b = inputs
    if b.scalar == 1:
        return a
    return program.multiply(node, a, a) if b.scalar == 2 and node.kind is not int else None


@rule(SIMPLER, "float", "reshape", "expand_dims", "squeeze", "broadcast_to")
def same(program: Rewritten, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """What is a float, or of that shape, already stays; one number in another shape is spread over it."""
    a = inputs[0]
    if len(inputs) > 1 or a.alike(node):
        return a if a.alike(node) else None
    inner = a.inputs[0] if a.name == "full" else a
    return program.spread(inner, node) if node.is_array and inner.is_python else None
