"""From a function of one number to its derivatives: `grad`, `value_and_grad`, `hessian`, `hvp`.

Each takes a function and returns a function, so they nest to any order. Inside another transform, or given
Values, the result is a Value that can be differentiated again; else it is a number or an array.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import trees
from chainrule.errors import BackwardError, ShapeError, UsageError
from chainrule.modes import differentiating, following, is_nested
from chainrule.value.backward import gradients
from chainrule.value.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Function = Callable[..., Any]
    Argnums = int | Sequence[int]


def grad(function: Function, argnums: Argnums = 0, *, has_aux: bool = False) -> Function:
    """Return the function that computes the gradient of `function`.

    Args:
        function: Takes numbers, arrays, or dicts, lists, tuples and dataclasses of them; returns one number.
        argnums: Which positional argument to differentiate by, or a tuple of several; -1 is the last.
        has_aux: Whether `function` returns a pair, and only its first is differentiated.

    Returns:
        A function of the same arguments. It returns the gradient, of the argument's form, or a tuple of them
            for a tuple `argnums`; and a pair with the second result if `has_aux`.

    Raises:
        BackwardError: `function` did not return a single number.
        UsageError: `argnums` names no argument of the call; or `function` turned what depends on its input
            into a plain number or array, by which the gradient would be lost.

    Examples:
        >>> import numpy as np
        >>> grad(np.tanh)(0.0), grad(grad(lambda x: x**3))(2.0)
        (1.0, 12.0)
        >>> grad(lambda p: p["w"] * p["b"] ** 2)({"w": 3.0, "b": 2.0})
        {'w': 4.0, 'b': 12.0}
    """
    both = value_and_grad(function, argnums, has_aux=has_aux)

    @functools.wraps(function)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        value, slope = both(*args, **kwargs)
        return (slope, value[1]) if has_aux else slope

    return gradient


def value_and_grad(function: Function, argnums: Argnums = 0, *, has_aux: bool = False) -> Function:
    """Return the function that computes both `function` and its gradient; arguments are as for `grad`.

    Examples:
        >>> value_and_grad(lambda x, y: x * y, argnums=(0, 1))(2.0, 3.0)
        (6.0, (3.0, 2.0))
        >>> value_and_grad(lambda x: (x * x, "seen"), has_aux=True)(3.0)
        ((9.0, 'seen'), 6.0)
    """

    @functools.wraps(function)
    def both(*args: Any, **kwargs: Any) -> Any:
        run = _Run(function, args, kwargs, argnums, has_aux=has_aux)
        return run.result, run.pack(run.pull(run.output))

    return both


def hessian(function: Function, argnums: int = 0) -> Function:
    """Return the function that computes all second derivatives of `function` by one argument.

    For a number it is a number, for an array of shape s an array of shape s + s; for a tree, a tree of trees.

    Examples:
        >>> import numpy as np
        >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([3.0, 2.0]))
        array([[4., 6.],
               [6., 0.]])
    """

    @functools.wraps(function)
    def second(*args: Any, **kwargs: Any) -> Any:
        run = _Run(function, args, kwargs, argnums)
        return run.pack([run.pack(_jacobian(slope, run)) for slope in run.pull(run.output, again=True)])

    return second


def hvp(function: Function, argnums: int = 0) -> Function:
    """Return the function that computes the Hessian of `function` times a vector, without the Hessian.

    The vector comes after the arguments of `function`, in the form of the one that `argnums` names.

    Raises:
        UsageError: There is no vector.
        ShapeError: The vector has another shape than the argument.

    Examples:
        >>> import numpy as np
        >>> hvp(lambda x: x[0] ** 2 * x[1])(np.array([3.0, 2.0]), np.array([1.0, 0.0]))
        array([4., 6.])
    """
    slope = grad(function, argnums)

    @functools.wraps(function)
    def product(*args: Any, **kwargs: Any) -> Any:
        if len(args) < 2:
            raise UsageError("hvp: the vector comes after the arguments, hvp(f)(x, v); give both.")
        *inputs, vector = args
        numbers = trees.leaves(vector)

        def along(*inputs: Any) -> Any:
            slopes = trees.leaves(slope(*inputs, **kwargs))
            shapes, wanted = list(map(np.shape, numbers)), list(map(np.shape, slopes))
            if shapes != wanted:
                raise ShapeError(
                    f"hvp: the vector has shape {' and '.join(map(str, shapes))}, and what is differentiated "
                    f"has {' and '.join(map(str, wanted))}. Give one of that shape, as the last argument."
                )
            return sum(np.sum(g * v) for g, v in zip(slopes, numbers, strict=True))

        return grad(along, argnums)(*inputs)

    return product


class _Run:
    """One call of a differentiated function: its inputs as fresh Values, and its output.

    That is a single number, or not: then it is a tree of numbers and arrays.
    """

    def __init__(
        self,
        function: Function,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        argnums: Argnums,
        *,
        has_aux: bool = False,
        single: bool = True,
    ) -> None:
        self.positions = positions(argnums, len(args))
        self.several = isinstance(argnums, (tuple, list))
        self.chosen = [args[index] for index in self.positions]
        numbers = trees.leaves(self.chosen)
        self.inside = is_nested() or any(isinstance(number, Value) for number in numbers)
        with differentiating():
            self.inputs = [_fresh(number) for number in numbers]
            with following(self.inputs):
                result = function(*self._with_inputs(args), **kwargs)
        if has_aux and not (isinstance(result, tuple) and len(result) == 2):
            raise UsageError(
                f"{_returned(function, result)}. With has_aux=True let it return a pair: (loss, more)."
            )
        self.output, aux = result if has_aux else (result, None)
        if single:
            _check_single(function, self.output)
        elif not trees.leaves(self.output) or any(
            isinstance(leaf, str) for leaf in trees.leaves(self.output)
        ):
            raise UsageError(f"{_returned(function, self.output)}. Let it return numbers or arrays.")
        value = trees.map_leaves(self.plain, self.output)
        self.result = (value, trees.map_leaves(self.plain, aux)) if has_aux else value

    def _with_inputs(self, args: tuple[Any, ...]) -> list[Any]:
        replaced = dict(zip(self.positions, trees.replace(self.chosen, self.inputs), strict=True))
        return [replaced.get(index, arg) for index, arg in enumerate(args)]

    def pull(self, output: Any, seed: Any = None, *, again: bool = False) -> list[Any]:
        """Return the gradient of any result by each input; zeros where it does not depend on it."""
        with differentiating():
            root = output if isinstance(output, Value) else Value(output)
            seed = seed if seed is not None else np.ones(root.shape) if root.shape else 1.0
            return gradients(root, self.inputs, seed, differentiable=again or self.inside)

    def plain(self, result: Any) -> Any:
        """Return a result as the caller wants it: a Value to differentiate again, or a number."""
        return result.data if isinstance(result, Value) and not self.inside else result

    def pack(self, slopes: Sequence[Any]) -> Any:
        """Return gradients in the form of the arguments."""
        packed = trees.replace(self.chosen, slopes)
        return tuple(packed) if self.several else packed[0]


def positions(argnums: Argnums, count: int) -> tuple[int, ...]:
    """Return the positions that `argnums` names among so many positional arguments.

    Examples:
        >>> positions(-1, 3), positions([0, 1], 2)
        ((2,), (0, 1))
    """
    given = tuple(argnums) if isinstance(argnums, (tuple, list)) else (argnums,)
    for index in given:
        if not isinstance(index, (int, np.integer)) or not -count <= index < count:
            raise UsageError(
                f"grad: argnums is {argnums!r}, but the call has {count} positional "
                f"argument{'s' * (count != 1)}. Give what is to be differentiated by its position, f(2.0) "
                f"and not f(x=2.0), and its number, counted from 0, as argnums."
            )
    found = tuple(int(index) % count for index in given)
    if len(set(found)) < len(found):
        raise UsageError(f"grad: argnums={argnums!r} names an argument twice. Name each once.")
    return found


def _check_single(function: Function, output: Any) -> None:
    if output is None or isinstance(output, (str, dict)):
        raise UsageError(f"{_returned(function, output)}. Let it return one number.")
    shape = np.shape(output)
    if math.prod(shape) != 1:
        raise BackwardError(
            f"grad: {getattr(function, '__name__', function)} returned an array of shape {shape}, which has "
            f"no single gradient. Let it return one number, such as the array's .sum() or .mean()."
        )


def _returned(function: Function, result: Any) -> str:
    return f"grad: {getattr(function, '__name__', function)} returned {result!r:.60}"


def _jacobian(output: Any, run: _Run) -> list[Any]:
    """Return the derivatives of each element of an output by each input, the output's axes first."""
    shape = np.shape(output)
    size = math.prod(shape)
    rows = [run.pull(output, seed) for seed in np.eye(size).reshape(size, *shape)]
    if not shape:
        return rows[0]
    if not size:
        return [np.zeros(shape + each.shape) for each in run.inputs]
    return [np.reshape(np.stack(column), shape + np.shape(column[0])) for column in zip(*rows, strict=True)]


def _fresh(number: Any) -> Value:
    """Return a Value of its own for an input: what else happens to the caller's must not count."""
    if type(number) is Value:
        return number * 1.0
    data = number.data if isinstance(number, Value) else number
    if (getattr(data, "dtype", None) or np.asarray(data).dtype).kind not in "fiub":
        raise UsageError(
            f"grad: cannot differentiate by {data!r}. What argnums names are numbers, arrays, or dicts, "
            f"lists, tuples and dataclasses of them."
        )
    return Value(data)
