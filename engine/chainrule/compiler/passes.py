"""Make a program smaller before it is written down: each rule replaces one node by a cheaper equal."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.compiler.node import Hole, Node, Program, reachable, simple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Rule = Callable[["Rebuilt", Node, tuple[Node, ...]], Node | None]

RULES: dict[str, list[Rule]] = defaultdict(list)
"""By the name of an operation, what may replace it."""


def elementwise(node: Node) -> bool:
    """Whether a node is a NumPy function of each element on its own."""
    return isinstance(node.function, np.ufunc) and node.function.signature is None


@dataclass(eq=False)
class Rebuilt(Program):
    """A program that is made of another, node by node, by the rules."""

    def __init__(self) -> None:
        super().__init__()
        self.made: dict[int, Node] = {}

    def all(self, roots: Sequence[Node]) -> list[Node]:
        """Rebuild what roots need, and return theirs."""
        for node in reachable(roots):
            self.made[id(node)] = self.one(node)
        return [self.made[id(root)] for root in roots]

    def one(self, node: Node) -> Node:
        """Rebuild a node whose inputs are rebuilt."""
        return self.of(node, tuple(self.made[id(each)] for each in node.inputs))

    def of(self, node: Node, inputs: tuple[Node, ...]) -> Node:
        """Return the node of the same operation on other inputs, or what replaces it."""
        if node.is_constant:
            return self.constant(node.source)
        if node.function is None:
            return self.leaf(node.source, node.example)
        return self.replaced(node, inputs) or self.again(node, inputs)

    def replaced(self, node: Node, inputs: tuple[Node, ...]) -> Node | None:
        """Return what the first rule that applies puts in a node's place."""
        for rule in (*RULES[node.name], *(RULES["elementwise"] if elementwise(node) else ())):
            found: Node | None = rule(self, node, inputs)
            if found is not None and _alike(found, node):
                return found
        return None

    def apply(self, like: Node, name: str, function: Callable[..., Any], *inputs: Node) -> Node:
        """Return the node of a function of nodes, simplified, and of the type of another."""
        example: Any = like.example
        if not like.is_python:
            with np.errstate(all="ignore"):
                example = function(*(each.example for each in inputs))
        if all(each.is_python for each in inputs) and isinstance(example, np.floating):
            example = float(example)
        made = Node(name, function, inputs, simple(*inputs), example)
        return self.replaced(made, inputs) or self.again(made, inputs)

    def multiply(self, like: Node, a: Node, factor: float | Node) -> Node:
        """Return a node times a factor."""
        other = factor if isinstance(factor, Node) else self.constant(factor)
        return self.apply(like, "multiply", np.multiply, a, other)

    def spread(self, a: Node, like: Node) -> Node:
        """Return a node repeated to the shape of another."""
        if a.is_python:
            return self.call("full", np.full, ((like.shape, Hole(0), like.dtype), ()), (a,))
        return self.call("broadcast_to", np.broadcast_to, ((Hole(0), like.shape), ()), (a,))


def _alike(a: Node, b: Node) -> bool:
    return a.kind is b.kind and a.shape == b.shape and a.dtype == b.dtype


def rule(*names: str) -> Callable[[Rule], Rule]:
    """Enter a rule for operations of these names."""

    def enter(function: Rule) -> Rule:
        for name in names:
            RULES[name].append(function)
        return function

    return enter


