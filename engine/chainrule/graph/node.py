"""The parts of a computation graph as plain data, and their JSON. Needs no NumPy.

JSON is strict: a number that is not finite is written as text ("nan", "inf", "-inf"), and what a node does
not have is left out. What is read back is checked, since ids and kinds go into drawings as they are.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from chainrule.errors import GraphFormatError
from chainrule.graph.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Kind = Literal["input", "parameter", "constant", "interior", "output", "operation", "layer", "fold"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_ID = re.compile(r"[a-z][0-9]{1,9}")
_NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def short(number: float) -> str:
    """Return a number as drawings write it.

    Examples:
        >>> short(-0.70710678), short(4.0), short(float("nan"))
        ('-0.707107', '4', 'nan')
    """
    return f"{number + 0.0:.6g}"  # -0.0 + 0.0 is 0.0


@dataclass(frozen=True, slots=True)
class Summary:
    """What a drawing says of an array: its shape and range, and what its elements look like.

    Attributes:
        shape: Length of each axis.
        min: Least element; NaN if any element is, or if there is none.
        mean: Mean of the elements.
        max: Greatest element.
        numbers: Its elements to four digits, if they are few; else averages of parts of it, for a picture.
        tile: Rows and columns of those averages; nothing where `numbers` are the elements.
    """

    shape: tuple[int, ...]
    min: float
    mean: float
    max: float
    numbers: tuple[float, ...] = ()
    tile: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.shape} {self.range}".rstrip()

    @property
    def range(self) -> str:
        """The elements in short: `in [-1.25, 2]`, the one number if all are equal, or nothing."""
        if 0 in self.shape:
            return ""
        if self.min == self.max:
            return f"of {short(self.min)}"
        return f"in [{self.min:.3g}, {self.max:.3g}]"


@dataclass(frozen=True, slots=True)
class Node:
    """A value, a constant, an operation, or what stands for many of them.

    Attributes:
        id: A letter and a number, counted in tape order.
        kind: The part it plays: leaves are inputs, parameters or constants; interior values and the output
            come from operations; a layer stands for a model's layer; a fold for nodes that are not drawn.
        label: A value's name, or empty; an operation's symbol; a layer's or a fold's words.
        data: The number, the array's summary, or None (operations).
        grad: The gradient; None before `backward`, and for what has none.
        primitive: An operation's name in the table of primitives.
        formulas: An operation's gradient for each operand, as Python would write it: `g * b`.
        slopes: An operation's derivative along each operand, with `{0}` for the first one's name, `{o}` for
            the result's, and the case that holds: `1 if {0} > 0`. Where arrays take part, how the gradient
            `{g}` reaches each operand.
        factors: The same as numbers; None where there is none.
        terms: The same for arrays: how the numbers of each operand's gradient add up; None where that is not
            known.
        group: The layer that it belongs to, or empty.
        count: How many nodes like it, or of any kind in a fold, it stands for.
    """

    id: str
    kind: Kind
    label: str = ""
    data: float | Summary | None = None
    grad: float | Summary | None = None
    primitive: str = ""
    formulas: tuple[str, ...] = ()
    slopes: tuple[str, ...] = ()
    factors: tuple[float | None, ...] = ()
    terms: tuple[Terms | None, ...] = ()
    group: str = ""
    count: int = 1

    def __str__(self) -> str:
        return " -> ".join(self.parts)

    @property
    def parts(self) -> tuple[str, ...]:
        """What a drawing writes in the node: label, data and gradient, as far as it has them.

        Examples:
            >>> Node("v1", "input", "a", 2.0, -3.0).parts
            ('a', 'data 2', 'grad -3')
        """
        parts = [self.title] if self.title else []
        if self.data is not None:
            parts.append(f"data {text(self.data)}")
        if self.grad is not None:
            parts.append(f"grad {self.grad.range if isinstance(self.grad, Summary) else short(self.grad)}")
        return tuple(parts) or (self.label,)

    @property
    def title(self) -> str:
        """Its label, and how many it stands for; empty where it has neither."""
        label = self.label if self.label.strip() else ""
        if self.count == 1 or self.kind == "fold":
            return label
        return f"{label} \N{MULTIPLICATION SIGN}{self.count}".strip()

    @property
    def name(self) -> str:
        """What prose calls it: its label, a constant's number, or its number in the tape."""
        if self.label.strip():
            return self.label
        if self.kind == "constant" and self.data is not None:
            return text(self.data)
        return f"value {self.id[1:]}" if self.count == 1 else f"{self.count} values"


