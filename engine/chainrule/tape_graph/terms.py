"""How each number of a gradient adds up: gradients of the result's numbers, each times a factor.

The derivative along an operand is a table of numbers, one for each pair of elements. Most operations leave
most of it empty, and say the rest in short: one that is done to each number by itself has a factor for each,
a sum the same one for all, a matrix product the other matrix; and what only moves numbers has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.graph import Terms
from chainrule.primitives import linalg, reductions, shape
from chainrule.tape_graph.quantities import MOST_NUMBERS, short
from chainrule.value.backward import slope
from chainrule.value.tape import is_stale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chainrule.primitives.table import Primitive
    from chainrule.value.value import Value

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def terms(value: Value) -> tuple[Terms | None, ...]:
    """Return how the gradient of each operand of what made a Value adds up, where that can be told in short.

    Examples:
        >>> from chainrule import Value
        >>> [each.axes for each in terms(Value(np.ones((8, 4))) + Value(np.ones(4)))]
        ['ab,->ab', 'ab,->b']
        >>> terms(Value(np.ones((8, 4))) @ Value(np.ones((4, 2))))[1]
        Terms(axes='ik,ij->jk', lengths=(8, 4, 2), factor='0', moved=())
    """
    if is_stale(value):
        return ()
    found = tuple(_along(value, place) for place in range(len(value.parents)))
    return found if any(found) else ()


def _along(value: Value, place: int) -> Terms | None:
    operand, entry = value.parents[place], value.primitive
    assert entry is not None
    takes_part = operand.differentiable and entry.vjp(place) is not None and value.size and operand.size
    is_held = max(value.size, operand.size) <= MOST_NUMBERS
    if takes_part and (entry.elementwise or entry is shape.broadcast_to):
        return _each(value, place, is_held=is_held)
    return _joined(value, place, entry) if takes_part and is_held else None


def _joined(value: Value, place: int, entry: Primitive) -> Terms | None:
    if entry is linalg.matmul:
        return _product(value, place, *_matmul(value.ndim, *(parent.ndim for parent in value.parents)))
    if entry is linalg.einsum:
        inputs, _, output = value.params["subscripts"].partition("->")
        return _product(value, place, output, *inputs.split(","))
    if entry.gathers:
        return _reduced(value, place)
    if entry.moves:
        return _moved(value, place)
    is_small = value.size * value.parents[place].size <= MOST_NUMBERS
    return _whole(value, place) if is_small and not entry.custom else None


def _each(value: Value, place: int, *, is_held: bool) -> Terms | None:
    """Return how broadcasting adds up; of large arrays only that it does."""
    letters = _LETTERS[: value.ndim]
    axes = _apart(letters, value.shape), _letters(letters, value.parents[place].shape)
    lengths = dict(zip(letters, value.shape, strict=True))
    if is_held:
        return _times(value, slope(value, place), letters, axes, lengths)
    return _named((axes[0], "", axes[1]), lengths, None) if len(axes[1]) < len(axes[0]) else None


def _reduced(value: Value, place: int) -> Terms:
    operand = value.parents[place]
    axes = reductions.axes_of(operand, value.params.get("axis"))
    letters = _LETTERS[: operand.ndim]
    own = _apart(letters, operand.shape)
    kept = "".join(letter for axis, letter in enumerate(letters) if axis not in axes and letter in own)
    factor = slope(value, place, np.ones(value.shape) if value.shape else 1.0)
    return _times(value, factor, letters, (kept, own), dict(zip(letters, operand.shape, strict=True)))


def _times(
    value: Value, factor: Any, letters: str, axes: tuple[str, str], lengths: Mapping[str, int]
) -> Terms:
    """Return terms with a factor as short as it can be told: one number, whose data it is, or numbers."""
    given = np.asarray(factor, float)
    along = _letters(letters, given.shape)
    first = float(given.flat[0])
    if (given == first).all():
        return _named((axes[0], "", axes[1]), lengths, first)
    held = {"o": value.data, **{str(place): parent.data for place, parent in enumerate(value.parents)}}
    same = (name for name, data in held.items() if np.array_equal(data, given))
    return _named((axes[0], along, axes[1]), lengths, next(same, None) or _shortened(given))


def _matmul(result: int, first: int, second: int) -> tuple[str, str, str]:
    """Return the axes of a matrix product's result and operands, of which there are so many."""
    batch = _LETTERS[-1 : -1 - max(first - 2, second - 2, 0) : -1]
    axes = [batch[len(batch) - max(count - 2, 0) :] for count in (first, second)]
    rows, columns = "i" * (first > 1), "k" * (second > 1)
    assert result == len(batch + rows + columns)
    return batch + rows + columns, f"{axes[0]}{rows}j", f"{axes[1]}j{columns}"


def _product(value: Value, place: int, output: str, *inputs: str) -> Terms | None:
    """Return terms of a product of two arrays, or of one, whose axes have letters as in `np.einsum`."""
    others = [(str(other), parent) for other, parent in enumerate(value.parents) if other != place]
    is_plain = len(others) < 2 and all(len(set(part)) == len(part) for part in inputs)
    if not is_plain or any(parent.size > MOST_NUMBERS for _, parent in others):
        return None
    shapes = [parent.shape for parent in value.parents]
    axes = [_apart(part, lengths) for part, lengths in zip(inputs, shapes, strict=True)]
    lengths = {
        letter: length
        for part, shape_ in zip(inputs, shapes, strict=True)
        for letter, length in zip(part, shape_, strict=True)
        if length > 1
    }
    along = axes[1 - place] if others else ""
    factor = others[0][0] if others else 1.0
    return _named((_apart(output, value.shape), along, axes[place]), lengths, factor)


def _moved(value: Value, place: int) -> Terms:
    """Return where each number went: the operation is done to the numbers' places instead of the numbers."""
    entry = value.primitive
    assert entry is not None
    places = [np.full(parent.shape, -1) for parent in value.parents]
    places[place] = np.arange(value.parents[place].size).reshape(value.parents[place].shape)
    moved = np.asarray(entry.forward(*places, **value.params)).ravel().tolist()
    if moved == list(range(value.parents[place].size)):
        return Terms("a,->a", (len(moved),), 1.0)
    return Terms("", (), 1.0, tuple(moved))


def _whole(value: Value, place: int) -> Terms:
    """Return the table of all derivatives, a row for each number of the result."""
    rows = []
    for index in range(value.size):
        arrived = np.zeros(value.size)
        arrived[index] = 1.0
        rows.append(np.ravel(slope(value, place, arrived.reshape(value.shape) if value.shape else 1.0)))
    table = np.array(rows)
    return Terms("a,ab->b", table.shape, _shortened(table))


def _named(
    axes: tuple[str, str, str], lengths: Mapping[str, int], factor: float | str | tuple[float, ...] | None
) -> Terms:
    used = sorted(set("".join(axes)))
    return Terms(f"{axes[0]},{axes[1]}->{axes[2]}", tuple(lengths[letter] for letter in used), factor)


def _letters(letters: str, shape: tuple[int, ...]) -> str:
    """Return the letters of an array's axes, counted from the last, without those of length 1."""
    return _apart(letters[len(letters) - len(shape) :], shape)


def _apart(letters: str, shape: tuple[int, ...]) -> str:
    return "".join(letter for letter, length in zip(letters, shape, strict=True) if length > 1)


def _shortened(numbers: np.ndarray) -> tuple[float, ...]:
    return tuple(map(short, numbers.ravel().tolist()))
