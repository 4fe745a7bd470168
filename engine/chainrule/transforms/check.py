"""Is a gradient right? `check_grads` compares it with slopes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import trees
from chainrule.errors import GradientError, UsageError
from chainrule.transforms.derivatives import grad, positions
from chainrule.transforms.elements import argument_names, double, elements

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
    floats = tuple(index for index, arg in enumerate(args) if _holds_float(arg))
    chosen = floats if argnums is None else positions(argnums, len(args))
    if not chosen:
        raise UsageError("check_grads: no argument is a float or holds one. Give 2.0 where you gave 2.")

    def of_chosen(*inputs: Any) -> Any:
        given = dict(zip(chosen, inputs, strict=True))
        return function(*(given.get(index, arg) for index, arg in enumerate(args)))

    names = argument_names(function, len(args))
    numbers = [trees.map_leaves(double, args[index]) for index in chosen]
    name, checked = _name(function), of_chosen
    for _ in range(max(order, 1)):
        scalar = _projected(checked, numbers)
        checked = grad(scalar, tuple(range(len(numbers))))
        gradients = checked(*numbers)
        for element in elements([names[index] for index in chosen], numbers):
            step = h * max(1.0, abs(element.of(numbers)))
            above, below = (float(scalar(*element.moved(numbers, move))) for move in (step, -step))
            slope, exact = (above - below) / (2 * step), element.of(gradients)
            allowed = rtol * abs(slope) + atol * max(1.0, abs(above), abs(below))
            if not abs(slope - exact) <= allowed:
                raise _wrong(f"{name} by {element.name}", exact, slope)
        name = f"grad({name})"


def _wrong(of: str, exact: float, slope: float) -> GradientError:
    return GradientError(
        f"the gradient of {of} is {exact:.8g}, but the slope there is {slope:.8g}. "
        f"Compare its VJP with the derivative; at a kink, such as abs has at 0, look a little beside it."
    )


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


def _holds_float(arg: Any) -> bool:
    leaves = trees.leaves(arg)
    return bool(leaves) and all(np.asarray(leaf).dtype.kind == "f" for leaf in leaves)


def _name(function: Function) -> str:
    return str(getattr(function, "__name__", getattr(function, "name", repr(function))))
