"""Move a factor that many results share to where they all come from.

A training step computes `lr * g` for each gradient `g`, at the cost of a call each. All of them are linear in
what the backward pass starts with; so it starts with `lr` times that. The factor wanders from each product it
is in towards the inputs: through a node that is linear in an operand, as long as all who read the node get
rid of the factor too, or are such nodes themselves. Where it can go no further it is multiplied in, which
costs nothing if a product with a number is there already. The plan is carried out if it saves calls.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from chainrule.compiler.program import reachable, users_of
from chainrule.compiler.rules import SIMPLER, Rewritten, moderate
from chainrule.primitives.table import PRIMITIVES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.compiler.program import Node


_MOST = 16  # factors for which a plan is made, each of which looks at the whole program


def factored(roots: list[Node]) -> list[Node]:
    """Return nodes equal to `roots` in a program that multiplies by a factor once instead of many times."""
    factors = [factor for node in reachable(roots) if (factor := _factor(node)) is not None]
    often = Counter(map(id, factors))
    most = {key for key, _ in often.most_common(_MOST)}
    for factor in {id(factor): factor for factor in factors if id(factor) in most}.values():
        plan = _Plan(roots, factor)
        if plan.saved > 0:
            return plan.carried_out(roots)
    return roots


def _factor(node: Node) -> Node | None:
    """Return the one number that a node multiplies an array by."""
    if node.name != "multiply" or not node.is_array:
        return None
    factor = node.inputs[1]
    if factor.is_constant and not moderate(factor.scalar):
        return None
    return factor if factor.kind is float and factor.of_numbers else None


class _Plan:
    """Where a factor goes, if it leaves the products that are removed.

    By node that it has passed, there is the index of the input that it goes to; one that ends its way passes
    it to an input which it does not leave.
    """

    def __init__(self, roots: Sequence[Node], factor: Node) -> None:
        self.factor = factor
        self.nodes = reachable(roots)
        self.removed = {id(n): n for n in self.nodes if _factor(n) is factor and n.inputs[0] is not factor}
        self.passed: dict[int, int] = {}
        users, kept = users_of(self.nodes), set(map(id, roots)) | self.removed.keys()
        for node in reversed(self.nodes):
            read = users[id(node)]
            if id(node) in kept or not read or not node.is_array or not all(self._rid(u, node) for u in read):
                continue
            if (index := _way(node)) is not None:
                self.passed[id(node)] = index
        passing = [n for n in self.nodes if id(n) in self.passed]
        self.ends = {id(n) for n in passing if id(n.inputs[self.passed[id(n)]]) not in self.passed}
        self.removed = {key: n for key, n in self.removed.items() if id(n.inputs[0]) in self.passed}
        self.saved = len(self.removed) - sum(id(n) in self.ends and not _absorbs(n) for n in passing)

    def _rid(self, user: Node, node: Node) -> bool:
        """Whether who reads a node loses the factor, or passes it to that node."""
        if id(user) in self.removed:
            return user.inputs[0] is node
        index = self.passed.get(id(user))
        return index is not None and user.inputs[index] is node and user.inputs.count(node) == 1

    def carried_out(self, roots: Sequence[Node]) -> list[Node]:
        """Rewrite with the factor moved."""
        program = Rewritten(SIMPLER)
        program.all([self.factor])
        for node in self.nodes:
            inputs = tuple(program.made[id(each)] for each in node.inputs)
            if id(node) in self.ends:
                inputs = self._with_factor(program, node, inputs)
            program.made[id(node)] = inputs[0] if id(node) in self.removed else program.of(node, inputs)
        return [program.made[id(root)] for root in roots]

    def _with_factor(self, program: Rewritten, node: Node, inputs: tuple[Node, ...]) -> tuple[Node, ...]:
        factor = program.made[id(self.factor)]
        if _absorbs(node):
            return inputs[0], program.multiply(factor, inputs[1], factor)
        index = self.passed[id(node)]
        scaled = program.multiply(node.inputs[index], inputs[index], factor)
        return (*inputs[:index], scaled, *inputs[index + 1 :])


def _way(node: Node) -> int | None:
    """Return the input by which a factor is best passed on: where it costs nothing; or the latest made.

    Gradients are made after what they are multiplied with, and to their source the factor shall go.
    """
    linear = PRIMITIVES[node.name].linear if node.name in PRIMITIVES else ()
    if node.name == "where":
        linear = tuple(3 - index for index in (1, 2) if node.inputs[index].scalar == 0)

    def promise(index: int) -> tuple[bool, int]:
        source = _source(node.inputs[index])
        return _absorbs(source), source.order

    able = [index for index in linear if index < len(node.inputs) and node.inputs[index].is_floats]
    return max(able, key=promise, default=None)


def _absorbs(node: Node) -> bool:
    """Whether a node is a product with a number, which a factor can join."""
    if node.name != "multiply" or not node.inputs[1].is_python:
        return False
    return not node.inputs[1].is_constant or moderate(node.inputs[1].scalar)


def _source(node: Node) -> Node:
    while node.name in ("transpose", "reshape", "getitem", "broadcast_to"):
        node = node.inputs[0]
    return node
