"""The arguments of a call: which are numbers and arrays of the trace, and how generated code gets at them."""

from __future__ import annotations

import inspect
from collections import OrderedDict
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.value.tape import Recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from chainrule.compiler.names import Names

_MANY = 16
"""A list of more floats is checked as a whole."""


def parameter_names(function: Callable[..., Any], count: int) -> list[str]:
    """Return what the first positional parameters of a function are called."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        parameters = ()  # type: ignore[assignment]  # a function of C that does not say
    known = [parameter.name for parameter in parameters if parameter.kind in kinds]
    return [known[place] if place < len(known) else f"x{place}" for place in range(count)]


@dataclass(eq=False)
class Arguments:
    """The arguments of one call, taken apart.

    Attributes:
        names: Where names of the generated code come from.
        static: Parameters that are constants.
        leaves: The numbers and arrays.
        expressions: The name of each leaf.
        arrays: How to get at each array from the parameters.
        head: Lines that take containers apart.
        parameters: The parameter list of the generated functions.
        positional: The names of the positional parameters, as the function has them.
        own: The same as the generated functions have them.
        named: The names of the arguments given by name.
        constants: The parameters that are constants of this call.
        conditions: Expressions that hold of arguments for which the program is right.
        bound: What the conditions refer to, by name.
        foreign: Whether a Value is among them, or an array or dict that is not NumPy's or Python's own.
    """

    names: Names
    static: Collection[str] = ()
    leaves: list[Any] = field(default_factory=list)
    expressions: list[str] = field(default_factory=list)
    arrays: list[str] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    bound: dict[str, Any] = field(default_factory=dict)
    foreign: bool = False
    parameters: str = ""
    positional: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    constants: set[str] = field(default_factory=set)
    _names: dict[str, str] = field(default_factory=dict)

    def take(self, positional: Sequence[str], args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """Take the arguments of a call apart."""
        own = [self.names.unique(name) for name in positional]
        self.names.variables.update(kwargs)
        for path, name, argument in (
            *zip(own, positional, args, strict=True),
            *zip(kwargs, kwargs, kwargs.values(), strict=True),
        ):
            if name in self.static:
                self._fixed(path, argument)
                self.constants.add(name)
            else:
                self._take(path, path, argument)
        self.positional, self.own, self.named = list(positional), own, list(kwargs)
        self.parameters = ", ".join([*own, *(["*", *kwargs] if kwargs else [])])

    @property
    def call(self) -> str:
        """The parameters, as they are handed on."""
        return ", ".join([*self.own, *(f"{name}={name}" for name in self.named)])

    @property
    def defaulted(self) -> str:
        """The parameter list of a function that can be called anyhow."""
        named = "".join(f", {name}=absent" for name in self.named)
        return "".join(f"{name}=absent, " for name in self.own) + f"*rest{named}, **named"

    def originals(self) -> list[tuple[str, str]]:
        """Return the parameters: what the function calls them, and what generated code does."""
        return [*zip(self.positional, self.own, strict=True), *zip(self.named, self.named, strict=True)]

    @property
    def packed(self) -> str:
        """The arguments, as a tuple and a dict."""
        args = "".join(f"{name}, " for name in self.own)
        return f"({args}), {{{', '.join(f'{name!r}: {name}' for name in self.named)}}}"

    def replaced(
        self, args: Sequence[Any], kwargs: Mapping[str, Any], leaves: Sequence[Any]
    ) -> tuple[list[Any], dict[str, Any]]:
        """Return arguments with something else for each leaf."""
        made = iter(leaves)
        positional = [
            argument if name in self.constants else _replaced(argument, made)
            for name, argument in zip(self.positional, args, strict=True)
        ]
        named = {
            name: part if name in self.constants else _replaced(part, made) for name, part in kwargs.items()
        }
        return positional, named

    def key(self) -> tuple[Any, ...]:
        """Return what two calls that can share a program have in common."""
        return (*self.conditions, *(_comparable(thing) for thing in self.bound.values()))

    def _take(self, path: str, wanted: str, argument: Any) -> None:
        if isinstance(argument, Recorded) or _is_foreign(argument):
            self.foreign = True
        elif isinstance(argument, np.generic) or type(argument) in (float, int):
            self._leaf(path, argument, f"type({path}) is {self._bind('C', type(argument))}")
        elif type(argument) is np.ndarray:
            dtype = self._bind("D", argument.dtype)
            self.arrays.append(path)
            self._leaf(
                path,
                argument,
                f"type({path}) is ndarray and {path}.shape == {argument.shape} and {path}.dtype is {dtype}",
            )
        else:
            self._container(path, wanted, argument)

    def _leaf(self, path: str, argument: Any, condition: str) -> None:
        self.leaves.append(argument)
        self.expressions.append(self._names.get(path, path))
        self.conditions.append(condition)

    def _container(self, path: str, wanted: str, tree: Any) -> None:
        kind = type(tree)
        local = self._names.get(path, path)
        if isinstance(tree, (list, tuple)):
            count = len(tree)
            inner = [self.names.unique(f"{wanted}_{place}") for place in range(count)]
            self.conditions.append(f"type({path}) is {self._bind('C', kind)} and len({path}) == {count}")
            if inner:
                self.head.append(f"[{', '.join(inner)}] = {local}")
            if count > _MANY and all(type(each) is float for each in tree):
                self.conditions.append(
                    f"type(sum({path})) is float"
                )  # of floats, perhaps with integers among them
                self.leaves += tree
                self.expressions += inner
                return
            for place, (name, part) in enumerate(zip(inner, tree, strict=True)):
                self._part(f"{path}[{place}]", name, part)
        elif isinstance(tree, dict):
            keys = self._bind("K", tuple(tree))
            self.conditions.append(f"type({path}) is {self._bind('C', kind)} and tuple({path}) == {keys}")
            inner = [self.names.unique(f"{wanted}_{key}") for key in tree]
            if inner:
                self.head.append(f"[{', '.join(inner)}] = {local}.values()")
            for place, (name, part) in enumerate(zip(inner, tree.values(), strict=True)):
                self._part(f"{path}[{keys}[{place}]]", name, part)
        elif is_dataclass(tree) and not isinstance(tree, type):
            self.conditions.append(f"type({path}) is {self._bind('C', kind)}")
            for each in fields(tree):
                name = self.names.unique(f"{wanted}_{each.name}")
                self.head.append(f"{name} = {local}.{each.name}")
                self._part(f"{path}.{each.name}", name, getattr(tree, each.name))
        else:
            self._fixed(path, tree)

    def _part(self, path: str, name: str, part: Any) -> None:
        self._names[path] = name
        self._take(path, name, part)

    def _fixed(self, path: str, argument: Any) -> None:
        name = self._bind("S", argument)
        same = f"{path} is {name}"
        if isinstance(argument, (str, bytes, int, float, tuple)) and not isinstance(argument, bool):
            same = f"({same} or (type({path}) is type({name}) and {path} == {name}))"
        self.conditions.append(same)

    def _bind(self, letter: str, thing: Any) -> str:
        known = next(
            (name for name, bound in self.bound.items() if bound is thing and name[0] == letter), None
        )
        if known is None:
            known = f"{letter}{len(self.bound)}"
            self.bound[known] = thing
        return known


def _replaced(tree: Any, made: Iterator[Any]) -> Any:
    kind = type(tree)
    if isinstance(tree, np.generic) or kind in (float, int, np.ndarray):
        return next(made)
    if isinstance(tree, (list, tuple)):
        parts = [_replaced(part, made) for part in tree]
        return kind(*parts) if hasattr(tree, "_fields") else kind(parts)
    if isinstance(tree, dict):
        return kind((key, _replaced(part, made)) for key, part in tree.items())
    if is_dataclass(tree) and not isinstance(tree, type):
        return kind(
            **{each.name: _replaced(getattr(tree, each.name), made) for each in fields(tree) if each.init}
        )
    return tree


def _is_foreign(argument: Any) -> bool:
    """Whether an argument is a kind of array or dict of its own, which might do anything."""
    if isinstance(argument, dict):
        return type(argument) not in (dict, OrderedDict)
    return isinstance(argument, np.ndarray) and type(argument) is not np.ndarray


def _comparable(thing: Any) -> Any:
    try:
        hash(thing)
    except TypeError:
        return id(thing)
    return (type(thing), thing)