_BARE = Node("", "input")


@dataclass(frozen=True, slots=True)
class Edge:
    """A step of the data: from an operand to its operation, or from an operation to its value."""

    source: str
    target: str


def refused(reason: str) -> GraphFormatError:
    """Return the error for JSON that is no graph."""
    return GraphFormatError(f"this is no graph as JSON: {reason}. Write it again, with Graph.to_json()")


def text(data: float | Summary) -> str:
    """Return a number or an array's summary as drawings write it."""
    return str(data) if isinstance(data, Summary) else short(data)


def node_data(node: Node, table: dict[tuple[str, ...], int]) -> dict[str, Any]:
    """Return a node as JSON data, its formulas and slopes entered in a table that all nodes share."""
    data: dict[str, Any] = {"id": node.id, "kind": node.kind}
    for name in ("label", "primitive", "group", "data", "grad", "count"):
        if (part := getattr(node, name)) != getattr(_BARE, name):
            data[name] = _written(part)
    for name in ("formulas", "slopes"):  # which many operations have in common
        if row := getattr(node, name):
            data[name] = table.setdefault(row, len(table))
    if node.factors:
        data["factors"] = [None if factor is None else _written(factor) for factor in node.factors]
    if node.terms:
        data["terms"] = [None if each is None else _terms_data(each) for each in node.terms]
    return data


def node_from(data: Mapping[str, Any], table: Sequence[tuple[str, ...]]) -> Node:
    """Return the node that `node_data` wrote, with the table of formulas."""
    if not isinstance(data["id"], str) or not _ID.fullmatch(data["id"]):
        raise refused(f"the id {data['id']!r} is not a letter and a number")
    if data["kind"] not in KINDS:
        raise refused(f"node {data['id']} is of the unknown kind {data['kind']!r}")
    return Node(
        id=data["id"],
        kind=data["kind"],
        label=str(data.get("label", "")),
        data=_quantity(data.get("data")),
        grad=_quantity(data.get("grad")),
        primitive=str(data.get("primitive", "")),
        formulas=table[data["formulas"]] if "formulas" in data else (),
        slopes=table[data["slopes"]] if "slopes" in data else (),
        factors=tuple(None if each is None else _number(each) for each in data.get("factors", [])),
        terms=tuple(None if each is None else _terms_from(each) for each in data.get("terms", [])),
        group=str(data.get("group", "")),
        count=int(data.get("count", 1)),
    )


def _written(part: Any) -> Any:
    if isinstance(part, Summary):
        spread = {name: _written(getattr(part, name)) for name in ("min", "mean", "max")}
        seen = {"numbers": [*map(_written, part.numbers)], "tile": list(part.tile)}
        return {"shape": list(part.shape), **spread, **{name: each for name, each in seen.items() if each}}
    return part if isinstance(part, str) or math.isfinite(part) else str(part)


def _terms_data(terms: Terms) -> dict[str, Any]:
    factor = terms.factor
    told = (
        [*map(_written, factor)]
        if isinstance(factor, tuple)
        else None
        if factor is None
        else _written(factor)
    )
    told_of = {"axes": terms.axes, "lengths": list(terms.lengths), "factor": told, "moved": list(terms.moved)}
    return {name: each for name, each in told_of.items() if each not in (None, "", [])}


def _terms_from(data: Mapping[str, Any]) -> Terms:
    factor = data.get("factor")
    if isinstance(factor, list):
        factor = tuple(map(_number, factor))
    elif not isinstance(factor, str) or factor in _NOT_FINITE:
        factor = None if factor is None else _number(factor)
    moved = tuple(int(place) for place in data.get("moved", []))
    return Terms(str(data.get("axes", "")), _lengths(data.get("lengths", [])), factor, moved)


def _quantity(data: Any) -> float | Summary | None:
    if not isinstance(data, dict):
        return None if data is None else _number(data)
    least, mean, most = (_number(data[name]) for name in ("min", "mean", "max"))
    numbers = tuple(map(_number, data.get("numbers", [])))
    return Summary(_lengths(data["shape"]), least, mean, most, numbers, _lengths(data.get("tile", [])))


def _lengths(data: Sequence[int]) -> tuple[int, ...]:
    return tuple(int(length) for length in data)


def _number(data: float | str) -> float:
    return _NOT_FINITE[data] if isinstance(data, str) else float(data)
