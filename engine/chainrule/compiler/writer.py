"""Write a program down as straight-line NumPy."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.compiler import scalars
from chainrule.compiler.code import Code, Write
from chainrule.compiler.fusing import added, is_plain_transpose, summed
from chainrule.compiler.lowering import LOWERED
from chainrule.compiler.node import Node, reachable
from chainrule.compiler.operands import Operands
from chainrule.compiler.passes import elementwise
from chainrule.compiler.scalars import Expression
from chainrule.compiler.storage import FRESH, Buffers, Lifetimes, narrow, order
from chainrule.primitives.table import PRIMITIVES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_LONG = 72
"""Expressions of more characters get a name."""

_QUIET = frozenset(
    (
        *("add", "subtract", "multiply", "negative", "absolute", "square", "maximum", "minimum", "tanh"),
        *(
            "less",
            "less_equal",
            "greater",
            "greater_equal",
            "equal",
            "not_equal",
            "sign",
            "isfinite",
            "isnan",
        ),
    )
)
"""Functions of each element that NumPy warns of in no array of ordinary numbers."""

_DEPRECATED_OUT = frozenset(("maximum", "minimum"))  # NumPy wants their `out` by name


@dataclass(eq=False)
class Writer(Operands):
    """One program being written.

    Attributes:
        leaves: The names or expressions of inputs, by node.
        stays: The leaves that are the same array at each call, so that windows on them are made once.
        head: Lines that come first in the function.
        users: By node, who reads it, as which input.
        pieces: By node, the expression of a number that is used once.
        fresh: The nodes whose results nobody else holds.
    """

    leaves: Mapping[int, str] = field(default_factory=dict)
    stays: frozenset[int] = frozenset()
    head: Sequence[str] = ()
    users: dict[int, list[tuple[Node, int]]] = field(default_factory=lambda: defaultdict(list))
    pieces: dict[int, Expression] = field(default_factory=dict)
    fresh: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.buffers = Buffers(self.names.unique)

    def write(
        self,
        parameters: str,
        outputs: Sequence[Node],
        writes: Sequence[Write],
        result: Callable[[Sequence[str]], str],
    ) -> Code:
        """Return the code: `result` makes the returned expression, made of the names of the outputs."""
        updates = [w.node for w in writes if w.in_place is not None and w.node is not None]
        own = [*outputs, *(w.node for w in writes if w.in_place is None and w.node is not None)]
        self._plan(own, updates, writes)
        body = "".join(f"\n    {line}" for line in self._body(outputs, writes, result))
        once = "".join(f"{line}\n" for line in self.once)
        return Code(once, f"def step({parameters}):{body}\n", self.names.bound, pure=not writes)

    def _plan(self, own: Sequence[Node], updates: Sequence[Node], writes: Sequence[Write]) -> None:
        """Say of each node where its result goes and until when it is read."""
        self.nodes = order(own, reachable([*own, *updates]), updates)
        self.own = set(map(id, own))
        for node in self.nodes:
            for place, each in enumerate(node.inputs):
                self.users[id(each)].append((node, place))
        self.added = added(self.nodes, self.users, self.own)
        self.skipped = summed(self.nodes, self.users, self.own) | self.added
        self.life = Lifetimes(self.nodes, [*own, *updates], self.skipped)
        self.targets = {id(w.node): w.in_place for w in writes if w.in_place is not None and self._fusible(w)}
        fused = [node for node in self.nodes if id(node) in self.targets]
        self.transposed = narrow(
            self.nodes, [*own, *fused, *(each for node in fused for each in node.inputs)]
        )

    def _body(
        self, outputs: Sequence[Node], writes: Sequence[Write], result: Callable[[Sequence[str]], str]
    ) -> Iterator[str]:
        for place, node in enumerate(self.nodes):
            self.place = place
            self._node(node)
            self.buffers.give_back(self.life, self.place)
        results = [self._owned(node) for node in outputs]
        values = [self._value(write) for write in writes]
        for write, value in zip(writes, values, strict=True):
            self._write(write, value)
        yield from self.head
        if any(elementwise(node) and node.is_array and node.name not in _QUIET for node in self.nodes):
            yield "with errstate(all='ignore'):"
            yield from (f"    {line}" for line in self.lines)
        else:
            yield from self.lines
        stamped = [write.target for write in writes if write.in_place is not None]
        if stamped:  # as if `data` had been assigned: a backward pass over what used it before is an error
            yield f"{' = '.join(f'{target}.assigned' for target in stamped)} = tick()"
        yield f"return {result(results)}"

    def _write(self, write: Write, value: str) -> None:
        if write.in_place is None:
            self.line(f"{write.target}.{'data' if write.slot == 'data' else '_grad'} = {value}")
            return
        target = self.refs[id(write.in_place)]
        if value != target:
            self.line(f"{self.call('copyto', np.copyto)}({target}, {value})")

    def _value(self, write: Write) -> str:
        if write.node is None:
            return "None"
        if write.in_place is None:
            return self._owned(write.node)
        if id(write.node) in self.targets:
            return self.refs[id(write.in_place)]
        shared = self.life.shared[id(write.node)]
        if any(n in shared and n != id(write.node) for n in self.stays) or id(write.node) in self.stays:
            return self.assign("k", f"{self.ref(write.node)}.copy()")
        return self.ref(write.node)

    def _owned(self, node: Node) -> str:
        """Return an expression for a result that nobody else holds, nor an equal one."""
        ref = self.ref(node)
        if not node.is_array:
            return ref
        if id(node) in self.fresh:
            self.fresh.remove(id(node))
            return ref
        return self.assign("r", f"{ref}.copy()")

    # -- one node

    def _node(self, node: Node) -> None:
        if id(node) not in self.skipped and not is_plain_transpose(node):
            self.refs[id(node)] = self._leaf(node) if node.function is None else self._computed(node)

    def _leaf(self, node: Node) -> str:
        if node.is_constant:
            return self.constant(node.source)
        name = self.leaves[id(node)]
        if id(node) in self.stays:
            self.fixed.add(name)
        return name

    def _computed(self, node: Node) -> str:
        if scalars.is_scalar(node):
            args = [self.pieces.get(id(each)) or Expression(self.ref(each)) for each in node.inputs]
            if (found := scalars.expression(node, args)) is not None:
                return self._scalar(node, found)
        lowered = LOWERED.get(node.name)
        done = lowered(self, node) if lowered is not None else None
        if done is None and node.is_array and elementwise(node) and not node.form[1]:
            return self._elementwise(node)
        return done or self._generic(node)

    def _scalar(self, node: Node, found: Expression) -> str:
        """Name a number, unless it is used once, where it can stand itself."""
        self.names.bound.update(scalars.functions(found.text))
        users = self.users[id(node)]
        once = len(users) + (id(node) in self.own) == 1 and len(found.text) < _LONG
        if found.binding == 3 and found.text.isidentifier():
            return found.text
        if once and all(
            scalars.is_scalar(user) and scalars.mentions(user, place) == 1 for user, place in users
        ):
            self.pieces[id(node)] = found
            return found.text
        return self.assign("s", found.text)

    def _elementwise(self, node: Node) -> str:
        name = self.call(node.name, node.function)
        if id(node) in self.own:
            self.fresh.add(id(node))
            return self.assign("r", f"{name}({', '.join(self.operand(n, node) for n in node.inputs)})")
        turned = id(node) in self.transposed
        args = ", ".join(self.operand(each, node, turned=turned) for each in node.inputs)
        out = self.out(node, overwrites=True)
        self.line(f"{name}({args}, {'out=' if name in _DEPRECATED_OUT else ''}{out})")
        return self.logical(out, turned=turned)

    def _generic(self, node: Node) -> str:
        self.transposed.discard(id(node))  # its function returns it in its own shape
        name, function = node.name, node.function
        if node.number and node.name in PRIMITIVES and scalars.is_scalar(node):
            name, function = f"exact_{name}", scalars.exact(name)
        text = self.form(self.call(name, function), node)
        if node.kind is float:
            return self.assign("s", text if node.name == "float" else f"float({text})")
        if node.name in FRESH or elementwise(node):
            self.fresh.add(id(node))
        return self.assign("v", text)

    def form(self, name: str, node: Node) -> str:
        """Return the call of a function as it was in the trace."""
        args = [self.part(part, node) for part in node.args]
        options = [f"{key}={self.part(part, node)}" for key, part in node.options.items()]
        return f"{name}({', '.join((*args, *options))})"

    def part(self, part: Any, node: Node) -> str:
        """Return a part of the form of a node as code."""
        return self.literal(part, lambda place: self.ref(node.inputs[place]))

    def _fusible(self, write: Write) -> bool:
        """Whether a parameter can be overwritten where its new numbers are computed."""
        node = write.node
        if node is None or not elementwise(node) or node.form[1] or not node.is_array or id(node) in self.own:
            return False
        return write.in_place is not None and not self.life.readers_after(
            write.in_place, self.life.place[id(node)]
        )