@rule(
    "add",
    "subtract",
    "multiply",
    "divide",
    "power",
    "negative",
    "float",
    "sqrt",
    "exp",
    "log",
    "minimum",
    "maximum",
)
def fold(program: Rebuilt, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """A Python number made of constants is one."""
    if (
        node.kind is float
        and node.function is not None
        and all(each.kind is float and each.is_constant for each in inputs)
    ):
        with np.errstate(all="ignore"):
            return program.constant(float(node.function(*map(np.float64, (each.source for each in inputs)))))
    return None


@rule("elementwise")
def unbroadcast(program: Rebuilt, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """A function of each element broadcasts by itself; a constant that is the same everywhere is a number."""
    narrow = tuple(_narrowed(program, each, node) for each in inputs)
    if all(a is b for a, b in zip(narrow, inputs, strict=True)) or node.form != simple(*inputs):
        return None
    made = program.apply(node, node.name, node.function, *narrow)  # type: ignore[arg-type]  # a call has one
    if made.shape == node.shape:
        return made
    return program.spread(made, node)


def _narrowed(program: Rebuilt, node: Node, like: Node) -> Node:
    if node.name == "full" and node.dtype == like.dtype:
        return node.inputs[0]
    if node.name == "broadcast_to" and node.inputs[0].dtype == like.dtype:
        return node.inputs[0]
    if node.is_constant and not node.is_python and node.dtype in (like.dtype, _FLOAT64):
        source = node.source
        if np.ndim(source) and (source.size == 0 or any(source.strides)):
            return node
        if like.dtype == node.dtype and like.is_array and source.dtype.kind == "f":
            return program.constant(float(source.flat[0] if np.ndim(source) else source))
    return node


_FLOAT64 = np.dtype(np.float64)


def moderate(*factors: float | None) -> bool:
    """Whether factors are floats that can be joined, as none overflows that would not one by one."""
    known = [factor for factor in factors if type(factor) is float]
    return len(known) == len(factors) and all(1e-9 < abs(f) < 1e9 for f in (*known, math.prod(known)))


def _is(node: Node, name: str) -> bool:
    """Whether a node is an operation on floats: whole numbers wrap around."""
    return node.name == name and (node.kind is float or getattr(node.dtype, "kind", "") == "f")


@rule("multiply")
def multiply(program: Rebuilt, node: Node, inputs: tuple[Node, ...]) -> Node | None:
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


@rule("divide")
def divide(program: Rebuilt, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """To divide by a power of two is to multiply."""
    a, b = inputs
    if type(b.scalar) is float and np.isfinite(b.scalar) and b.scalar:
        exact = abs(np.frexp(b.scalar)[0]) == 0.5
        known = _is(a, "multiply") and a.is_array and moderate(b.scalar, a.inputs[1].scalar)
        if (exact and moderate(b.scalar)) or known:
            return program.multiply(node, a, 1.0 / b.scalar)
    return None


@rule("add")
def add(program: Rebuilt, node: Node, inputs: tuple[Node, ...]) -> Node | None:
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


@rule("subtract")
def subtract(program: Rebuilt, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """X - 0 is x; a - -b is a + b."""
    a, b = inputs
    if b.scalar == 0:
        return a
    if _is(b, "negative"):
        return program.apply(node, "add", np.add, a, b.inputs[0])
    return None


@rule("negative")
def negative(program: Rebuilt, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """--x is x; -(cx) is (-c)x; -(a - b) is b - a."""
    (a,) = inputs
    if _is(a, "negative"):
        return a.inputs[0]
    if _is(a, "multiply") and a.inputs[1].scalar is not None:
        return program.multiply(node, a.inputs[0], -a.inputs[1].scalar)
    return None


@rule("power")
def power(program: Rebuilt, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """x**1 is x, x**2 is x * x."""
    a, b = inputs
    if b.scalar == 1:
        return a
    if b.scalar == 2 and node.kind is not int:
        return program.multiply(node, a, a)
    return None


@rule("float", "astype", "positive")
def same(_: Rebuilt, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """What is of its type already stays."""
    return inputs[0] if _alike(inputs[0], node) else None


@rule("transpose")
def transpose(_: Rebuilt, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """Transposed twice is not transposed."""
    (a,) = inputs
    plain = ((Hole(0),), ())
    return a.inputs[0] if a.name == "transpose" and node.form == a.form == plain else None


@rule("reshape", "broadcast_to")
def reshape(program: Rebuilt, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """Reshaped twice is reshaped once; to the shape it has, not at all."""
    if len(inputs) != 1:
        return None
    (a,) = inputs
    if a.shape == node.shape:
        return a
    if a.name == "full" or (node.name == "broadcast_to" and a.is_python):
        return program.spread(a.inputs[0] if a.name == "full" else a, node)
    if a.name == node.name and len(a.inputs) == 1:
        return program.call(node.name, node.function, ((Hole(0), node.shape), ()), a.inputs)  # type: ignore[arg-type]
    return None


@rule("astype", "transpose", "expand_dims", "squeeze")
def full(program: Rebuilt, node: Node, inputs: tuple[Node, ...]) -> Node | None:
    """An array of one number in another form is one too."""
    return program.spread(inputs[0].inputs[0], node) if inputs[0].name == "full" else None
