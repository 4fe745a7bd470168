"""Move a factor that many results share to where they all come from."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from chainrule.compiler.node import reachable
from chainrule.compiler.passes import Rebuilt, moderate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.compiler.node import Node


def optimized(roots: Sequence[Node]) -> list[Node]:
    """Return nodes equal to `roots` in a program without what is dead, folded, or computed twice."""
    return factored(Rebuilt().all(roots))


def factored(roots: list[Node]) -> list[Node]:
    """Return nodes equal to `roots` in a program in which a factor is multiplied once instead of many times.

    A training step computes `lr * g` for each gradient `g`, at the cost of a call each. All of them are
    linear in what the backward pass starts with; so it starts with `lr` times that.
    """
    for factor in {id(f): f for n in reachable(roots) if (f := _factor(n)) is not None}.values():
        plan = _Plan(roots, factor)
        if plan.saved > 0:
            return plan.carried_out(Rebuilt(), roots)
    return roots


def _factor(node: Node) -> Node | None:
    """Return the one number that a node multiplies an array by."""
    if node.name != "multiply" or not node.is_array:
        return None
    factor = node.inputs[1]
    if factor.is_constant and not moderate(factor.scalar):
        return None
    return factor if factor.kind is float and not any(n.is_array for n in reachable([factor])) else None


_LINEAR = {
    "matmul": (0, 1),
    "multiply": (0, 1),
    "negative": (0,),
    "sum": (0,),
    "mean": (0,),
    "transpose": (0,),
    "reshape": (0,),
}


class _Plan:
    """Where a factor goes, if it leaves where it is."""

    def __init__(self, roots: Sequence[Node], factor: Node) -> None:
        self.factor = factor
        self.order = reachable(roots)
        consumers: dict[int, list[Node]] = defaultdict(list)
        for node in self.order:
            for each in node.inputs:
                consumers[id(each)].append(node)
        kept = {id(root) for root in roots}
        self.chosen: dict[int, int] = {}
        self.removed = [n for n in self.order if _factor(n) is factor and n.inputs[0] is not factor]
        gone = set(map(id, self.removed))
        for node in reversed(self.order):
            users = consumers[id(node)]
            if id(node) in kept or id(node) in gone or not users or not node.is_array:
                continue
            if all((id(u) in gone and u.inputs[0] is node) or self._carries(u, node) for u in users):
                place = self._place(node)
                if place is not None:
                    self.chosen[id(node)] = place
        self.inserted = [n for n in self.order if id(n) in self.chosen and self._ends(n)]
        loose = [n for n in self.removed if id(n.inputs[0]) not in self.chosen]
        self.saved = len(self.removed) - len(loose) - sum(not self._absorbs(n) for n in self.inserted)

    def _place(self, node: Node) -> int | None:
        """Return which input of a linear operation hands the factor on: the latest made, as gradients are."""
        places = _LINEAR.get(node.name, ())
        if node.name == "where" and node.inputs[1].scalar == 0:
            places = (2,)
        arrays = [p for p in places if p < len(node.inputs) and _is_float_array(node.inputs[p])]
        return max(arrays, key=lambda p: self._promise(node.inputs[p]), default=None)

    def _promise(self, node: Node) -> tuple[bool, int]:
        """Return how well a factor fares with an input: where there is one already, it costs nothing."""
        source = _source(node)
        return self._absorbs(source), source.order

    def _carries(self, user: Node, node: Node) -> bool:
        place = self.chosen.get(id(user))
        return place is not None and user.inputs[place] is node and user.inputs.count(node) == 1

    def _ends(self, node: Node) -> bool:
        return id(node.inputs[self.chosen[id(node)]]) not in self.chosen

    def _absorbs(self, node: Node) -> bool:
        if node.name != "multiply" or not node.inputs[1].is_python:
            return False
        return not node.inputs[1].is_constant or moderate(node.inputs[1].scalar)

    def carried_out(self, program: Rebuilt, roots: Sequence[Node]) -> list[Node]:
        """Rebuild with the factor moved."""
        gone = {id(n) for n in self.removed if id(n.inputs[0]) in self.chosen}
        ends = set(map(id, self.inserted))
        program.all([self.factor])
        for node in self.order:
            inputs = tuple(program.made[id(each)] for each in node.inputs)
            if id(node) in gone:
                program.made[id(node)] = inputs[0]
                continue
            if id(node) in ends:
                inputs = self._with_factor(program, node, inputs)
            program.made[id(node)] = program.of(node, inputs)
        return [program.made[id(root)] for root in roots]

    def _with_factor(self, program: Rebuilt, node: Node, inputs: tuple[Node, ...]) -> tuple[Node, ...]:
        factor = program.made[id(self.factor)]
        if self._absorbs(node):
            return inputs[0], program.multiply(factor, inputs[1], factor)
        place = self.chosen[id(node)]
        scaled = program.multiply(node.inputs[place], inputs[place], factor)
        return (*inputs[:place], scaled, *inputs[place + 1 :])


def _is_float_array(node: Node) -> bool:
    return node.is_array and node.dtype.kind == "f"


def _source(node: Node) -> Node:
    while node.name in ("transpose", "reshape", "getitem", "broadcast_to"):
        node = node.inputs[0]
    return node
