"""The program as data: one node for each operation of a trace, in the order they ran."""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

PYTHON = (float, int, bool)
"""The types of Python's own numbers, which generated code keeps as they are."""


@dataclass(frozen=True, slots=True)
class Hole:
    """Where a node's input stands in the form of its call."""

    place: int


@dataclass(frozen=True, slots=True)
class Input:
    """Where a leaf of the program gets its number or array from, at each call.

    Attributes:
        kind: "argument", "data" or "grad" of a Value that the function uses, or "sampled" by `each_call`.
        place: Which of them: its number, the identity of the Value, or the code that gets at it.
    """

    kind: str
    place: int | str


@dataclass(eq=False, slots=True)
class Node:
    """One operation, or a leaf.

    Attributes:
        name: What the generated code calls it; "input" and "constant" for leaves.
        function: What computes it; None for a leaf.
        inputs: The nodes it is computed from.
        form: Its call: positional and named arguments, each input replaced by a Hole.
        example: Its result in the trace, which has the type, shape and dtype of every result to come.
        source: An Input; or the number or array of a constant.
        number: Whether a single number is made a Python float, as operations on Values do.
    """

    name: str
    function: Callable[..., Any] | None
    inputs: tuple[Node, ...]
    form: tuple[Any, ...]
    example: Any
    source: Any = None
    number: bool = False
    order: int = field(default=0)

    @property
    def kind(self) -> type:
        """The type of its result."""
        return type(self.example)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of its result."""
        return getattr(self.example, "shape", ())

    @property
    def dtype(self) -> Any:
        """The dtype of its result; None for Python's numbers."""
        return getattr(self.example, "dtype", None)

    @property
    def is_array(self) -> bool:
        """Whether its result is an array, of any number of axes."""
        return isinstance(self.example, np.ndarray)

    @property
    def is_python(self) -> bool:
        """Whether its result is one of Python's own numbers."""
        return type(self.example) in PYTHON

    @property
    def is_constant(self) -> bool:
        """Whether it is the same at each call."""
        return self.name == "constant"

    @property
    def scalar(self) -> float | None:
        """The number of a constant that is one, else None."""
        return self.source if self.is_constant and self.is_python else None

    @property
    def args(self) -> tuple[Any, ...]:
        """The positional part of its form."""
        return self.form[0]  # type: ignore[no-any-return]  # a form is two

    @property
    def options(self) -> dict[str, Any]:
        """The named part of its form."""
        return dict(self.form[1])

    def option(self, name: str, place: int, default: Any = None) -> Any:
        """Return an argument that may have been given by name or by place."""
        return self.options.get(name, self.args[place] if len(self.args) > place else default)


class Program:
    """Nodes in order, each different: equal calls of equal inputs are one node."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._known: dict[Any, Node] = {}
        self._alive: list[Any] = []

    def leaf(self, source: Input, example: Any) -> Node:
        """Return the node of something that comes from outside."""
        return self._once(("input", source), lambda: Node("input", None, (), ((), ()), example, source))

    def constant(self, value: Any) -> Node:
        """Return the node of a number or array that is the same at each call."""
        if type(value) in PYTHON:
            key: Any = ("constant", type(value), repr(value))
        else:
            key = ("constant", id(value))
            self._alive.append(value)
        return self._once(key, lambda: Node("constant", None, (), ((), ()), value, value))

    def call(
        self,
        name: str,
        function: Callable[..., Any],
        form: tuple[Any, ...],
        inputs: tuple[Node, ...],
        compute: Callable[..., Any] | None = None,
        *,
        number: bool = False,
    ) -> Node:
        """Return the node of an operation; what it gives is computed here once, from the examples."""

        def make() -> Node:
            examples = [node.example for node in inputs]
            args, options = filled(form, examples)
            with np.errstate(all="ignore"):
                example = (compute or function)(*args, **dict(options))
            return Node(name, function, inputs, form, example, number=number)

        key = (name, function, tuple(map(id, inputs)), _frozen(form), number)
        try:
            hash(key)
        except TypeError:
            return self._add(make())
        return self._once(key, make)

    def again(self, node: Node, inputs: tuple[Node, ...]) -> Node:
        """Return a node of another program with other inputs."""
        key = (node.name, node.function, tuple(map(id, inputs)), _frozen(node.form), node.number)
        made = Node(node.name, node.function, inputs, node.form, node.example, node.source, node.number)
        try:
            hash(key)
        except TypeError:
            return self._add(made)
        return self._once(key, lambda: made)

    def _once(self, key: Any, make: Callable[[], Node]) -> Node:
        if key not in self._known:
            self._known[key] = self._add(make())
        return self._known[key]

    def _add(self, node: Node) -> Node:
        node.order = len(self.nodes)
        self.nodes.append(node)
        return node


def filled(form: Any, values: Any) -> Any:
    """Return a form with a value for each Hole."""
    if isinstance(form, Hole):
        return values[form.place]
    if type(form) is slice:
        return slice(*(filled(part, values) for part in (form.start, form.stop, form.step)))
    if type(form) in (tuple, list):
        return type(form)(filled(part, values) for part in form)
    if type(form) is dict:
        return {key: filled(part, values) for key, part in form.items()}
    return form


def _frozen(form: Any) -> Any:
    """Return a form as something that can be compared by value."""
    if type(form) is slice:
        return ("slice", _frozen(form.start), _frozen(form.stop), _frozen(form.step))
    if type(form) in (tuple, list):
        return (type(form), *map(_frozen, form))
    if type(form) is dict:
        return (dict, *((key, _frozen(part)) for key, part in form.items()))
    return (type(form), form)


def reachable(roots: Iterable[Node]) -> list[Node]:
    """Return what roots are computed from, themselves included, in order."""
    seen: set[int] = set()
    found: list[Node] = []
    stack = list(roots)
    while stack:
        node = stack.pop()
        if id(node) not in seen:
            seen.add(id(node))
            found.append(node)
            stack.extend(node.inputs)
    return sorted(found, key=operator.attrgetter("order"))


def simple(*inputs: Any) -> tuple[Any, ...]:
    """Return the form of a call that takes its inputs by place."""
    return tuple(Hole(place) for place in range(len(inputs))), ()


def holes(form: Any) -> Iterator[Hole]:
    """Yield the Holes of a form."""
    if isinstance(form, Hole):
        yield form
    elif type(form) is slice:
        yield from holes((form.start, form.stop, form.step))
    elif type(form) in (tuple, list):
        for part in form:
            yield from holes(part)
    elif type(form) is dict:
        yield from holes(list(form.values()))
