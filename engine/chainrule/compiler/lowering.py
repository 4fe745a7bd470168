"""Operations with a quicker form than a call of their function: each writes it, or has none and says so."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.compiler.fusing import axes_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.compiler.node import Node
    from chainrule.compiler.writer import Writer


def _where(w: Writer, node: Node) -> str | None:
    condition, x, y = node.inputs
    if not node.is_array or node.form[1] or id(node) in w.own or id(node) in w.targets:
        return None
    if condition.shape != node.shape:
        return None
    turned = id(node) in w.transposed
    mask = w.operand(condition, node, turned=turned)
    picked = w.operand(x, node, turned=turned)
    rest = w.operand(y, node, turned=turned)
    copyto = w.call("copyto", np.copyto)
    if w.dies(y, node):
        out = w.buffers.hand_over(y, node)
        out = f"{out}T" if turned else out
    else:
        out = w.out(node, overwrites=False)
        w.line(f"{copyto}({out}, {rest})")
    if not x.shape and w.same_layout(condition, node):
        w.line(f"{w.call('putmask', np.putmask)}({out}, {mask}, {picked})")
    else:
        w.line(f"{copyto}({out}, {picked}, where={mask})")
    return w.logical(out, turned=turned)


def _multiply(w: Writer, node: Node) -> str | None:
    """Write a product with a mask, which NumPy would convert in pieces, as one with numbers."""
    place = next(
        (place for place, each in enumerate(node.inputs) if each.is_array and each.dtype.kind == "b"), 0
    )
    mask, other = node.inputs[place], node.inputs[1 - place]
    alike = mask.shape == other.shape == node.shape and other.dtype == node.dtype != mask.dtype
    if not alike or node.form[1] or id(node) in w.own or not node.is_array:
        return None
    turned = id(node) in w.transposed
    numbers = w.prepared("mask", f"empty({node.shape[::-1] if turned else node.shape}{w.kind(node.dtype)})")
    w.line(f"{w.call('copyto', np.copyto)}({numbers}, {w.operand(mask, node, turned=turned)})")
    args = f"{w.operand(other, node, turned=turned)}, {numbers}"
    out = w.out(node, overwrites=True)
    w.line(f"{w.call('multiply', np.multiply)}({args}, {out})")
    return w.logical(out, turned=turned)


def _add(w: Writer, node: Node) -> str | None:
    place = next((place for place, each in enumerate(node.inputs) if id(each) in w.added), None)
    if place is None:
        return None
    scattered, other = node.inputs[place], node.inputs[1 - place]
    turned = id(node) in w.transposed
    if w.dies(other, node):
        out = w.buffers.hand_over(other, node)
    else:
        target = w.out(node, overwrites=False)
        w.line(f"{w.call('copyto', np.copyto)}({target}, {w.operand(other, node, turned=turned)})")
        out = w.logical(target, turned=turned)
    index = scattered.options["index"]
    text = ", ".join(w.part(part, scattered) for part in (index if type(index) is tuple else (index,)))
    what = scattered.inputs[0]
    w.line(f"{out}[{text}] += {w.ref(what.inputs[0] if what.name == 'full' else what)}")
    return out


def _matmul(w: Writer, node: Node) -> str | None:
    a, b = node.inputs
    alike = a.dtype == b.dtype == node.dtype and node.dtype is not None and node.dtype.kind == "f"
    if not node.is_array or not alike or node.form[1] or len(a.shape) != 2 or len(b.shape) not in (1, 2):
        return None
    dot = w.call("dot", np.dot)
    if id(node) in w.own:
        w.fresh.add(id(node))
        return w.assign("r", f"{dot}({w.ref(a)}, {w.ref(b)})")
    turned = id(node) in w.transposed
    if b.shape == (1, 1) and a.shape[0] > 1:
        return _times_number(w, a, b, node, turned=turned)
    out = w.out(node, overwrites=False)
    if turned or (1 in node.shape and len(b.shape) == 2 and not _is_made(w, a) and out in w.fixed):
        where = out if turned else w.window(out, "T", ".T")  # of one row or column: as good either way
        w.line(f"{dot}({w.turned(b)}, {w.turned(a)}, {where})")
    else:
        w.line(f"{dot}({w.ref(a)}, {w.ref(b)}, {out})")
    return w.logical(out, turned=turned)


def _times_number(w: Writer, a: Node, b: Node, node: Node, *, turned: bool) -> str:
    out = w.out(node, overwrites=True)
    number = w.operand(b, node)
    w.line(f"{w.call('multiply', np.multiply)}({w.ref(a)}, {number}, {out})")
    return w.logical(out, turned=turned)


def _is_made(w: Writer, node: Node) -> bool:
    """Whether a name for a node is there, and none for its transpose."""
    return node.name != "transpose" or node.inputs[0].name != "input" or id(node.inputs[0]) in w.stays


def _sum(w: Writer, node: Node) -> str | None:
    (x,) = node.inputs[:1]
    axis = node.option("axis", 1)
    if len(node.inputs) != 1 or not x.is_array or set(node.options) - {"axis", "keepdims"}:
        return None
    if x.dtype is None or x.dtype.kind != "f" or len(x.shape) == 0:
        return None
    axes = axes_of(axis, len(x.shape))
    if not node.is_array:
        return _whole_sum(w, node, x) if len(axes) == len(x.shape) else None
    if len(x.shape) != 2 or len(axes) != 1:
        return _reduced(w, node, x, axes)
    ones = w.ones(x.shape[axes[0]], x.dtype)
    turned = id(x) in w.transposed
    ref = w.turned(x) if turned else w.ref(x)
    return _dotted(w, node, f"{ref}, {ones}" if turned == (axes[0] == 0) else f"{ones}, {ref}")


def _dotted(w: Writer, node: Node, args: str) -> str:
    """Write a product of which one factor is a vector, into a result that may have an axis of length 1."""
    dot = w.call("dot", np.dot)
    flat = len(node.shape) == 1
    if id(node) in w.own:
        w.fresh.add(id(node))
        return w.assign("r", f"{dot}({args}){'' if flat else f'.reshape({node.shape})'}")
    out = w.out(node, overwrites=False)
    w.line(f"{dot}({args}, {out if flat else w.window(out, '_flat', '.reshape(-1)')})")
    return out


def _mean(w: Writer, node: Node) -> str | None:
    (x,) = node.inputs[:1]
    total = _sum(w, node)
    if total is None:
        return None
    count = math.prod(x.shape) // max(1, math.prod(node.shape))
    if not node.is_array:
        return w.assign("s", f"{total} / {count}")
    w.line(f"{w.call('divide', np.divide)}({total}, {w.zero_dimensional(float(count), node.dtype)}, {total})")
    return total


def _whole_sum(w: Writer, node: Node, x: Node) -> str | None:
    if node.kind not in (float, np.float64, np.float32):
        return None
    vdot = w.call("vdot", np.vdot)
    if id(x) in w.skipped:
        a, b = x.inputs
        if id(a) in w.transposed and id(b) in w.transposed:
            return w.assign("s", f"float({vdot}({w.turned(a)}, {w.turned(b)}))")
        return w.assign("s", f"float({vdot}({w.ref(a)}, {w.ref(b)}))")
    ref = w.turned(x) if id(x) in w.transposed else w.ref(x)
    total = f"{w.call('add_reduce', np.add.reduce)}({ref}, None)"
    return w.assign("s", total if node.kind is np.float32 else f"float({total})")


def _reduced(w: Writer, node: Node, x: Node, axes: tuple[int, ...]) -> str | None:
    if id(node) in w.own or node.dtype != x.dtype:
        return None
    out = w.out(node, overwrites=False)
    kept = len(node.shape) == len(x.shape)
    axis = axes[0] if len(axes) == 1 else axes
    name = w.call("add_reduce", np.add.reduce)
    w.line(f"{name}({w.ref(x)}, {axis}, None, {out}, {kept})")
    return out


def _max(w: Writer, node: Node) -> str | None:
    (x,) = node.inputs[:1]
    if not node.is_array or id(node) in w.own or set(node.options) - {"axis", "keepdims"}:
        return None
    axes = axes_of(node.option("axis", 1), len(x.shape))
    if len(node.inputs) != 1 or len(axes) != 1 or len(node.args) > 2:
        return None
    out = w.out(node, overwrites=False)
    name = w.call("maximum_reduce", np.maximum.reduce)
    if id(x) in w.transposed:
        flat = out if len(node.shape) == 1 else w.window(out, "_flat", ".reshape(-1)")
        w.line(f"{name}({w.turned(x)}, {1 - axes[0]}, None, {flat})")
    else:
        w.line(f"{name}({w.ref(x)}, {axes[0]}, None, {out}, {len(node.shape) == len(x.shape)})")
    return out


def _reshape(w: Writer, node: Node) -> str | None:
    (x,) = node.inputs[:1]
    if len(node.inputs) != 1 or not node.is_array or not x.is_array:
        return None
    ref = w.ref(x)
    if ref in w.buffers.made and id(x) not in w.transposed:
        return w.window(ref, "_" + "x".join(map(str, node.shape)), f".reshape({node.shape})")
    return w.assign("v", f"{ref}.reshape({node.shape})")


def _broadcast_to(w: Writer, node: Node) -> str | None:
    (x,) = node.inputs[:1]
    if not node.is_array or id(node) in w.own or id(node) in w.targets:
        return None
    out = w.out(node, overwrites=False)
    w.line(f"{w.call('copyto', np.copyto)}({out}, {w.ref(x)})")
    return w.logical(out, turned=id(node) in w.transposed)


def _full(w: Writer, node: Node) -> str | None:
    (x,) = node.inputs
    if x.scalar is not None and id(node) not in w.own and id(node) not in w.targets:
        return w.prepared("full", f"full({node.shape}, {x.scalar!r}, {np.dtype(node.dtype).name!r})")
    return _broadcast_to(w, node)


def _astype(w: Writer, node: Node) -> str | None:
    if not node.is_array or not node.inputs[0].is_array or id(node) in w.own:
        return None
    out = w.out(node, overwrites=False)
    copyto = w.call("copyto", np.copyto)
    w.line(f"{copyto}({out}, {w.ref(node.inputs[0])}, 'unsafe')")
    return out


def _getitem(w: Writer, node: Node) -> str | None:
    if len(node.args) < 2 and "index" not in node.options:
        return None
    index = node.args[1] if len(node.args) > 1 else node.options["index"]
    parts = index if type(index) is tuple else (index,)
    text = ", ".join(_index(w, part, node) for part in parts)
    return w.assign("v", f"{w.ref(node.inputs[0])}[{text}{',' * (len(parts) == 1 and type(index) is tuple)}]")


def _index(w: Writer, part: Any, node: Node) -> str:
    if type(part) is not slice:
        return w.part(part, node)
    ends = ["" if end is None else w.part(end, node) for end in (part.start, part.stop, part.step)]
    return ":".join(ends[: 2 + (part.step is not None)])


LOWERED: dict[str, Callable[[Writer, Node], str | None]] = {
    "add": _add,
    "astype": _astype,
    "broadcast_to": _broadcast_to,
    "expand_dims": _reshape,
    "full": _full,
    "getitem": _getitem,
    "matmul": _matmul,
    "max": _max,
    "mean": _mean,
    "multiply": _multiply,
    "ravel": _reshape,
    "reshape": _reshape,
    "squeeze": _reshape,
    "sum": _sum,
    "where": _where,
}
"""By the name of an operation."""
