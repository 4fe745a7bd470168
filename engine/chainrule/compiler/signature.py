"""What goes into a program and what comes out: how its code takes arguments apart and makes results."""

from __future__ import annotations

import inspect
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import trees
from chainrule.compiler.captured import CHANGING, signed
from chainrule.compiler.links import linked, outer_leaves
from chainrule.compiler.sheet import EXACT, Names
from chainrule.compiler.traced import Traced
from chainrule.value.tape import Recorded
from chainrule.value.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from chainrule.compiler.program import Node
    from chainrule.compiler.sheet import Sheet
    from chainrule.compiler.tracer import Tracer

_MANY = 16  # of more floats in a list the type is asked at once: of their sum


def like(path: str, example: Any, names: Names) -> str:
    """Return the condition that something is of the type of an example; an array, of its shape and dtype."""
    kind = f"type({path}) is {names.bind('kind', type(example))}"
    if type(example) is not np.ndarray:
        return kind
    dtype = names.bind("dtype", example.dtype)
    return f"{kind} and {path}.shape == {example.shape} and {path}.dtype is {dtype}"


class Arguments:
    """The arguments of one call, taken apart.

    Attributes:
        args: Those given by position, and by name where that can be.
        kwargs: The others.
        positional: The parameters of `args`: what the function calls them, and what the code does.
        unnamed: How many of those the code takes by position only.
        leaves: The numbers and arrays.
        expressions: The name of each leaf.
        arrays: How to get at each array from the parameters.
        head: Lines that take containers apart.
        conditions: Expressions that hold of arguments for which the program is right.
        foreign: Whether a Value is among them, or an array or dict that is not NumPy's or Python's own, or a
            set or deque, or a name that generated code has for something else: then only the function itself
            is right.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        static: Collection[str],
        args: Sequence[Any],
        kwargs: dict[str, Any],
    ) -> None:
        self.args, self.kwargs, parameters, self.unnamed = _ordered(function, args, kwargs)
        self.static = static
        self.names = Names()
        self.leaves: list[Any] = []
        self.expressions: list[str] = []
        self.arrays: list[str] = []
        self._paths: dict[int, str] = {}
        self.head: list[str] = []
        self.conditions: list[str] = []
        taken = self.names.bound.keys() | self.names.variables  # what cannot be given by name
        self.foreign = any(name in taken or name.startswith(EXACT) for name in self.kwargs)
        self.named = list(self.kwargs)
        self.names.variables.update(self.named)
        self.positional = {name: self.names.unique(name) for name in parameters}
        for index, (name, own) in enumerate(self.positional.items()):
            if name != own:  # nobody may give it by the name that it has in the code
                self.unnamed = max(self.unnamed, index + 1)
        by_position = zip(self.positional, self.positional.values(), self.args, strict=True)
        named = zip(self.named, self.named, self.kwargs.values(), strict=True)
        for name, own, argument in (*by_position, *named):
            if name in static:
                self._fixed(own, argument)
            else:
                self._take(own, own, argument)

        if len(paths := list(self._paths.values())) == 2:
            self.conditions.append(" is not ".join(paths))
        elif len(paths) > 2:
            self.conditions.append(f"len({{{', '.join(f'id({path})' for path in paths)}}}) == {len(paths)}")

    def replaced(self, leaves: Iterable[Any]) -> tuple[list[Any], dict[str, Any]]:
        """Return the arguments with something else for each leaf: for an array given twice, the first."""
        made, arrays = iter(leaves), dict[int, Any]()

        def instead(leaf: Any) -> Any:
            if not _is_number(leaf):
                return leaf
            other = next(made)
            return arrays.setdefault(id(leaf), other) if type(leaf) is np.ndarray else other

        def part(name: str, argument: Any) -> Any:
            return argument if name in self.static else trees.map_leaves(instead, argument)

        positional = [part(name, argument) for name, argument in zip(self.positional, self.args, strict=True)]
        return positional, {name: part(name, argument) for name, argument in self.kwargs.items()}

    def forget(self) -> None:
        """Let go of what was given."""
        self.args, self.kwargs, self.leaves = (), {}, []

    def key(self) -> tuple[Any, ...]:
        """Return what two calls that can share a program have in common."""
        return (*self.conditions, *map(_comparable, self.names.bound.values()))

    # -- as code

    @property
    def parameters(self) -> str:
        """The parameter list."""
        return ", ".join([*self.positional.values(), *(["*", *self.named] if self.named else [])])

    @property
    def defaulted(self) -> str:
        """The parameter list of a function that can be called anyhow."""
        named = "".join(f", {name}=absent" for name in self.named)
        listed = [f"{name}=absent" for name in self.positional.values()]
        if self.unnamed:
            listed.insert(self.unnamed, "/")
        return "".join(f"{each}, " for each in listed) + f"*rest{named}, **named"

    @property
    def packed(self) -> str:
        """The arguments, as a tuple and a dict."""
        by_position = "".join(f"{name}, " for name in self.positional.values())
        return f"({by_position}), {{{', '.join(f'{name!r}: {name}' for name in self.named)}}}"

    # -- one argument, or a part of one: how to get at it from the parameters, and its name in the code

    def _take(self, path: str, name: str, part: Any) -> None:
        if isinstance(part, Recorded) or _is_foreign(part):
            self.foreign = True
        elif _is_number(part):
            self.leaves.append(part)
            self.expressions.append(name)
            self.conditions.append(like(path, part, self.names))
            if type(part) is np.ndarray:
                self._array(path, part)
        elif part is None or (branches := trees.children(part)) is None:
            self._fixed(path, part)
        else:
            self._container(path, name, part, branches)

    def _array(self, path: str, array: Any) -> None:
        self.arrays.append(path)
        first = self._paths.setdefault(id(array), path)
        if first is not path:  # the function may ask whether one is the other
            self.conditions.append(f"{path} is {first}")

    def _container(self, path: str, name: str, tree: Any, branches: Sequence[tuple[str, Any]]) -> None:
        steps = [step for step, _ in branches]
        inner = [self.names.unique(f"{name}{step}") for step in steps]
        unpacked, form = ", ".join(f"{name}{step}" for step in steps), ""
        if isinstance(tree, dict):
            keys = self.names.bind("keys", tuple(tree))
            steps = [f"[{keys}[{index}]]" for index in range(len(tree))]
            unpacked, form = f"{name}.values()", f" and tuple({path}) == {keys}"
        elif trees.is_sequence(tree):
            unpacked, form = name, f" and len({path}) == {len(tree)}"
        self.conditions.append(f"{like(path, tree, self.names)}{form}")
        if inner:
            self.head.append(f"[{', '.join(inner)}] = {unpacked}")
        parts = [part for _, part in branches]
        if len(parts) > _MANY and trees.is_sequence(tree) and all(type(part) is float for part in parts):
            self.conditions.append(f"type(sum({path})) is float")  # or integers are among them
            self.leaves += parts
            self.expressions += inner
            return
        for step, own, part in zip(steps, inner, parts, strict=True):
            self._take(f"{path}{step}", own, part)

    def _fixed(self, path: str, part: Any) -> None:
        if type(part) in (np.ndarray, list, dict, tuple, *CHANGING):  # made anew, or changed in place
            held = self.names.bind("held", held_by(part))
            self.conditions.append(f"{self.names.bind('held_by', held_by)}({path}) == {held}")
            return
        name = self.names.bind("static", part)
        same = f"{path} is {name}"
        if isinstance(part, (str, bytes, int, float)) and not isinstance(part, bool):
            sign = f" and str({path}) == {str(part)!r}" if signed(part) is not part else ""
            same = f"({same} or (type({path}) is type({name}) and {path} == {name}{sign}))"
        self.conditions.append(same)


@dataclass(eq=False)
class Results:
    """The result of a trace: the node of each number and array, and the name of what makes each Value of it.

    It is tangled if Values that it depends on depend on each other.
    """

    tree: Any
    tracer: Tracer
    function: Callable[..., Any]
    nodes: list[Node] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    is_tangled: bool = False

    def __post_init__(self) -> None:
        written = any(outer.data.written for outer in self.tracer.outer.known.values())
        for index, leaf in enumerate(trees.leaves(self.tree)):
            if isinstance(leaf, (Recorded, Traced, np.ndarray)):
                self.nodes.append(self.tracer.node(leaf._data if isinstance(leaf, Recorded) else leaf))
            elif not isinstance(leaf, np.generic):
                self.tracer.state.check_returned(leaf, self.function)
            if isinstance(leaf, Value):
                leaves = outer_leaves(leaf, self.tracer)
                link = linked(self.function, index, leaves or (), written=written)
                self.links.append(self.tracer.names.bind("as_value", link))
                self.is_tangled |= leaves is None

    def code(self, sheet: Sheet, refs: Sequence[str]) -> str:
        """Return the code of the result, given the names of what the nodes compute."""
        names, links = iter(refs), iter(self.links)

        def leaf(part: Any) -> str | None:
            if isinstance(part, Recorded):
                return f"{next(links)}({next(names)}, call)"
            if isinstance(part, (Traced, np.ndarray)):
                return next(names)
            return sheet.constant(part) if part is None or trees.children(part) is None else None

        return sheet.literal(self.tree, leaf)


def held_by(part: Any) -> Any:
    """Return what a static argument holds, to be compared by value and told apart by type."""
    if type(part) is np.ndarray and part.dtype.kind != "O":
        return (np.ndarray, part.shape, part.dtype.str, part.tobytes())
    if type(part) in (list, tuple):
        return (type(part), *map(held_by, part))
    if type(part) is dict:
        return (dict, *((key, held_by(each)) for key, each in part.items()))
    if type(part) in CHANGING:
        return (type(part), frozenset(part) if type(part) is set else tuple(part))
    return (type(part), signed(part))


def _ordered(
    function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]
) -> tuple[Sequence[Any], dict[str, Any], list[str], int]:
    """Return the arguments of a call by position where they can be, and what those parameters are called.

    The last is how many of them have no name to give them by.
    """
    known, said = _positional(function, follow=False), _positional(function, follow=True)
    with suppress(TypeError, ValueError):  # a function of C that does not say, or a call that it refuses
        bound = inspect.signature(function, follow_wrapped=False).bind(*args, **kwargs)
        args, kwargs = bound.args, bound.kwargs
    names, unnamed = list(known)[: len(args)], list(known.values()).count(False)
    for index in range(len(names), len(args)):  # of `*args`, which go by what the wrapped function calls them
        like = list(said)[index] if index < len(said) else ""
        names.append(like if like and like not in (*names, *kwargs) else f"*x{index}")
        unnamed = index + 1
    return args, kwargs, names, min(unnamed, len(args))


def _positional(function: Callable[..., Any], *, follow: bool) -> dict[str, bool]:
    """Return the parameters that can be given by position; of each, whether it can be given by name too."""
    with suppress(TypeError, ValueError):
        signature = inspect.signature(function, follow_wrapped=follow)
        by_name = inspect.Parameter.POSITIONAL_OR_KEYWORD
        kinds = {name: parameter.kind for name, parameter in signature.parameters.items()}
        return {name: kind == by_name for name, kind in kinds.items() if kind <= by_name}
    return {}


def _is_number(part: Any) -> bool:
    return isinstance(part, np.generic) or type(part) in (float, int, np.ndarray)


def _is_foreign(part: Any) -> bool:
    """Whether an argument is a kind of array or dict of its own, which might do anything, or may change."""
    if isinstance(part, dict):
        return type(part) not in (dict, OrderedDict)
    return isinstance(part, CHANGING) or (isinstance(part, np.ndarray) and type(part) is not np.ndarray)


def _comparable(thing: Any) -> Any:
    try:
        hash(thing)
    except TypeError:
        return id(thing)
    return (type(thing), signed(thing))
