"""Is a gradient right? `check_grads` compares it with slopes."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import trees
from chainrule.errors import GradientError, UsageError
from chainrule.transforms.derivatives import grad, places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Function = Callable[..., Any]


def check_grads(
    function: Function,
    *args: Any,
    order: int = 2,
    argnums: int | Sequence[int] | None = None,
    h: float = 1e-5,
    rtol: float = 1e-5,
    atol: float = 1e-7,
) -> None:
    """Compare the gradient of a function with central differences, element by element.

    Args:
        function: Takes numbers, arrays or trees of them; returns one of these.
        *args: Where to look; numbers and arrays are taken in double precision.
        order: Up to which derivative; each is compared with slopes of the one before it.
        argnums: Which arguments to differentiate by; unless given, all that hold a float.
        h: Step of the differences, times the element where that is larger than 1.
        rtol: Allowed difference, relative to the slope.
        atol: Allowed difference, relative to the function's result where that is larger than 1.

    Raises:
        GradientError: They differ; it names the input and both numbers.

    Examples:
        >>> import numpy as np
        >>> check_grads(np.tanh, np.array([0.5, -1.0]))
        >>> from chainrule import custom_vjp
        >>> @custom_vjp(lambda g, out, x: g)
        ... def square(x):
        ...     return x * x
        >>> check_grads(square, 3.0)
        Traceback (most recent call last):
        ...
        chainrule.errors.GradientError: the gradient of square by x is 1, but the slope there is 6. ...
    """
    floats = tuple(place for place, arg in enumerate(args) if _holds_float(arg))
    chosen = floats if argnums is None else places(argnums, len(args))
    if not chosen:
        raise UsageError("check_grads: no argument is a float or holds one. Give 2.0 where you gave 2.")
    doubles = [trees.map_leaves(_double, arg) if place in chosen else arg for place, arg in enumerate(args)]
    names = argument_names(function, len(args))
    _Check(_name(function), function, names, chosen, h, rtol, atol).run(doubles, order)


@dataclass(frozen=True)
class _Check:
    """What stays the same over the orders of a check."""

    name: str
    function: Function
    names: list[str]
    chosen: tuple[int, ...]
    h: float
    rtol: float
    atol: float

    def run(self, args: list[Any], order: int) -> None:
        scalar = _projected(self.function, args)
        slopes = grad(scalar, self.chosen)
        for place, gradient in zip(self.chosen, slopes(*args), strict=True):
            self._compare(scalar, args, place, gradient)
        if order > 1:
            again = replace(self, name=f"grad({self.name})", function=slopes)
            again.run(args, order - 1)

    def _compare(self, scalar: Function, args: list[Any], place: int, gradient: Any) -> None:
        numbers = trees.leaves(args[place])
        named = trees.named_leaves(gradient, self.names[place])
        for leaf, ((name, exact), number) in enumerate(zip(named, numbers, strict=True)):
            for index in np.ndindex(np.shape(number)):
                step = self.h * max(1.0, abs(_at(number, index)))
                above, below = (
                    float(scalar(*_nudged(args, place, leaf, index, move))) for move in (step, -step)
                )
                slope = (above - below) / (2 * step)
                allowed = self.rtol * abs(slope) + self.atol * max(1.0, abs(above), abs(below))
                if not abs(slope - _at(exact, index)) <= allowed:
                    raise self._wrong(name + element(index), _at(exact, index), slope)

    def _wrong(self, name: str, exact: float, slope: float) -> GradientError:
        return GradientError(
            f"the gradient of {self.name} by {name} is {exact:.8g}, but the slope there is {slope:.8g}. "
            f"Compare its VJP with the derivative; at a kink, such as abs has at 0, look a little beside it."
        )


def argument_names(function: Function, count: int) -> list[str]:
    """Return what a function calls its positional arguments.

    Examples:
        >>> argument_names(lambda a, *rest: a, 3)
        ['a', 'rest[0]', 'rest[1]']
    """
    try:
        signature = inspect.signature(getattr(function, "forward", function))  # of a primitive: its forward's
        parameters = list(signature.parameters.values())
    except (TypeError, ValueError):
        parameters = []
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    rest = next((p.name for p in parameters if p.kind == p.VAR_POSITIONAL), "x" if count == 1 else "args")
    extra = [f"{rest}[{place}]" for place in range(count - len(names))]
    return [*names, *([rest] if not parameters and count == 1 else extra)][:count]


def element(index: tuple[int, ...]) -> str:
    """Return an index as code writes it, and nothing for a number's."""
    return f"[{', '.join(map(str, index))}]" if index else ""


def _projected(function: Function, args: list[Any]) -> Function:
    """Return a function with a single result: the sum of all elements, each with a weight of its own."""
    results = trees.leaves(function(*args))
    if len(results) == 1 and np.shape(results[0]) == ():
        return lambda *inputs: trees.leaves(function(*inputs))[0]
    rng = np.random.default_rng(0)
    weights = [rng.uniform(0.5, 1.5, np.shape(result)) for result in results]

    def projected(*inputs: Any) -> Any:
        results = trees.leaves(function(*inputs))
        return sum(np.sum(weight * result) for weight, result in zip(weights, results, strict=True))

    return projected


def _nudged(args: list[Any], place: int, leaf: int, index: tuple[int, ...], move: float) -> Iterator[Any]:
    """Yield the arguments, one element of one leaf of one of them moved."""
    for other, arg in enumerate(args):
        if other != place:
            yield arg
            continue
        numbers = trees.leaves(arg)
        moved = np.array(numbers[leaf])
        moved[index] += move
        numbers[leaf] = moved if moved.ndim else float(moved)
        yield trees.replace(arg, numbers)


def _holds_float(arg: Any) -> bool:
    leaves = trees.leaves(arg)
    return bool(leaves) and all(np.asarray(leaf).dtype.kind == "f" for leaf in leaves)


def _double(leaf: Any) -> Any:
    number = np.asarray(leaf, dtype=np.float64)
    return number if number.ndim else float(number)


def _at(number: Any, index: tuple[int, ...]) -> float:
    return float(np.asarray(number)[index])


def _name(function: Function) -> str:
    return str(getattr(function, "__name__", getattr(function, "name", repr(function))))
