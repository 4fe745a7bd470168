"""A computation step by step, in words: each value as it comes about, then each gradient along its edge.

The sentences stand in the page, below the picture; the script shows the picture at each of them. Its data say
where a step is: the number of an operation, -1 where backward starts, or -2 less the number of an edge.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from chainrule.graph import Summary
from mkdocs_chainrule.assets import words
from mkdocs_chainrule.show.graphs.arrivals import Arrivals, Use
from mkdocs_chainrule.show.graphs.boxes import spread
from mkdocs_chainrule.show.graphs.computed import about, amount_of, chained, computed, sign_of
from mkdocs_chainrule.show.graphs.letters import Letters, bracketed
from mkdocs_chainrule.show.graphs.numbers import agreeing, brief
from mkdocs_chainrule.show.graphs.stages import MOST, Step, Unit, staged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chainrule.graph import Graph, Node

_START = -1
_MANY = 8  # operands that are named
_LONG = 6  # factors of an answer
_ROUNDING = 1e-9  # of a gradient


class Steps:
    """The steps of one graph.

    Attributes:
        forward: How each value came about.
        backward: How each gradient came; nothing, where no backward was run.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph, self.letters = graph, Letters(graph)
        self.numbers = {node.id: number for number, node in enumerate(graph)}
        self.arrivals = Arrivals(graph)
        self._begun: set[str] = set()  # what a gradient has come to
        self.forward = staged([*self._forward()], "stageForward")
        start = self._start()
        later = staged([*self._backward()], "stageBackward", MOST - 1) if start else []
        self.backward = [*start, *later]

    def __iter__(self) -> Iterator[Step]:
        yield from self.forward
        yield from self.backward

    @property
    def answer(self) -> str:
        """One sentence that answers why the first leaf's gradient is what it is; or nothing."""
        for node in self.graph:
            path = [] if self.graph.sources[node.id] or node.grad is None else self._way(node.id)
            if path and len(path) <= _LONG:
                return self._product(node, path)
        return ""

    def _forward(self) -> Iterator[Unit]:
        for node in self.graph:
            makers = self.graph.sources[node.id]
            if node.kind == "operation" or not makers or self.graph[makers[0]].kind == "fold":
                continue
            told = self._known(self.letters.called[node.id], node.data)
            if node.kind in {"fold", "layer"}:
                yield self._as_one(node)
            elif self.graph[makers[0]].kind == "operation":
                yield Unit((Step(self._made(node, self.graph[makers[0]]), (self.numbers[makers[0]],)),), told)

    def _as_one(self, node: Node) -> Unit:
        """Tell of a fold and the values that come out of it, or of a layer."""
        out = [each for each in self.graph if node.id in self.graph.sources[each.id] and _is_value(each)]
        known = [self._known(self.letters.called[each.id], each.data) for each in out if node.kind == "fold"]
        told = tuple(text for texts in known for text in texts)
        amounts = told or tuple(filter(None, [amount_of(node.data)]))
        sentence = _said("stepFoldOut" if amounts else "stepFold", name=node.label, out=", ".join(amounts))
        return Unit((Step(sentence, (self.numbers[node.id],)),), told or (node.label,))

    def _known(self, name: str, quantity: float | Summary | None) -> tuple[str, ...]:
        amount = amount_of(quantity)
        return (f"{name} {sign_of(quantity)} {amount}",) if amount else ()

    def _made(self, node: Node, operation: Node) -> str:
        called, made = self.letters.called[node.id], self.letters.made[node.id]
        operands = [self.graph[source] for source in self.graph.sources[operation.id]]
        result = computed(operation, operands, node)
        parts = [("=", called)] if called != made else []
        if len(operands) <= _MANY:
            parts += [("=", made), *result.numbers]
        parts += result.whole
        told = chained(parts)
        return _said("stepTimes", told=told, count=str(node.count)) if node.count > 1 else f"{told}."

    def _start(self) -> list[Step]:
        values = [node for node in self.graph if node.kind != "operation"]
        if not values or values[-1].grad is None:
            return []
        output = values[-1]
        own, grad = self.letters.partial(output.id), _told(output.grad)
        is_beyond = self.graph.gradients_of not in {"", self.letters.called[output.id]}
        given = "given" if self.graph.sources[output.id] else "givenLeaf"
        name = "arrived" if is_beyond else "starts" if output.grad == 1 else given
        return [Step(_said(name, own=own, number=grad, name=self.letters.called[output.id]), (_START,))]

    def _backward(self) -> Iterator[Unit]:
        for node in reversed(self.graph.nodes):
            uses = self.arrivals.uses.get(node.id, [])
            if node.kind == "fold" or node.count > 1:
                steps = [self._through(node, uses)] if uses else []
            else:
                steps = [Step(self._arrives(use), (_START - 1 - use.edge,)) for use in uses]
            if steps:
                whole = {use.source.id: use.source for use in uses if not self.arrivals.left[use.source.id]}
                known = (self._known(self.letters.partial(each.id), each.grad) for each in whole.values())
                yield Unit(tuple(steps), tuple(part for parts in known for part in parts))

    def _through(self, node: Node, uses: list[Use]) -> Step:
        """Tell what comes through a fold, or through an operation that stands for several, in one step."""
        brought: dict[str, list[str]] = {}
        for use in uses:
            lay, amount = self.arrivals.take(use), self.arrivals.amounts[use.edge]
            brought[use.source.id] = [*brought.get(use.source.id, []), self._part(use.source, lay, amount)]
        arrivals = "; ".join(parts[0] for parts in brought.values())
        places = tuple(_START - 1 - use.edge for use in uses)
        if node.kind == "fold":
            return Step(_said("throughFold", name=node.label, arrivals=arrivals), places)
        made = self.letters.made[self.letters.results[node.id]]
        return Step(_said("throughMany", name=made, count=str(node.count), arrivals=arrivals), places)

    def _part(self, source: Node, lay: float | None, amount: float) -> str:
        own = self.letters.partial(source.id)
        if math.isnan(amount) or (lay is not None and math.isnan(lay)):
            name = "partSome" if self.arrivals.left[source.id] else "partWhole"
            grad = source.grad
            told = spread(grad) if isinstance(grad, Summary) else _told(grad)
            return _said(name, own=own, amount=told)
        if lay is None:
            return _said("partGets", own=own, amount=_told(amount))
        return _said("partSum", own=own, amount=_told(amount), sum=_sum_of(lay, amount))

    def _arrives(self, use: Use) -> str:
        """Return how a gradient comes along one edge, and what lies there already."""
        letters, source, operation = self.letters, use.source, use.target
        result = self.graph[letters.results[operation.id]]
        formula, _ = letters.slope(operation.id, use.place)
        because, own = self._because(use), letters.partial(source.id)
        is_first = source.id not in self._begun
        self._begun.add(source.id)
        lay, amount = self.arrivals.take(use), self.arrivals.amounts[use.edge]
        arrived = result.grad
        factor = operation.factors[use.place] if use.place < len(operation.factors) else None
        if factor is None or not isinstance(arrived, float):
            name = "stepWay" if formula else "stepUnknown"
            brought = amount_of(source.grad) if isinstance(source.grad, Summary) else about(amount)
            which = _said("stepWhich", amount=brought) if brought else ""
            told = _said(name, own=own, formula=formula, which=which, because=because)
            return told + self._repeated(operation, use.place, source)
        shown = agreeing(amount, [arrived, factor], math.prod)
        sentence = _said(
            "stepArrives",
            own=own,
            name=letters.called[result.id],
            slope=letters.partial(source.id, letters.called[result.id], letters.use(operation.id, use.place)),
            equals="≈" if letters.is_rounded(operation.id, formula) else "=",
            formula=formula,
            because=because,
            numbers=" · ".join(map(bracketed, shown.parts)),
            sign=shown.sign,
            amount=shown.whole,
        )
        if lay is None or math.isnan(lay):
            return sentence
        word = "stepBefore" if is_first else "stepSum"
        return f"{sentence} {_said(word, own=own, lay=_laid(lay, amount), sum=_sum_of(lay, amount))}"

    def _because(self, use: Use) -> str:
        """Return how the result was made, which of its operands a value is, and the case that holds."""
        letters, operation = self.letters, use.target
        name, made = (known[letters.results[operation.id]] for known in (letters.called, letters.made))
        own = bracketed(letters.called[use.source.id]) + letters.use(operation.id, use.place)
        _, fact = letters.slope(operation.id, use.place)
        which = _said("operand", own=own, place=str(use.place + 1), made=made)
        is_one = own == bracketed(letters.called[use.source.id])
        reasons = ["" if name == made else f"{name} = {made}", "" if is_one else which, fact]
        known = _said("saidAnd").join(filter(None, reasons))
        return _said("saidBecause", because=known) if known else ""

    def _repeated(self, operation: Node, place: int, source: Node) -> str:
        """Return how broadcasting repeated an operand, so that its gradients add up."""
        terms = operation.terms[place] if place < len(operation.terms) else None
        repeated = terms.repeated if terms else None
        if repeated is None:
            return ""
        name = f"{self.letters.called[source.id]} {amount_of(source.data)}".strip()
        by = _said(f"by{repeated.by}", times=str(repeated.times))
        return f" {_said('repeated', name=name, by=by, times=str(repeated.times))}."

    def _way(self, value: str) -> list[tuple[Node, int, str]]:
        """Return the one way from a value to the output, by operations, places and results; or nothing."""
        uses: dict[str, list[tuple[Node, int]]] = {}
        for node in self.graph:
            for place, source in enumerate(self.graph.sources[node.id]):
                uses.setdefault(source, []).append((node, place))
        way: list[tuple[Node, int, str]] = []
        while len(uses.get(value, [])) == 1:
            operation, place = uses[value][0]
            result = self.letters.results.get(operation.id)
            if result is None or place >= len(operation.factors) or operation.factors[place] is None:
                return []
            way.append((operation, place, result))
            value = result
        return [] if uses.get(value) else way

    def _product(self, node: Node, way: list[tuple[Node, int, str]]) -> str:
        letters, output = self.letters, self.graph[way[-1][2]]
        if not isinstance(output.grad, float) or not isinstance(node.grad, float):
            return ""
        signs = [letters.partial(self.graph.sources[o.id][p], letters.called[r]) for o, p, r in reversed(way)]
        factors = [factor for o, p, _ in reversed(way) if (factor := o.factors[p]) is not None]
        if output.grad != 1:
            signs, factors = [letters.partial(output.id), *signs], [output.grad, *factors]
        amount = math.prod(factors)
        if not math.isclose(amount, node.grad, rel_tol=_ROUNDING):
            return ""
        shown = agreeing(amount, factors, math.prod)
        numbers = " · ".join(map(bracketed, shown.parts))
        parts = [letters.partial(node.id), " · ".join(signs), *([numbers] if len(factors) > 1 else [])]
        return f"{' = '.join(dict.fromkeys(parts))} {shown.sign} {shown.whole}"


def _sum_of(lay: float, amount: float) -> str:
    shown = agreeing(lay + amount, [lay, amount], sum)
    return f"{shown.parts[0]} + {bracketed(shown.parts[1])} {shown.sign} {shown.whole}"


def _laid(lay: float, amount: float) -> str:
    return agreeing(lay + amount, [lay, amount], sum).parts[0]


def _is_value(node: Node) -> bool:
    return node.kind not in {"operation", "fold", "layer"}


def _told(quantity: float | Summary | None) -> str:
    return about(quantity) or brief(quantity) if isinstance(quantity, float) else amount_of(quantity)


def _said(word: str, /, **gaps: str) -> str:
    return str(words()[word]).format(**gaps)
