"""Arrays taken apart: the same computation on numbers, so that a graph can show every element.

The tape is run again on arrays of Values. NumPy moves them about, and adds and multiplies them, as it does
numbers; element-wise primitives are applied to each. What has no such form (a maximum, an inverse) is one
operation for each number that came out, made of all that went in. The row of a primitive says which it is.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chainrule.errors import GraphTooLargeError
from chainrule.primitives.linalg import matmul
from chainrule.primitives.table import NO_PARAMS, Primitive
from chainrule.value import labels
from chainrule.value.tape import tape
from chainrule.value.value import Constant, Value, apply

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Elements = dict[Value, Any]  # arrays of Values
    Gradients = Mapping[Value, Any]

MAX_NUMBERS = 5_000  # of a computation that is taken apart


class Numbers(NamedTuple):
    """What a Value was taken apart into: its own numbers, and until when those of all Values were made."""

    roots: Sequence[Value]
    values: Sequence[Value]
    ends: Sequence[float]

    def origin(self, number: Value) -> Value:
        """Return the Value that a number is a part of, or came about for."""
        return self.values[bisect_left(self.ends, number.index)]


# How it goes: the tape is walked in order, and each Value gets an array of objects of its own shape: new
# Values of one number. A leaf's are leaves. An operation's are made by NumPy: given arrays of objects it
# calls the operators of the elements, in an order of its own, and as those are Values each call is
# recorded. So partial sums come about that belong to no array. Whose they are is told by the clock of
# Values: it is read after each Value, and what was made between two readings came about for the later one.


def expand(root: Value, most: int = MAX_NUMBERS, gradients: Gradients | None = None) -> Numbers:
    """Take a computation apart into numbers, with labels where the arrays have them, and these gradients.

    Raises:
        GraphTooLargeError: if more than `most` numbers are involved.

    Examples:
        >>> x = Value([1.0, 2.0], label="x")
        >>> [value.label for value in expand((x * x).sum()).roots[0].parents[0].parents]
        ['x[0]', 'x[0]']
    """
    values = tape(root)
    names = labels.names_of(values)
    _check_size(values, most)
    elements: Elements = {}
    ends: list[float] = []
    for value in values:
        elements[value] = _leaf(value) if value.primitive is None else _made(value, elements)
        _name(elements[value], names[value])
        ends.append(Value(0.0).index)
    _take_gradients(values, elements, gradients or {})
    return Numbers(list(elements[root].flat), values, ends)


def _check_size(values: list[Value], most: int) -> None:
    numbers = sum(map(_numbers, values))
    if numbers > most:
        raise GraphTooLargeError(
            f"this graph is made of {numbers:,} numbers, and no more than {most:,} are drawn one "
            f'by one; take zoom="tensor", or a smaller example'
        )


def _numbers(value: Value) -> int:
    inner = np.shape(value.operands[0])[-1] if value.primitive is matmul else 1
    return value.size * inner


def _leaf(value: Value) -> np.ndarray:
    kind = Value if value.differentiable else Constant
    return _array([kind(float(number)) for number in np.ravel(value.data)], value.shape)


def _array(elements: Sequence[Any], shape: tuple[int, ...]) -> np.ndarray:
    array = np.empty(len(elements), dtype=object)
    for index, element in enumerate(elements):
        array[index] = element
    return array.reshape(shape)


def _made(value: Value, elements: Elements) -> np.ndarray:
    entry = value.primitive
    assert entry is not None
    operands = [elements[parent] for parent in value.parents]
    if entry.elementwise:
        one = np.frompyfunc(lambda *args: entry(*args, **value.params), len(operands), 1)
        return _as_array(one(*operands))
    if entry.opens and any(operand.size for operand in operands):
        return _as_array(entry.forward(*operands, **value.params))
    return _whole(entry, value, [element for operand in operands for element in operand.flat])


def _as_array(result: Any) -> np.ndarray:
    return result if isinstance(result, np.ndarray) else _array([result], ())


def _whole(entry: Primitive, value: Value, operands: list[Any]) -> np.ndarray:
    """Make each number of a result by one operation of all operands."""
    none = (None,) * len(operands)
    forwards = [lambda *_, number=number: number for number in np.ravel(value.data).tolist()]
    made = [Primitive(entry.name, entry.symbol, forward, none) for forward in forwards]
    return _array([apply(one, operands, NO_PARAMS) for one in made], value.shape)


def _name(elements: Any, name: str) -> None:
    for index in np.ndindex(elements.shape) if name else ():
        elements[index].label = elements[index].label or f"{name}{list(index) or ''}"


def _take_gradients(values: list[Value], elements: Elements, gradients: Gradients) -> None:
    """Give each number the gradient that its array has, and what lies between the one that follows."""
    root = values[-1]
    if root in gradients and not root.shape and elements[root][()].primitive is not None:
        elements[root][()].backward(float(gradients[root]))
    seen: set[Value] = set()
    for value in values:
        own = np.broadcast_to(gradients.get(value, 0.0), value.shape)
        for element, gradient in zip(elements[value].flat, own.flat, strict=True):
            if element not in seen:
                seen.add(element)
                element.grad = float(gradient) if value in gradients else None
