"""What a jitted function returns: fresh numbers and arrays, in the form that the function gave them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.jit.node import PYTHON
from chainrule.jit.traced import Traced
from chainrule.tape import Recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.jit.node import Node
    from chainrule.jit.tracer import Tracer


@dataclass(eq=False)
class Results:
    """The result of a trace, taken apart.

    Attributes:
        tracer: The trace.
        values: The Values among the results, which the caller may differentiate.
        nodes: What computes each number and array.
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
        self._count += not isinstance(tree, (list, tuple, dict, type(None))) and not _is_record(tree)
        if tree is None or type(tree) in (*PYTHON, str) and tree == tree and abs_finite(tree):  # noqa: PLR0124 -- not NaN
            return lambda _: repr(tree)
        if isinstance(tree, dict):
            return self._made(type(tree), [self.take(part) for part in tree.values()], list(tree))
        if isinstance(tree, (list, tuple)):
            return self._made(
                type(tree), [self.take(part) for part in tree], None, named=hasattr(tree, "_fields")
            )
        if _is_record(tree):
            names = [each.name for each in fields(tree) if each.init]
            return self._record(type(tree), names, [self.take(getattr(tree, name)) for name in names])
        return self._constant(tree)

    def _node(self, data: Any) -> Callable[[Sequence[str]], str]:
        place = len(self.nodes)
        self.nodes.append(self.tracer.node(data))
        self._count += 1
        return lambda texts: texts[place]

    def _value(self, value: Any) -> Callable[[Sequence[str]], str]:
        number = len(self.values)
        self.values.append(value)
        self.places.append(self._count)
        inner = self._node(value._data)  # noqa: SLF001 -- the engine's own
        return lambda texts: f"value{number}({inner(texts)}, call)"

    def _constant(self, thing: Any) -> Callable[[Sequence[str]], str]:
        name = f"R{len(self.bound)}"
        self.bound[name] = thing
        return lambda _: name

    def _made(
        self,
        kind: type,
        parts: Sequence[Callable[[Sequence[str]], str]],
        keys: list[Any] | None,
        *,
        named: bool = False,
    ) -> Callable[[Sequence[str]], str]:
        if keys is not None:
            names = [repr(key) if type(key) in (str, int) else self._constant(key)(()) for key in keys]
            pairs = list(zip(names, parts, strict=True))
            plain: Callable[[Sequence[str]], str] = lambda texts: (
                f"{{{', '.join(f'{k}: {part(texts)}' for k, part in pairs)}}}"
            )  # noqa: E731
            if kind is dict:
                return plain
            maker = self._constant(kind)(())
            return lambda texts: f"{maker}({plain(texts)})"
        if kind is tuple:
            return lambda texts: f"({', '.join(part(texts) for part in parts)}{',' * (len(parts) == 1)})"
        if kind is list:
            return lambda texts: f"[{', '.join(part(texts) for part in parts)}]"
        maker = self._constant(kind)(())
        form = "{}({})" if named else "{}([{}])"
        return lambda texts: form.format(maker, ", ".join(part(texts) for part in parts))

    def _record(
        self, kind: type, names: Sequence[str], parts: Sequence[Callable[[Sequence[str]], str]]
    ) -> Callable[[Sequence[str]], str]:
        maker = self._constant(kind)(())
        pairs = list(zip(names, parts, strict=True))
        return lambda texts: f"{maker}({', '.join(f'{name}={part(texts)}' for name, part in pairs)})"


def _is_record(tree: Any) -> bool:
    return is_dataclass(tree) and not isinstance(tree, type)


def abs_finite(number: Any) -> bool:
    """Whether a number has a literal."""
    return type(number) is not float or abs(number) != float("inf")
