"""The program as data: one node for each operation of a trace, in the order they ran."""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

PYTHON = (float, int, bool)
"""The types of Python's own numbers, which generated code keeps as they are."""


@dataclass(frozen=True, slots=True)
class Hole:
    """Where a node's input stands in the form of its call, and which of the inputs."""

    index: int


@dataclass(frozen=True, slots=True)
class Input:
    """Where a leaf of the program gets its number or array from, at each call.

    Generated code gets it by `code`, if it is not there under its name; of an array that stays the same at
    each call, views are made once.
    """

    name: str
    code: str = ""
    stays: bool = False


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
        order: When it ran.
        frozen: Its form as something that can be compared by value, once it was asked for.
        of_numbers: Whether it is computed without any array.
    """

    name: str
    function: Callable[..., Any] | None
    inputs: tuple[Node, ...]
    form: tuple[Any, ...]
    example: Any
    source: Any = None
    number: bool = False
    order: int = 0
    frozen: Any = None
    of_numbers: bool = field(init=False)

    def __post_init__(self) -> None:
        self.of_numbers = not self.is_array and all(each.of_numbers for each in self.inputs)

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
    def is_floats(self) -> bool:
        """Whether its result is an array of floats."""
        return self.is_array and self.dtype.kind == "f"

    @property
    def is_python(self) -> bool:
        """Whether its result is one of Python's own numbers."""
        return type(self.example) in PYTHON

    @property
    def is_constant(self) -> bool:
        """Whether it is the same at each call."""
        return self.name == "constant"

    @property
    def is_elementwise(self) -> bool:
        """Whether it is a NumPy function of each element on its own, or a mask."""
        if self.name == "masked":
            return True
        return isinstance(self.function, np.ufunc) and self.function.signature is None

    @property
    def is_plain(self) -> bool:
        """Whether its call takes the inputs and nothing else."""
        return self.form == plain(len(self.inputs))

    @property
    def scalar(self) -> float | None:
        """The number of a constant that is one, else None."""
        return self.source if self.is_constant and self.is_python else None

    def alike(self, other: Node) -> bool:
        """Whether its result is of the type, shape and dtype of another's."""
        return self.kind is other.kind and self.shape == other.shape and self.dtype == other.dtype


class Program:
    """Nodes in order, numbered by value: equal calls of equal inputs are one node, and computed once."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._known: dict[Any, Node] = {}

    def leaf(self, source: Input, example: Any) -> Node:
        """Return the node of something that comes from outside."""
        return self._once(("input", source), lambda: Node("input", None, (), plain(0), example, source))

    def constant(self, value: Any) -> Node:
        """Return the node of a number or array that is the same at each call."""
        known = repr(value) if type(value) in PYTHON else id(value)
        key = ("constant", type(value), known)
        return self._once(key, lambda: Node("constant", None, (), plain(0), value, value))

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
        is_plain = form is plain(len(inputs))
        frozen = len(inputs) if is_plain else _frozen(form)

        def example_of(part: Any) -> Any:
            return inputs[part.index].example if isinstance(part, Hole) else part

        def make() -> Node:
            args, options = ([each.example for each in inputs], ()) if is_plain else changed(form, example_of)
            with np.errstate(all="ignore"):
                example = (compute or function)(*args, **dict(options))
            return Node(name, function, inputs, form, example, number=number, frozen=frozen)

        is_pythons = compute is not None  # `abs(x)` is a float where `np.abs(x)` is none
        return self._once((name, function, tuple(map(id, inputs)), frozen, number, is_pythons), make)

    def again(self, node: Node, inputs: tuple[Node, ...]) -> Node:
        """Return the node of the same call with other inputs, whose result is alike."""
        frozen = node.frozen = node.frozen or (
            len(inputs) if node.form is plain(len(inputs)) else _frozen(node.form)
        )
        name, function, number = node.name, node.function, node.number

        def make() -> Node:
            return Node(name, function, inputs, node.form, node.example, node.source, number, frozen=frozen)

        return self._once((name, function, tuple(map(id, inputs)), frozen, number, node.is_python), make)

    def _once(self, key: Any, make: Callable[[], Node]) -> Node:
        """Return the node of a key, made when first asked for; of what cannot be compared, a new one."""
        try:
            known = self._known.get(key)
        except TypeError:
            key, known = object(), None
        if known is None:
            known = self._known[key] = make()
            known.order = len(self.nodes)
            self.nodes.append(known)
        return known


@cache
def plain(count: int) -> tuple[Any, ...]:
    """Return the form of a call that takes so many inputs and nothing else."""
    return tuple(map(Hole, range(count))), ()


def changed(form: Any, change: Callable[[Any], Any]) -> Any:
    """Return a form with something else for each part that is no tuple, list, dict or slice."""
    if type(form) is slice:
        return slice(*(changed(part, change) for part in (form.start, form.stop, form.step)))
    if type(form) in (tuple, list):
        return type(form)(changed(part, change) for part in form)
    if type(form) is dict:
        return {key: changed(part, change) for key, part in form.items()}
    return change(form)


def unlisted(part: Any) -> Any:
    """Return a list of numbers as the array that NumPy makes of it, and all else as it is."""
    return np.asarray(part) if type(part) in (list, tuple) else part


def is_numpys(function: Any) -> bool:
    """Whether a function is NumPy's or an operator of Python's."""
    return isinstance(function, np.ufunc) or (getattr(function, "__module__", "") or "").startswith(
        ("numpy", "_operator")
    )


def _frozen(form: Any) -> Any:
    """Return a form as something that can be compared by value."""
    if type(form) is Hole:
        return (Hole, form.index)
    if type(form) is slice:
        return ("slice", _frozen((form.start, form.stop, form.step)))
    if type(form) in (tuple, list):
        return (type(form), *map(_frozen, form))
    if type(form) is dict:
        return (dict, *((key, _frozen(part)) for key, part in form.items()))
    return (type(form), form)


def reachable(roots: Iterable[Node]) -> list[Node]:
    """Return what roots are computed from, themselves included, in order."""
    seen: dict[int, Node] = {}
    stack = list(roots)
    while stack:
        node = stack.pop()
        if id(node) not in seen:
            seen[id(node)] = node
            stack.extend(node.inputs)
    return sorted(seen.values(), key=operator.attrgetter("order"))


def users_of(nodes: Sequence[Node]) -> dict[int, list[Node]]:
    """Return by the identity of each node who takes it as an input, as often as it does."""
    users: dict[int, list[Node]] = {id(node): [] for node in nodes}
    for node in nodes:
        for each in node.inputs:
            users[id(each)].append(node)
    return users
