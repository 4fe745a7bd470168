"""The derivatives of a primitive as expressions: of one operation with its sizes, or in general form.

A general form is traced twice, with operands of other sizes. What stays is the formula; what changes is a
size, and is called by its name. So no size of a sample stands in it unseen: one without a name is an error.
"""

from __future__ import annotations

import inspect
import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import ChainruleError, UnsupportedError
from chainrule.formula.notation import call, parts, simplified, substituted
from chainrule.formula.symbol import vjp_expression
from chainrule.primitives.elementwise import power
from chainrule.primitives.table import NO_PARAMS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chainrule.formula.symbol import Expression
    from chainrule.primitives.table import Primitive

    Shapes = tuple[tuple[int, ...], ...]
    Sizes = list[tuple[str, Any]]

BROADCAST = "broadcast axes"
"""What the gradient of an operand that was broadcast is summed over, in general form."""


_LARGEST = 4_096  # numbers in the operands that a derivative is traced with
_UNTRACEABLE = (ChainruleError, TypeError, ValueError, IndexError, AttributeError)


def expressions(
    entry: Primitive,
    params: Mapping[str, Any] = NO_PARAMS,
    shapes: Shapes | None = None,
    constants: Sequence[float | None] = (),
) -> tuple[Expression | None, ...]:
    """Return how the gradient reaches each operand; nothing where that cannot be traced.

    Without shapes, and for large ones, it is in general form. What is known of a power's operands is put in,
    if they are `constants`.
    """
    numbers = tuple(constants) if entry is power else ()
    try:
        return _expressions(entry, tuple(params.items()), shapes, numbers)
    except TypeError:  # an index that is an array, say, has no hash
        return _traced(entry, tuple(params.items()), shapes, numbers)


def _traced(
    entry: Primitive,
    params: tuple[tuple[str, Any], ...],
    shapes: Shapes | None,
    constants: tuple[float | None, ...],
) -> tuple[Expression | None, ...]:
    try:
        if shapes is None or sum(map(math.prod, shapes)) > _LARGEST:
            return tuple(map(_simplified, general(entry, _small(shapes or ()), dict(params))))
        return tuple(map(_simplified, derivatives(entry, dict(params), shapes, constants)))
    except _UNTRACEABLE:
        return ()  # written for numbers only, or the sizes do not fit these parameters


_expressions = lru_cache(maxsize=1024)(_traced)


def _simplified(expression: Expression | None) -> Expression | None:
    return None if expression is None else simplified(expression)


def _small(shapes: Shapes) -> Shapes:
    """Return shapes of short axes, equal ones equally long."""
    lengths = sorted({length for shape in shapes for length in shape} - {1})
    short = {1: 1, **{length: place for place, length in enumerate(lengths, 2)}}
    return tuple(tuple(short[length] for length in shape) for shape in shapes)


def derivatives(
    entry: Primitive, params: Mapping[str, Any], shapes: Shapes, constants: Sequence[float | None] = ()
) -> tuple[Expression | None, ...]:
    """Return how the gradient reaches each operand of one operation, of these shapes; None where it does not.

    Operands that are `constants` are the numbers given there.

    Examples:
        >>> from chainrule.primitives.elementwise import power
        >>> derivatives(power, {}, ((), ()), (None, 2.0))[0]
        ['multiply', ['multiply', 'g', 2.0], 'a']
    """
    names = operands(entry, len(shapes))
    samples = [sample(shape) for shape in shapes]
    found = [vjp_expression(entry, index, samples, names, params) for index in range(len(names))]
    sizes = [_shapes(names, samples, index) for index in range(len(names))]
    known = {name: number for name, number in zip(names, constants, strict=False) if number is not None}
    return tuple(
        traced if traced is None else substituted(_named(traced, traced, _pairs(size, size), {}), known)
        for traced, size in zip(found, sizes, strict=True)
    )


def general(
    entry: Primitive, shapes: Shapes = (), params: Mapping[str, Any] = NO_PARAMS
) -> tuple[Expression | None, ...]:
    """Return the same for operands of any sizes, and of any parameters but those given.

    `n` is how many elements of the operand make one of the result; parameters are called by their names. Of
    the shapes, those of its row in the table unless given, only the number of axes matters.

    Raises:
        UnsupportedError: A size stands in the derivative that has no name.

    Examples:
        >>> from chainrule.primitives.reductions import mean
        >>> general(mean)
        (['divide', 'g', 'n'],)
    """
    shapes = shapes or entry.shapes or ((),) * len(entry.vjps)
    known = {**_defaults(entry), **entry.example}
    free = {name: param for name, param in known.items() if name not in params}
    return tuple(_general(entry, index, shapes, params, free) for index in range(len(shapes)))


