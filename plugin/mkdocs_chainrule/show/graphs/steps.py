"""A computation step by step, in words: each value as it comes about, then each gradient along its edge.

The sentences stand in the page, below the picture; the script shows the picture at each of them. Its data say
where a step is: the number of an operation, -1 where backward starts, or -2 less the number of an edge.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from chainrule.graph import Summary
from chainrule.graph.signs import SIGNS
from mkdocs_chainrule.assets import words
from mkdocs_chainrule.show.graphs.boxes import shape
from mkdocs_chainrule.show.graphs.letters import Letters, bracketed
from mkdocs_chainrule.show.graphs.numbers import agreeing, brief
from mkdocs_chainrule.show.graphs.values import on_paper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chainrule.graph import Graph, Node

_START = -1
_MANY = 8  # operands that are named
_ROUNDING = 1e-9  # of a gradient: what an earlier backward does not leave


class Step(NamedTuple):
    """A step in words, and where it is."""

    sentence: str
    place: int


class Steps:
    """The steps of one graph.

    Attributes:
        forward: How each value came about.
        backward: How each gradient came; nothing, where no backward was run.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph, self.letters = graph, Letters(graph)
        self.numbers = {node.id: number for number, node in enumerate(graph)}
        self.edges = {
            (edge.target, place): number
            for number, (edge, place) in enumerate(zip(graph.edges, _places(graph), strict=True))
        }
        self.gathered: dict[str, float] = {}
        self.forward = [*self._forward()]
        self.backward = [*self._backward()]

    def __iter__(self) -> Iterator[Step]:
        yield from self.forward
        yield from self.backward

    @property
    def answer(self) -> str:
        """One sentence that answers why the first leaf's gradient is what it is; or nothing."""
        for node in self.graph:
            path = [] if self.graph.sources[node.id] or node.grad is None else self._way(node.id)
            if path:
                return self._product(node, path)
        return ""

    def _forward(self) -> Iterator[Step]:
        for node in self.graph:
            makers = self.graph.sources[node.id]
            if node.kind == "operation" or not makers:
                continue
            if self.graph[makers[0]].kind == "operation":
                yield Step(self._made(node, self.graph[makers[0]]), self.numbers[makers[0]])
            else:
                yield Step(_said("stepFold", name=node.title or node.label), self.numbers[node.id])

    def _made(self, node: Node, operation: Node) -> str:
        called, made = self.letters.called[node.id], self.letters.made[node.id]
        operands = [self.graph[source] for source in self.graph.sources[operation.id]]
        parts = [called] if called != made else []
        if len(operands) <= _MANY:
            parts += [made, self._with_numbers(operation, operands)]
        result = _amount_of(node.data)
        parts += [result] if result else []
        return " = ".join(dict.fromkeys(filter(None, parts))) + "."

    def _with_numbers(self, operation: Node, operands: list[Node]) -> str:
        """Return the operation with the operands' numbers, or shapes."""
        amounts = [_operand(operand) for operand in operands]
        if operation.label in SIGNS and operands[1:]:
            return on_paper(f" {operation.label} ".join(amounts))
        return f"{on_paper(operation.label)}({', '.join(amounts)})"

    def _backward(self) -> Iterator[Step]:
        values = [node for node in self.graph if node.kind != "operation"]
        if not values or values[-1].grad is None:
            return
        output = values[-1]
        own, grad = self.letters.partial(output.id), _gradient(output)
        is_beyond = self.graph.gradients_of not in {"", self.letters.called[output.id]}
        name = "arrived" if is_beyond else "starts" if output.grad == 1 else "given"
        yield Step(_said(name, own=own, number=grad, name=self.letters.called[output.id]), _START)
        self._take_before(values)
        for operation in reversed([node for node in self.graph if node.kind == "operation"]):
            result = self.letters.results.get(operation.id)
            if result is None or self.graph[result].grad is None:
                continue
            for place, source in enumerate(self.graph.sources[operation.id]):
                if self.graph[source].grad is not None and self.graph[source].kind != "operation":
                    sentence = self._arrives(operation, place, self.graph[source], self.graph[result])
                    yield Step(sentence, _START - 1 - self.edges[operation.id, place])

    def _take_before(self, values: list[Node]) -> None:
        """Find what lay in each leaf before this backward: what its edges do not bring."""
        brought: dict[str, float] = {}
        for operation in (node for node in self.graph if node.kind == "operation"):
            result = (
                self.graph[self.letters.results[operation.id]]
                if operation.id in self.letters.results
                else None
            )
            for place, source in enumerate(self.graph.sources[operation.id]):
                amount = _contribution(operation, place, result)
                brought[source] = brought.get(source, 0.0) + (math.nan if amount is None else amount)
        for node in values:
            if isinstance(node.grad, float) and not self.graph.sources[node.id]:
                before = node.grad - brought.get(node.id, 0.0)
                if abs(before) > _ROUNDING * max(abs(node.grad), abs(brought.get(node.id, 0.0))):
                    self.gathered[node.id] = before

    def _arrives(self, operation: Node, place: int, source: Node, result: Node) -> str:
        """Return how a gradient comes along one edge, and what lies there already."""
        letters = self.letters
        formula, fact = letters.slope(operation.id, place)
        made = letters.made[result.id]
        whence = "" if letters.called[result.id] == made else f"{letters.called[result.id]} = {made}"
        reasons = [*filter(None, [whence, fact])]
        because = _said("saidBecause", because=_said("saidAnd").join(reasons)) if reasons else ""
        own = letters.partial(source.id)
        amount = _contribution(operation, place, result)
        if amount is None:
            shape_ = _amount_of(source.grad)
            name = "stepWay" if formula else "stepUnknown"
            told = _said(name, own=own, formula=formula, because=because, amount=shape_)
            return told + self._repeated(operation, place, source)
        arrived, factor = result.grad, operation.factors[place]
        assert isinstance(arrived, float)
        assert factor is not None
        shown = agreeing(amount, [arrived, factor], math.prod)
        numbers = " · ".join(map(bracketed, shown.parts))
        sentence = _said(
            "stepArrives",
            own=own,
            name=letters.called[result.id],
            slope=letters.partial(source.id, letters.called[result.id]),
            formula=formula,
            because=because,
            numbers=numbers,
            sign=shown.sign,
            amount=shown.whole,
        )
        return sentence + self._sum(source, amount)

    def _repeated(self, operation: Node, place: int, source: Node) -> str:
        """Return how broadcasting repeated an operand, so that its gradients add up."""
        terms = operation.terms[place] if place < len(operation.terms) else None
        repeated = terms.repeated if terms else None
        if repeated is None:
            return ""
        name = f"{self.letters.called[source.id]} {_amount_of(source.data)}".strip()
        by = _said(f"by{repeated.by}", times=str(repeated.times))
        return f" {_said('repeated', name=name, by=by, times=str(repeated.times))}."

    def _sum(self, source: Node, amount: float) -> str:
        lay = self.gathered.get(source.id)
        self.gathered[source.id] = amount + (lay or 0.0)
        if lay is None:
            return ""
        shown = agreeing(self.gathered[source.id], [lay, amount], math.fsum)
        return " " + _said(
            "stepSum",
            own=self.letters.partial(source.id),
            lay=shown.parts[0],
            sum=f"{shown.parts[0]} + {bracketed(shown.parts[1])} {shown.sign} {shown.whole}",
        )

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


def _places(graph: Graph) -> Iterator[int]:
    """Yield for each edge which operand of its target it brings."""
    for node in graph:
        yield from range(len(graph.sources[node.id]))


def _contribution(operation: Node, place: int, result: Node | None) -> float | None:
    """Return what one edge brings; None where that is no number."""
    factor = operation.factors[place] if place < len(operation.factors) else None
    if factor is None or result is None or not isinstance(result.grad, float):
        return None
    return factor * result.grad


def _operand(node: Node) -> str:
    return shape(node.data) if isinstance(node.data, Summary) else bracketed(_amount_of(node.data))


def _amount_of(quantity: float | Summary | None) -> str:
    if isinstance(quantity, Summary):
        return shape(quantity)
    return "" if quantity is None else brief(quantity)


def _gradient(node: Node) -> str:
    return _amount_of(node.grad)


def _said(word: str, /, **gaps: str) -> str:
    return str(words()[word]).format(**gaps)
