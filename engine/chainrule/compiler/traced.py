"""What arguments are while a function is traced: numbers and arrays that note what is done to them."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.compiler.captured import StandIn
from chainrule.compiler.places import is_engine, may_look, place, refuse
from chainrule.errors import TraceError
from chainrule.primitives.table import PRIMITIVES
from chainrule.value.tape import Recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chainrule.compiler.program import Node
    from chainrule.compiler.tracer import Tracer

_REFUSED = (
    *("item", "tolist", "tobytes", "tofile", "dump", "dumps", "data", "ctypes", "flat"),
    *("fill", "sort", "partition", "resize", "put", "setfield", "setflags", "byteswap", "itemset"),
)
_KNOWN: dict[str, Callable[[Any], Any]] = {
    "shape": np.shape,
    "ndim": np.ndim,
    "size": np.size,
    "dtype": lambda example: getattr(example, "dtype", None) or np.result_type(example),
    "base": lambda _: None,
}
"""Attributes that are the same at each call; and a trace has no memory to share."""

_SPREAD = ("reshape", "transpose")
"""Methods that take one by one what NumPy's function takes as a tuple."""

_OWN = frozenset(("conj", "conjugate"))
"""Methods that do not what NumPy's function does: a mask stays one."""

_STATIC = frozenset((np.shape, np.ndim, np.size, np.result_type, np.iscomplexobj, np.isrealobj))
_IN_PLACE = frozenset((np.copyto, np.put, np.place, np.putmask, np.fill_diagonal, np.put_along_axis))

_LOOKS = {
    "bool": "the program would have to branch on it",
    "float": "a Python float was made of it",
    "int": "a Python int was made of it",
    "trunc": "a Python int was made of it",
    "complex": "a Python complex was made of it",
    "index": "it was used as an index, a length or a count",
    "round": "it was rounded by Python",
    "contains": "the program would have to search it",
    "format": "it was formatted",
    "array": "its numbers were asked for (by np.array, which `import chainrule.numpy as np` has for "
    "what is traced, or by what takes raw arrays only, such as a plain array's a.dot(v): np.dot(a, v))",
}
"""What asks for the number itself."""

_BINARY = (
    *(("add", np.add), ("sub", np.subtract), ("mul", np.multiply), ("truediv", np.divide), ("pow", np.power)),
    *(("floordiv", np.floor_divide), ("mod", np.remainder), ("matmul", np.matmul)),
    *(("and", np.bitwise_and), ("or", np.bitwise_or), ("xor", np.bitwise_xor)),
    *(("lshift", np.left_shift), ("rshift", np.right_shift), ("divmod", np.divmod)),
)
_OTHERS = (
    *(("lt", np.less), ("le", np.less_equal), ("gt", np.greater), ("ge", np.greater_equal)),
    *(("eq", np.equal), ("ne", np.not_equal)),
    *(("neg", np.negative), ("pos", np.positive), ("abs", np.absolute), ("invert", np.invert)),
)
"""Python's operators, and NumPy's function for each: those that have a reflected form, and those without."""
_SEQUENCES = frozenset((list, tuple, str, bytes))


