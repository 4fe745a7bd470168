"""Write a program down as straight-line NumPy."""

from __future__ import annotations

import builtins
import keyword
import math
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.jit import scalars
from chainrule.jit.node import PYTHON, Hole, Node, reachable, simple
from chainrule.jit.passes import elementwise
from chainrule.jit.scalars import Expression
from chainrule.jit.storage import FRESH, Buffers, Lifetimes, described, narrow, order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_ONCE = {"empty": np.empty, "ones": np.ones, "array": np.array, "full": np.full}
SCALAR_FUNCTIONS = scalars.functions()
_LARGE = 2048
"""Arrays of as many elements are masked by bits, which costs three calls and no branches."""

_LONG = 72
"""Expressions of more characters get a name."""

_DEPRECATED_OUT = frozenset(("maximum", "minimum"))  # NumPy wants their `out` by name


@dataclass(frozen=True, slots=True)
class Write:
    """A result that a Value gets.

    Attributes:
        target: The name of the Value in the generated code.
        slot: "data" or "grad".
        node: The result; None for no gradient.
        in_place: The node of the array that it is written into, if it is one of the same shape and dtype.
    """

    target: str
    slot: str
    node: Node | None
    in_place: Node | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A program as text.

    Attributes:
        once: What is run when arrays are bound: buffers, and windows on arrays that stay.
        step: The function that is run at each call.
        names: What both refer to.
    """

    once: str
    step: str
    names: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.once}\n{self.step}" if self.once else self.step


class Names:
    """Names for what the code refers to, each once."""

    def __init__(self) -> None:
        self.variables: set[str] = {*keyword.kwlist, "rest", "named", "missed", "absent"}
        self.bound: dict[str, Any] = dict(_ONCE)

    def unique(self, wanted: str) -> str:
        """Return a name for a variable that is free, like the one wanted."""
        name = re.sub(r"\W+", "_", wanted).strip("_") or "x"
        name = f"p{name}" if name[0].isdigit() else name
        found, count = name, 1
        while self._taken(found):
            count += 1
            found = f"{name}_{count}"
        self.variables.add(found)
        return found

    def _taken(self, name: str) -> bool:
        return (
            name in self.variables
            or name in self.bound
            or hasattr(np, name)
            or hasattr(builtins, name)
            or scalars.is_reserved(name)
        )

    def bind(self, wanted: str, thing: Any) -> str:
        """Return the name of a function or a constant."""
        if self.bound.get(wanted) is thing:
            return wanted
        known = next((name for name, bound in self.bound.items() if bound is thing), None)
        if known is None:
            free = wanted not in self.variables and wanted not in self.bound
            known = wanted if free and wanted.isidentifier() else self.unique(wanted)
            self.bound[known] = thing
        return known


@dataclass(eq=False)
class Writer:
    """One program being written.

    Attributes:
        names: The names taken, and those bound.
        leaves: The names or expressions of inputs, by node.
        stays: The leaves that are the same array at each call, so that windows on them are made once.
        head: Lines that come first in the function.
    """

    names: Names
    leaves: Mapping[int, str]
    stays: frozenset[int]
    head: Sequence[str] = ()
    once: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def write(
        self,
        parameters: str,
        outputs: Sequence[Node],
        writes: Sequence[Write],
        result: Callable[[Sequence[str]], str],
    ) -> Code:
        """Return the code: `result` makes the returned expression, made of the names of the outputs."""
        rows = [w.node for w in writes if w.node is not None]
        nodes = reachable([*outputs, *rows])
        updates = [w.node for w in writes if w.in_place is not None and w.node is not None]
        own = [*outputs, *(w.node for w in writes if w.in_place is None and w.node is not None)]
        self.nodes = order(own, nodes, updates)
        self.own = set(map(id, own))
        self.users: dict[int, list[tuple[Node, int]]] = defaultdict(list)
        for node in self.nodes:
            for place, each in enumerate(node.inputs):
                self.users[id(each)].append((node, place))
        self.skipped: set[int] = self._fused_away()
        self.added = {id(node) for node in self.nodes if self._is_added(node)}
        self.skipped |= self.added
        self.life = Lifetimes(self.nodes, [*own, *updates], self.skipped)
        self.buffers = Buffers(self.names.unique)
        self.fresh: set[int] = set()
        self.pieces: dict[int, Expression] = {}
        self.refs: dict[int, str] = {}
        self.fixed: set[str] = set()
        self.windows: dict[tuple[str, str], str] = {}
        self.targets = {
            id(w.node): w.in_place
            for w in writes
            if w.in_place is not None and self._fusible(w.node, w.in_place)
        }
        updates = [node for node in self.nodes if id(node) in self.targets]
        self.transposed = narrow(
            self.nodes, [*own, *updates, *(each for node in updates for each in node.inputs)]
        )
        for place, node in enumerate(self.nodes):
            self._node(place, node)
            self.buffers.give_back(self.life, place)
        return self._finish(parameters, outputs, writes, result)

    # -- the end of the function

    def _finish(
        self,
        parameters: str,
        outputs: Sequence[Node],
        writes: Sequence[Write],
        result: Callable[[Sequence[str]], str],
    ) -> Code:
        results = [self._owned(node) for node in outputs]
        copies = [self._value(w) for w in writes]
        for write, value in zip(writes, copies, strict=True):
            if write.in_place is not None:
                target = self.refs[id(write.in_place)]
                if value != target:
                    self._line(f"{self.call('copyto', np.copyto)}({target}, {value})")
            elif write.slot == "data":
                self._line(f"{write.target}.data = {value}")
            else:
                self._line(f"{write.target}._grad = {value}")
        self._line(f"return {result(results)}")
        body = "".join(f"\n    {line}" for line in (*self.head, *self.lines))
        return Code(
            "".join(f"{line}\n" for line in self.once), f"def step({parameters}):{body}\n", self.names.bound
        )

    def _value(self, write: Write) -> str:
        if write.node is None:
            return "None"
        if write.in_place is None:
            return self._owned(write.node)
        if id(write.node) in self.targets:
            return self.refs[id(write.in_place)]
        shared = self.life.shared[id(write.node)]
        if any(n in shared and n != id(write.node) for n in self.stays) or id(write.node) in self.stays:
            return self._assign("k", f"{self.ref(write.node)}.copy()")
        return self.ref(write.node)

    def _owned(self, node: Node) -> str:
        """Return an expression for a result that nobody else holds."""
        ref = self.ref(node)
        if (
            not node.is_array
            or node.source is not None
            and not node.is_constant
            and id(node) not in self.stays
        ):
            return ref
        return ref if id(node) in self.fresh else self._assign("r", f"{ref}.copy()")

    # -- one node

    def _node(self, place: int, node: Node) -> None:
        self.place = place
        if id(node) in self.skipped or _is_plain_transpose(node):
            return
        if not node.inputs and node.function is None:
            self.refs[id(node)] = self._leaf(node)
            return
        self.refs[id(node)] = self._computed(node)

    def _leaf(self, node: Node) -> str:
        if node.is_constant:
            return self._constant(node.source)
        name = self.leaves[id(node)]
        if id(node) in self.stays:
            self.fixed.add(name)
        return name

    def _constant(self, source: Any) -> str:
        if type(source) in PYTHON:
            if type(source) is float and not math.isfinite(source):
                return self.names.bind("inf" if source == math.inf else "number", source)
            return f"({source!r})" if str(source).startswith("-") else repr(source)
        name = self.names.bind("c", source)
        self.fixed.add(name)
        return name

    def _computed(self, node: Node) -> str:
        if scalars.is_scalar(node):
            found = scalars.expression(
                node, [self.pieces.get(id(n)) or Expression(self.ref(n)) for n in node.inputs]
            )
            if found is not None:
                return self._scalar(node, found)
            if node.kind is float and node.number:
                called = self.call(f"exact_{node.name}", scalars.exact(node.name), key=node.name)
                return self._assign("s", self._form(called, node))
        special = getattr(self, f"_{node.name}", None)
        done = special(node) if special is not None else None
        if done is not None:
            return str(done)
        if node.is_array and elementwise(node) and not node.form[1]:
            return self._elementwise(node)
        return self._generic(node)

    def _scalar(self, node: Node, found: Expression) -> str:
        """Name a number, unless it is used once, where it can stand itself."""
        for name in re.findall(r"(\w+)\(", found.text):
            if name in SCALAR_FUNCTIONS:
                self.names.bound[name] = SCALAR_FUNCTIONS[name]
        users = self.users[id(node)]
        once = len(users) + (id(node) in self.own) == 1 and len(found.text) < _LONG
        if found.binding == 3 and found.text.isidentifier():
            return found.text
        if once and all(
            scalars.is_scalar(user) and scalars.mentions(user, place) == 1 for user, place in users
        ):
            self.pieces[id(node)] = found
            return found.text
        return self._assign("s", found.text)

    def _elementwise(self, node: Node) -> str:
        name = self.call(node.name, node.function)
        if id(node) in self.own:
            self.fresh.add(id(node))
            return self._assign("r", f"{name}({', '.join(self.operand(n, node) for n in node.inputs)})")
        turned = id(node) in self.transposed
        args = ", ".join(self.operand(each, node, turned=turned) for each in node.inputs)
        out = self._out(node, overwrites=True)
        self._line(f"{name}({args}, {'out=' if name in _DEPRECATED_OUT else ''}{out})")
        return self._logical(out, turned=turned)

    def _generic(self, node: Node) -> str:
        name = self.call(node.name, node.function)
        text = self._form(name, node)
        if node.kind is float:
            return self._assign("s", text if node.name == "float" else f"float({text})")
        if node.name in FRESH or elementwise(node):
            self.fresh.add(id(node))
        return self._assign("v", text)

    def _form(self, name: str, node: Node) -> str:
        args = [self._literal(part, node) for part in node.args]
        options = [f"{key}={self._literal(part, node)}" for key, part in node.options.items()]
        return f"{name}({', '.join((*args, *options))})"

    def _literal(self, part: Any, node: Node) -> str:
        if isinstance(part, Hole):
            return self.ref(node.inputs[part.place])
        if type(part) is slice:
            parts = ", ".join(self._literal(each, node) for each in (part.start, part.stop, part.step))
            return f"slice({parts})"
        if type(part) in (tuple, list):
            inner = ", ".join(self._literal(each, node) for each in part)
            return f"[{inner}]" if type(part) is list else f"({inner}{',' * (len(part) == 1)})"
        if type(part) is dict:
            return f"{{{', '.join(f'{k!r}: {self._literal(v, node)}' for k, v in part.items())}}}"
        if part is None or part is Ellipsis or type(part) in (int, bool, str):
            return "..." if part is Ellipsis else repr(part)
        if type(part) is float:
            return self._constant(part)
        return self.names.bind("o", part)

    # -- operations with a quicker form

    def _where(self, node: Node) -> str | None:
        condition, x, y = node.inputs
        if not node.is_array or node.form[1] or id(node) in self.own or id(node) in self.targets:
            return None
        if condition.shape != node.shape:
            return None
        turned = id(node) in self.transposed
        mask = self.operand(condition, node, turned=turned)
        picked = self.operand(x, node, turned=turned)
        rest = self.operand(y, node, turned=turned)
        copyto = self.call("copyto", np.copyto)
        if math.prod(node.shape) >= _LARGE and x.scalar == 0 and self._same_layout(condition, node):
            return self._masked(condition, y, node, turned=turned)
        if self._dies(y, node):
            out = self.buffers.hand_over(y, node)
            out = f"{out}T" if turned else out
        else:
            out = self._out(node, overwrites=False)
            self._line(f"{copyto}({out}, {rest})")
        if not x.shape and self._same_layout(condition, node):
            self._line(f"{self.call('putmask', np.putmask)}({out}, {mask}, {picked})")
        else:
            self._line(f"{copyto}({out}, {picked}, where={mask})")
        return self._logical(out, turned=turned)

    def _masked(self, condition: Node, y: Node, node: Node, *, turned: bool) -> str:
        """Write zeros where a condition holds by clearing bits: without a branch, and right for infinities too."""
        if self._dies(y, node):
            out = self.buffers.hand_over(y, node)
            out = f"{out}T" if turned else out
        else:
            out = self._out(node, overwrites=False)
            self._line(f"{self.call('copyto', np.copyto)}({out}, {self.operand(y, node, turned=turned)})")
        shape, bits = node.shape[::-1] if turned else node.shape, f"int{8 * node.dtype.itemsize}"
        small = self._prepared("keep", f"empty({shape}, 'int8')")
        large = self._prepared("bits", f"empty({shape}, {bits!r})")
        one = self._prepared("one", "array(1, 'int8')")
        mask = self._window(
            self.turned(condition) if turned else self.ref(condition), "_int8", ".view('int8')"
        )
        window = self._window(out, f"_{bits}", f".view({bits!r})")
        self._line(f"{self.call('subtract', np.subtract)}({mask}, {one}, {small})")
        self._line(f"{self.call('copyto', np.copyto)}({large}, {small})")
        self._line(f"{self.call('bitwise_and', np.bitwise_and)}({window}, {large}, {window})")
        return self._logical(out, turned=turned)

    def _add(self, node: Node) -> str | None:
        place = next((place for place, each in enumerate(node.inputs) if id(each) in self.added), None)
        if place is None:
            return None
        scattered, other = node.inputs[place], node.inputs[1 - place]
        turned = id(node) in self.transposed
        if self._dies(other, node):
            out = self.buffers.hand_over(other, node)
        else:
            target = self._out(node, overwrites=False)
            self._line(
                f"{self.call('copyto', np.copyto)}({target}, {self.operand(other, node, turned=turned)})"
            )
            out = self._logical(target, turned=turned)
        index = scattered.options["index"]
        text = ", ".join(
            self._literal(part, scattered) for part in (index if type(index) is tuple else (index,))
        )
        what = scattered.inputs[0]
        self._line(f"{out}[{text}] += {self.ref(what.inputs[0] if what.name == 'full' else what)}")
        return out

    def _matmul(self, node: Node) -> str | None:
        a, b = node.inputs
        alike = a.dtype == b.dtype == node.dtype and node.dtype is not None and node.dtype.kind == "f"
        if not node.is_array or not alike or node.form[1] or len(a.shape) != 2 or len(b.shape) not in (1, 2):
            return None
        dot = self.call("dot", np.dot)
        if id(node) in self.own:
            self.fresh.add(id(node))
            return self._assign("r", f"{dot}({self.ref(a)}, {self.ref(b)})")
        turned = id(node) in self.transposed
        if b.shape == (1, 1) and a.shape[0] > 1:
            return self._times_number(a, b, node, turned=turned)
        out = self._out(node, overwrites=False)
        if turned or (1 in node.shape and len(b.shape) == 2 and not self._is_made(a) and out in self.fixed):
            where = (
                out if turned else self._window(out, "T", ".T")
            )  # of one row or column: as good either way
            self._line(f"{dot}({self.turned(b)}, {self.turned(a)}, {where})")
        else:
            self._line(f"{dot}({self.ref(a)}, {self.ref(b)}, {out})")
        return self._logical(out, turned=turned)

    def _times_number(self, a: Node, b: Node, node: Node, *, turned: bool) -> str:
        out = self._out(node, overwrites=True)
        number = self.operand(b, node)
        self._line(f"{self.call('multiply', np.multiply)}({self.ref(a)}, {number}, {out})")
        return self._logical(out, turned=turned)

    def _is_made(self, node: Node) -> bool:
        """Whether a name for a node is there, and none for its transpose."""
        return node.name != "transpose" or node.inputs[0].name != "input" or id(node.inputs[0]) in self.stays

    def _sum(self, node: Node) -> str | None:
        (x,) = node.inputs[:1]
        axis = node.option("axis", 1)
        if len(node.inputs) != 1 or not x.is_array or set(node.options) - {"axis", "keepdims"}:
            return None
        if x.dtype is None or x.dtype.kind != "f" or len(x.shape) == 0:
            return None
        axes = _axes(axis, len(x.shape))
        if not node.is_array:
            return self._whole_sum(node, x) if len(axes) == len(x.shape) else None
        if len(x.shape) != 2 or len(axes) != 1:
            return self._reduced(node, x, axes)
        ones = self._ones(x.shape[axes[0]], x.dtype)
        turned = id(x) in self.transposed
        ref = self.turned(x) if turned else self.ref(x)
        return self._dotted(node, f"{ref}, {ones}" if turned == (axes[0] == 0) else f"{ones}, {ref}")

    def _dotted(self, node: Node, args: str) -> str:
        """Write a product of which one factor is a vector, into a result that may have an axis of length 1."""
        dot = self.call("dot", np.dot)
        flat = len(node.shape) == 1
        if id(node) in self.own:
            self.fresh.add(id(node))
            return self._assign("r", f"{dot}({args}){'' if flat else f'.reshape({node.shape})'}")
        out = self._out(node, overwrites=False)
        self._line(f"{dot}({args}, {out if flat else self._window(out, '_flat', '.reshape(-1)')})")
        return out

    def _mean(self, node: Node) -> str | None:
        (x,) = node.inputs[:1]
        total = self._sum(node)
        if total is None:
            return None
        count = math.prod(x.shape) // max(1, math.prod(node.shape))
        if not node.is_array:
            return self._assign("s", f"{total} / {count}")
        self._line(
            f"{self.call('divide', np.divide)}({total}, {self._zero_dimensional(float(count), node.dtype)}, {total})"
        )
        return total

    def _whole_sum(self, node: Node, x: Node) -> str | None:
        if node.kind not in (float, np.float64, np.float32):
            return None
        vdot = self.call("vdot", np.vdot)
        if id(x) in self.skipped:
            a, b = x.inputs
            if id(a) in self.transposed and id(b) in self.transposed:
                return self._assign("s", f"float({vdot}({self.turned(a)}, {self.turned(b)}))")
            return self._assign("s", f"float({vdot}({self.ref(a)}, {self.ref(b)}))")
        ref = self.turned(x) if id(x) in self.transposed else self.ref(x)
        total = f"{self.call('add_reduce', np.add.reduce)}({ref}, None)"
        return self._assign("s", total if node.kind is np.float32 else f"float({total})")

    def _reduced(self, node: Node, x: Node, axes: tuple[int, ...]) -> str | None:
        if id(node) in self.own or node.dtype != x.dtype:
            return None
        out = self._out(node, overwrites=False)
        kept = len(node.shape) == len(x.shape)
        axis = axes[0] if len(axes) == 1 else axes
        name = self.call("add_reduce", np.add.reduce)
        self._line(f"{name}({self.ref(x)}, {axis}, None, {out}, {kept})")
        return out

    def _max(self, node: Node) -> str | None:
        (x,) = node.inputs[:1]
        if not node.is_array or id(node) in self.own or set(node.options) - {"axis", "keepdims"}:
            return None
        axes = _axes(node.option("axis", 1), len(x.shape))
        if len(node.inputs) != 1 or len(axes) != 1 or len(node.args) > 2:
            return None
        out = self._out(node, overwrites=False)
        name = self.call("maximum_reduce", np.maximum.reduce)
        if id(x) in self.transposed:
            flat = out if len(node.shape) == 1 else self._window(out, "_flat", ".reshape(-1)")
            self._line(f"{name}({self.turned(x)}, {1 - axes[0]}, None, {flat})")
        else:
            self._line(f"{name}({self.ref(x)}, {axes[0]}, None, {out}, {len(node.shape) == len(x.shape)})")
        return out

    def _reshape(self, node: Node) -> str | None:
        (x,) = node.inputs[:1]
        if len(node.inputs) != 1 or not node.is_array or not x.is_array:
            return None
        ref = self.ref(x)
        if ref in self.buffers.made and id(x) not in self.transposed:
            return self._window(ref, "_" + "x".join(map(str, node.shape)), f".reshape({node.shape})")
        return self._assign("v", f"{ref}.reshape({node.shape})")

    _expand_dims = _squeeze = _ravel = _reshape

    def _broadcast_to(self, node: Node) -> str | None:
        (x,) = node.inputs[:1]
        if not node.is_array or id(node) in self.own or id(node) in self.targets:
            return None
        out = self._out(node, overwrites=False)
        self._line(f"{self.call('copyto', np.copyto)}({out}, {self.ref(x)})")
        return self._logical(out, turned=id(node) in self.transposed)

    def _full(self, node: Node) -> str | None:
        (x,) = node.inputs
        if x.scalar is not None and id(node) not in self.own and id(node) not in self.targets:
            return self._prepared("full", f"full({node.shape}, {x.scalar!r}, {np.dtype(node.dtype).name!r})")
        return self._broadcast_to(node)

    def _astype(self, node: Node) -> str | None:
        if not node.is_array or not node.inputs[0].is_array or id(node) in self.own:
            return None
        out = self._out(node, overwrites=False)
        copyto = self.call("copyto", np.copyto)
        self._line(f"{copyto}({out}, {self.ref(node.inputs[0])}, 'unsafe')")
        return out

    def _getitem(self, node: Node) -> str | None:
        if len(node.args) < 2 and "index" not in node.options:
            return None
        index = node.args[1] if len(node.args) > 1 else node.options["index"]
        parts = index if type(index) is tuple else (index,)
        text = ", ".join(self._index(part, node) for part in parts)
        return self._assign(
            "v", f"{self.ref(node.inputs[0])}[{text}{',' * (len(parts) == 1 and type(index) is tuple)}]"
        )

    def _index(self, part: Any, node: Node) -> str:
        if type(part) is not slice:
            return self._literal(part, node)
        ends = ["" if end is None else self._literal(end, node) for end in (part.start, part.stop, part.step)]
        return ":".join(ends[: 2 + (part.step is not None)])

    # -- names

    def ref(self, node: Node) -> str:
        """Return the name of a result, in its own shape."""
        if id(node) not in self.refs:  # a transpose that nobody has asked for
            return self.turned(node.inputs[0])
        return self.refs[id(node)]

    def turned(self, node: Node) -> str:
        """Return the name of the transpose of a result."""
        if _is_plain_transpose(node):
            return self.ref(node.inputs[0])
        ref = self.ref(node)
        if id(node) in self.transposed:
            return f"{ref}T"
        return self._window(ref, "T", ".T")

    def operand(self, node: Node, user: Node, *, turned: bool = False) -> str:
        """Return a result as an operand of a function of each element."""
        ref = self.ref(node)
        if not node.shape:
            return self._number(node, user, ref)
        if node.is_array and math.prod(node.shape) == 1 and math.prod(user.shape) > 1:
            return self._window(ref, "0", ".reshape(())")
        if turned and len(node.shape) == 2:
            return self.turned(node)
        if turned and len(node.shape) == 1:
            return self._window(ref, "C", "[:, None]")
        return ref

    def _number(self, node: Node, user: Node, ref: str) -> str:
        kinds = {each.dtype for each in user.inputs if each.is_array and each.dtype.kind != "b"}
        if type(node.scalar) in (float, int) and len(kinds) == 1:
            (kind,) = kinds
            return self._zero_dimensional(float(node.scalar), kind) if kind.kind == "f" else ref
        if node.kind is np.float64 and not node.is_constant and kinds != {np.dtype(np.float64)}:
            return f"{self.call('float64', np.float64)}({ref})"
        return ref

    def _zero_dimensional(self, number: float, dtype: Any) -> str:
        text = f"array({number!r})" if dtype == np.float64 else f"array({number!r}, {dtype.name!r})"
        if not math.isfinite(number):
            return self._constant(number)
        return self._prepared("c", text)

    def _ones(self, length: int, dtype: Any) -> str:
        return self._prepared(
            "ones", f"ones({length})" if dtype == np.float64 else f"ones({length}, {dtype.name!r})"
        )

    def _prepared(self, wanted: str, text: str) -> str:
        """Return the name of something that is made once."""
        key = ("", text)
        if key not in self.windows:
            name = self.names.unique(wanted)
            self.once.append(f"{name} = {text}")
            self.windows[key] = name
            self.fixed.add(name)
        return self.windows[key]

    def _window(self, ref: str, suffix: str, text: str) -> str:
        """Return a view of an array: made once if the array stays, else here."""
        if ref in self.fixed:
            key = (ref, text)
            if key not in self.windows:
                name = self.names.unique(f"{ref}{suffix}")
                self.once.append(f"{name} = {ref}{text}")
                self.windows[key] = name
            return self.windows[key]
        if text == ".T" and ref.isidentifier():
            key = (ref, text)
            if key not in self.windows:
                self.windows[key] = self._assign(f"{ref}T", f"{ref}.T")
            return self.windows[key]
        return f"{ref}{text}"

    def call(self, name: str, function: Callable[..., Any] | None, *, key: Any = None) -> str:
        """Return the name of a function."""
        if key is not None and name in self.names.bound:
            return name
        return self.names.bind(name, function)

    def _out(self, node: Node, *, overwrites: bool) -> str:
        """Return where a result goes: the parameter it updates, a buffer that is just read for the last time, or another."""
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
        if turned:
            rows, columns = node.shape
            kind = "" if node.dtype == np.float64 else f", {np.dtype(node.dtype).name!r}"
            self.once += [f"{name}T = empty(({columns}, {rows}){kind})", f"{name} = {name}T.T"]
            self.fixed.add(f"{name}T")
        else:
            self.once.append(f"{name} = empty({described(node)})")
        self.fixed.add(name)

    def _logical(self, out: str, *, turned: bool) -> str:
        return out[:-1] if turned else out

    def _assign(self, wanted: str, expression: str) -> str:
        name = self.names.unique(wanted if wanted.endswith("T") else f"{wanted}{len(self.lines)}")
        self._line(f"{name} = {expression}")
        return name

    def _line(self, text: str) -> None:
        self.lines.append(text)

    # -- what is known before

    def _dies(self, node: Node, user: Node) -> bool:
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

    def _same_layout(self, condition: Node, node: Node) -> bool:
        return self.buffers.holds(condition) and (id(condition) in self.transposed) == (
            id(node) in self.transposed
        )

    def _fused_away(self) -> set[int]:
        """Return the products that only a sum reads: `vdot` computes both at once."""
        return {
            id(node)
            for node in self.nodes
            if node.name == "multiply"
            and id(node) not in self.own
            and node.is_array
            and all(n.is_array and n.shape == node.shape and n.dtype == node.dtype for n in node.inputs)
            and node.dtype.kind == "f"
            and all(self._sums_all(user, node) for user, _ in self.users[id(node)])
        }

    def _is_added(self, node: Node) -> bool:
        """Whether a node puts numbers at places of zeros, no place twice, only to be added to another array."""
        if node.name != "scatter" or id(node) in self.own or len(self.users[id(node)]) != 1:
            return False
        user, place = self.users[id(node)][0]
        other = user.inputs[1 - place] if user.name == "add" else node
        plain = other is not node and (other.shape, other.dtype) == (node.shape, node.dtype) == (
            user.shape,
            user.dtype,
        )
        return plain and id(user) not in self.own and self._distinct(node)

    def _distinct(self, node: Node) -> bool:
        """Whether one part of an index names no place twice."""
        index = node.options.get("index")
        parts = index if type(index) is tuple else (index,)
        known = [node.inputs[part.place] for part in parts if isinstance(part, Hole)]
        vectors = all(each.is_array and len(each.shape) == 1 and each.dtype.kind in "iu" for each in known)
        return vectors and len(known) == len(parts) and any(_unique(each) for each in known)

    def _sums_all(self, user: Node, node: Node) -> bool:
        if user.name not in ("sum", "mean") or user.kind not in (float, np.float64) or len(user.inputs) != 1:
            return False
        return len(_axes(user.option("axis", 1), len(node.shape))) == len(node.shape)

    def _fusible(self, node: Node | None, target: Node) -> bool:
        """Whether a parameter can be overwritten where its new numbers are computed: all others have read it."""
        if node is None or not elementwise(node) or node.form[1] or not node.is_array or id(node) in self.own:
            return False
        return not self.life.readers_after(target, self.life.place[id(node)])


def _is_plain_transpose(node: Node) -> bool:
    return (
        node.name == "transpose"
        and len(node.inputs) == 1
        and len(node.shape) == 2
        and node.form == simple(node)
    )


def _unique(node: Node) -> bool:
    if not node.is_constant:
        return False
    return bool(node.source.min(initial=0) >= 0 and np.unique(node.source).size == node.source.size)


def _axes(axis: Any, ndim: int) -> tuple[int, ...]:
    if axis is None:
        return tuple(range(ndim))
    if isinstance(axis, Hole):
        return ()
    return tuple(one % ndim for one in (axis if type(axis) is tuple else (axis,)))