def _general(
    entry: Primitive, index: int, shapes: Shapes, params: Mapping[str, Any], free: Mapping[str, Any]
) -> Expression | None:
    names = operands(entry, len(shapes))
    named = [name for name, default in _defaults(entry).items() if name in free and _is_number(name, default)]
    traced: list[Any] = []
    sizes: list[Sizes] = []
    for exponent in (1, 2):  # squares: of sizes that are products of others the squares are too
        given = {**params, **free}
        given |= {"shape": _raised(given["shape"], exponent)} if "shape" in given else {}
        samples = [sample(_raised(shape, exponent)) for shape in shapes]
        traced.append(vjp_expression(entry, index, samples, names, given, named=named, broadcast=BROADCAST))
        with np.errstate(all="ignore"):
            out = entry.forward(*samples, **given)
        each = np.size(samples[index]) / np.size(out)
        sizes.append([("n", each), *_shapes(names, samples, index)])
    if traced[0] is None:
        return None
    if entry.variadic:
        traced = [_as_parts(expression, names[index]) for expression in traced]
    return simplified(_named(traced[0], traced[1], _pairs(*sizes), free))


def operands(entry: Primitive, count: int) -> list[str]:
    """Return what the VJP calls the operands."""
    vjp = next((vjp for vjp in entry.vjps if vjp is not None), None)
    if entry.variadic or vjp is None:
        return [f"x{index}" for index in range(count)]
    return list(inspect.signature(vjp).parameters)[2 : 2 + count]


def sample(shape: tuple[int, ...]) -> Any:
    """Return different numbers; a square array of them has an inverse."""
    if not shape:
        return 0.5
    numbers = 0.5 + 0.1 * np.arange(math.prod(shape)).reshape(shape)
    square = len(shape) > 1 and shape[-1] == shape[-2]
    return numbers + np.eye(shape[-1]) if square else numbers


def _defaults(entry: Primitive) -> dict[str, Any]:
    vjp = next((vjp for vjp in entry.vjps if vjp is not None), None)
    named = inspect.signature(vjp).parameters if vjp is not None else {}
    defaults = {name: named[name].default for name in entry.params}
    return {name: default for name, default in defaults.items() if default is not inspect.Parameter.empty}


def _is_number(name: str, default: Any) -> bool:
    return type(default) in (int, float) and "axis" not in name


def _raised(shape: tuple[int, ...], exponent: int) -> tuple[int, ...]:
    return tuple(length**exponent for length in shape)


def _shapes(names: Sequence[str], samples: Sequence[Any], index: int) -> Sizes:
    """Return the operands' shapes by their names, the operand's own last, so that it is preferred."""
    named = [(f"{name}.shape", np.shape(each)) for name, each in zip(names, samples, strict=True)]
    return [*named, named[index]]


def _pairs(one: Sizes, other: Sizes) -> dict[Any, str]:
    return {(size, larger): name for (name, size), (_, larger) in zip(one, other, strict=True)}


def _as_parts(expression: Expression, name: str) -> Expression:
    """Return an expression with what is taken from a joined array called a part, that of one operand."""
    match expression:
        case ["getitem", x, _]:
            return ["part", _as_parts(x, name), name]
        case [str(function), *args]:
            return [function, *(arg if isinstance(arg, dict) else _as_parts(arg, name) for arg in args)]
    return expression


def _named(one: Any, other: Any, sizes: Mapping[Any, str], free: Mapping[str, Any]) -> Expression:
    """Return what two expressions have in common, with names for where they differ in a size."""
    if isinstance(one, list) and isinstance(other, list) and one[0] == other[0]:
        name, args, params = parts(one)
        _, others, larger = parts(other)
        return call(
            name,
            [_named(arg, each, sizes, free) for arg, each in zip(args, others, strict=True)],
            {key: _param(key, params[key], larger[key], sizes, free) for key in params},
        )
    if one == other:
        both: Expression = one
        return both
    return _size(one, other, sizes)


def _param(key: str, one: Any, other: Any, sizes: Mapping[Any, str], free: Mapping[str, Any]) -> Any:
    if key == "shape":
        return sizes.get((one, other), one if one == other else key)
    for name, param in free.items():
        if one is param and name == key:
            return name
        if isinstance(param, tuple) and isinstance(one, tuple) and one and one[-1] is param:
            return name  # an index that the VJP wrapped
    return one if one is other or one == other else _size(one, other, sizes)


def _size(one: Any, other: Any, sizes: Mapping[Any, str]) -> str:
    if (one, other) not in sizes:
        raise UnsupportedError(
            f"a derivative says {one} of operands of one size and {other} of larger ones: no size that has a "
            f"name is both; write it with the shapes of its operands"
        )
    return sizes[one, other]