class Traced(StandIn):
    """A number or an array of a trace: it has type, shape and dtype, and operations on it are recorded.

    Its number is not there to be read: what would need it (`if`, `float`, `.item()`) is refused. Who asks for
    its class by `isinstance` hears that of the number or array; `type(x)` says what it is.
    """

    __slots__ = ("changed", "node", "owned", "parent", "seen", "tracer")

    def __new__(cls, node: Node, *_: Any) -> Traced:  # noqa: PYI034 -- or one of those below
        """Make one with the methods that what it stands for has."""
        kind = TracedArray if node.is_array else Traced if node.is_python else TracedScalar
        return object.__new__(kind)

    def __init__(self, node: Node, tracer: Tracer, parent: Traced | None = None) -> None:
        """Stand for the result of a node; as a view, if it shares the memory of a parent."""
        self.node = node
        self.tracer = tracer
        self.parent: Traced | None = parent if parent is None or parent.parent is None else parent.parent
        self.seen = None if self.parent is None else self.parent.node
        self.owned = node.source is None
        self.changed: Callable[[], object] = bool  # does nothing

    @property  # type: ignore[misc]  # object has it as an attribute
    def __class__(self) -> type:
        return Traced if is_engine(2) else self.node.kind

    def copy(self) -> Traced:
        """Return a number or array of its own."""
        own = Traced(self.node, self.tracer)
        own.owned = True
        return own

    def astype(self, dtype: Any, **_: Any) -> Any:
        """As ndarray's."""
        if self.node.is_python:
            return self.tracer.record("float", float, (self,))
        if np.dtype(dtype) == self.node.dtype:
            return self
        return self.tracer.record("astype", PRIMITIVES["astype"].forward, (self,), {"dtype": np.dtype(dtype)})

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # NumPy asks for protocols that only raw arrays have
            raise AttributeError(name)
        is_absent = self.node.is_python and not hasattr(self.node.kind, name)
        if (name in _KNOWN or name == "T") and is_absent and not is_engine(2):
            raise AttributeError(f"{self.node.kind.__name__!r} object has no attribute {name!r}")
        if name in _KNOWN:
            return _KNOWN[name](self.node.example)
        if name == "T":
            return np.transpose(self)
        if name in _REFUSED:
            return refuse(self, f"its .{name} was asked for")
        method = getattr(np.ndarray if self.node.is_array else self.node.kind, name)
        is_own = self.node.is_python or name in _OWN
        function = None if is_own else getattr(np, name, None)
        if not callable(method):
            return self.tracer.record(name, operator.attrgetter(name), (self,))

        def call(*args: Any, **options: Any) -> Any:
            if name in _SPREAD and len(args) > 1:
                args = (args,)
            return self.tracer.record(name, function or method, (self, *args), options)

        return call

    def __copy__(self) -> Traced:
        return self.copy()

    def __deepcopy__(self, memo: Any) -> Traced:
        return self.copy()

    def __array_ufunc__(self, function: np.ufunc, method: str, *args: Any, **options: Any) -> Any:
        if any(isinstance(arg, Recorded) for arg in args):
            return NotImplemented
        if "out" in options or method == "at":
            raise TraceError(
                f"jit: an array that is no part of the trace was changed in place, by {function.__name__}"
                f"{place()}. Make a new array instead: a = a + b, not a += b."
            )
        if method != "__call__":
            return self.tracer.record(
                f"{function.__name__}_{method}", getattr(function, method), args, options
            )
        return self.tracer.record(function.__name__, function, args, options)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        if any(issubclass(kind, Recorded) for kind in types):
            return NotImplemented
        if function is np.where and len(args) == 3 and not options:
            return self.tracer.choice(args, inner=is_engine(2))
        if function in _STATIC:
            return function(*map(example_of, args), **options)
        if options.get("out") is not None or function in _IN_PLACE:
            raise TraceError(
                f"jit: np.{function.__name__} would change an array in place{place()}. "
                f"Make a new array instead, as by np.where(mask, new, old)."
            )
        name = function.__name__  # only NumPy's own goes by its bare one
        name = name if getattr(np, name, None) is function else f"other_{name}"
        return self.tracer.record(name, function, args, options)

    def __repr__(self) -> str:
        if self.tracer.finished or may_look(2):
            return self.described
        return refuse(self, "it was made text, which would be the same at each call")

    @property
    def described(self) -> str:
        """What it is, for messages."""
        kind = self.node.kind.__name__ if self.node.is_python else f"{self.dtype}{list(self.shape)}"
        return f"<traced {kind}>"

    def __hash__(self) -> int:
        if is_engine(2):
            return object.__hash__(self)
        if self.node.is_array:
            raise TypeError("unhashable type: 'numpy.ndarray'")
        return refuse(self, "it was looked up, as a key of a dict or in a set")

    def become(self, other: Traced) -> Traced:
        """Take the numbers of another: what is changed in place is the same array for all who hold it."""
        if self.parent is not None or not self.owned:
            raise TraceError(
                f"jit: an argument, or a view of an array, was changed in place{place()}. "
                f"Make a new array instead: a = a + b, not a += b."
            )
        self.node = other.node
        self.changed()
        return self

    @property
    def is_stale(self) -> bool:
        """Whether it is a view of an array that was changed since."""
        return self.parent is not None and self.parent.node is not self.seen


class TracedScalar(Traced):
    """A number of NumPy's in a trace, which unlike Python's takes an index."""

    __slots__ = ()

    __iter__: Any = None

    def __getitem__(self, index: Any) -> Any:
        return self.tracer.record("getitem", operator.getitem, (self, index))

    def __setitem__(self, index: Any, value: Any) -> None:
        if not (index is Ellipsis or (type(index) is slice and index == slice(None))):
            raise TraceError(
                f"jit: an element of an array was assigned{place()}. Make a new array instead: "
                f"np.where(mask, new, old)."
            )
        self.become(self.tracer.full_assignment(self, value))


class TracedArray(TracedScalar):
    """An array of a trace, which has a length, too, and elements in turn."""

    __slots__ = ()

    def __len__(self) -> int:
        return len(self.node.example)

    def __iter__(self) -> Iterator[Any]:
        if not self.shape:
            raise TypeError("iteration over a single number")
        return (self[place] for place in range(len(self)))


def example_of(part: Any) -> Any:
    """Return the result that something traced had in the trace; of all else, itself."""
    return part.node.example if isinstance(part, Traced) else part


def _applied(traced: Traced, function: np.ufunc, python: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """Record an operator; between a number and a list or a text it is Python's, which only `*` takes."""
    if not traced.node.is_array and any(type(arg) in _SEQUENCES for arg in args):
        if python is operator.mul and isinstance(traced.node.example, (int, np.integer, np.bool)):
            return refuse(traced, "a list or a text was repeated by it")
        if python is operator.mul or traced.node.is_python:
            return python(*map(example_of, args))
    return traced.tracer.operator(function, python, args)


def _operator(function: np.ufunc, python: Callable[..., Any]) -> Callable[..., Any]:
    def operation(self: Traced, *other: Any) -> Any:
        if other and isinstance(other[0], Recorded):
            return NotImplemented
        return _applied(self, function, python, (self, *other))

    return operation


def _reflected(function: np.ufunc, python: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, other: _applied(self, function, python, (other, self))


def _in_place(function: np.ufunc, python: Callable[..., Any]) -> Callable[..., Any]:
    def operation(self: Traced, other: Any) -> Any:
        result = _applied(self, function, python, (self, other))
        if self.node.is_array and not np.can_cast(np.result_type(result), self.dtype, "same_kind"):
            function(self.node.example, example_of(other), out=self.node.example.copy())  # which raises
        return self.become(self.tracer.full_assignment(self, result)) if self.node.is_array else result

    return operation


for _name, _function in (*_BINARY, *_OTHERS):
    _python = getattr(operator, f"__{_name}__", divmod)
    setattr(Traced, f"__{_name}__", _operator(_function, _python))
    if (_name, _function) in _BINARY:
        setattr(Traced, f"__r{_name}__", _reflected(_function, _python))
        setattr(Traced, f"__i{_name}__", _in_place(_function, _python))
for _name, _why in _LOOKS.items():
    setattr(Traced, f"__{_name}__", lambda self, *_, why=_why, **__: refuse(self, why))
