"""What a jitted function returns: fresh numbers and arrays, in the form that the function gave them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.compiler.traced import Traced
from chainrule.value.tape import Recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.compiler.node import Node
    from chainrule.compiler.tracer import Tracer


@dataclass(eq=False)
class Results:
    """The result of a trace, taken apart.

    Attributes:
        tracer: The trace.
        values: The Values among the results, which the caller may differentiate.
        nodes: What computes each number and array.
        places: Which leaf of the result each Value is.
        bound: What the expressions refer to, by name.
    """

    tracer: Tracer
    values: list[Any] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    bound: dict[str, Any] = field(default_factory=dict)
    _count: int = 0

    def take(self, tree: Any) -> Callable[[Sequence[str]], str]:
        """Take a result apart; returns what makes an expression of it, given one for each node."""
        if isinstance(tree, Recorded):
            return self._value(tree)
        if isinstance(tree, (Traced, np.ndarray)):
            return self._node(tree)
        if isinstance(tree, (dict, list, tuple)):
            return self._container(tree)
        if is_dataclass(tree) and not isinstance(tree, type):
            names = [each.name for each in fields(tree) if each.init]
            return self._record(type(tree), names, [self.take(getattr(tree, name)) for name in names])
        self._count += tree is not None
        plain = (
            tree is None or type(tree) in (bool, int, str) or (type(tree) is float and math.isfinite(tree))
        )
        text = repr(tree) if plain else self._constant(tree)
        return lambda _: text

    def _container(self, tree: Any) -> Callable[[Sequence[str]], str]:
        kind = type(tree)
        if isinstance(tree, dict):
            return self._dict(kind, list(tree), [self.take(part) for part in tree.values()])
        parts = [self.take(part) for part in tree]
        if kind is tuple:
            return lambda texts: f"({', '.join(part(texts) for part in parts)}{',' * (len(parts) == 1)})"
        maker = "" if kind is list else self._constant(kind)
        form = "{}({})" if hasattr(tree, "_fields") else "{}([{}])" if maker else "{}[{}]"
        return lambda texts: form.format(maker, ", ".join(part(texts) for part in parts))

    def _dict(
        self, kind: type, keys: Sequence[Any], parts: Sequence[Callable[[Sequence[str]], str]]
    ) -> Callable[[Sequence[str]], str]:
        names = [repr(key) if type(key) in (str, int) else self._constant(key) for key in keys]
        pairs = list(zip(names, parts, strict=True))
        form = "{}" if kind is dict else f"{self._constant(kind)}({{}})"
        return lambda texts: form.format(f"{{{', '.join(f'{k}: {part(texts)}' for k, part in pairs)}}}")

    def _record(
        self, kind: type, names: Sequence[str], parts: Sequence[Callable[[Sequence[str]], str]]
    ) -> Callable[[Sequence[str]], str]:
        maker, pairs = self._constant(kind), list(zip(names, parts, strict=True))
        return lambda texts: f"{maker}({', '.join(f'{name}={part(texts)}' for name, part in pairs)})"

    def _node(self, data: Any) -> Callable[[Sequence[str]], str]:
        place = len(self.nodes)
        self.nodes.append(self.tracer.node(data))
        self._count += 1
        return lambda texts: texts[place]

    def _value(self, value: Any) -> Callable[[Sequence[str]], str]:
        number = len(self.values)
        self.values.append(value)
        self.places.append(self._count)
        inner = self._node(value._data)
        return lambda texts: f"as_value{number}({inner(texts)}, call)"

    def _constant(self, thing: Any) -> str:
        name = f"R{len(self.bound)}"
        self.bound[name] = thing
        return name
