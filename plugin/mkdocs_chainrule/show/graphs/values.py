"""The values of a graph as a table: what the picture says, for eyes and ears that cannot use it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from chainrule.graph import Summary
from chainrule.graph.signs import ATOM, MINUS, SIGNS
from chainrule.tables import RAISED
from mkdocs_chainrule.show.graphs.boxes import PAPER, shape, spread
from mkdocs_chainrule.show.graphs.numbers import aligned, brief, full
from mkdocs_chainrule.show.markup import element, escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.graph import Graph, Node

_ROWS = 400  # of a table
_LONGEST = 12  # characters of an expression that stands for a name
_POWER = re.compile(r" \*\* (\d+)(?![\d.])")
_SUM_OF = re.compile(r"sum of (\d+)")  # so many terms, as `fold.py` writes it
_SLICE = re.compile(r"slice\((\S+), (\S+), (\S+?)\)")
_ON_PAPER = {"**": "^", "*": "·", "-": "−", "<=": "≤", ">=": "≥", "==": "="}


_TAKEN = "[ ]"


class _Text(NamedTuple):
    """An expression, and how strongly it holds together."""

    text: str
    strength: int

    def within(self, strength: int) -> str:
        """Return it as an operand, in parentheses where it would fall apart."""
        return self.text if self.strength >= strength else f"({self.text})"


def table(graph: Graph) -> str:
    """Return the values in order, each called as the picture calls it, or else by what it is made of."""
    values = [node for node in graph if node.kind != "operation"]
    shown = values[:_ROWS]
    data, grads = _column([node.data for node in shown]), _column([node.grad for node in shown])
    called, origins = origins_of(graph)
    rows = [
        _row(node, called[node.id], origins[node.id], *numbers)
        for node, *numbers in zip(shown, data, grads, strict=True)
    ]
    if len(values) > _ROWS:
        rows.append(element("tr", element("td", f"And {len(values) - _ROWS:,} more", colspan=4)))
    heads = ("Value", "Made from", "Data", "Gradient")
    head = "".join(element("th", title, scope="col") for title in heads)
    content = (element("thead", element("tr", head)), element("tbody", *rows))
    return element("div", element("table", *content, class_="chainrule-table"), class_="chainrule-scroll")


def _row(node: Node, name: str, origin: str, data: str, grad: str) -> str:
    cells = (
        element("td", escape(origin)),
        element("td", escape(data)),
        element("td", escape(grad)),
    )
    title = node.title if node.count > 1 or node.kind == "fold" else name
    return element("tr", element("th", escape(title), scope="row"), *cells)


def origins_of(graph: Graph) -> tuple[dict[str, str], dict[str, str]]:
    """Return by id what each node is called, and how it came about: `a · b`, `tanh(n)`, or a leaf's part.

    What has no name is called by what it is made of, as far as that is short and nothing else is called so,
    else by its place in the tape, as the page's script does (`data.js`); and a constant by its number.
    """
    called: dict[str, _Text] = {}
    made: dict[str, _Text] = {}
    names = Counter(name_of(node) for node in graph if node.kind != "operation")
    for node in graph:
        if node.kind == "operation":
            made[node.id] = _expression(node, [called[name] for name in graph.sources[node.id]])
            continue
        operation = next((made[name] for name in graph.sources[node.id] if name in made), None)
        own, name = f"#{node.id[1:]}", name_of(node)
        if name:
            called[node.id] = _Text(name if names[name] == 1 else name + own, ATOM)
        elif operation is None:
            called[node.id] = _number(node) or _Text(own, ATOM)
        elif len(operation.text) > _LONGEST or names[operation.text]:
            called[node.id] = _Text(own, ATOM)
        else:
            called[node.id] = operation
            names[operation.text] += 1
    origins = {
        node.id: next((made[name].text for name in graph.sources[node.id] if name in made), node.kind)
        for node in graph
    }
    return {id_: text for id_, (text, _) in called.items()}, origins


def name_of(node: Node) -> str:
    """Return the name that its author gave it, or nothing; a fold has words, and no name."""
    return "" if node.kind == "fold" else node.label.strip()


def _number(node: Node) -> _Text | None:
    """Return the number of a constant, by which it is called: no gradient tells it from another."""
    if node.kind != "constant" or not isinstance(node.data, float):
        return None
    text = brief(node.data)
    return _Text(text, SIGNS["-"].strength if text.startswith("−") else ATOM)


def _expression(operation: Node, operands: Sequence[_Text]) -> _Text:
    label = operation.label
    if label == "-" and len(operands) == 1:
        return _Text(on_paper(f"-{operands[0].within(MINUS + 1)}"), SIGNS["-"].strength)
    if is_sum(label, len(operands)):
        strength = SIGNS["+"].strength
        return _Text(" + ".join(operand.within(strength) for operand in operands), strength)
    if label not in SIGNS or len(operands) != 2:
        held = ATOM if label.startswith(_TAKEN) else 0
        return _Text(applied(label, [operand.within(held) for operand in operands]), ATOM)
    strength = SIGNS[label].strength
    left, right = operands
    inner = left.within(strength + (label == "**")), right.within(strength + (label not in "+*"))
    return _Text(on_paper(f" {label} ".join(inner)), strength)


def is_sum(label: str, count: int) -> bool:
    """Tell whether an operation is a long sum that has all its terms as operands."""
    found = _SUM_OF.fullmatch(label)
    return found is not None and int(found[1]) == count


def applied(label: str, operands: Sequence[str]) -> str:
    """Return an operation as a call, or what an index takes.

    Examples:
        >>> applied("tanh", ["n"]), applied("sum(axis=0)", ["x"])
        ('tanh(n)', 'sum(x, axis=0)')
        >>> applied("[ ](index=(0, slice(None, 2, None)))", ["x"])
        'x[0, :2]'
    """
    name, _, parameters = label.partition("(")
    parameters = parameters.removesuffix(")").replace("-", "−")
    if name != _TAKEN:
        return f"{PAPER.get(name, name)}({', '.join([*operands, *filter(None, [parameters])])})"
    index = parameters.removeprefix("index=")
    index = index[1:-1] if index.startswith("(") and index.endswith(")") else index
    index = _SLICE.sub(lambda found: ":".join(_bounds(*found.groups())), index)
    return f"{operands[0]}[{'…' if '...' in index else index}]"


def _bounds(*parts: str) -> list[str]:
    start, stop, step = ("" if part == "None" else part for part in parts)
    return [start, stop, *filter(None, [step])]


def on_paper(text: str) -> str:
    """Return a formula of Python as on paper.

    Examples:
        >>> on_paper("2 * x ** 2 - 1"), on_paper("x >= 0")
        ('2 · x² − 1', 'x ≥ 0')
    """
    text = _POWER.sub(lambda match: match[1].translate(RAISED), text)
    for sign, paper in _ON_PAPER.items():
        text = text.replace(sign, paper)
    return text


def _column(quantities: Sequence[float | Summary | None]) -> list[str]:
    """Return numbers one below the other, aligned at their points; arrays by shape and spread."""
    numbers = iter(aligned(full(q) for q in quantities if isinstance(q, float)))
    texts = []
    for quantity in quantities:
        if isinstance(quantity, Summary):
            texts.append(f"{shape(quantity)} {spread(quantity)}".rstrip())
        else:
            texts.append("" if quantity is None else next(numbers))
    return texts
