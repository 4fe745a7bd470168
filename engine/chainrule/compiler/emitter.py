"""Write a program down as straight-line NumPy."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.compiler import expressions
from chainrule.compiler.liveness import Buffers, Lifetimes, by_columns, is_new
from chainrule.compiler.program import Hole, Node, reachable, users_of
from chainrule.compiler.refusals.shapes import is_unsure
from chainrule.compiler.sheet import EXACT, Code, Names, Sheet, Write
from chainrule.primitives.table import PRIMITIVES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_LONG = 72  # characters of an expression that gets a name

_QUIET = frozenset(
    (
        "absolute",
        "add",
        "masked",
        "maximum",
        "minimum",
        "multiply",
        "negative",
        "sign",
        "square",
        "subtract",
        "tanh",
    )
)
"""Functions of each element that NumPy warns of in no array of ordinary numbers, as of no comparison."""

_DEPRECATED_OUT = frozenset(("maximum", "minimum"))  # NumPy wants their `out` by name


class Emitter:
    """One program being written.

    Attributes:
        head: Lines that come first in the function.
        own: The nodes whose results nobody else may hold.
        targets: By node that overwrites a parameter, the name of the parameter's array.
        refs: By node, what its result is called.
        fresh: The nodes whose results nobody else holds.
        numpys: The nodes whose results may be numbers of NumPy's; leaves and calls among them are.
    """

    def __init__(
        self, names: Names, head: list[str], outputs: Sequence[Node], writes: Sequence[Write]
    ) -> None:
        """Say of each node where its result goes and until when it is read."""
        self.names, self.head, self.outputs, self.writes = names, head, outputs, writes
        self.sheet = Sheet(names)
        self.refs: dict[int, str] = {}
        self.fresh: set[int] = set()
        self.numpys: set[int] = set()
        own = [*outputs, *(write.node for write in writes if write.node and not write.into)]
        updates = [(write.node, write.into) for write in writes if write.node and write.into]
        kept = [*own, *(node for node, _ in updates)]
        self.own = set(map(id, own))
        self.nodes = reachable(kept)
        self.users = users_of(self.nodes)
        self.life = Lifetimes(self.nodes, kept)
        self.buffers = Buffers(self.sheet, self.life)
        self.inputs = {n.source.name: n for n in self.nodes if n.name == "input"}
        self.targets = {id(node): into for node, into in updates if self._overwrites(node, into)}
        self.sheet.fixed.update(into for _, into in updates)
        updated = [node for node in self.nodes if id(node) in self.targets]
        apart = {id(each) for node in updated for each in (node, *node.inputs)}
        self.columns = by_columns(self.nodes, self.own | apart)

    def write(self, parameters: str, result: Callable[[Sheet, Sequence[str]], str]) -> Code:
        """Return the code: `result` makes the returned expression, made of the names of the outputs."""
        body = "".join(f"\n    {line}" for line in self._body(result))
        once = "".join(f"{line}\n" for line in self.sheet.once)
        return Code(once, f"def step({parameters}):{body}\n", self.names.bound, pure=not self.writes)

    def _overwrites(self, node: Node, into: str) -> bool:
        """Whether a parameter can be overwritten where its new numbers are computed."""
        if not node.is_elementwise or not node.is_plain or not node.is_array or id(node) in self.own:
            return False
        target = self.inputs.get(into)
        return target is None or not self.life.read_after(target, self.life.index[id(node)])

    def _body(self, result: Callable[[Sheet, Sequence[str]], str]) -> Iterator[str]:
        for index, node in enumerate(self.nodes):
            if not _is_transpose(node):
                self.refs[id(node)] = self._leaf(node) if node.function is None else self._computed(node)
            self.buffers.give_back(index)
        results = [self._owned(node) for node in self.outputs]
        values = [self._value(write) for write in self.writes]
        for write, value in zip(self.writes, values, strict=True):
            if not write.into:
                slot = "data" if write.slot == "data" else "_grad"
                self.sheet.lines.append(f"{write.target}.{slot} = {value}")
            elif value != write.into:
                self.sheet.lines.append(f"{self.names.bind('copyto', np.copyto)}({write.into}, {value})")
        yield from self.head
        loud = (n for n in self.nodes if n.name not in _QUIET and n.is_elementwise and n.is_array)
        if any(node.dtype.kind != "b" for node in loud):
            yield "with errstate(all='ignore'):"
            yield from (f"    {line}" for line in self.sheet.lines)
        else:
            yield from self.sheet.lines
        stamped = [write.target for write in self.writes if write.into]
        if stamped:  # as if `data` had been assigned: a backward pass over what used it before is an error
            targets = ("tape.last_assigned", *(f"{target}.assigned" for target in stamped))
            yield f"{' = '.join(targets)} = next(tape.clock)"
        yield f"return {result(self.sheet, results)}"

    # -- what goes out

    def _owned(self, node: Node) -> str:
        """Return an expression for a result that nobody else holds, nor an equal one."""
        ref = self.ref(node)
        if expressions.is_number(node):
            return self._typed(node, ref)
        if not node.is_array:
            return ref
        if id(node) in self.fresh:
            self.fresh.remove(id(node))
            return ref
        return self.sheet.assign("r", f"{ref}.copy()")

    def _value(self, write: Write) -> str:
        if write.node is None:
            return "None"
        if not write.into:  # the data of a Value are a float whatever they were given as
            is_plain = write.slot == "data" and not write.node.is_array
            return self.ref(write.node) if is_plain else self._owned(write.node)
        if id(write.node) in self.targets:
            return write.into
        if any(n.source.stays and id(n) in self.life.shared[id(write.node)] for n in self.inputs.values()):
            return self.sheet.assign("k", f"{self.ref(write.node)}.copy()")
        return self.ref(write.node)

    # -- one node

    def _leaf(self, node: Node) -> str:
        if node.is_constant:
            if issubclass(node.kind, np.generic):
                self.numpys.add(id(node))
            return self.sheet.operand(node.source)
        source = node.source
        if issubclass(node.kind, np.generic):
            self.numpys.add(id(node))
        if source.code:
            self.head.append(f"{source.name} = {source.code}")
        if source.stays:
            self.sheet.fixed.add(source.name)
        return str(source.name)

    def _computed(self, node: Node) -> str:
        if expressions.is_scalar(node):
            text = expressions.expression(node, [self.ref(each) for each in node.inputs])
            if text is not None:
                is_numpys = any(id(each) in self.numpys for each in node.inputs)
                if is_numpys and node.kind is bool:  # of which two add up to a number, and NumPy's do not
                    text = f"{self.names.bind('truth', bool)}({text})"
                elif is_numpys:
                    self.numpys.add(id(node))
                return self._scalar(node, text)
        if node.name in ("full", "ones") and all(each.is_constant for each in node.inputs):
            return self.sheet.prepared(node.name, self._call(node))
        if node.name == "reshape" and node.inputs[0].is_array and node.form[0][1:] == (node.shape,):
            return self._reshaped(node)
        takes_out = node.name == "dot" or (node.is_elementwise and node.is_plain)
        if takes_out and node.is_array and id(node) not in self.own:
            return self._written(node)
        return self._named(node)

    def _scalar(self, node: Node, text: str) -> str:
        """Name a number, unless it is used once, where it can stand itself."""
        for name, function in expressions.functions(text).items():
            self.names.keep(name, function)
        if text.isidentifier():
            return text
        users = self.users[id(node)]
        once = len(users) + (id(node) in self.own) == 1 and len(text) < _LONG
        if once and all(expressions.mentions_once(user, node) for user in users):
            return f"({text})"
        return self.sheet.assign("s", text)

    def _reshaped(self, node: Node) -> str:
        (x,) = node.inputs
        ref = self._typed(x, self.ref(x)) if expressions.is_wrapped(x) else self.ref(x)
        text = f".reshape({node.shape})"
        if ref in self.buffers.made and id(x) not in self.columns:
            return self.sheet.view(ref, "_" + "x".join(map(str, node.shape)), text)
        return self.sheet.assign("v", f"{ref}{text}")

    def _written(self, node: Node) -> str:
        """Write a result into the parameter that it updates, or into a buffer."""
        if node.is_elementwise:  # it may overwrite what it reads
            self.buffers.give_back(self.life.index[id(node)])
        order = ", order='F'" if id(node) in self.columns else ""
        out = self.targets.get(id(node)) or self.buffers.take(node, order)
        if node.name == "masked":
            return self._masked(node, out)
        if node.name == "dot" and self._is_turned(node, out):
            args = [*map(self._transposed, reversed(node.inputs)), self.sheet.transpose(out)]
        else:
            into = f"out={out}" if node.name in _DEPRECATED_OUT else out
            args = [*(self._operand(each, node) for each in node.inputs), into]
        self.sheet.lines.append(f"{self.names.bind(node.name, node.function)}({', '.join(args)})")
        return out

    def _masked(self, node: Node, out: str) -> str:
        """Multiply the bits of numbers by a mask, which would make NaN of infinite numbers themselves."""
        x, condition = (self._operand(each, node) for each in node.inputs)
        of, into = (self.sheet.view(ref, "_bits", f".view('i{node.dtype.itemsize}')") for ref in (x, out))
        self.sheet.lines.append(f"{self.names.bind('multiply', np.multiply)}({of}, {condition}, {into})")
        return out

    def _is_turned(self, node: Node, out: str) -> bool:
        """Whether a product is written as its transpose: `dot` writes rows, and one row is a column, too."""
        a, b = node.inputs
        is_line = 1 in node.shape and len(b.shape) == 2 and out in self.sheet.fixed
        if is_line and _is_transpose(a) and self.ref(a.inputs[0]) not in self.sheet.fixed:
            return True  # it spares a view
        return id(node) in self.columns

    def _named(self, node: Node) -> str:
        text = self._call(node)
        if is_unsure(node):
            text = f"steady({text}, {node.shape})"
        if node.kind is float or (node.kind is np.float64 and node.name in ("vdot", "add_reduce")):
            return self.sheet.assign("s", text if node.name == "float" else f"float({text})")
        if issubclass(node.kind, np.generic):
            self.numpys.add(id(node))
        if is_new(node):
            self.fresh.add(id(node))
        return self.sheet.assign("r" if id(node) in self.own else "v", text)

    def _call(self, node: Node) -> str:
        """Return the call of a function as it was in the trace."""
        name, function = node.name, node.function
        if node.number and node.name in PRIMITIVES and expressions.is_scalar(node):
            name, function = f"{EXACT}{name}", expressions.exact(name)

        def leaf(part: Any) -> str | None:
            if isinstance(part, Hole):
                return self._operand(node.inputs[part.index], node)
            if type(part) in (tuple, list, dict, slice):
                return None
            return repr(part.name) if isinstance(part, np.dtype) else self.sheet.constant(part)

        parts, options = node.form
        args = [self.sheet.literal(part, leaf) for part in parts]
        args += [f"{key}={self.sheet.literal(part, leaf)}" for key, part in options]
        return f"{self.names.bind(name, function)}({', '.join(args)})"

    # -- operands

    def ref(self, node: Node) -> str:
        """Return the name of a result."""
        if _is_transpose(node):
            return self.sheet.transpose(self.ref(node.inputs[0]))
        return self.refs[id(node)]

    def _transposed(self, node: Node) -> str:
        return self.ref(node.inputs[0]) if _is_transpose(node) else self.sheet.transpose(self.ref(node))

    def _operand(self, node: Node, user: Node) -> str:
        """Return a result as an operand."""
        if user.name == "vdot" and all(id(each) in self.columns for each in user.inputs):
            return self._transposed(node)  # `vdot` reads row by row
        ref = self.ref(node)
        if not user.is_elementwise:
            return ref if node.shape else self._typed(node, ref)
        if not node.shape:
            return self._number(node, user, ref)
        if node.is_array and math.prod(node.shape) == 1 < math.prod(user.shape) and id(user) not in self.own:
            return self.sheet.view(ref, "0", ".reshape(())")
        return ref

    def _number(self, node: Node, user: Node, ref: str) -> str:
        """Return a number as an operand of a function of arrays; one without axes is taken more quickly."""
        arrays = [each for each in user.inputs if each.is_array and not expressions.is_wrapped(each)]
        kinds = {each.dtype for each in arrays if each.dtype.kind != "b"}
        if node.scalar is not None and len(kinds) == 1:
            (kind,) = kinds
            is_wider = user.is_floats and user.dtype != kind  # as SciPy's have it, for whom 0.5 is a float64
            if kind.kind != "f" or is_wider or not math.isfinite(node.scalar) or user.name == "ldexp":
                return ref
            return self.sheet.prepared("c", f"array({float(node.scalar)!r}{self.sheet.kind(kind)})")
        return ref if kinds == {np.dtype(np.float64)} else self._typed(node, ref)

    def _typed(self, node: Node, ref: str) -> str:
        """Return a number as the type that it had in the trace, where that decides what is made of it."""
        if expressions.is_wrapped(node):
            return f"array({ref})"
        if node.kind is float and id(node) in self.numpys:
            return f"float({ref})"
        is_it = id(node) in self.numpys and (node.function is None or not expressions.is_scalar(node))
        if node.kind in (np.float64, np.bool_) and not is_it:
            return f"{self.names.bind(node.kind.__name__, node.kind)}({ref})"
        return ref


def _is_transpose(node: Node) -> bool:
    """Whether a node is the transpose of a matrix, which has no name unless somebody asks for it."""
    return node.name == "transpose" and len(node.shape) == 2 and node.is_plain
