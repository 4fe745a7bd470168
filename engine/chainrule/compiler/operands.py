"""What results are called where they are read, and which buffers they lie in."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from chainrule.compiler.fusing import is_plain_transpose
from chainrule.compiler.sheet import Sheet

if TYPE_CHECKING:
    from chainrule.compiler.node import Node
    from chainrule.compiler.storage import Buffers, Lifetimes


@dataclass(eq=False)
class Operands(Sheet):
    """The results of a program that is being written, as operands of what comes after.

    Attributes:
        refs: By node, what its result is called.
        place: Where in the order the node is that is being written.
        own: The nodes whose results are handed out.
        targets: By node, the parameter that it overwrites.
        transposed: The nodes whose buffers hold their transpose.
        life: Until when each result is read.
        buffers: Where they lie.
    """

    refs: dict[int, str] = field(default_factory=dict)
    place: int = 0
    own: set[int] = field(init=False)
    targets: dict[int, Node | None] = field(init=False)
    transposed: set[int] = field(init=False)
    life: Lifetimes = field(init=False)
    buffers: Buffers = field(init=False)

    def ref(self, node: Node) -> str:
        """Return the name of a result, in its own shape."""
        if id(node) not in self.refs:  # a transpose that nobody has asked for
            return self.turned(node.inputs[0])
        return self.refs[id(node)]

    def turned(self, node: Node) -> str:
        """Return the name of the transpose of a result."""
        if is_plain_transpose(node):
            return self.ref(node.inputs[0])
        ref = self.ref(node)
        if id(node) in self.transposed:
            return f"{ref}T"
        return self.window(ref, "T", ".T")

    def operand(self, node: Node, user: Node, *, turned: bool = False) -> str:
        """Return a result as an operand of a function of each element."""
        ref = self.ref(node)
        if not node.shape:
            return self._number(node, user, ref)
        if node.is_array and math.prod(node.shape) == 1 < math.prod(user.shape) and id(user) not in self.own:
            return self.window(ref, "0", ".reshape(())")
        if turned and len(node.shape) == 2:
            return self.turned(node)
        if turned and len(node.shape) == 1:
            return self.window(ref, "C", "[:, None]")
        return ref

    def _number(self, node: Node, user: Node, ref: str) -> str:
        kinds = {each.dtype for each in user.inputs if each.is_array and each.dtype.kind != "b"}
        if isinstance(node.scalar, (float, int)) and len(kinds) == 1:
            (kind,) = kinds
            return self.zero_dimensional(float(node.scalar), kind) if kind.kind == "f" else ref
        if node.kind is np.float64 and not node.is_constant and kinds != {np.dtype(np.float64)}:
            return f"{self.call('float64', np.float64)}({ref})"
        return ref

    def out(self, node: Node, *, overwrites: bool) -> str:
        """Return where a result goes: the parameter that it updates, or a buffer."""
        target = self.targets.get(id(node))
        if target is not None:
            return self.refs[id(target)]
        turned = id(node) in self.transposed
        if overwrites:
            self.buffers.give_back(self.life, self.place)
        count = len(self.buffers.made)
        name = self.buffers.take(node, transposed=turned)
        if len(self.buffers.made) > count:
            self._make(name, node, turned=turned)
        return f"{name}T" if turned else name

    def _make(self, name: str, node: Node, *, turned: bool) -> None:
        shape, kind = node.shape[::-1] if turned else node.shape, self.kind(node.dtype)
        self.once.append(f"{name}{'T' * turned} = empty({shape}{kind})")
        if turned:
            self.once.append(f"{name} = {name}T.T")
        self.fixed |= {name, f"{name}T"} if turned else {name}

    def logical(self, out: str, *, turned: bool) -> str:
        """Return the name of a result in its own shape, given that of its buffer."""
        return out[:-1] if turned else out

    def dies(self, node: Node, user: Node) -> bool:
        """Whether a buffer is read for the last time here, and fits what is computed."""
        same = (node.shape, node.dtype) == (user.shape, user.dtype)
        turned = (id(node) in self.transposed) == (id(user) in self.transposed)
        return (
            same
            and turned
            and self.buffers.holds(node)
            and not self.life.readers_after(node, self.place)
            and user.inputs.count(node) == 1
        )

    def same_layout(self, condition: Node, node: Node) -> bool:
        """Whether two buffers have their axes in the same order."""
        return self.buffers.holds(condition) and (id(condition) in self.transposed) == (
            id(node) in self.transposed
        )
